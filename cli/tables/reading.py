"""Tables as rows of cells under named columns: CSV, TSV, Excel, OpenDocument."""

import itertools
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from cli.exits import REFUSED, USAGE, Failure
from cli.tables.limits import LIMITS, check_file, check_shape
from cli.tables.sheets import Cell, Layout, Row, Table

TEXT = frozenset({".csv", ".tsv", ".txt"})
BOOKS = frozenset({".xlsx", ".xlsm", ".xls", ".ods"})
_LOOKED_AT = 40
"""Rows looked at for a heading that is not where the map has it."""


def read_table(path: Path, layout: Layout) -> Table:
    """Return the table of a file; raises `Failure` where it cannot be read, or is larger than is taken."""
    return _table(path, layout, *all_rows(path, layout))


def all_rows(path: Path, layout: Layout) -> tuple[Iterator[list[Cell]], list[str]]:
    """Return the rows of a file, its heading among them, and what a reader should know of it; raises `Failure`."""
    if not path.is_file():
        raise Failure("unreadable", f"{path} is no file", USAGE, "name a .csv, .tsv, .xlsx, .xls or .ods file")
    check_file(path)
    suffix = path.suffix.casefold()
    if suffix in TEXT:
        from cli.tables.texts import text_rows

        return text_rows(path, layout)
    if suffix in BOOKS:
        from cli.tables.books import book_rows

        return book_rows(path, layout)
    raise Failure("unreadable", f"{path.suffix or path} is no table known here", USAGE, "csv, tsv, xlsx, xls or ods")


def _table(path: Path, layout: Layout, rows: Iterator[list[Cell]], remarks: list[str]) -> Table:
    numbers = layout.heading()
    above = list(itertools.islice(rows, max(numbers)))
    lines = [above[number - 1] for number in numbers if 0 < number <= len(above)]
    if max(numbers) == 0:
        first = next(rows, None)
        if first is None:
            raise Failure("unreadable", f"{path} is empty", REFUSED)
        names = [f"@{number}" for number in range(1, len(first) + 1)]
        rows = itertools.chain([first], rows)
    else:
        names = _names(lines)
    if not any(names):
        if not above:
            raise Failure("unreadable", f"{path} is empty", REFUSED)
        raise Failure("unreadable", f"{path} has no heading in row {max(numbers)}", REFUSED, _elsewhere(above, rows))
    columns = tuple(name or f"@{place}" for place, name in enumerate(_distinct(names, remarks), 1))
    return Table(columns, _rows(path, columns, rows, max(numbers), layout, remarks), remarks)


def _names(lines: Sequence[Sequence[Cell]]) -> list[str]:
    """Return the columns' names: of several rows joined, the upper ones carried over what is merged."""
    width = max(map(len, lines), default=0)
    padded = [[*line, *[None] * (width - len(line))] for line in lines]
    for line in padded[:-1]:
        _carry(line, padded[-1])
    return [" ".join(_words(cell) for cell in cells if cell is not None) for cells in zip(*padded, strict=True)]


def _carry(line: list[Cell], below: Sequence[Cell]) -> None:
    said: Cell = None
    for place, cell in enumerate(line):
        said = cell if cell is not None else said if below[place] is not None else None
        line[place] = said


def _words(cell: Cell) -> str:
    return " ".join(str(cell).split())


def _distinct(names: Sequence[str], remarks: list[str]) -> list[str]:
    """Return the names, those that come again numbered: "Date", "Date (2)"."""
    seen: Counter[str] = Counter()
    found = []
    for name in names:
        seen[name] += bool(name)
        found.append(f"{name} ({seen[name]})" if seen[name] > 1 else name)
    if again := [name for name, often in seen.items() if often > 1]:
        remarks.append(f"several columns are called {', '.join(map(repr, again))}: the others are '{again[0]} (2)' …")
    return found


def _elsewhere(above: Sequence[list[Cell]], rows: Iterator[list[Cell]]) -> str:
    looked = [*above, *itertools.islice(rows, _LOOKED_AT)]
    filled = [sum(cell is not None for cell in row) for row in looked]
    best = max(range(len(filled)), key=filled.__getitem__, default=0)
    return f"[table] header = {best + 1}" if filled and filled[best] else "[table] header = ROW"


def _rows(
    path: Path, columns: tuple[str, ...], rows: Iterator[list[Cell]], above: int, layout: Layout, remarks: list[str]
) -> Iterator[Row]:
    """Yield the rows that hold anything, each as wide as the heading, and count what was not so at the end."""
    width, number, short = len(columns), above, 0
    fill = [columns.index(name) for name in layout.fill if name in columns]
    last: list[Cell] = [None] * width
    for number, cells in enumerate(rows, above + 1):
        longest = max([len(cell) for cell in cells if cell.__class__ is str], default=0)
        if longest > LIMITS.cell or len(cells) > LIMITS.columns or number > LIMITS.rows:
            check_shape(path, number, len(cells), longest)
        surplus = 0
        if len(cells) != width:
            if len(cells) > width:
                surplus = sum(cell is not None for cell in cells[width:])
                cells = cells[:width]  # noqa: PLW2901 - the same row, cut to the heading
            else:
                short += bool(cells) and not all(cell is None for cell in cells)
                cells = [*cells, *[None] * (width - len(cells))]  # noqa: PLW2901 - the same row, as wide as it
        if not any(cell is not None for cell in cells):
            continue
        for place in fill:
            if cells[place] is None:
                cells[place] = last[place]
            last[place] = cells[place]
        yield Row(number, cells, surplus)
    if short:
        remarks.append(f"{short} rows have fewer cells than the heading: what is not there is read as empty")
