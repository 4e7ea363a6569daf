"""`paraph demo`: the main job, whole, and the register it can leave behind."""

import json
from pathlib import Path

import pytest

from cli.main import run
from tests.terminal import on_terminal


def test_the_demo_ends_with_the_cardboard_project_in_justification(tmp_path: Path) -> None:
    """The demo shows status, board, a replay with what each step changed, and both time axes; all of it works."""
    screen, code = on_terminal(["demo"], tmp_path)
    assert code == 0
    for shown in (
        "256 new, 0 already recorded, 0 rejected",
        "17 agreements",
        "~ phase          identified -> justification",
        "ok: rebuilt state equals the stored projection",
        "nothing in effect on 2025-04-10",
        "reported 23 Apr, year unknown",
        "ok: 256 events",
    ):
        assert shown in screen
    assert screen.rindex("justification (financial and technical justification phase)") > screen.rindex("And today")
    assert list(tmp_path.glob("*.db")) == []


def test_the_demo_can_keep_its_register(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With --keep the register stays and answers like any other."""
    place = tmp_path / "kept.db"
    screen, code = on_terminal(["demo", "--keep", str(place)], tmp_path)
    assert code == 0, screen
    with pytest.raises(SystemExit) as ended:
        run(["status", "sumgayit-cardboard", "--json", "--db", str(place)])
    assert ended.value.code == 0
    assert json.loads(capsys.readouterr().out)["phase"] == "justification"


def test_the_demo_does_not_touch_a_register_that_is_there(tmp_path: Path) -> None:
    """--keep on a place that is taken refuses and leaves what is there."""
    place = tmp_path / "mine.db"
    place.write_bytes(b"mine")
    screen, code = on_terminal(["demo", "--keep", str(place)], tmp_path)
    assert code == 6, screen
    assert place.read_bytes() == b"mine"
