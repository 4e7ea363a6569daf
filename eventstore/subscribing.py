"""The log as a stream that does not end: each event once and in order, whatever becomes of the connection.

Positions are given under the head's lock and seen in order (RELIABILITY.md decision 3), so "past the last one
seen" misses nothing: no event can appear below a position that was read. What wakes the reader only saves time.
"""

from collections.abc import Callable, Iterator
from functools import partial
from itertools import chain
from time import monotonic
from typing import TypeVar

from eventstore.envelope import Recorded
from eventstore.errors import Reason, Unavailable
from eventstore.log import EventStore, Reader

BATCH = 500
PATIENCE = 60.0
_PASSING: frozenset[Reason] = frozenset({"locked", "io", "unreachable"})

Shown = TypeVar("Shown")


def subscribe(
    store: EventStore,
    *,
    after: int,
    every: float = 1.0,
    wait: Callable[[], object] | None = None,
    patience: float = PATIENCE,
    batch: int = BATCH,
) -> Iterator[Recorded]:
    """Yield every event past a position, and then each as it is recorded; it never ends by itself.

    A subscriber keeps the position of the last event it has dealt with, and gives it as `after` when it comes
    back: so each is seen once, or, if it fell between dealing and keeping, once more with the same id. `wait`
    is called when there is nothing new; else it is looked at every so many seconds, and at once where the
    engine tells of an append. Raises Unavailable once the register could not be read for `patience` seconds,
    and at once Damaged, and Unavailable(replica) where the store is a replica.
    """
    with store.engine.listening() as listen:
        pause = wait or partial(listen, every)
        fresh = looks(store, lambda _, events: events, after=after, wait=pause, patience=patience, limit=batch)
        yield from chain.from_iterable(fresh)


def looks(
    store: EventStore,
    look: Callable[[Reader, list[Recorded]], Shown],
    *,
    after: int,
    wait: Callable[[], object],
    patience: float = PATIENCE,
    limit: int = BATCH,
) -> Iterator[Shown]:
    """Yield what `look` makes of at most `limit` events at a time, each in a short snapshot of its own."""
    known_primary = False
    failing_since: float | None = None
    while True:
        try:
            known_primary = known_primary or _expect_primary(store)
            with store.reading() as reader:
                fresh = reader.after(after, limit=limit)
                shown = look(reader, fresh) if fresh else None
        except Unavailable as fault:
            failing_since = failing_since or monotonic()
            if fault.reason not in _PASSING or monotonic() - failing_since > patience:
                raise
            wait()
            continue
        failing_since = None
        if fresh and shown is not None:
            after = fresh[-1].position
            yield shown
        else:
            wait()


def _expect_primary(store: EventStore) -> bool:
    """Refuse to follow a replica: it may have more than the one that takes over, and then its end is no more."""
    if store.standing() is not None:
        raise Unavailable(reason="replica", place=store.place)
    return True
