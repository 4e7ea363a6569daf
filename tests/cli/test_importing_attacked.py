"""An import among other writers and with hostile files: counts that are true, errors that say how to go on."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from pathlib import Path

import pytest

from cli import chunks
from cli.importing import Import
from cli.ledger import Ledger
from cli.planning import record
from cli.register import Register
from cli.wiring import clock, create_register, random_id
from domain.factline import draft_of
from eventstore.errors import Conflict, Unavailable
from tests.terminal import environment


def party(slug: str, name: str = "Name") -> dict[str, object]:
    """Return the fact that opens a party."""
    return {"type": "PartyRegistered", "stream": f"party/{slug}", "on": "2025-01-01", "data": {"name": name}}


def file_of(*facts: dict[str, object]) -> bytes:
    """Return facts as the bytes of a JSON-lines file."""
    return b"\n".join(json.dumps(fact).encode() for fact in facts)


@dataclass
class Meanwhile(Import):
    """An import between whose judging and recording something else happens."""

    happen: Callable[[], object] = lambda: None

    def _record(self, ledger: Ledger, versions: dict[str, int]) -> None:
        self.happen()
        super()._record(ledger, versions)


@pytest.fixture
def register(tmp_path: Path) -> Iterator[Register]:
    """Return an empty register."""
    with create_register(str(tmp_path / "r.db"), timezone="UTC") as store:
        yield Register(store, clock, random_id, "tester")


def test_a_stream_that_moved_on_since_it_was_judged_stops_an_import(register: Register) -> None:
    """A party that somebody else opened between judging and recording is not opened twice."""
    other = draft_of(party("port", "Another port"), new_id=register.new_id(), by="other")
    happen = partial(record, register, [other])
    job = Meanwhile(register, by="tester", progress=lambda *_: None, happen=happen)
    with pytest.raises(Conflict):
        job.run(BytesIO(file_of(party("port", "The port"))))
    with register.store.reading() as reader:
        assert [event.by for event in reader.stream("party/port")] == ["other"]


def test_of_two_imports_of_one_file_each_counts_what_it_recorded(register: Register) -> None:
    """What the other import recorded meanwhile is already recorded, not new."""
    data = file_of(party("one"), party("two"))
    other = Import(register, by="tester", progress=lambda *_: None)
    job = Meanwhile(register, by="tester", progress=lambda *_: None, happen=partial(other.run, BytesIO(data)))
    report = job.run(BytesIO(data))
    assert (other.report.new, report.new, report.already_recorded, len(report.positions)) == (2, 0, 2, 0)


def paraph(folder: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """Run paraph in a folder."""
    command = [sys.executable, "-m", "paraph", *arguments]
    return subprocess.run(command, cwd=folder, env=environment(folder), capture_output=True, text=True, check=False)


def test_a_refused_file_says_so_to_programs_too(tmp_path: Path) -> None:
    """With --json the report is on stdout and the error is JSON on stderr; nothing was recorded."""
    paraph(tmp_path, "init")
    (tmp_path / "f.jsonl").write_bytes(file_of(party("one")) + b"\n{\n")
    ran = paraph(tmp_path, "import", "f.jsonl", "--json")
    assert ran.returncode == 4
    assert json.loads(ran.stdout)["written"] is False
    assert json.loads(ran.stderr)["error"]["exit"] == 4
    told = paraph(tmp_path, "import", "f.jsonl")
    assert "nothing was recorded" in told.stderr
    assert json.loads(paraph(tmp_path, "status", "--json").stdout)["counts"]["events"] == 0


def test_a_rejected_file_that_cannot_be_written_says_what_is_recorded(tmp_path: Path) -> None:
    """The good rows are on record by then, and the message says so."""
    paraph(tmp_path, "init")
    (tmp_path / "f.jsonl").write_bytes(file_of(party("one")) + b"\n{\n")
    (tmp_path / "f.rejected.jsonl").mkdir()
    ran = paraph(tmp_path, "import", "f.jsonl", "--partial")
    assert ran.returncode == 6
    assert "1 facts are recorded" in ran.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="no such device")
def test_a_file_without_end_is_refused(tmp_path: Path) -> None:
    """A device that never ends is read no further than the largest file."""
    paraph(tmp_path, "init")
    ran = paraph(tmp_path, "import", "/dev/zero", "--json")
    assert (ran.returncode, json.loads(ran.stderr)["error"]["code"]) == (4, "too-large")


def test_an_import_that_stops_half_way_says_what_is_recorded(
    register: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whole chunks stay recorded, and nobody is told that nothing was."""
    from cli.commands.imports import _stopped

    monkeypatch.setattr(chunks, "CHUNK", 1)
    append, left = register.store.append, [2]

    def full(*given: object, **named: object) -> object:
        left[0] -= 1
        if left[0] < 0:
            raise Unavailable(reason="full")
        return append(*given, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(register.store, "append", full)
    job = Import(register, by="tester", progress=lambda *_: None)
    with pytest.raises(Unavailable) as stopped:
        job.run(BytesIO(file_of(party("one"), party("two"), party("three"))))
    failure = _stopped(stopped.value, job.report)
    assert failure.exit == 6
    assert "2 facts of the file are recorded" in failure.hint
