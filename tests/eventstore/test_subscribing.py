"""Subscribers see each event once and in order: under many writers, undone work, and faults of the register."""

# ruff: noqa: S311 - the dice choose moments

import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from itertools import islice
from pathlib import Path
from uuid import UUID

import pytest

from eventstore.errors import Unavailable
from eventstore.log import EventStore, Reader
from eventstore.subscribing import subscribe
from tests.eventstore.givens import Clock, Propose, positions
from tests.figures import Figure

ROOT = Path(__file__).parents[2]
WRITERS, EACH = 8, 12
WRITER = [sys.executable, "-m", "tests.eventstore.late_writer"]
SUBSCRIBER = [sys.executable, "-m", "tests.eventstore.subscriber"]


def never() -> None:
    """Stand for a wait that must not happen."""
    raise AssertionError("waited although there is more to read")


def test_what_is_there_comes_first_in_order(filled: EventStore) -> None:
    """Past a position everything recorded since is yielded, in small batches too, without a wait."""
    assert positions([*islice(subscribe(filled, after=0, batch=2, wait=never), 5)]) == [1, 2, 3, 4, 5]
    assert positions([*islice(subscribe(filled, after=3, wait=never), 2)]) == [4, 5]


def test_what_is_recorded_while_waiting_comes_next(filled: EventStore, propose: Propose, clock: Clock) -> None:
    """A wait that returns leads to the next look; what was recorded meanwhile is yielded once."""
    waits: list[int] = []

    def wait() -> None:
        waits.append(len(waits))
        if len(waits) == 3:
            filled.append([propose()], now=clock)

    assert positions([*islice(subscribe(filled, after=5, wait=wait), 1)]) == [6]
    assert len(waits) == 3


@contextmanager
def _failing(times: int, reason: str) -> Iterator[Callable[[EventStore], object]]:
    """Make reading fail a number of times."""
    left = [times]
    reading = EventStore.reading

    @contextmanager
    def faulty(store: EventStore) -> Iterator[Reader]:
        if left[0]:
            left[0] -= 1
            raise Unavailable(reason=reason)  # type: ignore[arg-type]
        with reading(store) as reader:
            yield reader

    yield faulty


def test_a_register_that_comes_back_goes_on_where_it_was(filled: EventStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """Locked or lost for a while, nothing is missed and nothing repeated."""
    seen = subscribe(filled, after=0, batch=2, wait=lambda: None)
    first = [*islice(seen, 2)]
    with _failing(4, "io") as faulty:
        monkeypatch.setattr(EventStore, "reading", faulty)
        rest = [*islice(seen, 3)]
    assert positions([*first, *rest]) == [1, 2, 3, 4, 5]


@pytest.mark.parametrize(("reason", "patience"), [("io", 0), ("not-a-register", 60)])
def test_a_register_that_stays_away_is_told(
    filled: EventStore, monkeypatch: pytest.MonkeyPatch, reason: str, patience: float
) -> None:
    """After its patience, or at once where waiting helps nothing, a subscriber hears why."""
    with _failing(1000, reason) as faulty:
        monkeypatch.setattr(EventStore, "reading", faulty)
        with pytest.raises(Unavailable) as told:
            next(subscribe(filled, after=0, patience=patience, wait=lambda: None))
    assert told.value.reason == reason


def killed_again_and_again(place: str, file: Path, kills: int, last: int, dice: random.Random) -> None:
    """Run a subscriber, kill it some events on, run it again …; the last run goes to the end."""
    file.touch()
    for kill in range(kills + 1):
        goal = last if kill == kills else min(last, lines(file) + dice.randrange(1, 2 * last // (kills + 1)))
        with subprocess.Popen([*SUBSCRIBER, place, str(file)], cwd=ROOT) as subscriber:
            while lines(file) < goal:
                assert subscriber.poll() is None
                time.sleep(0.002)
            subscriber.kill()


def lines(file: Path) -> int:
    """Return how many whole lines a file has."""
    return file.read_bytes().count(b"\n")


def tail_killed(store: EventStore, file: Path, each: int, kills: int) -> str:
    """Follow eight late and undoing writers with a subscriber that is killed; return the figure."""
    ids = [[str(UUID(int=n * 1000 + m)) for m in range(each)] for n in range(WRITERS)]
    with ExitStack() as running:
        writers = []
        for seed, mine in enumerate(ids):
            command = [*WRITER, store.place, str(seed), *mine]
            writers.append(
                running.enter_context(subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True))
            )
            running.callback(writers[-1].kill)
        heard = running.enter_context(ThreadPoolExecutor(WRITERS)).map(lambda writer: writer.communicate()[0], writers)
        killed_again_and_again(store.place, file, kills, WRITERS * each, random.Random(kills))
        told = [line for out in heard for line in out.splitlines()]
    seen = [line.split() for line in file.read_text().splitlines()]
    assert [writer.returncode for writer in writers] == [0] * WRITERS
    assert [int(position) for position, _ in seen] == list(range(1, WRITERS * each + 1))
    assert {name for _, name in seen} == {*told} - {"undone"} == {name for mine in ids for name in mine}
    with store.reading() as reader:
        assert reader.head().size == WRITERS * each
    undone = told.count("undone") / len(told)
    assert undone
    return f"8 writers, late commits, {undone:.0%} undone, subscriber killed {kills} times: 0 missed, 0 repeated"


def test_no_event_is_missed_or_repeated_while_many_write_late_and_undo(
    store: EventStore, tmp_path: Path, figure: Figure
) -> None:
    """Eight processes append, commit late, undo some; a subscriber killed and run again sees 1, 2, 3 … and no more."""
    figure("P9", tail_killed(store, tmp_path / "dealt", EACH, 3))


@pytest.mark.soak
def test_a_subscriber_killed_fifty_times_misses_and_repeats_nothing(
    store: EventStore, tmp_path: Path, figure: Figure
) -> None:
    """The same with fifty kills, over two thousand events."""
    figure("P9", tail_killed(store, tmp_path / "dealt", 250, 50))
