"""What somebody is to do by a day: instructions, obligations and milestones live alike.

A duty is a row of plain values, known by its `item`. A recurring one has a series of due days: each
is done by itself, and the first that is not done is the duty's deadline. Only that one can be moved;
the series stays where it was.
"""

from collections.abc import Iterator
from datetime import date
from itertools import count
from typing import TYPE_CHECKING, Any, TypeAlias, cast

from domain.dates import parse
from domain.durations import shifted

if TYPE_CHECKING:  # questions answered from a view need no fact model
    from domain.facts import Fact
    from domain.lifecycle import Lifecycle

Row: TypeAlias = dict[str, Any]
Rows: TypeAlias = tuple[Row, ...]

CLOSED = frozenset({"closed", "cancelled", "fulfilled", "waived", "met"})
"""The states of a duty of which nothing more is expected."""


def duty(rows: Rows, item: str) -> Row | None:
    """Return the duty of that name, or None."""
    return next((row for row in rows if row["item"] == item), None)


def changed(rows: Rows, item: str, /, **fields: Any) -> Rows:
    """Return the rows with some values of one duty replaced; one that was only spoken of becomes a row."""
    blank = {"item": item, "state": None, "text": None, "deadline": None}
    if duty(rows, item) is None:
        return (*rows, {**blank, **fields})
    return tuple({**row, **fields} if row["item"] == item else row for row in rows)


def set_up(
    rows: Rows,
    item: str,
    /,
    *,
    on: str,
    deadline: str | None,
    recurrence: str | None = None,
    until: str | None = None,
    **told: Any,
) -> Rows:
    """Return the rows with a duty that begins: its deadline is the first of its series, where it recurs."""
    series: Row = {"recurrence": recurrence, "until": until, "first_due": deadline, "done": []}
    # One that is set up anew, once recurring and now not, must not keep its former series.
    again = recurrence is not None or "recurrence" in (duty(rows, item) or {})
    fields = {"deadline": deadline, "occurrence": _day(deadline), "moved": [], **told}
    return changed(rows, item, issued_on=on, **(series if again else {}), **fields)


def because(reason: str | None) -> Row:
    """Return the reason last given for what became of a duty, where one was given."""
    return {"reason": reason} if reason else {}


def reported(rows: Rows, item: str, /, *, on: str, report: str | None) -> Rows:
    """Return the rows with a duty reported as fulfilled, in whose words it was."""
    return changed(rows, item, reported_on=on, **({"report": report} if report else {}))


def moved(rows: Rows, item: str, /, *, on: str, deadline: str, reason: str | None) -> Rows:
    """Return the rows with a duty's present deadline moved; the former ones are kept."""
    row = duty(rows, item) or {}
    former = [*row.get("moved", ()), {"on": on, "from": row.get("deadline"), "to": deadline, **because(reason)}]
    return changed(rows, item, deadline=deadline, moved=former)


def done(rows: Rows, item: str, /, *, on: str, due: str | None = None) -> Rows:
    """Return the rows with a duty done; a recurring one only for the day it was `due`, by default the first open."""
    row = duty(rows, item) or {}
    if not row.get("recurrence"):
        return changed(rows, item, closed_on=on)
    finished = sorted({*row["done"], _occurrence_due(row, due) or on})
    following = next_occurrence({**row, "done": finished})
    # One that had ended before, cancelled or waived for good, stays ended.
    fields: Row = {"done": finished, "closed_on": row.get("closed_on") if following else on}
    if following not in {None, row["occurrence"]}:
        # A new occurrence starts afresh: what was reported or moved belongs to the one before.
        fields |= {"occurrence": following, "deadline": following, "reported_on": None, "moved": []}
    return changed(rows, item, **fields)


def _occurrence_due(row: Row, due: str | None) -> str | None:
    """Return the occurrence that a day names, ISO: one of its series, or the present one by its moved deadline."""
    named, present = _day(due), cast("str | None", row["occurrence"])
    if named is None:
        return present
    moved_to = named == _day(row["deadline"]) and named not in _until(_series(row), date.fromisoformat(named))
    return present if moved_to else named


def reopened(rows: Rows, item: str, /) -> Rows:
    """Return the rows with a duty to be done after all: what was reported did not hold."""
    return changed(rows, item, closed_on=None, reported_on=None)


def goes_on(rows: Rows, item: str) -> bool:
    """Say whether a recurring duty has an occurrence left to do."""
    row = duty(rows, item)
    return bool(row and row.get("recurrence") and next_occurrence(row))


def next_occurrence(row: Row) -> str | None:
    """Return the first due day of a recurring duty that is not done, ISO; None where the series is over."""
    finished = set(row["done"])
    return next((day for day in _series(row) if day not in finished), None)


def value_of(lifecycle: "Lifecycle[Any]", rows: Rows, item: str) -> str:
    """Return where a duty stands in its lifecycle; the first value of it where the duty was only spoken of."""
    row = duty(rows, item)
    return (row and row["state"]) or lifecycle.values[0]


def placed(lifecycle: "Lifecycle[Any]", before: Rows, after: Rows, item: str, fact: "Fact") -> Rows:
    """Return the rows after a fact with the duty in the state its lifecycle leads to.

    A recurring duty of which an occurrence was done is open again, for the next; where the occurrence was
    another than the present one, or the duty had ended, its state is as before.
    """
    stood = value_of(lifecycle, before, item)
    value = lifecycle.after(stood, fact)
    was, row = duty(before, item) or {}, duty(after, item) or {}
    once = row.get("closed_on") == was.get("closed_on") and goes_on(after, item)
    if once and value in CLOSED and value != stood:
        present = row["occurrence"] == was["occurrence"]
        value = stood if stood in CLOSED or present else lifecycle.values[1]
    return changed(after, item, state=value)


def open_days(row: Row, day: date) -> list[str]:
    """Return the due days of a duty's occurrences that are open and not later than a day, ISO, its deadline first."""
    deadline = row["deadline"]
    if deadline is None:
        return []
    first = [deadline] if parse(deadline).latest <= day else []
    if not row.get("recurrence"):
        return first
    passed = {*row["done"], row["occurrence"]}
    later = (text for text in _until(_series(row), day) if text not in passed)
    return [*first, *later]


def overdue(row: Row, day: date) -> bool:
    """Say whether a duty, or a time it recurs, is still open though its day is over."""
    return row["state"] not in {*CLOSED, None} and any(parse(by).latest < day for by in open_days(row, day))


def _until(series: Iterator[str], day: date) -> Iterator[str]:
    for text in series:
        if date.fromisoformat(text) > day:
            return
        yield text


def _series(row: Row) -> Iterator[str]:
    """Yield the due days of a recurring duty, as far as the calendar or its last day reaches."""
    first = row["first_due"]
    if first is None:
        return
    start = parse(first).latest
    last = parse(row["until"]).latest if row["until"] else date.max
    before = None
    for times in count():
        day = shifted(start, row["recurrence"], times)
        # A recurrence of no length never comes again; neither does one past the calendar's end.
        if day > last or day == before or (times and day == date.max):
            return
        yield day.isoformat()
        before = day


def _day(text: str | None) -> str | None:
    """Return the last day a date may mean, ISO."""
    return parse(text).latest.isoformat() if text else None
