"""The grammar of effective dates: EDTF text (ISO 8601-2:2019) into the days it may mean.

Guards the log against dates that no other EDTF reader would take, and against days that never were:
whatever is read here lies between year 1 and year 9999, and somewhere in its bounds is a real day.
"""

import re
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from itertools import product
from typing import NamedTuple

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
LONGEST = 64
"""Characters of the longest text read: a set of some years, not a document."""

SEASONS = {"21": "spring", "22": "summer", "23": "autumn", "24": "winter"}

# Level 1 season codes name no hemisphere. They are read as the northern meteorological seasons, and
# winter as the one that begins in the year, because EDTF sorts winter last: 2010-24 ends in February 2011.
_SEASON_STARTS = {"21": 3, "22": 6, "23": 9, "24": 12}
_LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)

# Strings, not compiled patterns: `re` keeps them after the first use, and importing costs nothing.
_DATE = (
    "([?~%]?)([0-9X]{4})([?~%]?)"
    "(?:-([?~%]?)([0-9X]{2})([?~%]?)"
    "(?:-([?~%]?)([0-9X]{2})([?~%]?))?)?"
)  # fmt: skip


class Unreadable(ValueError):
    """The text is no date; `problem` is empty when its very shape is unknown."""

    def __init__(self, problem: str = "") -> None:
        super().__init__(problem)
        self.problem = problem


class Form(NamedTuple):
    """One date as written: its parts (year, month, day) and which of them are doubted."""

    parts: tuple[str, ...]
    uncertain: frozenset[int]
    approximate: frozenset[int]


class Span(NamedTuple):
    """The days a text may mean; `start_latest` is the last day on which it may have begun."""

    earliest: date
    start_latest: date
    latest: date
    uncertain: bool
    approximate: bool


def read(text: str) -> Span:
    """Read a date (levels 0 to 2), an interval (levels 0 to 2) or a set (level 2)."""
    if "/" in text:
        return _interval(text)
    if text[:1] in ("[", "{"):
        return _set(text)
    return _date_span(text)


def form_of(text: str) -> Form:
    """Take one date apart, its qualifiers counted towards the parts they reach.

    Level 1 puts a qualifier at the end, for the whole date. Level 2 puts it right of a part, for that
    part and all before it, or left of a part, for that part alone.
    """
    if not (found := re.fullmatch(_DATE, text)):
        raise Unreadable
    groups = found.groups()
    reach: dict[int, str] = {}
    for index, (left, part, right) in enumerate(zip(groups[::3], groups[1::3], groups[2::3], strict=True)):
        if part and left and right:
            raise Unreadable(problem="a part takes one qualifier, not two")
        reach[index] = reach.get(index, "") + (left or "")
        for reached in range(index + 1 if right else 0):
            reach[reached] += right
    parts = tuple(part for part in groups[1::3] if part)
    return Form(parts, _marked(reach, "?%"), _marked(reach, "~%"))


def interval_ends(text: str) -> tuple[str, str]:
    """Split an interval (level 0) into its two ends, either of which may be `..` or nothing (level 1)."""
    left, _, right = text.partition("/")
    if {left, right} <= {"", ".."}:
        raise Unreadable(problem="an interval needs a date at one end at least")
    return left, right


def set_members(text: str) -> list[str]:
    """Split a set (level 2) into its members."""
    if text[-1] != {"[": "]", "{": "}"}[text[0]]:
        raise Unreadable(problem="a set opens and closes with brackets of one kind")
    members = text[1:-1].split(",")
    if any(m.startswith("..") for m in members[1:]) or any(m.endswith("..") for m in members[:-1]):
        raise Unreadable(problem="a set is open before its first member or after its last only")
    return members


def month_length(month: int, *, leap: bool) -> int:
    """Count the days of a month."""
    return 29 if leap and month == 2 else _LENGTHS[month - 1]


def is_leap(year: int) -> bool:
    """Tell a leap year of the Gregorian calendar, carried back to year 1 as ISO 8601 does."""
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def _marked(reach: dict[int, str], marks: str) -> frozenset[int]:
    return frozenset(index for index, found in reach.items() if set(found) & set(marks))


def _date_span(text: str) -> Span:
    form = form_of(text)
    earliest, latest = _bounds(form.parts)
    # Doubt raises a flag and widens nothing: how wide "about" is, no rule of EDTF says.
    return Span(earliest, latest, latest, bool(form.uncertain), bool(form.approximate))


