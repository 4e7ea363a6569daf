"""Rows into facts, as a map says: each fact a line of JSON, with the row and the columns it comes from."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import product
from typing import Any

from cli.screens.words import counted
from cli.tables.cells import shown
from cli.tables.mapfile import FactRule
from cli.tables.sheets import Cell, Row
from cli.tables.speaking import Names, Speaker, Speaks, overlaid
from cli.tables.values import Cells, Damaged, Reader, Values
from domain.catalogue import MODELS

_LONGEST = 400
"""Characters of a key; a longer one is shortened by its digest."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a row, as `import --dry-run` tells it."""

    row: int
    column: str
    value: str
    problem: str
    suggestion: str = ""


@dataclass(slots=True)
class Unnamed:
    """How many rows name none of a stream, the first of them, and what stands there that is read as missing."""

    first: int
    cell: str
    rows: int = 0


@dataclass(frozen=True, slots=True)
class Unopened:
    """A row that names a stream and gives no day to open it."""

    row: int
    rule: "Rule"
    known_as: str


@dataclass(slots=True)
class Mapped:
    """One fact of a row: the line that would record it, and the rule that made it.

    `before` says whether an earlier file spoke of its stream. A fact that a row does not give has no `line`.
    """

    row: int
    rule: "Rule"
    key: str
    stream: str
    before: bool
    line: dict[str, Any]


class Rule:
    """One rule of the map, made ready for a table."""

    def __init__(self, number: int, said: FactRule, values: Values, openers: frozenset[str]) -> None:
        self.number, self.said, self.name = number, said, said.name
        self.opens = said.type in openers
        self.holds = values.holds(said.when)
        self.on = values.reader(said.on if said.on.read == "date" else said.on.model_copy(update={"read": "date"}))
        self.streams = [(name, value.stream) for name, value in said.data.items() if value.stream]
        self.lists = [(name, value.all) for name, value in said.data.items() if value.all]
        self.data = [(name, values.reader(v)) for name, v in said.data.items() if not (v.stream or v.all)]
        self.others = list(dict.fromkeys(stream for _, stream in self.streams))
        self.key = [values.template(f"{{{column}}}") for column in said.key]
        self.quote = values.template(said.quote) if said.quote else None
        self.columns = {f"data.{name}": next(iter(value.names()), "") for name, value in said.data.items()}
        self.columns["on"] = next(iter(said.on.names()), "")
        self.keep = frozenset(said.keep)
        fields = MODELS[said.type].model_fields
        # A word of the file that says nothing to the register gives no fact, where the fact is nothing without it.
        self.telling_words = {name for name, value in said.data.items() if value.words and fields[name].is_required()}

    def telling(self) -> tuple[str, str]:
        """Return the field that says most of the fact, and the column it comes from: the day if the table has it."""
        named = [("on", self.columns["on"]), *((name, self.columns[f"data.{name}"]) for name in self.said.data)]
        named += [("", condition.column) for condition in self.said.when] + [("", self.name)]
        return next((name, column) for name, column in named if column and not column.startswith("@"))

    def column(self, place: str) -> str:
        """Return the column a field of the fact comes from, or the name of the rule."""
        if place == "on":
            return self.columns["on"] or next(filter(None, self.columns.values()), self.name)
        return self.columns.get(place if place.startswith("data.") else f"data.{place}") or self.name


