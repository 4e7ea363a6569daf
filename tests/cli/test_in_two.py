"""A large table, judged and made ready by two processes, becomes what one would have made of it."""

import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

import cli.apart
import cli.chunks
import cli.importing
from cli.helper import Helper
from cli.importing import Import
from cli.planning import record
from cli.register import Register
from cli.wiring import clock, random_id
from domain.factline import draft_of
from eventstore import codec
from eventstore.envelope import Head
from eventstore.log import EventStore
from tests.cli.program import Program
from tests.cli.test_tables import HEADING, MAP

ROWS = 120
LINKED = """
[[facts]]
stream = "agreement"
type = "AgreementLinked"
on = "2024"
when = "Follows"
[facts.data]
agreement = "{Follows}"
relation = "implements"
"""
"""A rule that names another agreement by its slug, of which the table does not know that it is one of its own."""


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have every import be large, in chunks of 50 facts, on a machine of two processors."""
    monkeypatch.setattr(cli.importing, "LARGE", 1)
    monkeypatch.setattr(cli.chunks, "CHUNK", 50)
    monkeypatch.setattr(os, "cpu_count", lambda: 2)


@pytest.fixture
def desk(paraph: Program, monkeypatch: pytest.MonkeyPatch, where: str) -> Program:
    """Return the program beside an empty register on each engine, with the ministry's list and its map."""
    monkeypatch.setenv("PARAPH_DB", where)
    paraph.ok("init", "--timezone", "Asia/Baku")
    written()
    return paraph


def written(*, rule: str = "", follows: Callable[[int], str] = lambda _number: "") -> None:
    """Write a list of agreements, some alike in title and parties, a few without a day, and its map."""
    Path("map.toml").write_text(MAP + rule, encoding="utf-8")
    rows = []
    for number in range(1, ROWS + 1):
        day = "" if number % 7 == 0 else f"{number % 28 + 1:02}.0{number % 9 + 1}.2025"
        stage = "TƏSDİQ" if number % 2 else ""
        rows.append(f"{number},Field {number % 40},Izia; Partner {number % 4},{day},{stage},{follows(number)}\n")
    Path("list.csv").write_text(HEADING.replace("\n", ",Follows\n") + "".join(rows), encoding="utf-8")


def imported(program: Program, *flags: str) -> tuple[dict[str, Any], list[bytes]]:
    """Import the list; return what was answered, the events left out, and the bytes of all that is recorded."""
    answer = program("import", "list.csv", "--map", "map.toml", "--json", *flags)
    told = answer.json if answer.out else answer.error
    program.ok("verify")
    program.ok("projections", "check")
    with EventStore.open(os.environ["PARAPH_DB"]) as store:
        bodies = [event.body for event in store.stream_all()]
    return {name: value for name, value in told.items() if name not in {"events", "head"}}, bodies


def imported_alone(
    program: Program, monkeypatch: pytest.MonkeyPatch, *flags: str
) -> tuple[dict[str, Any], list[bytes]]:
    """Import the list into another register, on a machine with one processor."""
    monkeypatch.setenv("PARAPH_DB", "alone.db")
    monkeypatch.setattr(os, "cpu_count", lambda: 1)
    program.ok("init", "--timezone", "Asia/Baku")
    return imported(program, *flags)


