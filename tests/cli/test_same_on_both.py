"""The same random script on both engines: the same exit codes, the same answers, the same exports to the byte (P16)."""

import random
import re
from collections import Counter
from pathlib import Path
from unittest.mock import patch

import pytest

import cli.wiring
from cli.exits import UNEXPECTED
from tests.cli.program import Answer, Program, inside
from tests.cli.random_commands import Command, Script
from tests.eventstore.givens import REGISTER
from tests.figures import Figure

EXPORTS = [
    ["--format", "jsonl"],
    ["--format", "cloudevents"],
    ["--format", "ocel"],
    ["--format", "ics"],
    *(["--format", "csv", table] for table in ("agreements", "projects", "parties", "commissions", "occasions", "due")),
]


class Desk:
    """One of two desks that are told the same, each with a register of its own kind in a folder of its own."""

    def __init__(self, folder: Path, place: str) -> None:
        folder.mkdir()
        self.folder, self.place, self.program = folder, place, Program()
        with patch.object(cli.wiring, "random_id", lambda: REGISTER):
            self("init", "--timezone", "Asia/Baku")

    def __call__(self, *words: str, stdin: bytes = b"") -> Answer:
        """Run a command here; where the register lies and how long something took is left out of the answer."""
        with inside(self.folder):
            answer = self.program(*words, "--db", self.place, stdin=stdin)
        self.program.clock.move(minutes=1)
        return Answer(answer.code, self._alike(answer.out), self._alike(answer.err))

    def told(self, command: Command) -> Answer:
        """Run a command of the script."""
        for name, content in command.files:
            (self.folder / name).write_bytes(content)
        return self(*command.words, stdin=command.stdin)

    def files(self) -> dict[str, bytes]:
        """Return what lies in the folder but the register."""
        return {path.name: path.read_bytes() for path in self.folder.iterdir() if not path.name.startswith("desk.db")}

    def _alike(self, text: str) -> str:
        return re.sub(r'("seconds": ?|in )[0-9.e-]+', r"\1#", text.replace(self.place, "PLACE"))


def compare(folder: Path, url: str, seed: int, count: int) -> Counter[int]:
    """Tell both desks a script of so many commands, then export everything; return how often each code was answered."""
    desks = [Desk(folder / "file", "desk.db"), Desk(folder / "server", url)]
    script, codes = Script(random.Random(seed)), Counter[int]()  # noqa: S311 - the dice choose words
    for number in range(count):
        command = script.next()
        on_file, on_server = (desk.told(command) for desk in desks)
        assert on_file == on_server, (seed, number, command)
        assert on_file.code != UNEXPECTED, (seed, number, command, on_file.err)
        codes[on_file.code] += 1
    for export in EXPORTS:
        on_file, on_server = (desk("export", *export) for desk in desks)
        assert on_file.code == 0, (seed, export, on_file.err)
        assert on_file == on_server, (seed, export)
    assert desks[0].files() == desks[1].files()
    return codes


def told(codes: Counter[int], scripts: int) -> str:
    """Return the figure of some scripts."""
    each = ", ".join(f"{count} x {code}" for code, count in sorted(codes.items()))
    return f"{scripts} random scripts, {codes.total()} commands (exit codes {each}): same codes, answers, exports"


def test_a_random_script_is_answered_alike(tmp_path: Path, postgres_url: str, figure: Figure) -> None:
    """Three hundred commands, right and wrong, with hostile values, end and answer alike on a file and on a server."""
    figure("P16", told(compare(tmp_path, postgres_url, 1, 300), 1))


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(2, 22))
def test_random_scripts_are_answered_alike(tmp_path: Path, postgres_url: str, seed: int, figure: Figure) -> None:
    """The same for twenty scripts more."""
    figure("P16", told(compare(tmp_path, postgres_url, seed, 300), 1) + f", seed {seed}")