@dataclass
class Mapper:
    """Applies a map to rows; `again` says whether it did before, so that what a row no longer says is of interest."""

    values: Values
    names: Names
    openers: frozenset[str]
    again: bool
    problems: list[Problem] = field(default_factory=list)
    noted: list[Problem] = field(default_factory=list)
    notes: list[Mapped] = field(default_factory=list)
    silent: list[Mapped] = field(default_factory=list)

    def __post_init__(self) -> None:
        map_ = self.values.map
        self.speakers = {name: Speaker(name, said, self.values, self.names) for name, said in map_.streams.items()}
        self.rules = [Rule(number, said, self.values, self.openers) for number, said in enumerate(map_.facts)]
        self.counts = self.values.holds(map_.table.when)
        self.source = self.values.template(map_.defaults.source)
        self.constants = [self.values.constants[name] for name in ("@recorded", "@file")]
        self.behind: list[Cell] = [*self.constants, *[None] * len(self.values.places.each)]
        self._problems_above = 0
        self._unnamed: dict[str, Unnamed] = {}
        self._unopened: dict[str, Unopened] = {}

    def cells(self, row: Row) -> Cells:
        """Return the cells of a row, and behind them what every table has."""
        return [*row.cells, *self.behind]

    def facts(self, row: Row) -> Iterator[Mapped]:
        """Yield the facts of a row; what is wrong with it goes to `problems`, or to `noted` where it goes on."""
        self._problems_above = len(self.problems)
        cells = self.cells(row)
        if row.surplus:
            what = f"has more cells than the heading, by {row.surplus}"
            self.problems.append(Problem(row.number, "", "", what, "quote cells that hold the delimiter"))
            return
        speaks: dict[str, list[Speaks]] = {}
        for name, speaker in self.speakers.items():
            try:
                if not (found := speaker(cells)):
                    self._note_unnamed(row, speaker)
                speaks[name] = found
            except Damaged as damaged:
                speaks[name] = []
                self._tell(row, damaged)
        for rule in self.rules:
            if rule.holds is None or rule.holds(cells):
                yield from self._of_rule(rule, row, cells, speaks)
            elif self.again:
                self._note_silence(rule, row, cells, speaks)
        if self.notes:
            yield from self.notes
            self.notes.clear()

    def _of_rule(self, rule: Rule, row: Row, cells: Cells, speaks: dict[str, list[Speaks]]) -> Iterator[Mapped]:
        owns = speaks[rule.said.stream]
        if not rule.others:
            for own in owns:
                yield from self._fact(rule, row, overlaid(cells, own.seen), own, (), speaks)
            return
        for own, *others in product(owns, *(speaks[name] for name in rule.others)):
            seen = overlaid(cells, own.seen)
            for other in others:
                seen = overlaid(seen, other.seen)
            yield from self._fact(rule, row, seen, own, others, speaks)

    def _fact(
        self,
        rule: Rule,
        row: Row,
        cells: Cells,
        own: Speaks,
        others: Sequence[Speaks],
        speaks: dict[str, list[Speaks]],
    ) -> Iterator[Mapped]:
        on, sound = self._read(rule.on, cells, row, own, rule)
        undated = on is None
        raw = list(rule.on.raw)
        data = {}
        for name, reader in rule.data:
            value, fine = self._read(reader, cells, row, own, rule)
            if reader.raw:
                raw += reader.raw
            sound = sound and fine
            if value is not None:
                data[name] = value
            elif name in rule.telling_words:
                on = None
        if on is None or not sound:
            if sound:
                self._note_missing(rule, row, cells, own, speaks, undated=undated)
            return
        if others:
            names = {name: other.name for name, other in zip(rule.others, others, strict=True)}
            data |= {name: names[stream] for name, stream in rule.streams}
        for name, stream in rule.lists:
            data[name] = list(dict.fromkeys(each.name for each in speaks[stream]))
        line = {
            "type": rule.said.type,
            "stream": own.name,
            "on": on,
            "data": data,
            "sources": [self._source(rule, row, cells, raw)],
            "key": (key := self._key(rule, cells, own, others)),
        }
        if rule.said.irregular:
            line["irregular"] = rule.said.irregular
        yield Mapped(row.number, rule, key, own.name, own.before, line)

    def _note_missing(
        self, rule: Rule, row: Row, cells: Cells, own: Speaks, speaks: dict[str, list[Speaks]], *, undated: bool
    ) -> None:
        """Note a fact whose day, or a word of it, the row leaves out; a stream must be opened all the same."""
        if self.again:
            self._note_silence(rule, row, cells, speaks)
        if undated and rule.opens and not own.before:
            self._unopened.setdefault(own.name, Unopened(row.number, rule, own.known_as))

    def _read(self, reader: Reader, cells: Cells, row: Row, own: Speaks, rule: Rule) -> tuple[Any, bool]:
        """Return what a reader reads, and whether nothing is wrong with it."""
        try:
            return reader.read(cells), True
        except Damaged as damaged:
            reader.raw.clear()
            # Without the fact that opens a stream there is nothing to note anything in.
            if damaged.noted and not rule.opens:
                self._note(rule, row, cells, own, damaged)
            else:
                self._tell(row, damaged)
            return None, False

    def _note_unnamed(self, row: Row, speaker: Speaker) -> None:
        if speaker.said.when:
            return  # the map says itself which rows name none
        if (seen := self._unnamed.get(speaker.name)) is None:
            place = speaker.first if speaker.first is not None and speaker.first < len(row.cells) else None
            cell = None if place is None else row.cells[place]
            seen = self._unnamed[speaker.name] = Unnamed(row.number, "" if cell is None else shown(cell))
        seen.rows += 1

    def unnamed(self) -> Iterator[str]:
        """Yield how many rows name none of a stream, and which is the first."""
        for name, seen in self._unnamed.items():
            missing = f", where {seen.cell!r} is read as missing" if seen.cell else ""
            yield f"no {name} in {counted(seen.rows, 'row')}: the first is row {seen.first}{missing}"

    def unopened(self, said: Callable[[str], bool]) -> Iterator[Problem]:
        """Yield the rows that name a stream which no row opens, since a day is blank; `said` knows the keys given."""
        for name, seen in self._unopened.items():
            rules = [rule.name for rule in self.rules if rule.opens and rule.said.stream == seen.rule.said.stream]
            if not any(said(shortened(f"{seen.known_as}/{rule}")) for rule in rules):
                what = f"is blank: {name} is not opened, for {seen.rule.name} needs a day"
                yield Problem(seen.row, seen.rule.columns["on"], "", what, 'default = "../{@recorded}" in its on')

    def _tell(self, row: Row, damaged: Damaged) -> None:
        """Tell what is wrong with a cell of a row, once, though several facts may come of it."""
        problem = _problem(row, damaged)
        if problem not in self.problems[self._problems_above :]:
            self.problems.append(problem)

    def _note(self, rule: Rule, row: Row, cells: Cells, own: Speaks, damaged: Damaged) -> None:
        problem = _problem(row, damaged)
        if problem not in self.noted[-9:]:
            self.noted.append(problem)
        text = f"{damaged.column}: {damaged.value} – {damaged.bad.problem}; not recorded as {rule.name}"
        key = shortened(f"{own.known_as}/{rule.name}/damaged/{damaged.column}/{damaged.value}")
        line = {
            "type": "NoteRecorded",
            "stream": own.name,
            "on": self.constants[0],
            "data": {"text": text},
            "sources": [self._source(rule, row, cells, [damaged.value])],
            "key": key,
        }
        self.notes.append(Mapped(row.number, rule, key, own.name, own.before, line))

    def _key(self, rule: Rule, cells: Cells, own: Speaks, others: Sequence[Speaks]) -> str:
        told = [text for key in rule.key if (text := key(cells))]
        return shortened("/".join([own.known_as, rule.name, *(other.name for other in others), *told]))

    def _source(self, rule: Rule, row: Row, cells: Cells, raw: list[str]) -> dict[str, Any]:
        quote = rule.quote(cells) if rule.quote else "; ".join(dict.fromkeys(raw))
        certainty = self.values.map.defaults.certainty
        told = {"source": self.source(cells), "locator": f"row {row.number}", "certainty": certainty}
        return {**told, "quote": quote} if quote else told

    def _note_silence(self, rule: Rule, row: Row, cells: Cells, speaks: dict[str, list[Speaks]]) -> None:
        """Note the facts of streams known before that a row could have given, and does not."""
        owns = [own for own in speaks[rule.said.stream] if own.before]
        for own, *others in product(owns, *(speaks[name] for name in rule.others)):
            key = self._key(rule, overlaid(cells, own.seen), own, others)
            self.silent.append(Mapped(row.number, rule, key, own.name, before=True, line={}))


def _problem(row: Row, damaged: Damaged) -> Problem:
    return Problem(row.number, damaged.column, damaged.value, damaged.bad.problem, damaged.bad.suggestion)


def shortened(key: str) -> str:
    """Return a key no longer than keys are; what is cut off counts by its digest."""
    return key if len(key) <= _LONGEST else f"{key[:300]}…{sha256(key.encode()).hexdigest()[:24]}"
