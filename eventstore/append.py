"""The one append path, inside the head-row lock: recognise retries, test conditions, number, write.

Every step runs in the caller's write transaction, so that whatever fails leaves nothing behind.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from operator import attrgetter
from typing import Literal, TypeAlias

from sqlalchemy import Connection, Dialect, Table, func, insert, select, update

from eventstore.codec import content, encode, instant, moment
from eventstore.engines import lock_head
from eventstore.envelope import Condition, Head, Proposed, Receipt, Recorded, StreamAt
from eventstore.errors import Conflict, Damaged, Refused
from eventstore.reader import Reader, peaks_of
from eventstore.tables import events, head, mentions
from eventstore.tree import Peaks

_columns = attrgetter(*(column.name for column in events.c))

Clock: TypeAlias = datetime | Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class _Stamp:
    """The recorded time of one append."""

    recorded: str
    asserted: bool
    clock_back: timedelta | None


@dataclass(slots=True)
class _Known:
    """What already bears an id or a key: events of the log and earlier proposals of the batch."""

    ids: dict[str, Recorded | Proposed] = field(default_factory=dict)
    keys: dict[str, Recorded | Proposed] = field(default_factory=dict)


def append_within(
    connection: Connection,
    proposals: Sequence[Proposed],
    *,
    now: Clock,
    conditions: Sequence[Condition],
    asserted_at: datetime | None,
) -> Receipt:
    """Append what is not on record yet; the receipt has one event for each proposal.

    Conditions are not tested for a pure retry: it must succeed although the stream moved on.
    """
    size, blob, last = lock_head(connection)
    reader, peaks = Reader(connection), peaks_of(size, blob)
    sames = _recognise(reader, proposals)
    fresh = {same.id: same for same in sames if isinstance(same, Proposed)}
    if not fresh:
        return Receipt(_in_order(sames, {}), frozenset(), None, Head(size, peaks.root(), last))
    _test(reader, conditions)
    expect_whole(connection, size)
    stamp = _stamp(now() if callable(now) else now, last, asserted_at)
    recorded = _number(reader, list(fresh.values()), size, stamp)
    peaks = peaks.extend(event.hash for event in recorded)
    write_rows(connection, recorded, size)
    advance(connection, peaks, size, stamp.recorded)
    answer = _in_order(sames, {event.id: event for event in recorded})
    return Receipt(answer, frozenset(fresh), stamp.clock_back, Head(peaks.size, peaks.root(), stamp.recorded))


def _recognise(reader: Reader, proposals: Sequence[Proposed]) -> list[Recorded | Proposed]:
    """Return for each proposal the event of the log, or the first proposal, that it is."""
    known = _Known()
    known.ids.update(reader.by_ids(proposal.id for proposal in proposals))
    known.keys.update(reader.by_keys(proposal.key for proposal in proposals if proposal.key))
    return [_same(known, proposal) for proposal in proposals]


def _same(known: _Known, proposal: Proposed) -> Recorded | Proposed:
    by_id = known.ids.get(proposal.id)
    by_key = known.keys.get(proposal.key) if proposal.key else None
    same = by_id or by_key or proposal
    if same is not proposal and content(same) != content(proposal):
        raise _identity_conflict(proposal, same, reason="id" if by_id else "key")
    if by_id and by_key and by_id.id != by_key.id:
        raise _identity_conflict(proposal, by_key, reason="key")
    known.ids[proposal.id] = same
    if proposal.key:
        known.keys[proposal.key] = same
    return same


def _identity_conflict(proposal: Proposed, bearer: Recorded | Proposed, *, reason: Literal["id", "key"]) -> Conflict:
    return Conflict(
        reason=reason,
        stream=proposal.stream,
        id=proposal.id,
        key=proposal.key,
        position=bearer.position if isinstance(bearer, Recorded) else None,
    )


def _test(reader: Reader, conditions: Sequence[Condition]) -> None:
    versions = reader.versions(c.stream for c in conditions if isinstance(c, StreamAt))
    for condition in conditions:
        if isinstance(condition, StreamAt):
            actual = versions.get(condition.stream, 0)
            if actual != condition.version:
                raise Conflict(reason="version", stream=condition.stream, expected=condition.version, actual=actual)
        else:
            last = reader.last_about(condition.stream)
            if last > condition.after:
                raise Conflict(reason="about", stream=condition.stream, expected=condition.after, position=last)


def expect_whole(connection: Connection, size: int) -> None:
    """Refuse to build on a log whose end is not where its head says."""
    if (connection.scalar(select(func.max(events.c.position))) or 0) != size:
        raise Damaged(what="the last event is not where the head says")


def _stamp(now: datetime, last: str | None, asserted_at: datetime | None) -> _Stamp:
    told = instant(now)
    if asserted_at is not None:
        asserted = instant(asserted_at)
        if asserted > told or asserted < (last or asserted):
            raise Refused(
                reason="asserted-time", what=f"{asserted} is not between {last or 'the beginning'} and {told}"
            )
        return _Stamp(asserted, asserted=True, clock_back=None)
    if last is not None and told < last:  # a clock set back must neither stop the office nor reorder the log
        return _Stamp(last, asserted=False, clock_back=moment(last) - now)
    return _Stamp(told, asserted=False, clock_back=None)


def _number(reader: Reader, fresh: Sequence[Proposed], size: int, stamp: _Stamp) -> list[Recorded]:
    versions = reader.versions(proposal.stream for proposal in fresh)
    recorded = []
    for position, proposal in enumerate(fresh, size + 1):
        version = versions[proposal.stream] = versions.get(proposal.stream, 0) + 1
        recorded.append(
            encode(proposal, position=position, version=version, recorded=stamp.recorded, asserted=stamp.asserted)
        )
    return recorded


def write_rows(connection: Connection, recorded: Sequence[Recorded], size: int) -> None:
    """Insert the rows and count them: a foreign RAISE(IGNORE) trigger swallows a row without an error."""
    _insert(connection, events, [row_of(event) for event in recorded])
    pairs = [(event.position, stream) for event in recorded for stream in sorted(mentioned(event))]
    _insert(connection, mentions, pairs)
    for table, written in ((events, len(recorded)), (mentions, len(pairs))):
        found = connection.scalar(select(func.count()).select_from(table).where(table.c.position > size))
        if found != written:
            raise Damaged(what=f"{table.name}: {written} rows inserted, {found} there", position=size + 1)


def row_of(event: Recorded) -> tuple[object, ...]:
    """Return the row of `events` an event should have, column by column."""
    values: tuple[object, ...] = _columns(event)
    return values


def mentioned(event: Recorded) -> set[str]:
    """Return the streams an event should be found under besides its own."""
    return set(event.about)


def _insert(connection: Connection, table: Table, rows: Sequence[tuple[object, ...]]) -> None:
    if rows:
        result = connection.exec_driver_sql(_insertion(table, connection.dialect), list(rows))
        if result.rowcount != len(rows):
            raise Damaged(what=f"{table.name}: {len(rows)} rows inserted, {result.rowcount} accepted")


@cache
def _insertion(table: Table, dialect: Dialect) -> str:
    """Build the statement once: Core's own executemany costs twice the driver's (DESIGN.md section 6)."""
    return str(insert(table).compile(dialect=dialect))


def advance(connection: Connection, peaks: Peaks, size: int, recorded: str) -> None:
    """Move the head from a size to that of the peaks, with the time of its last event."""
    moved = connection.scalar(
        update(head)
        .where(head.c.size == size)
        .values(size=head.c.size + (peaks.size - size), peaks=peaks.to_bytes(), recorded=recorded)
        .returning(head.c.size)
    )
    if moved != peaks.size:
        raise Damaged(what="the head did not move")


def _in_order(sames: Iterable[Recorded | Proposed], recorded: dict[str, Recorded]) -> tuple[Recorded, ...]:
    return tuple(same if isinstance(same, Recorded) else recorded[same.id] for same in sames)
