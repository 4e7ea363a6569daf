"""Rows into facts, as a map says: each fact a line of JSON, with the row and the columns it comes from."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Any

from cli.slugs import proposed_slug
from cli.tables.cells import BadCell, amount_of, date_of, is_missing, shown, whole_of, word_of
from cli.tables.mapfile import Conditions, FactRule, Map, Stream, Value
from cli.tables.reading import Cell, Row
from domain.streams import stream_name

Cells = dict[str, Cell]
RECORDED, FILE = "@recorded", "@file"
"""Columns that every table has: the day it is recorded, and the name of the file."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a row, as `import --dry-run` tells it."""

    row: int
    column: str
    value: str
    problem: str
    suggestion: str = ""


@dataclass(frozen=True, slots=True)
class Mapped:
    """One fact of a row: the line that would record it, the rule that made it, the column of each field."""

    row: int
    rule: FactRule
    line: dict[str, Any]
    columns: dict[str, str]
    opens: bool

    @property
    def key(self) -> str:
        """Return what the fact is known by when the table comes again."""
        return str(self.line["key"])


@dataclass(frozen=True, slots=True)
class Speaks:
    """A stream a row speaks of: its name, what it is known by, and the row's cells as it sees them."""

    name: str
    known_as: str
    cells: Cells


