"""Several processes on one register: nothing lost, nothing doubled, nothing falsely acknowledged."""

# ruff: noqa: S311 - the dice choose moments

import random
import subprocess
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest

from eventstore.log import EventStore
from eventstore.verify import verify
from tests.eventstore.writer import proposal

WRITERS, EACH = 4, 12
ROOT = Path(__file__).parents[2]


def start(place: Path, stream: str, expect: str, ids: Sequence[str]) -> "subprocess.Popen[str]":
    """Start a writer and wait until it has the register open."""
    command = [sys.executable, "-m", "tests.eventstore.writer", str(place), stream, expect, *ids]
    writer = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert heard(writer) == ["ready"]
    return writer


def go(*writers: "subprocess.Popen[str]") -> None:
    """Let writers begin, all at once."""
    for writer in writers:
        assert writer.stdin is not None
        writer.stdin.write("go\n")
        writer.stdin.flush()


def heard(writer: "subprocess.Popen[str]") -> list[str]:
    """Return the words of the next line of a writer."""
    assert writer.stdout is not None
    return writer.stdout.readline().split()


def acknowledged(writer: "subprocess.Popen[str]") -> dict[str, str]:
    """Return what a writer acknowledges until its end, by id."""
    assert writer.stdin is not None
    assert writer.stdout is not None
    with writer.stdin, writer.stdout:
        told = dict(line.split() for line in writer.stdout)  # no communicate(): it loses what is read ahead
    writer.wait()
    return told


def numbered(first: int, count: int) -> list[str]:
    """Return ids from a number on."""
    return [str(UUID(int=number)) for number in range(first, first + count)]


def test_racing_writers_leave_a_gapless_log(store: EventStore) -> None:
    """Several processes appending at once to one stream lose nothing, double nothing and leave no gap."""
    writers = [start(store.path, "project/plant", "-", numbered(n * EACH + 1, EACH)) for n in range(WRITERS)]
    go(*writers)
    told = {name: int(position) for writer in writers for name, position in acknowledged(writer).items()}
    found = list(store.stream_all())
    assert {event.id: event.position for event in found} == told
    assert [event.position for event in found] == list(range(1, WRITERS * EACH + 1))
    assert [event.version for event in found] == list(range(1, WRITERS * EACH + 1))
    assert verify(store).ok


def test_exactly_one_wins_a_race_for_a_version(store: EventStore) -> None:
    """Of several processes that expect the same version of a stream, one records and the others learn it."""
    for race in range(3):
        stream = f"project/plant-{race}"
        writers = [start(store.path, stream, "0", numbered(race * 10 + n + 1, 1)) for n in range(WRITERS)]
        go(*writers)
        answers = [answer for writer in writers for answer in acknowledged(writer).values()]
        assert sorted(answers) == [str(race + 1), *["lost"] * (WRITERS - 1)]


def kill_a_writer(store: EventStore, trial: int, ids: Sequence[str], dice: random.Random) -> None:
    """Kill a writer some acknowledgements into its work, then retry everything it was to record."""
    writer = start(store.path, "project/plant", "-", ids)
    go(writer)
    first = dict([heard(writer) for _ in range(dice.randrange(len(ids)))])
    time.sleep(dice.uniform(0, 0.003))  # so that the kill meets every step of an append
    writer.kill()
    told = first | acknowledged(writer)
    with store.reading() as reader:
        found = {name: str(event.position) for name, event in reader.by_ids(ids).items()}
    assert told.items() <= found.items()
    receipt = store.append([proposal(name, "project/plant") for name in ids], now=lambda: datetime.now(UTC))
    assert receipt.fresh == set(ids) - found.keys()
    assert receipt.head.size == trial * len(ids)


def test_a_killed_writer_loses_nothing_it_acknowledged(store: EventStore) -> None:
    """After kill -9 at any moment every acknowledged event is there, and a retry leaves one of each."""
    dice = random.Random(9)
    for trial in range(1, 6):
        kill_a_writer(store, trial, numbered(trial * 1000, 40), dice)
    assert verify(store).ok


@pytest.mark.soak
def test_a_thousand_killed_writers_lose_nothing_they_acknowledged(store: EventStore) -> None:
    """The same a thousand times over."""
    dice = random.Random(10)
    for trial in range(1, 1001):
        kill_a_writer(store, trial, numbered(trial * 1000, 10), dice)
    assert verify(store).ok
