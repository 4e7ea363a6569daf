"""The log as a stream that does not end: each event once and in order, whatever becomes of the connection.

Positions are given under the head's lock and seen in order (RELIABILITY.md decision 3), so "past the last one
seen" misses nothing: no event can appear below a position that was read. What wakes the reader only saves time.
"""

from collections.abc import Callable, Iterator
from itertools import chain
from time import monotonic, sleep

from eventstore.envelope import Recorded
from eventstore.errors import Reason, Unavailable
from eventstore.log import EventStore

BATCH = 500
PATIENCE = 60.0
_PASSING: frozenset[Reason] = frozenset({"locked", "io"})


def subscribe(
    store: EventStore,
    *,
    after: int,
    wait: Callable[[], object] = lambda: sleep(1),
    patience: float = PATIENCE,
    batch: int = BATCH,
) -> Iterator[Recorded]:
    """Yield every event past a position, and then each as it is recorded; it never ends by itself.

    A subscriber keeps the position of the last event it has dealt with, and gives it as `after` when it comes
    back: so each is seen once, or, if it fell between dealing and keeping, once more with the same id. `wait`
    is called when there is nothing new. Raises Unavailable once the register could not be read for `patience`
    seconds, and at once Damaged, and Unavailable(replica) where the store is a replica.
    """
    return chain.from_iterable(batches(store, after=after, wait=wait, patience=patience, limit=batch))


def batches(
    store: EventStore, *, after: int, wait: Callable[[], object], patience: float = PATIENCE, limit: int = BATCH
) -> Iterator[list[Recorded]]:
    """Yield the same in lists of at most `limit` events, each read in a short snapshot of its own."""
    known_primary = False
    failing_since: float | None = None
    while True:
        try:
            known_primary = known_primary or _expect_primary(store)
            with store.reading() as reader:
                fresh = reader.after(after, limit=limit)
        except Unavailable as fault:
            failing_since = failing_since or monotonic()
            if fault.reason not in _PASSING or monotonic() - failing_since > patience:
                raise
            wait()
            continue
        failing_since = None
        if fresh:
            yield fresh
            after = fresh[-1].position
        else:
            wait()


def _expect_primary(store: EventStore) -> bool:
    """Refuse to follow a replica: it may have more than the one that takes over, and then its end is no more."""
    if store.standing() is not None:
        raise Unavailable(reason="replica", place=store.place)
    return True
