"""One table on its way into the register: read, mapped, held against what was said before, put in order.

The facts are spooled as JSON lines beside an index: parties first, then what others name, then stream by stream,
each by the day of effect. So a table in any order is recorded as history, a stream is worked on once, and only the
index is held in memory.
"""

import tempfile
from array import array
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import IO
from zlib import crc32

import orjson

from cli.apart import APART, FIRST, HERE
from cli.tables.columns import FILE, RECORDED, placed
from cli.tables.mapfile import Map
from cli.tables.mapping import Mapped, Mapper, Problem, Rule
from cli.tables.reading import read_table
from cli.tables.revising import CORRECTED, LEFT, NEW, OPENERS, SAME, Change, Revision
from cli.tables.sheets import Row, Table
from cli.tables.speaking import Names
from cli.tables.values import Values
from domain.catalogue import ANY_STREAM, kind_of_fact
from domain.dates import parse
from domain.lookalikes import skeleton
from domain.streams import kind_of, slug_of
from eventstore.log import EventStore

_BATCH = 500
_DIGEST = _NUMBER = (1 << 32) - 1
_PERCENT = 47
"""Of the streams, so many are judged by the second process, which begins a little later."""
_PARTY, _NAMED, _GROUPED, _LATER = range(4)
"""Ranks: what opens a party, what opens another stream that is named, what opens any other, all that follows."""


@dataclass
class Index:
    """Where each fact lies in the spool, and where it comes from, in few bytes each."""

    order: "array[int]" = field(default_factory=lambda: array("L"))
    offsets: "array[int]" = field(default_factory=lambda: array("Q", [0]))
    rows: "array[int]" = field(default_factory=lambda: array("L"))
    rules: "array[int]" = field(default_factory=lambda: array("H"))
    _ranks: "array[int]" = field(default_factory=lambda: array("B"))
    _streams: "array[int]" = field(default_factory=lambda: array("L"))
    _days: "array[int]" = field(default_factory=lambda: array("L"))
    _numbers: dict[str, int] = field(default_factory=dict)
    _apart: set[int] = field(default_factory=set)

    @property
    def streams(self) -> Collection[str]:
        """Return the streams that the facts are about."""
        return self._numbers.keys()

    def set_apart(self, stream: str) -> None:
        """Have the second process judge a stream whose facts no other's depend on."""
        self._apart.add(self._numbers[stream])

    def parts(self) -> bytes:
        """Return for each fact, in the order to be recorded, who is to judge it."""
        first = {self._streams[number] for number in self.order if self._ranks[number] < _GROUPED}
        apart = self._apart - first
        return bytes(
            FIRST if self._ranks[number] < _GROUPED else APART if self._streams[number] in apart else HERE
            for number in self.order
        )

    def add(self, rank: int, stream: str, day: int, length: int, row: int, rule: int) -> None:
        """Add the next fact of the spool."""
        self.offsets.append(self.offsets[-1] + length)
        self.rows.append(row)
        self.rules.append(rule)
        self._ranks.append(rank)
        self._streams.append(self._numbers.setdefault(stream, len(self._numbers)))
        self._days.append(day)

    def sort(self) -> None:
        """Put the facts in the order in which they are to be recorded."""
        places = sorted(map(self._place, range(len(self.rows))))
        self.order = array("L", (place & _NUMBER for place in places))

    def _place(self, number: int) -> int:
        """Return in one number, for the sake of memory: early or not, the stream, the rank, the day, the fact."""
        rank = self._ranks[number]
        place = min(rank, _GROUPED) << 32 | self._streams[number]
        return ((place << 2 | rank) << 22 | self._days[number]) << 32 | number


@dataclass
class Job:
    """What became of a table: its facts in order, what is wrong, what changed, what was there before."""

    path: Path
    map: Map
    table: Table
    rules: list[Rule]
    problems: list[Problem] = field(default_factory=list)
    noted: list[Problem] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    disproved: list[str] = field(default_factory=list)
    """Columns whose dates show that the map's order is not theirs."""
    rows: int = 0
    same: int = 0
    independent: bool = True
    """Whether none of the facts is about the record, or about what an earlier file told."""
    left: int = 0
    index: Index = field(default_factory=Index)
    spool: IO[bytes] = field(default_factory=tempfile.TemporaryFile)
    """Closed by whoever takes the lines."""

    def lines(self) -> Iterator[bytes]:
        """Yield the facts as JSON lines, in the order in which they are to be recorded."""
        offsets = self.index.offsets
        for number in self.index.order:
            self.spool.seek(offsets[number])
            yield self.spool.read(offsets[number + 1] - offsets[number])

    def origin(self, number: int) -> tuple[int, Rule]:
        """Return the row and the rule of the line with a number, counted from 1."""
        place = self.index.order[number - 1]
        return self.index.rows[place], self.rules[self.index.rules[place]]


