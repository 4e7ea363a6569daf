"""The program as tests run it: in this process with a clock and ids of their own, or in a process of its own."""

import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import chdir, contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch
from uuid import UUID

import pytest

import cli.wiring
from cli.main import run
from cli.wiring import open_register

ROOT = Path(__file__).parents[2]
SEED = ROOT / "examples" / "az-cn-2025.jsonl"
STARTED = (sys.executable, "-P", "-m", "paraph")

_HASH = re.compile(r"\b(?:[0-9a-f]{6}|[0-9a-f]{16}|[0-9a-f]{64}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\b")


@dataclass
class Clock:
    """A clock that stands still until it is moved: at noon of 1 July 2025 in Baku."""

    now: datetime = datetime(2025, 7, 1, 8, tzinfo=UTC)

    def __call__(self) -> datetime:
        """Return the moment it shows."""
        return self.now

    def move(self, **by: float) -> None:
        """Move it, by days, hours, minutes."""
        self.now += timedelta(**by)


@dataclass(frozen=True)
class Answer:
    """What came of a command: its exit code, what it printed, what it said."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Return what it printed, which must be one JSON value."""
        return json.loads(self.out)

    @property
    def error(self) -> dict[str, Any]:
        """Return the error object, which must be all it said."""
        found: dict[str, Any] = json.loads(self.err)["error"]
        return found

    @property
    def rows(self) -> list[dict[str, str]]:
        """Return tab-separated values as rows by heading."""
        heading, *rows = (line.split("\t") for line in self.out.splitlines())
        return [dict(zip(heading, row, strict=True)) for row in rows]

    @property
    def facts(self) -> list[dict[str, Any]]:
        """Return the JSON value of every line printed."""
        return [json.loads(line) for line in self.out.splitlines()]


class _Terminal(io.TextIOWrapper):
    def isatty(self) -> bool:
        return True


@dataclass
class Program:
    """paraph in this process, in the current folder; its clock and its ids are the test's."""

    clock: Clock = field(default_factory=Clock)
    ids: int = 0

    def __call__(self, *args: str, stdin: bytes = b"", width: int | None = None) -> Answer:
        """Run a command; with a width, on a terminal so wide."""
        make = io.TextIOWrapper if width is None else _Terminal
        out, err = (make(io.BytesIO(), encoding="utf-8", newline="") for _ in range(2))
        columns = {} if width is None else {"COLUMNS": str(width)}
        source = io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8")
        wired = partial(open_register, now=self.clock, new_id=self._new_id)
        with (
            patch.object(cli.wiring, "open_register", wired),
            patch.object(sys, "stdin", source),
            patch.dict(os.environ, columns),
            redirect_stdout(out),
            redirect_stderr(err),
        ):
            code = _exit_code(list(args))
        return Answer(code, _text(out), _text(err))

    def ok(self, *args: str, stdin: bytes = b"", width: int | None = None) -> Answer:
        """Run a command that must succeed."""
        answer = self(*args, stdin=stdin, width=width)
        assert answer.code == 0, answer
        return answer

    def json(self, *args: str, stdin: bytes = b"") -> Any:
        """Return what a command answers with --json; it must succeed."""
        return self.ok(*args, "--json", stdin=stdin).json

    def refused(self, code: int, *args: str, stdin: bytes = b"") -> dict[str, Any]:
        """Return the error of a command that must fail with this code, print nothing and record nothing."""
        before = self.head()
        answer = self(*args, "--json", stdin=stdin)
        assert answer.code == code, answer
        assert answer.out == ""
        shape = {name: type(answer.error[name]) for name in ("code", "message", "hint", "exit")}
        assert shape == {"code": str, "message": str, "hint": str, "exit": int}
        assert answer.error["exit"] == code
        assert self.head() == before
        return answer.error

    def head(self) -> dict[str, Any] | None:
        """Return the head of the register in the current folder; None where there is none."""
        answer = self("status", "--json")
        return answer.json["head"] if answer.code == 0 else None

    def screen(self, *args: str, width: int = 100) -> str:
        """Return what a person sees on a terminal, hashes masked; the command must succeed."""
        return masked(self.ok(*args, width=width).out)

    def _new_id(self) -> str:
        self.ids += 1
        return str(UUID(int=self.ids, version=4))


def _exit_code(args: list[str]) -> int:
    with pytest.raises(SystemExit) as ended:
        run(args)
    assert isinstance(ended.value.code, int)
    return ended.value.code


def _text(stream: io.TextIOWrapper) -> str:
    stream.flush()
    assert isinstance(stream.buffer, io.BytesIO)
    return stream.buffer.getvalue().decode()


def masked(text: str) -> str:
    """Return the text with hashes and their beginnings written as #."""
    return _HASH.sub(lambda found: "#" * len(found.group()), text)


def environment(home: Path, **more: str) -> dict[str, str]:
    """Return a clean environment for a process: no settings but those given."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PARAPH_", "_PARAPH", "XDG_"))}
    paths = {"HOME": str(home), "XDG_CONFIG_HOME": str(home / "config"), "PYTHONPATH": str(ROOT)}
    return kept | paths | {"PYTHONUTF8": "1"} | more


def started(*args: str, stdin: bytes = b"", **more: str) -> Answer:
    """Run a command in a process of its own, in the current folder."""
    home = Path.cwd()
    done = subprocess.run(
        [*STARTED, *args], input=stdin, capture_output=True, env=environment(home, **more), check=False
    )
    return Answer(done.returncode, done.stdout.decode(), done.stderr.decode())


def line(
    fact: str, stream: str, on: str = "2025-01-01", /, envelope: dict[str, Any] | None = None, **data: Any
) -> bytes:
    """Return a fact as one JSON line; keywords are its own fields, `envelope` its id, key, note and sources."""
    return json.dumps({"type": fact, "stream": stream, "on": on, "data": data, **(envelope or {})}).encode()


def written(path: Path, *lines: bytes) -> str:
    """Write lines to a file and return its name."""
    path.write_bytes(b"".join(text + b"\n" for text in lines))
    return str(path)


def played(program: Program, commands: Sequence[Sequence[str]]) -> None:
    """Run commands one after the other, a minute apart; each must succeed."""
    for command in commands:
        program.ok(*command)
        program.clock.move(minutes=1)


@contextmanager
def inside(folder: Path) -> Iterator[None]:
    """Work in a folder with no settings of anybody's."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PARAPH_", "_PARAPH", "XDG_"))}
    kept.pop("NO_COLOR", None)
    kept.pop("COLUMNS", None)
    home = {"HOME": str(folder), "XDG_CONFIG_HOME": str(folder / "config")}
    with patch.dict(os.environ, {**kept, **home, "PARAPH_BY": "desk"}, clear=True), chdir(folder):
        yield
