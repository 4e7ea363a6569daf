"""Columns on a terminal: aligned by what letters really take up, narrowed in a stated order."""

from collections.abc import Sequence
from dataclasses import dataclass

GAP = 2
_READABLE = 14


@dataclass(frozen=True, slots=True)
class Column:
    """One column: a field of the rows and its heading.

    A `fixed` column (slugs, dates) never shrinks. On a narrow screen columns with the highest `drop`
    go first; those with 0 stay. The widest of the others is then cut until the line fits.
    """

    field: str
    title: str
    fixed: bool = False
    drop: int = 0


def lines(rows: Sequence[dict[str, str]], columns: Sequence[Column], width: int) -> list[str]:
    """Return heading and rows as lines no wider than the screen, unless fixed columns alone are wider.

    A column in which no row has anything is left out, unless it is fixed.
    """
    widths = {column.field: _natural(rows, column) for column in columns}
    kept = [column for column in columns if column.fixed or any(row.get(column.field) for row in rows)]
    while _total(kept, _narrowest(kept, widths)) > width and (dropped := max(kept, key=lambda c: c.drop)).drop:
        kept.remove(dropped)
    _shrink(kept, widths, width)
    heading = {column.field: column.title for column in kept}
    return [_line(row, kept, widths) for row in (heading, *rows)]


def cell_len(text: str) -> int:
    """Return how many cells of a terminal the text takes; most text is ASCII and needs no tables for that."""
    if text.isascii():
        return len(text)
    from rich.cells import cell_len as measured

    return measured(text)


def _natural(rows: Sequence[dict[str, str]], column: Column) -> int:
    return max(cell_len(text) for text in (column.title, *(row.get(column.field, "") for row in rows)))


def _narrowest(columns: Sequence[Column], widths: dict[str, int]) -> dict[str, int]:
    """Return how narrow each column may become before dropping one is kinder than cutting more."""
    return {c.field: widths[c.field] if c.fixed else min(widths[c.field], _READABLE) for c in columns}


def _total(columns: Sequence[Column], widths: dict[str, int]) -> int:
    return sum(widths[column.field] for column in columns) + GAP * (len(columns) - 1)


def _shrink(columns: Sequence[Column], widths: dict[str, int], width: int) -> None:
    elastic = [column.field for column in columns if not column.fixed]
    while elastic and (over := _total(columns, widths) - width) > 0:
        widest = max(elastic, key=widths.__getitem__)
        if widths[widest] <= _READABLE:
            return
        runner_up = max((widths[field] for field in elastic if field != widest), default=0)
        widths[widest] = max(_READABLE, runner_up - 1, widths[widest] - over)


def _line(row: dict[str, str], columns: Sequence[Column], widths: dict[str, int]) -> str:
    cells = (cut(row.get(column.field, ""), widths[column.field]) for column in columns)
    return (" " * GAP).join(cells).rstrip()


def cut(text: str, width: int) -> str:
    """Return the text in exactly so many cells, with an ellipsis where it was longer."""
    if cell_len(text) <= width:
        return text + " " * (width - cell_len(text))
    from rich.cells import set_cell_size

    shortened = set_cell_size(text, width - 1).rstrip() + "…"
    return shortened + " " * (width - cell_len(shortened))
