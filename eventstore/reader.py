"""What the log answers in one snapshot: by stream, by what an event concerns, by position, id, key, hash."""

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, NamedTuple

from sqlalchemy import Column, ColumnElement, Connection, ScalarSelect, func, select, union

from eventstore.codec import decode
from eventstore.envelope import Head, Recorded
from eventstore.errors import Damaged
from eventstore.tables import events, head, mentions
from eventstore.tree import Peaks

_CHUNK = 500  # names in one IN list; SQLite takes 32,766 at most
_LAST = chr(0x10FFFF)  # sorts after every other character, so PREFIX + _LAST ends a range of names
_HEX = re.compile(r"[0-9a-f]{1,64}")


class Reader:
    """The log as one transaction sees it: every answer is of the same moment.

    Every method raises Damaged where a row read is not as it was written.
    """

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def head(self) -> Head:
        """Return how far the log reaches."""
        size, peaks, recorded = read_head(self.connection)
        return Head(size, peaks_of(size, peaks).root(), recorded)

    def stream(self, name: str) -> list[Recorded]:
        """Return the events of one stream in the order recorded; empty when there is no such stream."""
        return self.streams((name,))[name]

    def streams(self, names: Iterable[str]) -> dict[str, list[Recorded]]:
        """Return the events of each stream named, also of those that do not exist."""
        found: dict[str, list[Recorded]] = {name: [] for name in names}
        for chunk in _chunks(found):
            for event in self._events(events.c.stream.in_(chunk)):
                found[event.stream].append(event)
        return found

    def about(self, name: str) -> list[Recorded]:
        """Return the events in the stream or mentioning it, in the order recorded."""
        if not _can_be_held(name):
            return []
        own = select(events.c.position).where(events.c.stream == name)
        others = select(mentions.c.position).where(mentions.c.stream == name)
        return self._events(events.c.position.in_(union(own, others)))

    def mentioning(self, name: str) -> set[str]:
        """Return the names of the streams with an event that mentions this one."""
        if not _can_be_held(name):
            return set()
        at = select(mentions.c.position).where(mentions.c.stream == name)
        return set(self.connection.scalars(select(events.c.stream).distinct().where(events.c.position.in_(at))))

    def mentioning_any(self, names: Iterable[str]) -> set[str]:
        """Return the names of the streams with an event that mentions any of these."""
        found = set[str]()
        for chunk in _chunks(names):
            at = select(mentions.c.position).where(mentions.c.stream.in_(chunk))
            found.update(self.connection.scalars(select(events.c.stream).distinct().where(events.c.position.in_(at))))
        return found

    def after(self, position: int, *, limit: int) -> list[Recorded]:
        """Return the next events past a position, at most `limit`."""
        return self._events(events.c.position > position, limit)

    def at(self, position: int) -> Recorded | None:
        """Return the event at a position."""
        return next(iter(self._events(events.c.position == position)), None)

    def by_id(self, id: str) -> Recorded | None:  # noqa: A002 - the word of the envelope
        """Return the event with this id."""
        return self.by_ids((id,)).get(id)

    def by_ids(self, ids: Iterable[str]) -> dict[str, Recorded]:
        """Return the events with these ids, by id."""
        return {event.id: event for event in self._bearing(events.c.id, ids)}

    def by_key(self, key: str) -> Recorded | None:
        """Return the event with this idempotency key."""
        return self.by_keys((key,)).get(key)

    def by_keys(self, keys: Iterable[str]) -> dict[str, Recorded]:
        """Return the events with these idempotency keys, by key."""
        return {event.key: event for event in self._bearing(events.c.key, keys) if event.key}

    def keyed(self, prefix: str) -> dict[str, str]:
        """Return the stream of every event whose key begins so, by key."""
        if not _can_be_held(prefix):
            return {}
        chosen = select(events.c.key, events.c.stream).where(events.c.key.between(prefix, prefix + _LAST))
        # There may be as many as the log has events, and of few streams: each name is held once.
        names: dict[str, str] = {}
        return {key: names.setdefault(stream, stream) for key, stream in self.connection.execute(chosen)}

    def by_hash_prefix(self, prefix: str, *, limit: int = 10) -> list[Recorded]:
        """Return the events whose leaf hash starts with these hex digits; none if they are no hex digits."""
        digits = prefix.lower()
        if not _HEX.fullmatch(digits):
            return []
        first, last = (bytes.fromhex(digits.ljust(64, filler)) for filler in "0f")
        return self._events(events.c.hash.between(first, last), limit)

    def position_at(self, recorded: str) -> int:
        """Return the last position recorded at or before this time, 0 when there is none.

        Recorded times never decrease, so bisection finds it without an index of its own.
        """
        low, high = 0, self.head().size
        while low < high:
            middle = (low + high + 1) // 2
            found = self.connection.scalar(select(events.c.recorded).where(events.c.position == middle))
            if found is None:
                raise Damaged(what="event missing", position=middle)
            low, high = (middle, high) if found <= recorded else (low, middle - 1)
        return low

    def stream_names(self, kind: str | None = None, prefix: str = "") -> list[str]:
        """Return the names of streams, sorted: of one kind, or of all, whose slug starts with `prefix`."""
        first = events.c.version == 1
        if kind is not None and _can_be_held(begun := f"{kind}/{prefix}"):
            first &= events.c.stream.between(begun, begun + _LAST)
        names = self.connection.scalars(select(events.c.stream).where(first).order_by(events.c.stream))
        return [name for name in names if name.partition("/")[2].startswith(prefix)]

    def exists(self, names: Iterable[str]) -> set[str]:
        """Return those of the streams named that have an event."""
        return set(self.versions(names))

    def version(self, stream: str) -> int:
        """Return the last version of a stream, 0 when there is no such stream."""
        return self.versions((stream,)).get(stream, 0)

    def versions(self, streams: Iterable[str]) -> dict[str, int]:
        """Return the last version of each of the streams that exist."""
        last = select(events.c.stream, func.max(events.c.version)).group_by(events.c.stream)
        return {
            stream: version
            for chunk in _chunks(streams)
            for stream, version in self.connection.execute(last.where(events.c.stream.in_(chunk)))
        }

    def last_about(self, name: str) -> int:
        """Return the position of the last event in the stream or mentioning it, 0 when there is none."""
        own = select(func.max(events.c.position)).where(events.c.stream == name)
        others = select(func.max(mentions.c.position)).where(mentions.c.stream == name)
        return max(self.connection.scalar(own) or 0, self.connection.scalar(others) or 0)

    def _bearing(self, column: Column[str], values: Iterable[str]) -> Iterator[Recorded]:
        for chunk in _chunks(values):
            yield from self._events(column.in_(chunk))

    def _events(self, where: ColumnElement[bool], limit: int | None = None) -> list[Recorded]:
        chosen = select(events.c.position, events.c.stream, events.c.hash, events.c.body).where(where)
        rows = self.connection.execute(chosen.order_by(events.c.position).limit(limit))
        return [_as_written(*row) for row in rows]


