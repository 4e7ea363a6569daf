"""Subscribers see each event once and in order: under many writers, undone work, and faults of the register."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from uuid import UUID

import pytest

from eventstore.errors import Unavailable
from eventstore.log import EventStore, Reader
from eventstore.subscribing import subscribe
from tests.eventstore.givens import Clock, Propose, positions

ROOT = Path(__file__).parents[2]
WRITERS, EACH = 8, 12


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


def test_no_event_is_missed_or_repeated_while_many_write_late_and_undo(store: EventStore) -> None:
    """Eight processes append, some commit late, some undo: a reader that tails sees 1, 2, 3 … and no more."""
    command = [sys.executable, "-m", "tests.eventstore.late_writer", store.place]
    ids = [[str(UUID(int=n * 1000 + m)) for m in range(EACH)] for n in range(WRITERS)]
    writers = [
        subprocess.Popen([*command, str(seed), *mine], cwd=ROOT, stdout=subprocess.PIPE, text=True)
        for seed, mine in enumerate(ids)
    ]
    try:
        seen = [*islice(subscribe(store, after=0, batch=3, wait=lambda: None), WRITERS * EACH)]
        acknowledged = {line.strip() for writer in writers for line in writer.communicate(timeout=120)[0].splitlines()}
    finally:
        for writer in writers:
            writer.kill()
            writer.communicate()
    assert [writer.returncode for writer in writers] == [0] * WRITERS
    assert positions(seen) == list(range(1, WRITERS * EACH + 1))
    assert {event.id for event in seen} == acknowledged == {name for mine in ids for name in mine}
    with store.reading() as reader:
        assert reader.head().size == WRITERS * EACH
