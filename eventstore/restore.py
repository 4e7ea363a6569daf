"""Restoring an exported log: the exact bytes of every event, into a register that holds the beginning of it.

All of the log is tested before anything is written, for all that an append would have made sure of: the
envelope, what JSON may hold, positions and versions without gaps, ids and keys given once, recorded times
that never decrease and are not to come. Then it is written in whole chunks, so that a restore that was
cut off goes on where it stopped; rows go in as those of any append, and the schema's triggers stay in force.
"""

import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from types import TracebackType
from typing import IO, Any, Self, TypeAlias

from sqlalchemy import Connection

from eventstore.append import Write, read_whole_head, write
from eventstore.codec import admit, decode, fields_of, instant, moment
from eventstore.envelope import Head, Recorded
from eventstore.errors import Damaged, Refused, Unstorable
from eventstore.reader import peaks_of
from eventstore.tree import Peaks, leaf_hash
from eventstore.values import SIZE_LIMIT, check

CHUNK = 1000
"""Events written in one transaction."""

_IN_MEMORY = 16 << 20

Project: TypeAlias = Callable[[Connection, Sequence[Recorded]], None]


def recovered(body: bytes, leaf: bytes, *, position: int) -> Recorded:
    """Return the event of exported bytes; Unstorable unless they have this leaf hash and are such as we write."""
    if leaf_hash(body) != leaf:
        raise Unstorable(path="", problem="its bytes do not have the hash stated: it was changed")
    if len(body) > SIZE_LIMIT:
        raise Unstorable(path="", problem=f"larger than {SIZE_LIMIT} bytes")
    try:
        fields = fields_of(body)
        check(fields)
        _expect_types(fields)
        event = decode(body, position=position)
    except Damaged:
        raise Unstorable(path="", problem=f"is not event {position}, as an event is written") from None
    admit(event)
    if not _is_time(event.recorded):
        raise Unstorable(path="recorded", problem="no time as one is written")
    return event


def _on_disk() -> IO[bytes]:
    return tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)


@dataclass
class Waiting:
    """A log on its way in, each event tested to be the next; it waits on disk. Close it, or use `with`.

    `already` are the events the register holds: where the log begins with others, Refused(not-a-prefix).
    """

    now: datetime
    size: int = 0
    known: int = 0
    peaks: Peaks = field(default_factory=Peaks)
    _before: str = ""
    _versions: dict[str, int] = field(default_factory=dict)
    _given: set[str] = field(default_factory=set)
    _bodies: IO[bytes] = field(default_factory=_on_disk)

    def take(self, events: Iterable[Recorded], already: Iterator[Recorded]) -> None:
        """Test all the events and keep those that the register does not hold yet."""
        now = instant(self.now)
        for event in events:
            self._expect_next(event, now)
            mine = next(already, None)
            if mine is None:
                self._bodies.write(event.body + b"\n")
            elif mine.hash != event.hash:
                raise Refused(
                    reason="not-a-prefix",
                    what=f"the register holds another event at position {event.position}: a log is restored into an"
                    " empty register, or one that holds the beginning of it",
                )
            else:
                self.known += 1
                self.peaks = self.peaks.extend((event.hash,))
            self.size += 1
            self._before = event.recorded

    def chunks(self) -> Iterator[list[Recorded]]:
        """Yield the events to be written, a chunk at a time."""
        self._bodies.seek(0)
        numbered = enumerate(self._bodies, self.known + 1)
        events = (decode(body[:-1], position=position) for position, body in numbered)
        return iter(lambda: list(islice(events, CHUNK)), [])

    def _expect_next(self, event: Recorded, now: str) -> None:
        position, version = self.size + 1, self._versions.get(event.stream, 0) + 1
        if (event.position, event.version) != (position, version):
            raise Unstorable(path="", problem=f"is not position {position}, version {version} of {event.stream}")
        if not self._before <= event.recorded <= now:
            raise Unstorable(path="recorded", problem="before that of the event above, or still to come")
        for name, value in (("id", f"id:{event.id}"), ("key", event.key and f"key:{event.key}")):
            if value in self._given:
                raise Unstorable(path=name, problem="is that of an event above")
            if value:
                self._given.add(value)
        self._versions[event.stream] = version

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bodies.close()


def write_next(connection: Connection, writes: Write, chunk: Sequence[Recorded], peaks: Peaks) -> tuple[Peaks, Head]:
    """Write a chunk behind the log that has these peaks, in the caller's write transaction.

    Refused(not-a-prefix) where somebody recorded meanwhile.
    """
    size, blob, _ = read_whole_head(connection)  # locked since the transaction began
    if peaks_of(size, blob) != peaks:
        raise Refused(reason="not-a-prefix", what="somebody recorded in the register while it was being restored")
    grown = peaks.extend(event.hash for event in chunk)
    write(connection, writes, chunk, grown)
    return grown, Head(grown.size, grown.root(), chunk[-1].recorded)


def _expect_types(fields: dict[str, Any]) -> None:
    """Refuse fields of other types than an event has; `fields_of` has looked at those it needs itself."""
    sources = fields.get("sources", [])
    whole = type(fields["schema"]) is int and type(fields.get("asserted", False)) is bool
    if not whole or type(fields.get("about", [])) is not list or type(sources) is not list:
        raise Damaged(what="body")
    if any(type(source) is not dict for source in sources):
        raise Damaged(what="body")


def _is_time(text: str) -> bool:
    try:
        return instant(moment(text)) == text
    except ValueError:
        return False