def _as_written(position: int, stream: str, leaf: bytes, body: bytes) -> Recorded:
    """Return the event of a row; Damaged where it is not that of its hash, or was put into another stream."""
    event = decode(body, position=position)
    if event.hash != leaf or event.stream != stream:
        raise Damaged(what=f"{'hash' if event.hash != leaf else 'stream'} not as in the body", position=position)
    return event


class HeadRow(NamedTuple):
    """The head as it is stored."""

    size: int
    peaks: bytes
    recorded: str | None


def read_head(connection: Connection) -> HeadRow:
    """Return the head as it stands; Damaged unless there is exactly one."""
    return read_head_and(connection)[0]


def read_head_and(connection: Connection, *numbers: ScalarSelect[Any]) -> tuple[HeadRow, tuple[int, ...]]:
    """Return the head as `read_head` does and some numbers with it: a server far away is asked once for all."""
    rows = connection.execute(select(head.c.size, head.c.peaks, head.c.recorded, *numbers)).all()
    if len(rows) != 1:
        raise Damaged(what=f"{len(rows)} head rows")
    size, peaks, recorded, *found = rows[0]
    return HeadRow(size, peaks, recorded), tuple(number or 0 for number in found)


def peaks_of(size: int, data: bytes) -> Peaks:
    """Return the compact range of a head row; Damaged when it cannot be one."""
    try:
        return Peaks.from_bytes(size, data)
    except (ValueError, TypeError, AttributeError) as fault:
        raise Damaged(what="head peaks") from fault


def _can_be_held(name: str) -> bool:
    """Whether any register could hold a name: drivers fail on a lone surrogate or a NUL, as in a mistyped word."""
    try:
        return bool(name.encode()) and "\0" not in name
    except UnicodeEncodeError:
        return False


def _chunks(names: Iterable[str]) -> Iterator[list[str]]:
    rest = filter(_can_be_held, dict.fromkeys(names))
    while chunk := list(islice(rest, _CHUNK)):
        yield chunk
