"""What a cell means: a date in the order the map says, an amount, a word of the register's; nothing guessed."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from cli.tables.dating import day_of, others, unknown_month
from cli.tables.sheets import Cell
from domain.dates import BadDate, parse

_LAST_YEAR = "9999"
_LONGEST_DATE = 60
"""Characters of a text that advice is given on: longer ones are prose."""
_PATTERNS = ("%Y年%m月%d日", "%Y年%m月", "%Y%m%d")
"""Orders that have no short name, and are offered where one of them fits."""
_BEHIND = re.compile(r"[^0-9]+$")
"""What stands behind the last digit: "17.04.2025 г."."""


class BadCell(ValueError):
    """A cell that does not mean what its column should: what is wrong, and what may help."""

    def __init__(self, problem: str, suggestion: str = "") -> None:
        self.problem = problem
        self.suggestion = suggestion
        super().__init__(problem)


def is_missing(cell: Cell, missing: Sequence[str], open_end: Sequence[str]) -> bool:
    """Say whether a cell says nothing: empty, a word for missing, or a date that stands for no end."""
    if cell is None:
        return True
    text = shown(cell)
    return text in missing or any(text.startswith(end) for end in open_end)


def shown(cell: Cell) -> str:
    """Return a cell as text, blanks within it made one."""
    return cell.isoformat() if isinstance(cell, date) else " ".join(str(cell).split())


def date_of(cell: Cell, orders: Sequence[str], months: Mapping[str, int] | None = None) -> str:
    """Return a cell as an effective date, EDTF, by the first order that fits; raises `BadCell`."""
    if isinstance(cell, date):
        found: str | None = cell.isoformat()
    else:
        text = shown(cell)
        found = day_of(text, orders, months)
    if found is None:
        raise BadCell(*_advice(text, orders, months))
    if found.startswith(_LAST_YEAR):
        raise BadCell("year 9999 is rather no end at all", f'open_end = ["{shown(cell)[:10]}"] in the map')
    return found


def _advice(text: str, orders: Sequence[str], months: Mapping[str, int] | None) -> tuple[str, str]:
    if (found := _readable(text, orders, months)) is not None:
        return found
    other = next(others(text, orders, months), None)
    if other == "serial":
        return "is a number, and may be a spreadsheet's serial number of a day", 'dates = "serial" in the map'
    if other is not None and not other.startswith("ymd"):
        what = "two-digit year" if other.endswith("2") else f"is no date in the order {' or '.join(orders)}"
        return what, f'dates = "{other}" in the map'
    try:
        parse(text)
    except BadDate as error:
        return f"is no date: {error.problem}", error.suggestion or (f'dates = "{other}" in the map' if other else "")
    return f"is no date in the order {' or '.join(orders)}", 'dates = "iso" in the map'


def _readable(text: str, orders: Sequence[str], months: Mapping[str, int] | None) -> tuple[str, str] | None:
    """Return what a map lacks to read a text as a date: a month's name, a pattern, or to leave out what is behind."""
    if len(text) > _LONGEST_DATE:
        return None
    bare = _BEHIND.sub("", text)
    if (word := unknown_month(bare, orders, months)) is not None:
        return f"is no date, unless {word} is a month", f'words.months."{word}" = "…", a number from 1 to 12'
    if bare != text and day_of(bare, orders, months) is not None:
        return f"is a date with {text[len(bare) :].strip()!r} behind it", 'match = "^.*[0-9]" in the map'
    pattern = next((each for each in _PATTERNS if each not in orders and day_of(text, [each]) is not None), None)
    return ("is a date in an order of its own", f'dates = "{pattern}" in the map') if pattern else None


def amount_of(cell: Cell, decimal: str, times: int = 1) -> str:
    """Return a cell as a plain decimal amount; raises `BadCell`."""
    text = shown(cell)
    if isinstance(cell, float):
        text, decimal = f"{cell:.6f}".rstrip("0").rstrip("."), "."
    grouping = "," if decimal == "." else "."
    if re.fullmatch(rf"[0-9]{{1,3}}\{grouping}[0-9]{{1,2}}", text):
        raise BadCell("is no amount: its decimals follow another sign", f'decimal = "{grouping}" in the map')
    plain = re.sub(rf"[\s'’{grouping}]", "", text).replace(decimal, ".")
    if not re.fullmatch(r"[0-9]{1,24}(\.[0-9]+)?", plain):
        raise BadCell("is no amount", f'digits, with "{decimal}" before the decimals; or match = "…" in the map')
    if times != 1:
        plain = f"{Decimal(plain) * times:f}"
    whole, _, rest = plain.partition(".")
    kept = rest.rstrip("0")
    if len(kept) > 6:
        raise BadCell("has more than six decimals")
    return f"{int(whole)}.{kept}" if kept else str(int(whole))


def whole_of(cell: Cell) -> int:
    """Return a cell as a whole number; raises `BadCell`."""
    text = shown(cell)
    if not re.fullmatch(r"-?[0-9]{1,15}", text):
        raise BadCell("is no whole number")
    return int(text)
