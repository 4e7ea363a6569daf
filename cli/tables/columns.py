"""Which column of a table is which of the map's: by its name, by another the map gives it, by its words."""

from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from pathlib import Path

from cli.exits import REFUSED, Failure
from cli.tables.mapparts import Layout
from cli.tables.sheets import Table
from domain.folding import folded, words

RECORDED, FILE = "@recorded", "@file"
"""Columns that every table has: the day it is recorded, and the name of the file."""


def placed(path: Path, wanted: Iterable[str], table: Table, layout: Layout) -> dict[str, int | None]:
    """Return where each column of the map stands in the table, None where it may be left out and is.

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
    spare = [name for place, name in enumerate(table.columns) if place not in found.values() and name[0] != "@"]
    if spare:
        table.remarks.append(f"not used by the map: {', '.join(map(repr, spare))}")
    return found


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