@dataclass
class Mapper:
    """Applies a map to rows. `named` gives the stream known by a key, or None; `taken` are the names in use."""

    map: Map
    file: str
    recorded: str
    named: Callable[[str], str | None]
    taken: set[str]
    openers: frozenset[str]
    problems: list[Problem] = field(default_factory=list)
    fresh: dict[str, str] = field(default_factory=dict)

    def facts(self, row: Row) -> Iterator[Mapped]:
        """Yield the facts of a row; what is wrong with it goes to `problems`."""
        cells = {**row.cells, RECORDED: self.recorded, FILE: self.file}
        speaks = {name: list(self._streams(name, cells, row)) for name in self.map.streams}
        for rule in self.map.facts:
            if self._holds(rule.when, cells):
                yield from self._of_rule(rule, row, cells, speaks)

    def _streams(self, name: str, cells: Cells, row: Row) -> Iterator[Speaks]:
        said = self.map.streams[name]
        if not self._holds(said.when, cells):
            return
        for own in self._items(said, cells):
            parts = [shown(own[column]) for column in said.key if not self._missing(own.get(column))]
            if len(parts) == len(said.key):
                known_as = f"{self.map.name}/{name}:{'|'.join(parts).casefold()}"
                yield Speaks(self._name(said, known_as, parts, own, row), known_as, own)

    def _items(self, said: Stream, cells: Cells) -> Iterator[Cells]:
        first = said.key[0]
        if said.split is None or self._missing(cells.get(first)):
            yield cells
            return
        for item in shown(cells[first]).split(said.split):
            if item.strip():
                yield {**cells, first: item.strip()}

    def _name(self, said: Stream, known_as: str, parts: Sequence[str], own: Cells, row: Row) -> str:
        if (name := self.fresh.get(known_as) or self.named(known_as)) is not None:
            return name
        wanted = self._filled(said.slug, own) if said.slug else " ".join(parts)
        if said.existing:
            return self._existing(said, wanted, row)
        name = stream_name(said.kind, proposed_slug(wanted, self.taken, said.kind))
        self.taken.add(name.partition("/")[2])
        self.fresh[known_as] = name
        return name

    def _existing(self, said: Stream, wanted: str, row: Row) -> str:
        if wanted not in self.taken:
            self.problems.append(Problem(row.number, said.key[0], wanted, f"no such {said.kind}"))
        return stream_name(said.kind, wanted)

    def _of_rule(self, rule: FactRule, row: Row, cells: Cells, speaks: dict[str, list[Speaks]]) -> Iterator[Mapped]:
        named = list(dict.fromkeys(said.stream for said in rule.data.values() if said.stream))
        for own, *others in product(speaks[rule.stream], *(speaks[name] for name in named)):
            seen = {**cells, **own.cells}
            for other in others:
                seen |= {name: cell for name, cell in other.cells.items() if cells.get(name) != cell}
            yield from self._fact(rule, row, seen, own, dict(zip(named, others, strict=True)))

    def _fact(self, rule: FactRule, row: Row, cells: Cells, own: Speaks, others: dict[str, Speaks]) -> Iterator[Mapped]:
        before = len(self.problems)
        on = self._value(rule.on if rule.on.read == "date" else rule.on.model_copy(update={"read": "date"}), cells, row)
        data = {name: self._of_field(said, cells, row, others) for name, said in rule.data.items()}
        if on is None or len(self.problems) > before:
            return
        told = [shown(cells[column]) for column in rule.key if not self._missing(cells.get(column))]
        key = "/".join([own.known_as, rule.name, *(other.name for other in others.values()), *told])
        line = {
            "type": rule.type,
            "stream": own.name,
            "on": on,
            "data": {name: value for name, value in data.items() if value is not None},
            "sources": [self._source(rule, row, cells)],
            "key": key if len(key) <= 400 else _short(key),
        }
        yield Mapped(row.number, rule, line, self._columns(rule), rule.type in self.openers)

    def _source(self, rule: FactRule, row: Row, cells: Cells) -> dict[str, Any]:
        source = self._filled(self.map.defaults.source.replace("{file}", self.file), cells)
        told = {"source": source, "locator": f"row {row.number}", "certainty": self.map.defaults.certainty}
        quote = self._filled(rule.quote, cells) if rule.quote else ""
        return {**told, "quote": quote} if quote else told

    def _columns(self, rule: FactRule) -> dict[str, str]:
        """Return the column each field of a fact comes from, as far as it comes from one."""
        found = {f"data.{name}": next(iter(said.names()), "") for name, said in rule.data.items()}
        return {**found, "on": next(iter(rule.on.names()), "")}

    def _of_field(self, said: Value, cells: Cells, row: Row, others: dict[str, Speaks]) -> Any:
        return others[said.stream].name if said.stream else self._value(said, cells, row)

    def _value(self, said: Value, cells: Cells, row: Row) -> Any:
        if said.value is not None:
            return said.value
        if said.text is not None:
            # What the map itself writes is EDTF; the orders are those of the table's cells.
            own = said.model_copy(update={"dates": said.dates or ("iso",)})
            return self._read(own, self._filled(said.text, cells), said.text, row) if said.text else None
        columns = (said.column,) if said.column else said.columns
        for column in columns:
            if not self._missing(cells.get(column)):
                return self._split(said, cells[column], column, row)
        return said.default

    def _split(self, said: Value, cell: Cell, column: str, row: Row) -> Any:
        if said.split is None:
            return self._read(said, cell, column, row)
        items = (item.strip() for item in shown(cell).split(said.split))
        return [self._read(said, item, column, row) for item in items if item]

    def _read(self, said: Value, cell: Cell, column: str, row: Row) -> Any:
        if cell is None or cell == "":
            return None
        try:
            return self._meaning(said, cell)
        except BadCell as bad:
            self.problems.append(Problem(row.number, column, shown(cell), bad.problem, bad.suggestion))
            return None

    def _meaning(self, said: Value, cell: Cell) -> Any:
        if said.words is not None:
            cell = word_of(shown(cell), self.map.words[said.words], said.words)
        match said.read:
            case "date":
                return date_of(cell, said.dates or self.map.defaults.dates)
            case "amount":
                return amount_of(cell, said.decimal)
            case "whole":
                return whole_of(cell)
            case _:
                return shown(cell)

    def _missing(self, cell: Cell) -> bool:
        return is_missing(cell, self.map.defaults.missing, self.map.defaults.open_end)

    def _filled(self, template: str, cells: Cells) -> str:
        """Return a template with what the columns hold; what is missing leaves nothing."""
        values = {name: "" if self._missing(cell) else shown(cell) for name, cell in cells.items()}
        return " ".join(template.format_map(_Known(values)).split())

    def _holds(self, conditions: Conditions, cells: Cells) -> bool:
        return all(self._met(condition.column, condition.values, condition.but, cells) for condition in conditions)

    def _met(self, column: str, values: Sequence[str], but: Sequence[str], cells: Cells) -> bool:
        if self._missing(cells.get(column)):
            return False
        text = shown(cells[column]).casefold()
        return (not values or text in {v.casefold() for v in values}) and text not in {v.casefold() for v in but}


class _Known(dict[str, str]):
    def __missing__(self, name: str) -> str:
        return ""


def _short(key: str) -> str:
    from hashlib import sha256

    return f"{key[:300]}…{sha256(key.encode()).hexdigest()[:24]}"
