"""Which column of a table is which of the map's: by its name, by another the map gives it, by its words."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from fnmatch import fnmatchcase
from pathlib import Path

from cli.exits import REFUSED, Failure
from cli.tables.mapparts import Layout
from cli.tables.sheets import Table
from domain.folding import folded, words

RECORDED, FILE = "@recorded", "@file"
"""Columns that every table has: the day it is recorded, and the name of the file."""
_TOLD = 30
"""So many columns are named that the map does not use."""


@dataclass(frozen=True, slots=True)
class Places:
    """Where each column of a map stands in a table, None where it is left out; and those known by one name together.

    What is no column of the table has its place behind them: the day, the file, the names of several columns.
    """

    columns: dict[str, int | None]
    each: dict[str, tuple[int, ...]] = field(default_factory=dict)

    def __getitem__(self, column: str) -> int | None:
        return self.columns[column]


def placed(
    path: Path, wanted: Iterable[str], table: Table, layout: Layout, together: Mapping[str, Sequence[str]]
) -> Places:
    """Return where the columns of the map stand in the table.

    What was found under another name, and what the map does not use, goes to the table's remarks. Raises
    `Failure` naming every column that is missing, each with the heading that comes nearest.
    """
    found: dict[str, int | None] = {}
    missing: list[str] = []
    for name in sorted(set(wanted) - {RECORDED, FILE}):
        place = _place(name, table.columns, layout.columns.get(name, ()))
        if place is None and name not in layout.optional:
            missing.append(name)
        elif place is None:
            table.remarks.append(f"there is no column {name!r}: it is read as empty")
        elif table.columns[place] != name and not name.startswith("@"):
            table.remarks.append(f"column {table.columns[place]!r} is read as {name!r}")
        found[name] = place
    if missing:
        raise _missing(path, missing, table, found)
    _expect_one_each(path, found, table)
    each = {name: _spread(path, name, patterns, table, layout) for name, patterns in together.items()}
    used = {*found.values(), *(place for places in each.values() for place in places)}
    spare = [name for place, name in enumerate(table.columns) if place not in used and name[0] != "@"]
    if spare:
        more = f" and {len(spare) - _TOLD} more" if len(spare) > _TOLD else ""
        table.remarks.append(f"not used by the map: {', '.join(map(repr, spare[:_TOLD]))}{more}")
    found |= {name: len(table.columns) + number for number, name in enumerate([RECORDED, FILE, *each])}
    return Places(found, each)


def _spread(path: Path, name: str, patterns: Sequence[str], table: Table, layout: Layout) -> tuple[int, ...]:
    """Return the places of the columns that are known by one name together, in the table's order."""
    if name in table.columns:
        message = f"{path} has a column {name!r}, and the map calls {', '.join(patterns)} so together"
        raise Failure("bad-map", message, REFUSED, "give them a key that is no column")
    found: set[int] = set()
    for pattern in patterns:
        place = _place(pattern, table.columns, layout.columns.get(pattern, ()))
        fitting = {number for number, column in enumerate(table.columns) if fnmatchcase(column, pattern)}
        if place is None and not fitting and pattern not in layout.optional:
            raise _missing(path, [pattern], table, {})
        found |= fitting if place is None else {place}
    return tuple(sorted(found))


def _place(name: str, columns: Sequence[str], others: Sequence[str]) -> int | None:
    for known in (name, *others):
        if known in columns:
            return columns.index(known)
    if name.startswith("@") and name[1:].isdecimal() and 0 < int(name[1:]) <= len(columns):
        return int(name[1:]) - 1
    for known in (name, *others):
        alike = [place for place, column in enumerate(columns) if words(column) == words(known) != ()]
        if len(alike) == 1:
            return alike[0]
    return None


def _expect_one_each(path: Path, found: dict[str, int | None], table: Table) -> None:
    """Refuse a table in which one column would be read as two of the map's."""
    by_place: dict[int, list[str]] = {}
    for name, place in found.items():
        if place is not None and not name.startswith("@"):
            by_place.setdefault(place, []).append(name)
    for place, names in by_place.items():
        if len(names) > 1:
            message = f"{path}: column {table.columns[place]!r} would be read as {' and as '.join(map(repr, names))}"
            raise Failure("bad-map", message, REFUSED, "say which it is: [table.columns]")


def _missing(path: Path, missing: Sequence[str], table: Table, found: dict[str, int | None]) -> Failure:
    free = [name for place, name in enumerate(table.columns) if place not in found.values()]
    said = []
    for name in missing:
        near = get_close_matches(folded(name), {folded(column): column for column in free}, 1, 0.5)
        nearest = next((column for column in free if near and folded(column) == near[0]), None)
        said.append(f"{name!r}" + (f" (is it {nearest!r}?)" if nearest else ""))
    message = f"{path} has no column {', '.join(said)}; it has {', '.join(map(repr, table.columns))}"
    hint = '[table.columns] "NAME" = ["OTHER NAME"], [table] optional = ["NAME"], or [table] header = ROW'
    return Failure("bad-map", message, REFUSED, hint)
