"""Which rows of a table seem to be its heading: the first below titles that is as wide as the table."""

from collections.abc import Sequence
from itertools import islice
from pathlib import Path

from cli.tables.reading import all_rows
from cli.tables.sheets import Cell, Layout

_LOOKED_AT = 30


def heading_rows(path: Path) -> int | tuple[int, int]:
    """Return the row of the heading, counted from 1, or both of one in two lines; raises `Failure`."""
    rows = list(islice(all_rows(path, Layout())[0], _LOOKED_AT))
    widest = max((_filled(row) for row in rows), default=0)
    for number, row in enumerate(rows, 1):
        if _filled(row) > 1 and 2 * _filled(row) >= widest:
            below = rows[number] if number < len(rows) else []
            return (number, number + 1) if _goes_on(row, below) else number
    return 1


def _filled(row: Sequence[Cell]) -> int:
    return sum(cell is not None for cell in row)


def _goes_on(row: Sequence[Cell], below: Sequence[Cell]) -> bool:
    """Say whether a row stands under merged cells of the heading: words where it has none, and only under those."""
    blank = [place for place, cell in enumerate(row) if cell is None]
    said = [place for place, cell in enumerate(below) if cell is not None]
    under = {place + step for place in blank for step in (0, -1)}
    return bool(said) and not under.isdisjoint(said) and under.issuperset(said) and _are_words(below)


def _are_words(row: Sequence[Cell]) -> bool:
    return all(cell is None or (isinstance(cell, str) and not any(map(str.isdigit, cell))) for cell in row)
