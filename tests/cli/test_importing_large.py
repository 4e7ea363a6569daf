"""A file larger than what is held in memory is imported as a small one is."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

import pytest

from cli import chunks, deciding, judging
from cli.importing import Import, Report
from cli.lines import LONGEST, numbered
from cli.register import Register
from cli.wiring import clock, create_register, random_id

YEARS = sorted((Path(__file__).parents[2] / "examples" / "three-years").glob("*.jsonl"))


@contextmanager
def register(place: Path) -> Iterator[Register]:
    """Open an empty register."""
    with create_register(str(place), timezone="UTC") as store:
        yield Register(store, clock, random_id, "tester")


def imported(place: Path, data: bytes) -> tuple[Report, list[tuple[object, ...]]]:
    """Import a file into an empty register; return the report and what was recorded."""
    with register(place) as desk:
        report = Import(desk, by="tester", progress=lambda *_: None).run(BytesIO(data))
        events = list(desk.store.stream_all())
    return report, [(event.id, event.stream, event.version, event.on, event.data, event.key) for event in events]


def test_streams_let_go_of_meanwhile_are_judged_as_if_they_were_held(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With room for three entries and chunks of four lines, three years of a commission come out the same."""
    data = b"".join(path.read_bytes() for path in YEARS)
    whole, events = imported(tmp_path / "whole.db", data)
    monkeypatch.setattr(deciding, "HELD", 3)
    monkeypatch.setattr(judging, "JUDGED", 4)
    monkeypatch.setattr(chunks, "CHUNK", 5)
    pieces, again = imported(tmp_path / "pieces.db", data)
    assert len(events) > 600
    assert again == events
    assert (pieces.new, pieces.rows, pieces.warnings) == (whole.new, whole.rows, whole.warnings)


def test_a_key_used_lines_above_is_the_same_fact_or_a_conflict(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A key is known again chunks later, with an id of its own or without; with other content it is refused."""
    monkeypatch.setattr(judging, "JUDGED", 1)
    first = {"type": "PartyRegistered", "stream": "party/one", "on": "2025", "data": {"name": "One"}, "key": "row-1"}
    other = {**first, "stream": "party/two", "key": "row-2", "id": "00000000-0000-4000-8000-000000000002"}
    lines = [
        first,
        other,
        {**first, "id": "00000000-0000-4000-8000-000000000001"},
        {name: value for name, value in other.items() if name != "id"},
        {**first, "data": {"name": "Another"}},
        {**other, "id": "00000000-0000-4000-8000-000000000003", "data": {"name": "Another"}},
    ]
    with register(tmp_path / "r.db") as desk:
        job = Import(desk, by="tester", progress=lambda *_: None)
        report = job.run(BytesIO(b"\n".join(json.dumps(line).encode() for line in lines)), partial=True)
    assert (report.new, report.already_recorded, report.rejected) == (2, 2, 2)
    assert [row["row"] for row in report.rows] == [5, 6]


def test_a_line_without_end_is_one_line(tmp_path: Path) -> None:
    """A line larger than any fact is one bad line, and the lines after it keep their numbers."""
    file = BytesIO(b"{}\n" + b"x" * (3 * LONGEST) + b"\n\n[]\n")
    found = list(numbered(file))
    assert [line.number for line in found] == [1, 2, 4]
    assert len(found[1].raw) <= LONGEST
    _, events = imported(tmp_path / "r.db", b"")
    assert events == []
