"""What a map's values mean, made ready once for a table: each a function of a row's cells, of what it saw mindful."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from typing import Any

from cli.tables.cells import BadCell, amount_of, date_of, shown, whole_of
from cli.tables.columns import Places
from cli.tables.dating import months_of
from cli.tables.mapfile import Map
from cli.tables.mapparts import MONTHS, Conditions, Value, columns_in
from cli.tables.proofs import Proofs
from cli.tables.sheets import Cell
from cli.tables.templates import joined, unended
from cli.tables.words import Words, divided

_REMEMBERED = 5_000
"""So many different cells of a column are remembered with what they mean."""
_DAYS = 20_000
"""So many different dates of a column are: some fifty years of days."""

Cells = Sequence[Cell]
Read = Callable[[Cell], Any]


@dataclass
class Damaged(Exception):
    """A cell that does not mean what its column should: which, and whether its row goes on without it."""

    column: str
    value: str
    bad: BadCell
    noted: bool


@dataclass
class Reader:
    """Reads one value of a row. `columns` are those it comes from, `raw` what it read last, where that is no EDTF."""

    columns: tuple[str, ...]
    read: Callable[[Cells], Any]
    raw: list[str] = field(default_factory=list)


@dataclass
class Values:
    """Makes readers for a map and a table: `places` says which column stands where, `constants` the day and file."""

    map: Map
    places: Places
    constants: Mapping[str, str]
    proofs: dict[str, Proofs] = field(default_factory=dict)
    texts: dict[Cell, str] = field(default_factory=dict)
    days: dict[tuple[str, Sequence[str]], dict[Cell, str]] = field(default_factory=dict)
    """What the cells of each column of dates mean, for every value that comes from it."""

    def place(self, column: str) -> int | None:
        """Return where a column's cell is; the day and the file follow the table's own."""
        return self.places[column]

    def reader(self, said: Value) -> Reader:
        """Return the reader of a value that comes of a row alone."""
        raw: list[str] = []
        said = self._of_one_column(said)
        if said.value is not None:
            constant = said.value
            return Reader((), lambda _: constant, raw)
        if said.text is not None:
            return Reader(said.names(), self._templated(said, said.text, raw), raw)
        plain = said.model_copy(update={"words": None, "match": None, "times": 1})
        default = None if said.default is None else self._templated(plain, said.default, raw)
        found = [
            (place, self._column(said, name, raw)) for name in said.own() if (place := self.place(name)) is not None
        ]

        def first(cells: Cells) -> Any:
            raw.clear()
            for place, read in found:
                if cells[place] is not None and (value := read(cells[place])) is not None:
                    return value
            return default(cells) if default is not None else None

        return Reader(said.names(), first, raw)

    def _of_one_column(self, said: Value) -> Value:
        """Return a date that is "{Column}" and no more as that column's, in the orders of the map, or EDTF."""
        only = [name for name in columns_in(said.text or "") if said.text == f"{{{name}}}"]
        if said.read != "date" or said.dates or not only or only[0] in self.constants:
            return said
        orders = tuple(dict.fromkeys(["iso", *self.map.defaults.dates]))
        return said.model_copy(update={"text": None, "column": only[0], "dates": orders, "split": ()})

    def _templated(self, said: Value, template: str, raw: list[str]) -> Callable[[Cells], Any]:
        # What the map itself writes is EDTF; the orders are those of the table's cells.
        own = said.model_copy(update={"dates": said.dates or ("iso",), "split": ()})
        fill = self.template(template)
        if said.dates and len(columns_in(template)) > 1:
            fill = unended(fill)
        read = self._meaning(own, template, raw)
        if not {*columns_in(template)} - self.constants.keys():
            constant = fill([])
            return lambda _: read(constant) if constant else None

        def filled(cells: Cells) -> Any:
            text = fill(cells)
            return read(text) if text else None

        return filled

    def template(self, template: str) -> Callable[[Cells], str]:
        """Return what fills a template; what is missing leaves nothing, and blanks are made one."""
        pieces = joined(template, self.constants)
        literals, columns = pieces[::2], [self.place(name) for name in pieces[1::2]]
        if not columns:
            whole = " ".join(literals[0].split())
            return lambda _: whole
        if len(columns) == 1 and literals == ["", ""]:
            only = columns[0]
            return lambda cells: self.text(cells[only]) if only is not None else ""

        def filled(cells: Cells) -> str:
            parts = [literals[0]]
            for place, literal in zip(columns, literals[1:], strict=True):
                parts += [self.text(cells[place]) if place is not None else "", literal]
            return " ".join("".join(parts).split())

        return filled

    def text(self, cell: Cell) -> str:
        """Return a cell as text, nothing where it is missing."""
        if cell is None:
            return ""
        if cell.__class__ is not str:
            return "" if self.missing(cell) else shown(cell)
        if (known := self.texts.get(cell)) is None:
            known = "" if self.missing(cell) else shown(cell)
            if len(self.texts) >= _REMEMBERED:
                self.texts.clear()
            self.texts[cell] = known
        return known

    def missing(self, cell: Cell, more: Sequence[str] = ()) -> bool:
        """Say whether a cell says nothing: empty, a word for missing, or no end."""
        if cell is None:
            return True
        text = shown(cell)
        return text in self.map.defaults.missing or text in more or self.open(text)

    def open(self, text: str) -> bool:
        """Say whether a text stands for no end."""
        return text.startswith(self.map.defaults.open_end)

    def _column(self, said: Value, column: str, raw: list[str]) -> Read:
        read = self._meaning(said, column, raw)

        def of_cell(cell: Cell) -> Any:
            if self.missing(cell, said.missing):
                return None
            if not said.split:
                return read(cell)
            items = divided(shown(cell), said.split)
            return [value for item in items if (value := read(item)) is not None] or None

        return of_cell if said.split else _remembering(of_cell, raw)

    def _meaning(self, said: Value, column: str, raw: list[str]) -> Read:
        noted = (said.damaged or self.map.defaults.damaged) == "note"
        steps = [*self._matched(said), *self._worded(said), self._typed(said, column, raw)]

        def meaning(cell: Cell) -> Any:
            value: Any = cell
            try:
                for step in steps:
                    value = step(value)
                    if value is None:
                        return None
            except BadCell as bad:
                raise Damaged(column, shown(cell), bad, noted) from None
            return value

        return meaning

    def _matched(self, said: Value) -> list[Read]:
        if said.match is None:
            return []
        pattern = re.compile(said.match)

        def matched(cell: Cell) -> str | None:
            if (found := pattern.search(shown(cell))) is None:
                if said.default is not None:
                    return None
                raise BadCell(f"does not match {said.match}", 'default = "…", or another match in the map')
            return (found[1] if found.re.groups else found[0]).strip() or None

        return [matched]

    def _worded(self, said: Value) -> list[Read]:
        if said.words is None:
            return []
        name, known = said.words, self.words(said.words)

        def worded(cell: Cell) -> str | None:
            text = shown(cell)
            if (meaning := known.get(text)) is None:
                raise BadCell("unknown word", f'words.{name}."{text}" = "…"')
            return meaning or None

        return [worded]

    def words(self, name: str) -> Words:
        """Return a word map of the map."""
        return Words(self.map.words[name])

    def _typed(self, said: Value, column: str, raw: list[str]) -> Read:
        match said.read:
            case "date":
                orders = said.dates or self.map.defaults.dates
                months = months_of(self.map.words.get(MONTHS, {}))
                proofs = self.proofs.setdefault(column, Proofs(column, orders)) if said.own() else None

                known = self.days.setdefault((column, orders), {})

                def dated(cell: Cell) -> str:
                    text = cell if cell.__class__ is str else shown(cell)
                    if (found := known.get(cell)) is None:
                        if proofs is not None:
                            proofs.look_at(cell)
                        found = date_of(cell, orders, months)
                        if len(known) < _DAYS:
                            known[cell] = found
                    raw[:] = [shown(text)] if text != found else []
                    return found

                return dated
            case "amount":
                return lambda cell: amount_of(cell, said.decimal, said.times)
            case "whole":
                return whole_of
            case _:
                return shown

    def holds(self, conditions: Conditions) -> Callable[[Cells], bool] | None:
        """Return what says whether conditions hold of a row; None where there are none."""
        tests = [self._test(condition) for condition in conditions]
        return (lambda cells: all(test(cells) for test in tests)) if tests else None

    def _test(self, condition: Any) -> Callable[[Cells], bool]:
        place = self.place(condition.column)
        values, but = ({_plain(value) for value in each} for each in (condition.values, condition.but))
        like = [_plain(pattern) for pattern in condition.like]

        def test(cell: Cell) -> bool:
            if condition.open:
                return cell is not None and self.open(shown(cell))
            if self.missing(cell) or condition.blank:
                return bool(condition.blank and self.missing(cell))
            text = _plain(shown(cell))
            if (values or like) and not (text in values or any(fnmatchcase(text, pattern) for pattern in like)):
                return False
            return text not in but

        remembered = _remembering(test, [])
        return lambda cells: remembered(cells[place] if place is not None else None)


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()


def _remembering(read: Read, raw: list[str]) -> Read:
    """Return the same reading, which knows a text again: its meaning, what is wrong with it, and how it stood there."""
    known: dict[Cell, tuple[Any, Damaged | None, list[str]]] = {}

    def remembered(cell: Cell) -> Any:
        if cell.__class__ is not str and cell is not None:
            raw.clear()
            return read(cell)
        found = known.get(cell)
        if found is None:
            raw.clear()
            try:
                found = (read(cell), None, list(raw))
            except Damaged as damaged:
                found = (None, damaged, [])
            if len(known) >= _REMEMBERED:
                known.clear()
            known[cell] = found
        if found[1] is not None:
            raise replace(found[1])
        raw[:] = found[2]
        return found[0]

    return remembered
