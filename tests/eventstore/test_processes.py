"""Several processes on one register: nothing lost, nothing doubled, nothing falsely acknowledged."""

# ruff: noqa: S311 - the dice choose moments

import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeAlias
from uuid import UUID

import pytest

from eventstore.log import EventStore
from eventstore.verify import verify
from tests.eventstore.writer import proposal
from tests.figures import Figure

WRITERS, EACH = 4, 12
MANY = {"sqlite": "P5", "postgres": "P6"}
ROOT = Path(__file__).parents[2]


class Writer:
    """One writing process; on a failure its own complaint is in the captured stderr."""

    def __init__(self, place: str, stream: str, expect: str, ids: Sequence[str]) -> None:
        command = [sys.executable, "-m", "tests.eventstore.writer", place, stream, expect, *ids]
        self.process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.stdin, self.stdout = self.process.stdin, self.process.stdout

    def heard(self) -> list[str]:
        """Return the words of the next line it says."""
        words = self.stdout.readline().split()
        assert words, f"the writer ended with {self.process.wait()}"
        return words

    def go(self) -> None:
        """Let it begin."""
        self.stdin.write("go\n")
        self.stdin.flush()

    def acknowledged(self) -> dict[str, str]:
        """Return what it acknowledges until its end, by id."""
        return dict(line.split() for line in self.stdout)  # communicate() would lose what is read ahead


Start: TypeAlias = Callable[[str, str, Sequence[str]], Writer]


@pytest.fixture
def start(store: EventStore) -> Iterator[Start]:
    """Return a starter of writers that have the register open; none outlives its test."""
    with ExitStack() as started:

        def begin(stream: str, expect: str, ids: Sequence[str]) -> Writer:
            writer = Writer(store.place, stream, expect, ids)
            started.enter_context(writer.process)  # closes its pipes and waits
            started.callback(writer.process.kill)
            assert writer.heard() == ["ready"]
            return writer

        yield begin


def numbered(first: int, count: int) -> list[str]:
    """Return ids from a number on."""
    return [str(UUID(int=number)) for number in range(first, first + count)]


def race(store: EventStore, start: Start, writers: int, each: int) -> str:
    """Have so many processes append at once to one stream, so many events each; nothing may be lost or doubled."""
    started = [start("project/plant", "-", numbered(n * each + 1, each)) for n in range(writers)]
    begun = time.monotonic()
    for writer in started:
        writer.go()
    told = {name: int(position) for writer in started for name, position in writer.acknowledged().items()}
    assert [writer.process.wait() for writer in started] == [0] * writers  # a lock error would have ended one
    rate = writers * each / (time.monotonic() - begun)
    found = list(store.stream_all())
    assert {event.id: event.position for event in found} == told
    assert [event.position for event in found] == list(range(1, writers * each + 1))
    assert [event.version for event in found] == list(range(1, writers * each + 1))
    assert verify(store).ok
    return f"{writers} processes x {each} appends: 0 lost, 0 doubled, gapless, 0 lock errors ({rate:.0f}/s here)"


def test_racing_writers_leave_a_gapless_log(store: EventStore, start: Start, engine: str, figure: Figure) -> None:
    """Several processes appending at once to one stream lose nothing, double nothing and leave no gap."""
    figure(MANY[engine], race(store, start, WRITERS, EACH))


@pytest.mark.soak
def test_sixteen_writers_leave_a_gapless_log(store: EventStore, start: Start, engine: str, figure: Figure) -> None:
    """The same with sixteen processes: 60 events each into a file, 150 into a server."""
    figure(MANY[engine], race(store, start, 16, {"sqlite": 60, "postgres": 150}[engine]))


def race_for_versions(store: EventStore, start: Start, races: int) -> str:
    """Have processes go through the versions of streams, each expecting 0 of every one: exactly one may win each."""
    ids = [numbered(n * races + 1, races) for n in range(WRITERS)]
    started = [start("project/race-{n}", "0", mine) for mine in ids]
    for writer in started:
        writer.go()
    answers = [writer.acknowledged() for writer in started]
    for race in range(races):
        told = [answer[mine[race]] for answer, mine in zip(answers, ids, strict=True)]
        assert told.count("lost") == WRITERS - 1, told
    with store.reading() as reader:
        assert set(reader.versions(f"project/race-{n}" for n in range(races)).values()) == {1}
        assert reader.head().size == races
    return f"one version raced by {WRITERS} processes {races} times: exactly one won each"


def test_exactly_one_wins_a_race_for_a_version(store: EventStore, start: Start, engine: str, figure: Figure) -> None:
    """Of several processes that expect the same version of a stream, one records and the others learn it."""
    figure(MANY[engine], race_for_versions(store, start, 20))


@pytest.mark.soak
def test_exactly_one_wins_each_of_200_races(store: EventStore, start: Start, engine: str, figure: Figure) -> None:
    """The same two hundred times."""
    figure(MANY[engine], race_for_versions(store, start, 200))


def kill_a_writer(store: EventStore, start: Start, trial: int, count: int, dice: random.Random) -> None:
    """Kill a writer some acknowledgements into its work, then retry everything it was to record."""
    ids = numbered(trial * 1000, count)
    writer = start("project/plant", "-", ids)
    writer.go()
    told = dict([writer.heard() for _ in range(dice.randrange(count))])
    time.sleep(dice.uniform(0, 0.003))  # so that the kill meets every step of an append
    writer.process.kill()
    told |= writer.acknowledged()
    writer.process.wait()  # its locks go with it, a moment after its pipes
    with store.reading() as reader:
        found = {name: str(event.position) for name, event in reader.by_ids(ids).items()}
    assert told.items() <= found.items()
    receipt = store.append([proposal(name, "project/plant") for name in ids], now=lambda: datetime.now(UTC))
    assert receipt.fresh == set(ids) - found.keys()
    assert receipt.head.size == trial * len(ids)


def test_a_killed_writer_loses_nothing_it_acknowledged(store: EventStore, start: Start, figure: Figure) -> None:
    """After kill -9 at any moment every acknowledged event is there, and a retry leaves one of each."""
    dice = random.Random(9)
    for trial in range(1, 6):
        kill_a_writer(store, start, trial, 40, dice)
    assert verify(store).ok
    figure("P2", "5 writers killed (kill -9) at any moment: 0 lost, a retry leaves one of each")


@pytest.mark.soak
def test_a_thousand_killed_writers_lose_nothing_they_acknowledged(
    store: EventStore, start: Start, figure: Figure
) -> None:
    """The same a thousand times over."""
    dice = random.Random(10)
    for trial in range(1, 1001):
        kill_a_writer(store, start, trial, 10, dice)
    assert verify(store).ok
    figure("P2", "1000 writers killed (kill -9) at any moment: 0 lost, a retry leaves one of each")
