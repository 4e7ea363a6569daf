"""What the program says to type next works as printed; what programs read is inert."""

import json
import shlex
import unicodedata
from pathlib import Path

import pytest

from cli.inert import inert_json
from tests.terminal import on_terminal

NAME = "Port\u202e\u2066\u009b31m\U000e0001 of Alat"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with a register in which two kinds of stream share a slug."""
    for command in (
        "init",
        "new party Port --slug port-alat --on 2025-01-01",
        "new agreement Port --slug port-alat --on 2025-01-01 --party port-alat",
    ):
        assert on_terminal(shlex.split(command), tmp_path).code == 0
    return tmp_path


def hints(screen: str) -> list[str]:
    """Return the commands after Next: that need nothing filled in."""
    said = [line.removeprefix("Next: ").split(" | ") for line in screen.splitlines() if line.startswith("Next: ")]
    return [command for commands in said for command in commands if not any(map(str.isupper, command))]


@pytest.mark.parametrize(
    "command", ["record party agreement/port-alat port-alat", "status agreement/port-alat", "show 2"]
)
def test_commands_named_after_an_answer_work(folder: Path, command: str) -> None:
    """Where two streams share a slug the full name is printed."""
    named = hints(on_terminal(shlex.split(command), folder).screen)
    assert named
    for said in named:
        ran = on_terminal(shlex.split(said)[1:], folder)
        assert ran.code == 0, ran.screen


def test_an_ambiguous_slug_says_how_to_name_it(folder: Path) -> None:
    """A slug that is whole cannot be written more of; the full name can."""
    assert "such as agreement/port-alat" in on_terminal(["status", "port-alat"], folder).screen


def test_an_event_shown_is_named_so_that_it_can_be_corrected(folder: Path) -> None:
    """The prefix printed with `correct` finds the event."""
    screen = on_terminal(["show", "2"], folder).screen
    event = shlex.split(screen.rpartition("paraph correct ")[2])[0]
    ran = on_terminal(["correct", event, "--set", "title=Harbour", "--reason", "misread"], folder)
    assert ran.code == 0, ran.screen


def test_a_wrong_version_is_told_before_what_the_rules_say(folder: Path) -> None:
    """Who expected another version gets a conflict, also for what a rule refuses and in a rehearsal; a retry passes."""
    signed = ["record", "signed", "agreement/port-alat", "--expect", "9", "--json"]
    assert on_terminal(signed, folder).code == 5
    assert on_terminal([*signed, "--irregular", "so it was", "--dry-run"], folder).code == 5
    again = ["note", "agreement/port-alat", "once", "--on", "2025-02-01", "--expect", "2"]
    again += ["--id", "00000000-0000-4000-8000-000000000001"]
    for command in (again, again, [*again, "--dry-run"]):
        assert on_terminal(command, folder).code == 0


def test_json_is_inert_and_says_the_same(tmp_path: Path) -> None:
    """Bidi overrides and control characters leave as escapes that any parser reads back."""
    said = json.dumps({"name": NAME}, ensure_ascii=False, indent=2)
    shown = inert_json(said)
    assert json.loads(shown) == {"name": NAME}
    assert {unicodedata.category(c) for c in shown if c != "\n"} <= {"Lu", "Ll", "Nd", "Ps", "Pe", "Po", "Zs"}
    line = {"type": "PartyRegistered", "stream": "party/alat", "on": "2025-01-01", "data": {"name": "Port\u202e\u2066"}}
    (tmp_path / "f.jsonl").write_text(json.dumps(line), encoding="utf-8")
    assert on_terminal(["init"], tmp_path).code == on_terminal(["import", "f.jsonl"], tmp_path).code == 0
    for command in (["status", "alat"], ["list", "parties"], ["log"], ["show", "1"], ["replay", "alat"]):
        for flags in (["--json"], ["--format", "jsonl"], ["--format", "csv"], ["--format", "md"], []):
            assert not {"\u202e", "\u2066"} & {*on_terminal([*command, *flags], tmp_path).screen}, command
