"""What a cell means: a date in the order the map says, an amount, a word of the register's; nothing guessed."""

import re
from collections.abc import Sequence
from datetime import date

from cli.tables.reading import Cell
from domain.dates import BadDate, parse
from domain.folding import folded

_PARTS = re.compile(r"(\d{1,4})\s*[./\- ]\s*(\d{1,2})\s*[./\- ]\s*(\d{1,4})")
_TIME = re.compile(r"[T ]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?( ?[AaPp][Mm])?(Z|[+-]\d{2}:?\d{2})?$")
_ORDERS = {"dmy": (2, 1, 0), "mdy": (2, 0, 1), "ymd": (0, 1, 2), "dmy2": (2, 1, 0), "mdy2": (2, 0, 1)}
"""Where year, month and day stand among the three numbers."""
_PIVOT = 69
"""Two-digit years from 69 on are of the last century, as in POSIX."""


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


def date_of(cell: Cell, orders: Sequence[str]) -> str:
    """Return a cell as an effective date, EDTF, by the first order that fits; raises `BadCell`."""
    if isinstance(cell, date):
        return cell.isoformat()
    text = _TIME.sub("", shown(cell))
    for order in orders:
        if (found := _by(order, text)) is not None:
            return found
    raise BadCell(*_advice(text, orders))


def _by(order: str, text: str) -> str | None:
    if order == "iso":
        return _edtf(text)
    if order == "ranges":
        # Of days from .. to one is meant, and which is not known (EDTF level 2, one of a set).
        return _edtf(f"[{text}]") if ".." in text else None
    found = _PARTS.fullmatch(text)
    if found is None:
        return None
    year, month, day = (found[index + 1] for index in _ORDERS[order])
    if len(year) != 4:
        if not order.endswith("2") or len(year) != 2:
            return None
        year = f"{19 if int(year) >= _PIVOT else 20}{year}"
    elif order.endswith("2"):
        return None
    return _edtf(f"{year}-{int(month):02}-{int(day):02}")


def _edtf(text: str) -> str | None:
    try:
        return parse(text).text
    except BadDate:
        return None


def _advice(text: str, orders: Sequence[str]) -> tuple[str, str]:
    others = [order for order in (*_ORDERS, "ranges") if order not in orders and _by(order, text) is not None]
    if others and others[0].endswith("2"):
        return "two-digit year", f'dates = "{others[0]}" in the map'
    if others:
        return f"is no date in the order {' or '.join(orders)}", f'dates = "{others[0]}" in the map'
    try:
        parse(text)
    except BadDate as error:
        return f"is no date: {error.problem}", error.suggestion or ""
    return "is no date", ""


def amount_of(cell: Cell, decimal: str) -> str:
    """Return a cell as a plain decimal amount; raises `BadCell`."""
    text = shown(cell)
    if isinstance(cell, float):
        text = f"{cell:.6f}".rstrip("0").rstrip(".")
    grouping = "," if decimal == "." else "."
    plain = re.sub(rf"[\s'{grouping}]", "", text).replace(decimal, ".")
    if not re.fullmatch(r"[0-9]{1,24}(\.[0-9]+)?", plain):
        raise BadCell("is no amount", f'digits, with "{decimal}" before the decimals; decimal = "," in the map')
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


def word_of(text: str, words: dict[str, str], name: str) -> str:
    """Return the register's word for one of the file's; raises `BadCell` where the map has none."""
    known = {folded(" ".join(word.split())): meaning for word, meaning in words.items()}
    meaning = known.get(folded(text))
    if meaning is None:
        raise BadCell("unknown word", f'words.{name}."{text}" = "…"')
    return meaning
