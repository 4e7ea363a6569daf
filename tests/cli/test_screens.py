"""Whole screens, as the transcripts in `screens` show them.

`$ [WIDTH] paraph …` is a command on a terminal so wide, without a width piped; below it stdout, then
stderr with `! ` before each line, then the exit code after `= ` where it is not 0.
"""

import re
import shlex
from pathlib import Path

import pytest
from rich.cells import cell_len

from tests.cli.program import Program, line, masked, started, written
from tests.terminal import on_terminal

SCREENS = Path(__file__).with_name("screens")
_COMMAND = re.compile(r"^\$ (?:\[(\d+)\] )?paraph (.*)$", re.MULTILINE)


def shown(program: Program, width: str | None, command: str) -> str:
    """Return what a command prints and says as a transcript shows it; colours as ^[, hashes as #."""
    answer = program(*shlex.split(command), width=int(width) if width else None)
    said = "".join(f"! {text}\n" for text in answer.err.splitlines())
    code = f"= {answer.code}\n" if answer.code else ""
    return masked(answer.out.replace("\x1b", "^")) + masked(said) + code


@pytest.mark.parametrize("name", sorted(path.stem for path in SCREENS.glob("*.txt")))
def test_a_session_looks_as_its_transcript_shows(told: Program, name: str, request: pytest.FixtureRequest) -> None:
    """Run in order on the small story, every command of a transcript prints to the letter what stands below it."""
    good = line("NoteRecorded", "project/khizi-wind", text="seen")
    dated = line("NoteRecorded", "project/khizi-wind", "23.04.25", text="seen")
    odd = line("PhaseObserved", "project/khizi-wind", phase="daydreaming", colour="red")
    nowhere = line("PhaseObserved", "project/nowhere", phase="construction")
    written(Path("bad.jsonl"), good, dated, odd, b"{", nowhere, good)
    text = (SCREENS / f"{name}.txt").read_text(encoding="utf-8")
    commands = list(_COMMAND.finditer(text))
    assert commands
    seen = "\n".join(f"{found.group()}\n{shown(told, *found.groups())}" for found in commands)
    if request.config.getoption("--rewrite-screens"):
        (SCREENS / f"{name}.txt").write_text(seen, encoding="utf-8")
        pytest.fail("rewritten: look at what git says has changed")
    assert seen == text


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)", "=HYPERLINK(1)"])
def test_a_spreadsheet_is_given_no_formula(empty: Program, name: str) -> None:
    """A name that a spreadsheet would run is text in CSV, and as it is in TSV."""
    empty.ok("new", "party", "--slug", "acme", "--", name)
    assert f"'{name}" in empty.ok("list", "parties", "--format", "csv").out
    assert empty.ok("list", "parties").rows[0]["title"] == name


def test_a_table_in_markdown_keeps_its_columns(empty: Program) -> None:
    """A name with a bar or a tag stays one cell of a Markdown table, and plain text."""
    empty.ok("new", "party", "A | B <b>", "--slug", "acme")
    assert "| acme |" in (shown := empty.ok("list", "parties", "--format", "md").out)
    assert "A \\| B &lt;b>" in shown


@pytest.mark.parametrize("width", [40, 60, 80, 100, 120, 200])
def test_a_list_fits_its_screen(seeded: Program, width: int) -> None:
    """No line of the list is wider than the screen, and slugs and dates are never cut."""
    rows = seeded.json("list")["agreements"]
    lines = seeded.screen("list", "--color", "never", width=width).splitlines()
    slugs_and_dates = max(len(row["slug"]) for row in rows) + 2 + len("2025-04-17?")
    assert max(map(len, lines[:-1])) <= max(width, slugs_and_dates)
    for row, text in zip(rows, lines[1:], strict=False):
        assert row["slug"] in text
        assert row["signed_on"] in text


def test_wide_characters_line_up(told: Program) -> None:
    """Chinese names take two cells each, and the column after them begins where it does elsewhere."""
    heading, *rows = told.screen("log", "--color", "never", width=120).splitlines()
    begins = heading.index("SOURCE")
    starts = {cell_len(row.split("gazette-7")[0]) for row in rows if "gazette-7" in row}
    assert starts == {begins}


def test_colours_only_where_they_are_wanted(told: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    """Colours come on a terminal or when asked for, and never with NO_COLOR, in a pipe or with `never`."""

    def colored(*flags: str, width: int | None = 80) -> bool:
        return "\x1b" in told.ok("status", "khizi-wind", *flags, width=width).out

    assert colored()
    assert not colored("--color", "never")
    assert not colored(width=None)
    assert colored("--color", "always", "--format", "table", width=None)
    monkeypatch.setenv("NO_COLOR", "1")
    assert not colored()
    assert colored("--color", "always")


def test_a_real_terminal_shows_a_table(told: Program) -> None:
    """Started on a pseudo-terminal the program prints for people, in a pipe for programs."""
    assert told.head() is not None
    table = on_terminal(["list", "projects"], Path.cwd(), width=80)
    assert (table.screen.splitlines()[0], table.code) == (
        "PROJECT     PHASE          RUN     SINCE    UNDER      NAME",
        0,
    )
    assert started("list", "projects").rows[0]["phase"] == "justification"
