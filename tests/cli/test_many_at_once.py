"""Many commands on one register at a time, on either engine: they wait for one another, but not for ever."""

import json
import subprocess
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from eventstore.log import EventStore
from tests.cli.program import STARTED, Program, environment
from tests.figures import Figure

NOTE = ("note", "fund", "a remark")
ID = str(UUID(int=77, version=4))


@pytest.fixture
def shared(paraph: Program, where: str) -> Program:
    """Return the program beside a register with one party, on each engine in turn."""
    paraph.ok("init", "--db", where)
    paraph.ok("new", "party", "State Oil Fund", "--slug", "fund", "--db", where)
    return paraph


def at_once(where: str, commands: Sequence[Sequence[str]]) -> list[tuple[int, str]]:
    """Run commands at the same time, each in a process of its own; return their exit codes and errors."""
    with ExitStack() as running:
        started = [
            running.enter_context(
                subprocess.Popen(
                    [*STARTED, *command, "--db", where, "--json"],
                    env=environment(Path.cwd()),
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.PIPE,
                    text=True,
                )
            )
            for command in commands
        ]
        errors = [process.communicate(timeout=300)[1] for process in started]
    return [(process.returncode, error) for process, error in zip(started, errors, strict=True)]


def log(program: Program, where: str) -> list[dict[str, Any]]:
    """Return the events of the register."""
    events: list[dict[str, Any]] = program.json("log", "--db", where)["events"]
    return events


def written_at_once(program: Program, where: str, count: int) -> str:
    """Record so many remarks on one stream at once; each is there once."""
    before = len(log(program, where))
    ended = at_once(where, [["note", "fund", f"remark {n}", "--by", f"desk {n}"] for n in range(count)])
    assert {code for code, _ in ended} == {0}, ended
    events = log(program, where)
    assert [event["position"] for event in events] == list(range(1, before + count + 1))
    assert {event["by"] for event in events[before:]} == {f"desk {n}" for n in range(count)}
    assert program.json("verify", "--db", where)["ok"]
    return f"{count} `paraph note` on one stream at once: all recorded, 0 doubled, gapless, 0 lock errors"


def test_many_commands_at_once_are_all_recorded(shared: Program, where: str, engine: str, figure: Figure) -> None:
    """Every one of several processes that record at the same time succeeds, and is there once."""
    figure({"sqlite": "P5", "postgres": "P6"}[engine], written_at_once(shared, where, 5))


@pytest.mark.soak
def test_sixty_commands_at_once_are_all_recorded(shared: Program, where: str, engine: str, figure: Figure) -> None:
    """Of sixty at once on one stream none loses so many races that it gives up: each is recorded once."""
    figure({"sqlite": "P5", "postgres": "P6"}[engine], written_at_once(shared, where, 60))


def test_one_of_those_that_expect_the_same_version_records(
    shared: Program, where: str, engine: str, figure: Figure
) -> None:
    """Of four `--expect 1` at the same time one ends with 0 and three with 5."""
    ended = at_once(where, [["note", "fund", f"remark {n}", "--expect", "1"] for n in range(4)])
    assert sorted(code for code, _ in ended) == [0, 5, 5, 5], ended
    assert len(log(shared, where)) == 2
    figure({"sqlite": "P5", "postgres": "P6"}[engine], "`--expect 1` raced by 4 commands: one 0, three 5")


def test_a_hung_writer_makes_others_give_up_with_6(shared: Program, where: str, figure: Figure) -> None:
    """While one holds the register and does nothing, another waits its patience, ends with 6 and recorded nothing."""
    with EventStore.open(where) as hung, hung.writing():
        begun = time.monotonic()
        ((code, error),) = at_once(where, [[*NOTE, "--id", ID]])
        waited = time.monotonic() - begun
        told = json.loads(error.splitlines()[-1])["error"]
    assert (code, told["code"], told["exit"]) == (6, "locked", 6)
    assert ID not in {event["id"] for event in log(shared, where)}
    figure("P10", f"a hung writer: others end with 6, here {waited:.1f} s on (at most 15)")
    for already in (False, True):  # the same id again, and again: recorded once
        assert shared.json(*NOTE, "--id", ID, "--db", where)["already_recorded"] is already
    assert [event["id"] for event in log(shared, where)].count(ID) == 1
