"""Dates as tables write them: by the orders a map states, and by no other; nothing is guessed."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta

from domain.dateforms import MONTHS
from domain.dates import BadDate, parse
from domain.folding import folded

NUMBERED = {"dmy": (2, 1, 0), "mdy": (2, 0, 1), "ymd": (0, 1, 2), "dmy2": (2, 1, 0), "mdy2": (2, 0, 1)}
"""Where year, month and day stand among the three numbers."""
ORDERS = ("iso", *NUMBERED, "ranges", "serial")
_PIVOT = 69
"""Two-digit years from 69 on are of the last century, as in POSIX."""
_EPOCH = date(1899, 12, 30)
"""Day 0 of a spreadsheet's serial numbers, its leap day of 1900 allowed for."""
_SERIALS = (10_000, 2_958_465)
"""Serial numbers that are read: 1927 to 9999; a smaller number is rather a year."""

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_GAP = r"\s*[./\- ,]\s*"
_PARTS = re.compile(rf"(\d{{1,4}}){_GAP}(\d{{1,2}}){_GAP}(\d{{1,4}})")
_MONTH = re.compile(r"(\d{1,4})\s*[./\-]\s*(\d{1,4})")
_TIME = re.compile(r"[T ]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?( ?[AaPp]\.?[Mm]\.?)?( ?(Z|UTC|[+-]\d{2}:?\d{2}))?$")
_WORD = re.compile(r"[^\W\d_]+")
_ORDINAL = re.compile(r"(?<=\d)(st|nd|rd|th)\b")
_ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii")
_ENGLISH = {name.casefold(): number for number, name in enumerate(MONTHS, 1)} | {
    name[:3].casefold(): number for number, name in enumerate(MONTHS, 1)
} | {"sept": 9}  # fmt: skip


def day_of(text: str, orders: Sequence[str], months: Mapping[str, int] | None = None) -> str | None:
    """Return a text as an effective date, EDTF, by the first order that fits; None where none does."""
    text = _TIME.sub("", text)
    if _DAY.fullmatch(text):  # four digits, then two and two: no order but one writes so
        return _edtf(text)
    for order in orders:
        if (found := _by(order, text, months or {})) is not None:
            return found
    return None


def first_two(text: str) -> tuple[int, int] | None:
    """Return the two numbers before the year, of which one is the day; None where a date is written otherwise."""
    found = _PARTS.fullmatch(_TIME.sub("", text))
    return (int(found[1]), int(found[2])) if found is not None and len(found[1]) <= 2 else None


def months_of(words: Mapping[str, str]) -> dict[str, int]:
    """Return the numbers of months by their names in a map, folded; raises ValueError for what is no month's."""
    numbers = {folded(name): int(number) for name, number in words.items()}
    if wrong := [number for number in numbers.values() if not 1 <= number <= len(MONTHS)]:
        raise ValueError(wrong)
    return numbers


def expect_pattern(order: str) -> None:
    """Raise ValueError where a pattern is none that strptime knows, whatever the date."""
    try:
        datetime.strptime("", order)  # noqa: DTZ007 - the pattern is tried, not a date
    except re.error as error:
        raise ValueError(f"{order!r} is no pattern of a date: {error}") from None
    except ValueError as error:
        if "does not match format" not in str(error):
            raise ValueError(f"{order!r} is no pattern of a date: {error}") from None


def others(text: str, orders: Sequence[str], months: Mapping[str, int] | None = None) -> Iterator[str]:
    """Yield the orders that would read a text and are not among those stated."""
    for order in ORDERS[1:]:
        if order not in orders and day_of(text, [order], months) is not None:
            yield order


def unknown_month(text: str, orders: Sequence[str], months: Mapping[str, int] | None = None) -> str | None:
    """Return the word of a text that, were it the name of a month, would make a date of it."""
    known = months or {}
    words = _WORD.findall(_ORDINAL.sub("", text))
    new = [word for word in words if len(word) > 2 and folded(word) not in {**known, **_ENGLISH}]
    return next((word for word in new if day_of(text, orders, {**known, folded(word): 1}) is not None), None)


