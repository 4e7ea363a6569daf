"""A register made by an older paraph opens, is whole, and says what it said: one per format, kept as made.

Never made anew: what matters is that these very bytes stay readable.
"""

import json
import shutil
from pathlib import Path

import pytest

from cli.main import run

GOLDEN = Path(__file__).parent / "golden"
ROOTS = {"format-1": (23, "74da9ca1063a8a54ad1949453f8eb2c4863c6f364ec980ac4801cbfdaad55020")}


@pytest.fixture(params=ROOTS)
def golden(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[str, str]:
    """Return the name of a format and a copy of its register."""
    copy = tmp_path / f"{request.param}.db"
    shutil.copyfile(GOLDEN / f"{request.param}.register", copy)
    return request.param, str(copy)


def asked(capsys: pytest.CaptureFixture[str], *command: str) -> dict[str, object]:
    """Return what a command answers with --json; it must succeed."""
    with pytest.raises(SystemExit) as ended:
        run([*command, "--json"])
    assert ended.value.code == 0
    found: dict[str, object] = json.loads(capsys.readouterr().out)
    return found


def test_every_format_there_was_has_a_golden_register() -> None:
    """Each format number up to the present one is kept."""
    from eventstore.engines import FORMAT

    assert [f"format-{number}" for number in range(1, FORMAT + 1)] == list(ROOTS)


def test_an_older_register_is_whole(golden: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    """Its every hash and its root are what they were when it was made."""
    name, place = golden
    report = asked(capsys, "verify", "--db", place)
    assert (report["events"], report["root"]) == ROOTS[name]


def test_an_older_register_says_what_it_said(golden: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    """Its streams stand where they stood, corrections, strikes and waivers counted."""
    _, place = golden
    project = asked(capsys, "status", "khizi-wind", "--as-of", "2025-07-02", "--db", place)
    agreement = asked(capsys, "status", "wind-memo", "--as-of", "2025-07-02", "--db", place)
    assert (project["phase"], project["run_state"], project["title"]) == ("appraised", "active", "Wind park, Khizi")
    assert (agreement["legal_status"], agreement["value"]) == ("signed", None)


def test_an_older_register_takes_new_facts(golden: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    """It can be written on, and its views follow."""
    _, place = golden
    asked(capsys, "record", "phase", "khizi-wind", "decided", "--on", "2025-07-02", "--db", place)
    assert asked(capsys, "replay", "--all", "--db", place)["matches_projection"] is True
