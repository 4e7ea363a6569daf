"""Is the register as it was written? Everything is computed afresh from the stored bytes and compared.

Works on a damaged register opened with `examine`: what cannot be read becomes a problem. Without a
checkpoint kept elsewhere nobody can tell a register rewritten as a whole (RELIABILITY.md decision 12).
"""

from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

from sqlalchemy import Row, Select, Table, func, or_, select, tuple_

from eventstore.envelope import Head
from eventstore.log import EventStore, Reader, settled
from eventstore.report import PROBLEMS_SHOWN, Findings, Problem, Report
from eventstore.tables import events, mentions
from eventstore.walk import CHECKS as WALK_CHECKS
from eventstore.walk import Walk, walk

__all__ = ["CHECKS", "Problem", "Report", "verify"]

CHECKS = ("schema", "integrity", "meta", *WALK_CHECKS, "versions", "tree")
_BATCH = 10_000
_UNREADABLE = "schema unreadable"


def verify(store: EventStore, *, progress: Callable[[int], None] | None = None) -> Report:
    """Examine the whole register; `progress` is told the last position done.

    Raises Unavailable when the register cannot be read just now; damage is in the report.
    """
    findings = Findings()
    if not _tables_stand(store, findings):
        return findings.report(CHECKS)
    _check_integrity(store, findings)
    with findings.checking("meta"), store.reading() as reader:
        settled(reader.connection)
    start = _head(store, findings)
    going = walk(store, findings, upto=start.size, progress=progress)
    _check_versions(store, findings, upto=start.size)
    _check_end(store, findings)
    _check_tree(findings, start, going)
    return findings.report(CHECKS, events=going.peaks.size, root=going.peaks.root())


def _tables_stand(store: EventStore, findings: Findings) -> bool:
    """Compare the schema; False when a table of ours is not as created, so that nothing else can be asked."""
    amiss = [_UNREADABLE]
    with findings.checking("schema"), store.reading() as reader:
        amiss = store.engine.differences(reader.connection)
        for what in amiss:
            findings.add("schema", what)
    return not any(what.startswith(("missing table", "changed table", _UNREADABLE)) for what in amiss)


def _check_integrity(store: EventStore, findings: Findings) -> None:
    """Ask the database about its own pages and indexes."""
    with findings.checking("integrity"), store.reading() as reader:
        for what in store.engine.integrity(reader.connection):
            findings.add("integrity", what)


def _head(store: EventStore, findings: Findings) -> Head:
    """Return how far to walk: the head as it stands now, or the events themselves when it cannot be read."""
    with findings.checking("tree"), store.reading() as reader:
        return reader.head()
    last = 0
    with findings.checking("tree"), store.reading() as reader:
        last = reader.connection.scalar(select(func.max(events.c.position))) or 0
    return Head(last, b"", None)


def _check_versions(store: EventStore, findings: Findings, *, upto: int) -> None:
    """Expect 1, 2, 3 … within each stream, in the order of positions."""
    with findings.checking("versions"):
        for before, row in pairwise(_by_stream(store, upto)):
            follows = before is not None and before.stream == row.stream
            due = before.version + 1 if follows else 1
            if row.version != due or (follows and row.position < before.position):
                findings.add("versions", f"version {row.version} where {due} is due in {row.stream}", row.position)


def _by_stream(store: EventStore, upto: int) -> Iterator[Any]:
    """Yield None, then stream, version and position of every event, stream by stream."""
    yield None
    place = tuple_(events.c.stream, events.c.version)
    chosen = select(events.c.stream, events.c.version, events.c.position).where(events.c.position <= upto)
    chosen = chosen.order_by(events.c.stream, events.c.version).limit(_BATCH)
    rows = _rows(store, chosen)
    while rows:
        yield from rows
        rows = _rows(store, chosen.where(place > (rows[-1].stream, rows[-1].version)))


def _rows(store: EventStore, chosen: Select[Any]) -> list[Row[Any]]:
    with store.reading() as reader:
        return [*reader.connection.execute(chosen)]


def _check_end(store: EventStore, findings: Findings) -> None:
    """Expect nothing outside the log, and the head's recorded time to be the last event's."""
    with findings.checking("positions", "times", "mentions"), store.reading() as reader:
        head = reader.head()
        for table, check in ((events, "positions"), (mentions, "mentions")):
            for position in _outside(reader, table, head.size):
                findings.add(check, f"{table.name}: a row outside the log", position)
        last = reader.connection.scalar(select(events.c.recorded).where(events.c.position == head.size))
        if last != head.recorded:
            findings.add("times", "the head's recorded time is not the last event's", head.size or None)


def _outside(reader: Reader, table: Table, size: int) -> Iterator[int]:
    column = table.c.position
    chosen = select(column).where(or_(column < 1, column > size)).order_by(column).limit(PROBLEMS_SHOWN)
    yield from reader.connection.scalars(chosen)


def _check_tree(findings: Findings, start: Head, going: Walk) -> None:
    if (going.peaks.size, going.peaks.root()) != (start.size, start.root):
        findings.add("tree", "the root of the events read is not the head's")