def _by(order: str, text: str, months: Mapping[str, int]) -> str | None:
    if order == "iso":
        return _edtf(text)
    if order == "ranges":
        # Of days from .. to one is meant, and which is not known (EDTF level 2, one of a set).
        return _edtf(f"[{text}]") if ".." in text else None
    if order == "serial":
        return _serial(text)
    if "%" in order:
        return _patterned(order, text, months)
    return _numbered(order, text if _PARTS.fullmatch(text) else _with_numbers(text, order, months))


def _numbered(order: str, text: str) -> str | None:
    places, short = NUMBERED[order], order.endswith("2")
    if (found := _PARTS.fullmatch(text)) is not None:
        year, month, day = (found[index + 1] for index in places)
        if short != (len(year) == 2) or len(year) not in {2, 4} or len(day) > 2:
            return None
        return _day(_century(year) if short else year, int(month), int(day))
    if (found := _MONTH.fullmatch(text)) is not None and not short:
        year, month = (found[1], found[2]) if order == "ymd" else (found[2], found[1])
        return _day(year, int(month), 0) if len(year) == 4 and len(month) <= 2 else None
    return _edtf(text) if re.fullmatch(r"\d{4}", text) else None


def _day(year: str, month: int, day: int) -> str | None:
    """Return a date; 00 stands for a day, or a month and a day, that is not known."""
    if month == 0:
        return _edtf(year) if day == 0 else None
    if not day:
        return _edtf(f"{year}-{month:02}")
    try:
        return date(int(year), month, day).isoformat()
    except ValueError:
        return None


def _century(year: str) -> str:
    return f"{19 if int(year) >= _PIVOT else 20}{year}"


def _with_numbers(text: str, order: str, months: Mapping[str, int]) -> str:
    """Return a date with its month as a number: 12 March 2021, 12-Mar-2021, 12th March 2021, March 12, 2021."""
    text = _ORDINAL.sub("", text)
    if not (word := _WORD.search(text)):
        return text
    name = folded(word[0])
    number = months.get(name) or _ENGLISH.get(name)
    if number is None and order != "ymd" and name in _ROMAN:
        number = _ROMAN.index(name) + 1
    if number is None:
        return text
    before, after = text[: word.start()].strip(" .,-/"), text[word.end() :].strip(" .,-/")
    parts = [part for part in (*before.split(), str(number), *re.split(r"[ ,./-]+", after)) if part]
    if not before and order.startswith("dmy") and len(parts) == 3:
        parts = [parts[1], parts[0], parts[2]]  # "March 12, 2021": a month's name can only be the month
    elif before and order.startswith("mdy") and len(parts) == 3:
        parts = [parts[1], parts[0], parts[2]]
    return "/".join(parts)


def _serial(text: str) -> str | None:
    if not re.fullmatch(r"\d{5,7}", text) or not _SERIALS[0] <= int(text) <= _SERIALS[1]:
        return None
    return (_EPOCH + timedelta(days=int(text))).isoformat()


def _patterned(order: str, text: str, months: Mapping[str, int]) -> str | None:
    if months and (word := _WORD.search(text)) and (number := months.get(folded(word[0]))):
        text = f"{text[: word.start()]}{MONTHS[number - 1]}{text[word.end() :]}"
        order = order.replace("%b", "%B")
    try:
        read = datetime.strptime(text, order)  # noqa: DTZ007 - a day, no moment
    except ValueError:
        return None
    if not {"%d", "%j", "%x", "%D", "%F"} & set(re.findall("%.", order)):
        return _edtf(f"{read.year:04}-{read.month:02}" if re.search("%[mbB]", order) else f"{read.year:04}")
    return read.date().isoformat()


def _edtf(text: str) -> str | None:
    try:
        return parse(text).text
    except BadDate:
        return None
