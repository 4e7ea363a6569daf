"""What every kind of table gives: cells, how they lie in the file, and numbered rows under named columns."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import TypeAlias

Cell: TypeAlias = str | int | float | bool | date | None
"""A cell as the file has it; text has no blanks at its ends, an empty cell is None."""


@dataclass(frozen=True, slots=True)
class Layout:
    """How a table lies in its file: which sheet, which rows are the heading, what separates and encodes text."""

    sheet: str | int = 1
    header: int | tuple[int, ...] = 1
    delimiter: str | None = None
    encoding: str | None = None
    quote: str | None = None
    fill: tuple[str, ...] = ()

    def heading(self) -> tuple[int, ...]:
        """Return the rows of the heading, counted from 1; 0 where there is none."""
        return (self.header,) if isinstance(self.header, int) else self.header


@dataclass(frozen=True, slots=True)
class Row:
    """One row below the heading: its number in the file, counted from 1, its cells, how many too many it has."""

    number: int
    cells: list[Cell]
    surplus: int = 0


@dataclass
class Table:
    """A table: its columns, its rows, and what a reader should know of the file."""

    columns: tuple[str, ...]
    rows: Iterable[Row]
    remarks: list[str] = field(default_factory=list)
