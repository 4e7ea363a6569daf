"""The one append path, inside the head-row lock: recognise retries, test conditions, number, write.

Every step runs in the caller's write transaction, so that whatever fails leaves nothing behind.
"""

from collections.abc import Callable, Container, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Literal, TypeAlias, cast

from sqlalchemy import Connection, func, select

from eventstore.codec import admit, content, encode, instant, moment
from eventstore.envelope import Condition, Entry, Head, Proposed, Receipt, Recorded, StreamAt
from eventstore.errors import Conflict, Damaged, Refused
from eventstore.reader import HeadRow, Reader, peaks_of, read_head_and
from eventstore.tables import events, mentioned, mentions
from eventstore.tree import Peaks

Clock: TypeAlias = datetime | Callable[[], datetime]
Write: TypeAlias = Callable[[Connection, Sequence[Recorded], Peaks], None]
"""How an engine adds rows and moves the head."""


@dataclass(frozen=True, slots=True)
class _Stamp:
    """The recorded time of one append."""

    recorded: str
    asserted: bool
    clock_back: timedelta | None


@dataclass(slots=True)
class _Known:
    """What already bears an id or a key: events of the log and earlier proposals of the batch."""

    ids: dict[str, Entry] = field(default_factory=dict)
    keys: dict[str, Entry] = field(default_factory=dict)
    held: set[str] = field(default_factory=set)
    """The ids of the events of the log among them."""


def append_within(
    connection: Connection,
    writes: Write,
    proposals: Sequence[Entry],
    *,
    now: Clock,
    conditions: Sequence[Condition],
    asserted_at: datetime | None,
) -> Receipt:
    """Append what is not on record yet; the receipt has one event for each proposal.

    Conditions are not tested for a pure retry: it must succeed although the stream moved on. An event that was
    `made_ahead` for the place it now gets is recorded as it is.
    """
    size, blob, last = read_whole_head(connection)  # locked since the transaction began
    reader, peaks = Reader(connection), peaks_of(size, blob)
    sames, held = _recognise(reader, proposals)
    fresh = {same.id: same for same in sames if same.id not in held}
    if not fresh:
        return Receipt(_in_order(sames, {}), frozenset(), None, Head(size, peaks.root(), last))
    _test(reader, conditions)
    stamp = _stamp(now() if callable(now) else now, last, asserted_at)
    stamp = _stamp_ahead(fresh.values(), stamp, last)
    recorded = _number(reader, list(fresh.values()), size, stamp)
    peaks = peaks.extend(event.hash for event in recorded)
    write(connection, writes, recorded, peaks)
    answer = _in_order(sames, {event.id: event for event in recorded})
    return Receipt(answer, frozenset(fresh), stamp.clock_back, Head(peaks.size, peaks.root(), stamp.recorded))


def _recognise(reader: Reader, proposals: Sequence[Entry]) -> tuple[list[Entry], set[str]]:
    """Return for each proposal the event of the log, or the first proposal, that it is; and the ids of the former."""
    known = _Known()
    known.ids.update(reader.by_ids(proposal.id for proposal in proposals))
    known.keys.update(reader.by_keys(proposal.key for proposal in proposals if proposal.key))
    held = {event.id for event in (*known.ids.values(), *known.keys.values())}
    return [_same(known, proposal, held) for proposal in proposals], held


def _same(known: _Known, proposal: Entry, held: Container[str]) -> Entry:
    by_id = known.ids.get(proposal.id)
    by_key = known.keys.get(proposal.key) if proposal.key else None
    same = by_id or by_key or proposal
    if same is not proposal and content(same) != content(proposal):
        raise _identity_conflict(proposal, same, held, reason="id" if by_id else "key")
    if by_id and by_key and by_id.id != by_key.id:
        raise _identity_conflict(proposal, by_key, held, reason="key")
    known.ids[proposal.id] = same
    if proposal.key:
        known.keys[proposal.key] = same
    return same


