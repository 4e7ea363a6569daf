"""Effective dates: EDTF text (ISO 8601-2:2019, Library of Congress) kept as given, with the days it may mean.

Guards three promises: the text of a source is never rewritten, a doubtful date answers "possibly" and
never a false yes or no, and what is no date is refused with a reason and, where it can be guessed, a remedy.
Levels 0 and 1 are read whole, but for times of day and years outside 1 to 9999; of level 2 the sets,
the unspecified digits anywhere and the qualified parts.
"""

from bisect import bisect_left
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Literal

from domain import dateforms

Truth = Literal["yes", "no", "possibly"]

# The widest doubt, in days, of each rank: day, month, season, year, decade, century; wider is the last rank.
_WIDTHS = (0, 30, 91, 365, 3652, 36524)


class BadDate(ValueError):
    """A text that is no effective date: what is wrong with it, and what may have been meant."""

    def __init__(self, text: str, problem: str, suggestion: str | None = None) -> None:
        super().__init__(text, problem, suggestion)
        self.text = text
        self.problem = problem
        self.suggestion = suggestion

    def __str__(self) -> str:
        # The text is a stranger's: shown as a literal, and not all of it, so that no terminal obeys it.
        tried = f"; try {self.suggestion}" if self.suggestion else ""
        return f"{self.text[: dateforms.LONGEST]!r}: {self.problem}{tried}"


@dataclass(frozen=True, slots=True)
class When:
    """When a fact took effect, as written and as bounds; both bounds are days it may have been.

    An interval takes effect at its start, and an all-of set with its first member: `start_latest` is the
    last day of that, `latest` the last day of the whole. For any other date the two are one.
    """

    text: str
    earliest: date
    latest: date
    start_latest: date
    uncertain: bool = False
    approximate: bool = False

    @property
    def exact(self) -> bool:
        """True for one day without a doubt."""
        return self.earliest == self.latest and not (self.uncertain or self.approximate)

    @property
    def precision(self) -> int:
        """Rank the doubt about the start: 0 day, 1 month, 2 season, 3 year, 4 decade, 5 century, 6 more."""
        return bisect_left(_WIDTHS, (self.start_latest - self.earliest).days)


def parse(text: str) -> When:
    """Read an effective date, EDTF levels 0 to 2; raises BadDate and nothing else."""
    return _parsed(text)


def of_day(day: date) -> When:
    """Write a known day as an effective date (level 0)."""
    return parse(f"{day.year:04}-{day.month:02}-{day.day:02}")


def by(when: When, day: date) -> Truth:
    """Tell whether it had taken effect by the end of that day; an interval (level 0) has once it started."""
    if when.earliest > day:
        return "no"
    return "yes" if when.start_latest <= day else "possibly"


def before(first: When, second: When) -> Truth:
    """Tell whether the first took effect on an earlier day than the second.

    Intervals (level 0) compare by their starts, as in `by`: one that began earlier is before another
    even where both still run.
    """
    if first.start_latest < second.earliest:
        return "yes"
    return "no" if first.earliest >= second.start_latest else "possibly"


def order_key(when: When) -> tuple[date, int]:
    """Give the place of a fact in replay: earliest day, then the finer date; position settles the rest."""
    return when.earliest, when.precision


def shown(when: When) -> str:
    """Say a date to people: "17 Apr 2025", "23 Apr, year unknown", "about 1970", "from 17 Apr 2025"."""
    from domain import datewords

    return datewords.words(when.text)


@lru_cache(maxsize=8192)
def _parsed(text: str) -> When:
    if len(text) == 10 and text[4] == text[7] == "-" and text.isascii():
        try:
            day = date.fromisoformat(text)
        except ValueError:
            return _read(text)
        return When(text, day, day, day)
    return _read(text)


def _read(text: str) -> When:
    if len(text) > dateforms.LONGEST:
        raise BadDate(text, f"longer than {dateforms.LONGEST} characters")
    try:
        span = dateforms.read(text)
    except dateforms.Unreadable as unreadable:
        from domain import datehints  # only a refusal needs its table of spellings

        raise BadDate(text, *datehints.advice(text, unreadable.problem)) from None
    return When(text, span.earliest, span.latest, span.start_latest, span.uncertain, span.approximate)