def work_of(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return where what the second process is asked to do will be noted."""
    asked: list[str] = []
    begin = Helper.begin

    def noted(self: Helper, work: Callable[[Any], Any], given: Any) -> None:
        asked.append(work.__name__)
        begin(self, work, given)

    monkeypatch.setattr(Helper, "begin", noted)
    return asked


def other(name: str, now: Callable[[], datetime]) -> None:
    """Record a party as somebody else does."""
    said = {"type": "PartyRegistered", "stream": f"party/other-{name}", "on": "2025", "data": {"name": f"Other {name}"}}
    with EventStore.open(os.environ["PARAPH_DB"]) as store:
        record(Register(store, now, random_id, "other"), [draft_of(said, new_id=random_id(), by="other")])


def dies(_given: object) -> None:
    """End the second process as kill -9 or a lack of memory does."""
    os._exit(9)


def test_two_processes_record_what_one_would(desk: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every byte, position and warning is that of an import by one process; both had their part."""
    asked = work_of(monkeypatch)
    told, bodies = imported(desk)
    assert asked[0] == "judge_apart"
    assert asked.count("make_ready") == -(-len(bodies) // 50)
    assert [warning["code"] for warning in told["warnings"]].count("resembles") > 20
    assert (told, bodies) == imported_alone(desk, monkeypatch)


def test_rows_refused_by_either_are_told_in_their_order(desk: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    """What names nobody's agreement is rejected by whichever process meets it, and the others are recorded."""
    written(rule=LINKED, follows=lambda number: "nowhere" if number % 10 == 0 else "")
    asked = work_of(monkeypatch)
    told, bodies = imported(desk, "--partial")
    assert asked.count("judge_apart") == 1
    assert told["rejected"] == ROWS // 10
    assert (told, bodies) == imported_alone(desk, monkeypatch, "--partial")


def test_what_names_a_stream_of_the_other_part_is_judged_anew_by_one(
    desk: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Agreements that follow each other are recorded as by one process, which alone knows all of them."""
    written(rule=LINKED, follows=lambda number: "field-1" if number > ROWS // 2 else "")
    told, bodies = imported(desk)
    assert told["rejected"] == 0
    assert (told, bodies) == imported_alone(desk, monkeypatch)


def test_a_ledger_that_cannot_be_written_is_no_crash(desk: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the second process has no room for what it accepts, the first does all."""
    monkeypatch.setattr(cli.apart, "Path", lambda *_parts: Path("nowhere", "ledger"))
    told = imported(desk)
    assert len(told[1]) > 4 * ROWS
    assert told == imported_alone(desk, monkeypatch)


@pytest.mark.parametrize("work", ["judge_apart", "make_ready"])
def test_a_second_process_that_dies_is_done_without(desk: Program, monkeypatch: pytest.MonkeyPatch, work: str) -> None:
    """Killed while it judges or makes ready, it leaves the first process to do all."""
    monkeypatch.setattr(cli.apart if work == "judge_apart" else cli.chunks, work, dies)
    told = imported(desk)
    assert len(told[1]) > 4 * ROWS
    assert told == imported_alone(desk, monkeypatch)


def test_what_others_record_meanwhile_moves_what_was_made_ahead(desk: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody records between chunks: those after it are made anew, and nothing is lost, doubled or out of order."""
    append, left = Import._append, [1, 3, 4]

    def interrupted(self: Import, *given: Any) -> Head:
        head = append(self, *given)
        left[:] = [number - 1 for number in left]
        if 0 in left:
            other(f"{left[-1]}", clock)
        return head

    monkeypatch.setattr(Import, "_append", interrupted)
    told, bodies = imported(desk)
    monkeypatch.setattr(Import, "_append", append)
    _, alone = imported_alone(desk, monkeypatch)
    assert len(bodies) == len(alone) + 3
    assert told["new"] == len(alone)


def test_after_others_recorded_chunks_are_made_ahead_again(desk: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody records once, at the start: one chunk is made anew by the first process, and no more than that."""
    append, encode = Import._append, codec.encode
    recorded, encoded = [False], [0]

    def counted(*given: Any, **named: Any) -> Any:
        encoded[0] += 1
        return encode(*given, **named)

    def interrupted(self: Import, *given: Any) -> Head:
        if not recorded[0]:
            recorded[0] = True
            other("first", desk.clock)
        return append(self, *given)

    monkeypatch.setattr(Import, "_append", interrupted)
    monkeypatch.setattr("eventstore.append.encode", counted)
    _, bodies = imported(desk)
    assert len(bodies) > 10 * 50
    assert encoded[0] < 2 * 50
