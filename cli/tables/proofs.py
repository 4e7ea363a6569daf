"""What the dates of a column prove about the order they are written in, and of what kinds they are."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from cli.tables.cells import shown
from cli.tables.dating import first_two
from cli.tables.sheets import Cell

_SWAPPED = {"dmy": "mdy", "mdy": "dmy", "dmy2": "mdy2", "mdy2": "dmy2"}
_ENOUGH = 3
"""So many different dates that only the other order reads, and none that only the stated one does, disprove it."""


@dataclass
class Proofs:
    """What was seen in a column of dates: dates that only one order reads, and cells of different kinds."""

    column: str
    orders: Sequence[str]
    kinds: set[str] = field(default_factory=set)
    stated: int = 0
    other: int = 0
    either: int = 0
    example: str = ""

    def __post_init__(self) -> None:
        self.order = next((order for order in self.orders if order in _SWAPPED), "")

    def look_at(self, cell: Cell) -> None:
        """Take a cell for a witness; each text but once."""
        if isinstance(cell, date):
            self.kinds.add("true dates")
            return
        text = shown(cell)
        self.kinds.add("numbers" if text.isdecimal() else "texts")
        numbers = first_two(text) if self.order else None
        if numbers is None or min(numbers) > 12 or max(numbers) > 31:
            return
        day_first = numbers[0] > 12
        if day_first == (numbers[1] > 12):
            self.either += 1
        elif day_first == self.order.startswith("dmy"):
            self.stated += 1
        else:
            self.other += 1
            self.example = self.example or text

    @property
    def disproved(self) -> bool:
        """Say whether the column shows that the map's order is not its own."""
        return self.other >= _ENOUGH and not self.stated

    def remarks(self) -> list[str]:
        """Return what a reader should know of the column."""
        found = []
        if len(self.kinds) > 1:
            kinds = " and ".join(sorted(self.kinds))
            found.append(f"column {self.column!r} holds {kinds}: each is read as what it is")
        if self.other:
            found.append(
                f"column {self.column!r} is read as {self.order}, but {self.other} of its dates are {self._swapped}"
                f" (such as {self.example}), {self.stated} are {self.order}, and {self.either} may be either"
            )
        return found

    @property
    def _swapped(self) -> str:
        return _SWAPPED[self.order]
