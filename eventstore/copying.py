"""A register at another place, on whatever engine: the same register, with its settings and its exact bytes.

Everything goes in through `EventStore.restore`: a copy that was cut off goes on where it stopped, and a place that
holds anything else is refused before anything is written.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime

from eventstore import engines
from eventstore.engines import Place
from eventstore.envelope import Head, Recorded
from eventstore.errors import Damaged, Missing, Refused, Unavailable
from eventstore.log import EventStore, Project, settlement
from eventstore.restore import recovered
from eventstore.tree import Peaks

_BATCH = 1000
_LATEST = datetime.max.replace(tzinfo=UTC)  # what is on record is no time to come, whatever our own clock shows


def existing(place: Place, meta: Mapping[str, str]) -> EventStore | None:
    """Open the register of these settings at a place, None where it is free; Refused(another-register) and kin."""
    try:
        store = EventStore.open(place)
    except Missing as missing:
        if missing.what != "register":
            raise
        return None
    except Unavailable:
        if not engines.unfinished(place):
            raise
        return None
    if dict(store.meta) != dict(meta):
        store.close()
        raise Refused(reason="another-register", what=f"{store.place} holds another register")
    return store


def made(place: Place, meta: Mapping[str, str]) -> EventStore:
    """Create the register of these settings at a free place, or finish what was cut off, and open it."""
    settings = settlement(meta["register"], meta["timezone"])
    if engines.unfinished(place):
        engines.finish(place, settings)
    else:
        engines.create(place, settings)
    return EventStore.open(place)


@dataclass
class Copy:
    """One register on its way into another that is empty, or holds the beginning of it."""

    source: EventStore
    target: EventStore
    progress: Callable[[int, int], None]
    """Called with the events done and the events there are: first as they are read, then as they are written."""
    head: Head = field(default_factory=lambda: Head(0, Peaks().root(), None))
    """How far the source was read."""

    def run(self, *, project: Project) -> Iterator[Head]:
        """Copy what the target does not hold yet, and yield its head after each chunk; first as it was before.

        All of the source is read and tested against its root first. Refused(not-a-prefix) where the target holds
        other events, or more. What was written by then stays, and running it again goes on from there.
        """
        events = self._events()
        held: Head | None = None
        for reached in self.target.restore(events, now=_LATEST, project=project):
            held = held or reached
            if held.size > self.head.size:
                what = f"{self.target.place} holds {held.size - self.head.size} events more than {self.source.place}"
                raise Refused(reason="not-a-prefix", what=what)
            self.progress(reached.size, self.head.size)
            yield reached

    def behind(self) -> int:
        """Return how many events the source was given since it was read."""
        with self.source.reading() as reader:
            return reader.head().size - self.head.size

    def _events(self) -> Iterator[Recorded]:
        """Yield every event of the source; at the end they must be those of its root."""
        peaks = Peaks()
        while True:
            with self.source.reading() as reader:
                head, fresh = reader.head(), reader.after(peaks.size, limit=_BATCH)
            yield from (recovered(event.body, event.hash, position=event.position) for event in fresh)
            peaks = peaks.extend(event.hash for event in fresh)
            self.head = head
            self.progress(peaks.size, head.size)
            if not fresh or peaks.size == head.size:
                break
        if (peaks.size, peaks.root()) != (head.size, head.root):
            raise Damaged(what="the root of the events read is not the head's", position=peaks.size)


def are_one(one: EventStore, other: EventStore) -> bool:
    """Say whether two open registers are one and the same place."""
    with suppress(OSError):
        if one.engine.path and other.engine.path:
            return one.engine.path.samefile(other.engine.path)
    return one.place == other.place