def _identity_conflict(
    proposal: Entry, bearer: Entry, held: Container[str], *, reason: Literal["id", "key"]
) -> Conflict:
    return Conflict(
        reason=reason,
        stream=proposal.stream,
        id=proposal.id,
        key=proposal.key,
        position=bearer.position if isinstance(bearer, Recorded) and bearer.id in held else None,
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


def read_whole_head(connection: Connection) -> HeadRow:
    """Return the head; Damaged where the log does not end where it says, for nothing may be built on that."""
    found, (last,) = read_head_and(connection, select(func.max(events.c.position)).scalar_subquery())
    if last != found.size:
        raise Damaged(what="the last event is not where the head says")
    return found


def _stamp(now: datetime, last: str | None, asserted_at: datetime | None) -> _Stamp:
    if asserted_at is not None:
        return _Stamp(assertable(asserted_at, now, last), asserted=True, clock_back=None)
    told = instant(now)
    if last is not None and told < last:  # a clock set back must neither stop the office nor reorder the log
        return _Stamp(last, asserted=False, clock_back=moment(last) - now)
    return _Stamp(told, asserted=False, clock_back=None)


def assertable(asserted_at: datetime, now: datetime, last: str | None) -> str:
    """Return the recorded time an older register states; Refused unless it is past the last one and not to come."""
    asserted, told = instant(asserted_at), instant(now)
    if asserted > told or asserted < (last or asserted):
        raise Refused(reason="asserted-time", what=f"{asserted} is not between {last or 'the beginning'} and {told}")
    return asserted


def _stamp_ahead(fresh: Iterable[Entry], stamp: _Stamp, last: str | None) -> _Stamp:
    """Return the time at which events were made ahead, where it is past all that is recorded; else the stamp."""
    made = next((entry for entry in fresh if isinstance(entry, Recorded)), None)
    if made and made.asserted == stamp.asserted and (last or "") <= made.recorded <= stamp.recorded:
        return replace(stamp, recorded=made.recorded)
    return stamp


def _number(reader: Reader, fresh: Sequence[Entry], size: int, stamp: _Stamp) -> list[Recorded]:
    versions = reader.versions(entry.stream for entry in fresh)
    recorded = []
    for position, entry in enumerate(fresh, size + 1):
        version = versions[entry.stream] = versions.get(entry.stream, 0) + 1
        recorded.append(_recorded(entry, position, version, stamp))
    return recorded


def _recorded(entry: Entry, position: int, version: int, stamp: _Stamp) -> Recorded:
    place = (position, version, stamp.recorded, stamp.asserted)
    if isinstance(entry, Recorded) and (entry.position, entry.version, entry.recorded, entry.asserted) == place:
        return entry
    return encode(entry, position=position, version=version, recorded=stamp.recorded, asserted=stamp.asserted)


def made_ahead(
    proposals: Iterable[Proposed], begins: Callable[[Proposed], bool], *, after: int, recorded: str, asserted: bool
) -> list[Entry]:
    """Return proposals as events for the place that they will have if all of them follow a position.

    `begins` says whether a fact can be the first of a stream. Facts of streams that begin elsewhere stay proposals,
    for their versions are not known. Raises Unstorable.
    """
    versions: dict[str, int] = {}
    made: list[Entry] = []
    for position, proposal in enumerate(proposals, after + 1):
        admit(proposal)
        version = versions.get(proposal.stream, 0) + 1
        if version == 1 and not begins(proposal):
            made.append(proposal)
            continue
        versions[proposal.stream] = version
        made.append(encode(proposal, position=position, version=version, recorded=recorded, asserted=asserted))
    return made


def write(connection: Connection, writes: Write, recorded: Sequence[Recorded], peaks: Peaks) -> None:
    """Write the next events and count what came of it: whatever swallowed a row did it without an error (P28)."""
    writes(connection, recorded, peaks)
    size = peaks.size - len(recorded)
    due = (len(recorded), sum(len(mentioned(event)) for event in recorded))
    counts = (select(func.count()).where(table.c.position > size).scalar_subquery() for table in (events, mentions))
    moved, found = read_head_and(connection, *counts)
    if found != due:
        raise Damaged(what=f"{due} events and mentions inserted, {found} there", position=size + 1)
    if moved != (peaks.size, peaks.to_bytes(), recorded[-1].recorded):
        raise Damaged(what="the head did not move", position=size + 1)


def _in_order(sames: Iterable[Entry], recorded: dict[str, Recorded]) -> tuple[Recorded, ...]:
    return tuple(recorded.get(same.id) or cast("Recorded", same) for same in sames)