def _interval(text: str) -> Span:
    """Bounds of an interval; an open end and an unknown one (level 1) reach equally far.

    The start is never later than the end, so `2025/2025-03` began by 31 March. Where the start is open
    or unknown, all that is certain is that it began by its end.
    """
    left, right = (None if end in ("", "..") else _date_span(end) for end in interval_ends(text))
    earliest = left.earliest if left else date.min
    latest = right.latest if right else date.max
    if latest < earliest:
        raise Unreadable(problem="the interval ends before it starts")
    ends = [end for end in (left, right) if end]
    start_latest = min(left.latest, latest) if left else latest
    return Span(earliest, start_latest, latest, any(e.uncertain for e in ends), any(e.approximate for e in ends))


def _set(text: str) -> Span:
    """Bounds over the members of a set (level 2).

    One of `[a,b]` is true, so it may have begun as late as the last; all of `{a,b}` are, so it began
    with the first.
    """
    spans = [_member(member) for member in set_members(text)]
    latest = max(span.latest for span in spans)
    return Span(
        earliest=min(span.earliest for span in spans),
        start_latest=latest if text[0] == "[" else min(span.start_latest for span in spans),
        latest=latest,
        uncertain=any(span.uncertain for span in spans),
        approximate=any(span.approximate for span in spans),
    )


def _member(text: str) -> Span:
    """Bounds of one member: a date, or a range `a..b`, `..b`, `a..` of plain dates (level 2)."""
    left, dots, right = text.partition("..")
    if not dots:
        return _date_span(text)
    first, last = (_date_span(end) if end else None for end in (left, right))
    if (first and last and len(left) != len(right)) or not re.fullmatch("[0-9-]*", left + right):
        raise Unreadable(problem="a range runs between plain dates of one precision")
    earliest = first.earliest if first else date.min
    latest = last.latest if last else date.max
    if latest < earliest or not (first or last):
        raise Unreadable("the range ends before it starts" if first else "")
    return Span(earliest, first.latest if first else latest, latest, uncertain=False, approximate=False)


def _bounds(parts: tuple[str, ...]) -> tuple[date, date]:
    if len(parts) == 2 and parts[1] in SEASONS:
        return _season(*parts)
    year, month, day = (*parts, "XX", "XX")[:3]
    first = _extreme(year, month, day, last=False)
    latest = _extreme(year, month, day, last=True)
    if not first or not latest:
        raise Unreadable(_why_never(year, month, day))
    return first, latest


def _season(year: str, season: str) -> tuple[date, date]:
    """First and last day of a season (level 1)."""
    first, last = next(_years(year, last=False), 0), next(_years(year, last=True), 0)
    if not first:
        raise Unreadable(problem="there is no year 0")
    begins = date(first, _SEASON_STARTS[season], 1)
    if season != "24":
        ends = _SEASON_STARTS[season] + 2
        return begins, date(last, ends, month_length(ends, leap=False))
    if last == date.max.year:
        return begins, date.max
    return begins, date(last + 1, 2, month_length(2, leap=is_leap(last + 1)))


def _extreme(year: str, month: str, day: str, *, last: bool) -> date | None:
    """Find the first or last real day that fits digits and `X` (level 1 from the right, level 2 anywhere)."""
    for number in _years(year, last=last):
        if found := _fitting(month, day, leap=is_leap(number)):
            return date(number, *found[last])
    return None


def _years(pattern: str, *, last: bool) -> Iterator[int]:
    """Years that fit, rising or falling; agreements start at year 1, so year 0 is left out."""
    digits = "9876543210" if last else "0123456789"
    pools = [digits if char == "X" else char for char in pattern]
    return (year for chosen in product(*pools) if (year := int("".join(chosen))))


@lru_cache(maxsize=1024)
def _fitting(month: str, day: str, *, leap: bool) -> tuple[tuple[int, int], tuple[int, int]] | None:
    """Give the first and last month and day that fit, in a leap year or a common one."""
    days = [
        (m, d)
        for m in range(1, 13)
        if _fits(month, m)
        for d in range(1, month_length(m, leap=leap) + 1)
        if _fits(day, d)
    ]
    return (days[0], days[-1]) if days else None


def _fits(pattern: str, number: int) -> bool:
    return all(want in ("X", digit) for want, digit in zip(pattern, f"{number:02}", strict=True))


def _why_never(year: str, month: str, day: str) -> str:
    """Name the part that makes a date impossible."""
    if year == "0000":
        return "there is no year 0"
    if "25" <= month <= "41":
        return "of the parts of a year only the seasons 21 to 24 are read"
    if not any(_fits(month, number) for number in range(1, 13)):
        return f"there is no month {month}"
    if not any(_fits(day, number) for number in range(1, 32)):
        return f"there is no day {day}"
    if "X" in month:
        return "no day of the calendar fits"
    if month != "02":
        return f"{MONTHS[int(month) - 1]} has {_LENGTHS[int(month) - 1]} days"
    if "X" in year:
        return "February has 28 days, or 29 in leap years"
    return f"February {year} has {month_length(2, leap=is_leap(int(year)))} days"