def run(
    path: Path,
    map_: Map,
    store: EventStore,
    *,
    day: str,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> Job:
    """Read a table and make its facts; nothing is recorded. Raises `Failure` where file and map do not fit.

    `day` is the day the table speaks for, ISO.
    """
    table = read_table(path, map_.table.reading())
    places = placed(path, map_.columns(), table, map_.table, map_.together())
    constants = {"file": path.name} if "file" not in table.columns else {}
    values = Values(map_, places, {**constants, RECORDED: day, FILE: path.name})
    opening = {rule.name for rule in map_.facts if rule.type in OPENERS}
    revision = Revision(store, map_.name, day, path.name, OPENERS | opening)
    with store.reading() as reader:
        names = Names(revision.named, {slug_of(name) for name in reader.stream_names()})
    mapper = Mapper(values, names, OPENERS, again=bool(revision.keys))
    job = Job(path, map_, table, mapper.rules, mapper.problems, mapper.noted, revision.changes)
    job.independent = not revision.keys and all(kind_of_fact(rule.type) != ANY_STREAM for rule in map_.facts)
    try:
        _Maker(job, mapper, revision).make(progress)
    except BaseException:
        job.spool.close()
        raise
    for proofs in values.proofs.values():
        table.remarks.extend(proofs.remarks())
        job.disproved += [proofs.column] if proofs.disproved else []
    job.index.sort()
    return job


@dataclass
class _Maker:
    job: Job
    mapper: Mapper
    revision: Revision
    seen: dict[int, int] = field(default_factory=dict)
    """By key: the row that said a fact first, and a digest of what it said; both as numbers, to be small."""
    apart: int = 0

    def make(self, progress: Callable[[int, int], None]) -> None:
        rows, counts = iter(self.job.table.rows), self.mapper.counts
        while batch := list(islice(rows, _BATCH)):
            if counts is not None:
                kept = [row for row in batch if counts(self.mapper.cells(row))]
                self.apart += len(batch) - len(kept)
                batch = kept
            facts = [mapped for row in batch for mapped in self._of_row(row)]
            for what, mapped in self.revision.of(facts, self.mapper.silent):
                self._count(what, mapped)
            self.mapper.silent.clear()
            self.job.rows += len(batch)
            progress(self.job.rows, 0)
        self.job.spool.flush()
        if self.apart:
            self.job.table.remarks.append(f"{self.apart} rows do not meet [table] when, and do not count")
        self.job.table.remarks.extend(self.mapper.unnamed())
        self.job.problems.extend(self.mapper.unopened(lambda key: hash(key) in self.seen))

    def _of_row(self, row: Row) -> list[Mapped]:
        """Return a row's facts that no row above said; of a row with anything wrong, none."""
        before, silent = len(self.mapper.problems), len(self.mapper.silent)
        facts: list[Mapped] = []
        added: list[int] = []
        for mapped in self.mapper.facts(row):
            key, digest = hash(mapped.key), _digest(mapped) & _DIGEST
            first = self.seen.get(key)
            if first is None:
                self.seen[key] = row.number << 32 | digest
                added.append(key)
                facts.append(mapped)
            elif first & _DIGEST != digest:
                self._tell_otherwise(mapped, first >> 32)
        if len(self.mapper.problems) > before:
            for key in added:
                del self.seen[key]
            del self.mapper.silent[silent:]
            return []
        return facts

    def _tell_otherwise(self, mapped: Mapped, row: int) -> None:
        problem = f"says of {mapped.rule.name} otherwise than row {row}"
        suggestion = f'keep = [...] or key = [...] in "{mapped.rule.name}"'
        column = next(filter(None, mapped.rule.columns.values()), "")
        column = mapped.rule.columns["on"] or column
        self.mapper.problems.append(Problem(mapped.row, column, mapped.stream, problem, suggestion))

    def _count(self, what: str, mapped: Mapped) -> None:
        if what in {NEW, CORRECTED}:
            self._spool(what, mapped)
        self.job.same += what == SAME
        self.job.left += what == LEFT

    def _spool(self, what: str, mapped: Mapped) -> None:
        line = orjson.dumps(mapped.line, option=orjson.OPT_APPEND_NEWLINE)
        self.job.spool.write(line)
        opens = mapped.rule.opens and what == NEW
        day = parse(mapped.line["on"]).earliest.toordinal()
        rank = self._rank(mapped) if opens else _LATER
        self.job.index.add(rank, mapped.stream, day, len(line), mapped.row, mapped.rule.number)
        if rank == _GROUPED and _apart(mapped):
            self.job.index.set_apart(mapped.stream)

    def _rank(self, mapped: Mapped) -> int:
        """Return when a fact that opens a stream is recorded: before all that may name the stream."""
        if kind_of(mapped.stream) == "party":
            return _PARTY
        return _NAMED if mapped.rule.said.stream in self.named else _GROUPED

    @cached_property
    def named(self) -> set[str]:
        """Return the map's streams that facts of others name."""
        rules = self.mapper.rules
        return {name for rule in rules for name in (*rule.others, *(name for _, name in rule.lists))}


def _apart(mapped: Mapped) -> bool:
    """Say of nearly half the streams that they may be judged apart; those of one title, being compared, together."""
    title = mapped.line["data"].get("title")
    like = skeleton(title) if title.__class__ is str else mapped.stream
    return crc32(like.encode()) % 100 < _PERCENT


def _digest(mapped: Mapped) -> int:
    """Return a number for what a fact says; letter case makes no difference."""
    data, keep = mapped.line["data"], mapped.rule.keep
    on = None if "on" in keep else mapped.line["on"]
    said = [
        (name, value.casefold() if value.__class__ is str else str(value))
        for name, value in data.items()
        if name not in keep
    ]
    return hash((on, *said))
