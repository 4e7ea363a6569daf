"""One table on its way into the register: read, mapped, held against what was said before, put in order.

The facts are spooled as JSON lines beside an index, parties first, then what is opened, then by the day of
effect: so a table in any order is recorded as history, and only the index is held in memory.
"""

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import IO, Any

import orjson

from cli.exits import REFUSED, Failure
from cli.tables.mapfile import FactRule, Map
from cli.tables.mapping import FILE, RECORDED, Mapped, Mapper, Problem
from cli.tables.reading import Layout, Row, Table, read_table
from cli.tables.revising import CORRECTED, LEFT, NEW, SAME, Change, Revision
from domain.dates import parse
from domain.deciders import DECIDERS
from domain.streams import kind_of, slug_of
from eventstore.log import Reader

_BATCH = 500
_OPENERS = frozenset(fact for decider in DECIDERS.values() for fact in decider.opens)


@dataclass(frozen=True, slots=True)
class Spooled:
    """Where a fact lies in the spool, and where it comes from; ordered as it is to be recorded."""

    rank: int
    day: int
    number: int
    offset: int
    length: int
    row: int
    rule: int

    def order(self) -> tuple[int, int, int]:
        """Return its place among the others."""
        return self.rank, self.day, self.number


@dataclass
class Job:
    """What became of a table: its facts in order, what is wrong, what changed, what was there before."""

    path: Path
    map: Map
    table: Table
    problems: list[Problem] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    rows: int = 0
    same: int = 0
    left: int = 0
    rejected: list[Row] = field(default_factory=list)
    index: list[Spooled] = field(default_factory=list)
    spool: IO[bytes] = field(default_factory=tempfile.TemporaryFile)
    """Closed by whoever takes the lines."""

    def lines(self) -> Iterator[bytes]:
        """Yield the facts as JSON lines, in the order in which they are to be recorded."""
        for spooled in self.index:
            self.spool.seek(spooled.offset)
            yield self.spool.read(spooled.length)

    def origin(self, number: int) -> tuple[int, FactRule]:
        """Return the row and the rule of the line with a number, counted from 1."""
        spooled = self.index[number - 1]
        return spooled.row, self.map.facts[spooled.rule]


def run(
    path: Path,
    map_: Map,
    reader: Reader,
    *,
    day: str,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> Job:
    """Read a table and make its facts; nothing is recorded. Raises `Failure` where file and map do not fit.

    `day` is the day the table speaks for, ISO.
    """
    layout = map_.table
    table = read_table(path, Layout(layout.sheet, layout.header, layout.delimiter, layout.encoding))
    _fitting(path, map_, table)
    revision = Revision(reader, map_.name, day, path.name)
    taken = {slug_of(name) for name in reader.stream_names()}
    mapper = Mapper(map_, path.name, day, revision.named, taken, _OPENERS)
    job = Job(path, map_, table, mapper.problems, revision.changes)
    _Maker(job, mapper, revision).make(progress)
    job.index.sort(key=Spooled.order)
    return job


def _fitting(path: Path, map_: Map, table: Table) -> None:
    if missing := sorted(map_.columns() - {*table.columns, RECORDED, FILE}):
        message = f"{path} has no column {', '.join(map(repr, missing))}; it has {', '.join(map(repr, table.columns))}"
        raise Failure("bad-map", message, REFUSED, "name the columns as the heading does, or [table] header = ROW")


@dataclass
class _Maker:
    job: Job
    mapper: Mapper
    revision: Revision
    seen: dict[str, tuple[int, int]] = field(default_factory=dict)
    """By key: the row that said a fact first, and a digest of what it said."""
    end: int = 0

    def make(self, progress: Callable[[int, int], None]) -> None:
        rows = iter(self.job.table.rows)
        while batch := list(islice(rows, _BATCH)):
            facts = [mapped for row in batch for mapped in self._of_row(row)]
            for what, mapped in self.revision.of(facts):
                self._count(what, mapped)
            self.job.rows += len(batch)
            progress(self.job.rows, 0)

    def _of_row(self, row: Row) -> list[Mapped]:
        """Return a row's facts that no row above said; of a row with anything wrong, none."""
        before = len(self.mapper.problems)
        facts = [mapped for mapped in self.mapper.facts(row) if not self._said_above(mapped)]
        if len(self.mapper.problems) > before:
            self.job.rejected.append(row)
            return []
        for mapped in facts:
            self.seen[mapped.key] = (row.number, _digest(mapped))
        return facts

    def _said_above(self, mapped: Mapped) -> bool:
        first = self.seen.get(mapped.key)
        if first is None:
            return False
        if first[1] != _digest(mapped):
            problem = f"says of {mapped.rule.name} otherwise than row {first[0]}"
            column = next(filter(None, mapped.columns.values()), "")
            self.mapper.problems.append(
                Problem(
                    mapped.row,
                    column,
                    mapped.line["stream"],
                    problem,
                    f'keep = [...] or key = [...] in "{mapped.rule.name}"',
                )
            )
        return True

    def _count(self, what: str, mapped: Mapped) -> None:
        if what in {NEW, CORRECTED}:
            self._spool(mapped)
        self.job.same += what == SAME
        self.job.left += what == LEFT

    def _spool(self, mapped: Mapped) -> None:
        line = orjson.dumps(mapped.line) + b"\n"
        self.job.spool.write(line)
        rank = (0 if kind_of(mapped.line["stream"]) == "party" else 1) if mapped.opens else 2
        day = parse(mapped.line["on"]).earliest.toordinal()
        rule = self.job.map.facts.index(mapped.rule)
        number = len(self.job.index)
        self.job.index.append(Spooled(rank, day, number, self.end, len(line), mapped.row, rule))
        self.end += len(line)


def _digest(mapped: Mapped) -> int:
    kept: dict[str, Any] = {name: v for name, v in mapped.line["data"].items() if name not in mapped.rule.keep}
    on = None if "on" in mapped.rule.keep else mapped.line["on"]
    return hash((on, orjson.dumps(kept, option=orjson.OPT_SORT_KEYS)))
