"""One walk along the whole log: every row against its bytes, its mentions, its place, its time and the tree.

In short transactions and constant memory, so that no writer waits long. Where a batch cannot be
read, its rows are read one by one, so that the damage gets a position.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from sqlalchemy import Row, select

from eventstore.codec import fields_of
from eventstore.errors import Damaged
from eventstore.log import EventStore, Reader
from eventstore.report import Findings
from eventstore.tables import events, mentions
from eventstore.tree import Peaks, leaf_hash

BATCH = 1000
CHECKS = ("bodies", "columns", "mentions", "positions", "times")

_COLUMNS = tuple(column.name for column in events.c)
_COPIED = _COLUMNS[: _COLUMNS.index("hash")]  # hash and body come last

Mentions: TypeAlias = Mapping[int, list[str]]


@dataclass(slots=True)
class Walk:
    """Where the walk stands: the tree of what was read, the last position and the last recorded time."""

    findings: Findings
    peaks: Peaks = field(default_factory=Peaks)
    position: int = 0
    recorded: str = ""


def walk(store: EventStore, findings: Findings, *, upto: int, progress: Callable[[int], None] | None = None) -> Walk:
    """Compare every event up to a position with its exact bytes; problems go to `findings`."""
    going = Walk(findings)
    findings.begun.update(CHECKS)
    for rows, named in _batches(store, findings, upto):
        with findings.checking(*CHECKS):
            leaves = [leaf_hash(row.body) if type(row.body) is bytes else b"" for row in rows]
            for row, leaf in zip(rows, leaves, strict=True):
                _compare(going, row, leaf, named.get(row.position, ()))
            going.peaks = going.peaks.extend(leaves)
            _expect_no_strays(going, rows, named)
        if progress:
            progress(going.position)
    if going.position < upto:
        findings.add("positions", f"events missing up to {upto}", going.position + 1)
    return going


def _batches(store: EventStore, findings: Findings, upto: int) -> Iterator[tuple[list[Row[Any]], Mentions]]:
    after = 0
    while after < upto:
        try:
            with store.reading() as reader:
                rows, named = _read(reader, after, upto)
        except Damaged as damage:
            findings.add("bodies", damage.what)
            upto_here = min(after + BATCH, upto)
            rows, named = _read_singly(store, findings, range(after + 1, upto_here + 1))
            after = upto_here if rows else upto  # nothing readable here: do not count through a forged size
        else:
            after = rows[-1].position if len(rows) == BATCH else upto
        yield rows, named


def _read(reader: Reader, after: int, upto: int) -> tuple[list[Row[Any]], Mentions]:
    chosen = select(events).where(events.c.position > after, events.c.position <= upto)
    rows = reader.connection.execute(chosen.order_by(events.c.position).limit(BATCH)).all()
    last = rows[-1].position if len(rows) == BATCH else upto
    return [*rows], _mentions(reader, after, last)


def _read_singly(store: EventStore, findings: Findings, positions: range) -> tuple[list[Row[Any]], Mentions]:
    rows: list[Row[Any]] = []
    named: dict[int, list[str]] = {}
    for position in positions:
        try:
            with store.reading() as reader:
                found, about = _read(reader, position - 1, position)
            rows.extend(found)
            named.update(about)
        except Damaged as damage:
            findings.add("bodies", damage.what, position)
    return rows, named


def _mentions(reader: Reader, after: int, upto: int) -> Mentions:
    chosen = select(mentions.c.position, mentions.c.stream)
    chosen = chosen.where(mentions.c.position > after, mentions.c.position <= upto)
    named: dict[int, list[str]] = {}
    for position, stream in reader.connection.execute(chosen):
        named.setdefault(position, []).append(stream)
    return named


def _compare(going: Walk, row: Row[Any], leaf: bytes, found: Sequence[str]) -> None:
    """Compare one row, and the mentions found for it, with what its bytes say."""
    if row.position != going.position + 1:
        going.findings.add("positions", f"events missing up to {row.position - 1}", going.position + 1)
    going.position = row.position
    try:
        fields = fields_of(row.body)
    except Damaged as damage:
        going.findings.add("bodies", damage.what, row.position)
        return
    due = (*map(fields.get, _COPIED), leaf, row.body)
    if row != due:
        amiss = [name for name, had, said in zip(_COLUMNS, row, due, strict=True) if had != said]
        going.findings.add("columns", f"{', '.join(amiss)} not as in the body", row.position)
    if {*found} != {*fields.get("about", ())}:
        going.findings.add("mentions", "mentions not as in the body", row.position)
    if fields["recorded"] < going.recorded:
        going.findings.add("times", "recorded before its predecessor", row.position)
    going.recorded = fields["recorded"]


def _expect_no_strays(going: Walk, rows: Sequence[Row[Any]], named: Mentions) -> None:
    for position in named.keys() - {row.position for row in rows}:
        going.findings.add("mentions", "mentions of an event that is not there", position)
