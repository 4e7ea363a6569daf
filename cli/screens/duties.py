"""What somebody is to do, and what commissions have to do with a matter, as a person reads it."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from cli.screens.words import counted, day
from domain.duties import CLOSED, overdue


def duties(rows: Iterable[dict[str, Any]], as_of: str) -> Iterator[str]:
    """Yield what somebody is to do, by when, whether that is past, and how far it is."""
    today = date.fromisoformat(as_of)
    for row in rows:
        late = overdue(row, today) if row["state"] else False
        yield f"{row['item']}   {_standing(row, late=late)}{_told(row)}"


def _standing(row: dict[str, Any], *, late: bool) -> str:
    due = f", due {day(row['deadline'])}" if row["deadline"] and row["state"] not in CLOSED else ""
    moved = f", moved {counted(len(row['moved']), 'time')}" if row.get("moved") else ""
    done = f", done {counted(len(row['done']), 'time')}" if row.get("done") else ""
    again = f", every {row['recurrence']}{done}" if row.get("recurrence") else ""
    return f"{row['state']}{due}{', overdue' if late else ''}{moved}{again}"


def _told(row: dict[str, Any]) -> str:
    """Return who answers for it, what was last reported, and why it became what it is."""
    who = row.get("responsible")
    told = (row.get("progress"), row.get("report"), row.get("reason"))
    return "".join((f", {who}" if who else "", *(f": {text}" for text in told if text)))


def commissioned(answer: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield what commissions instructed on a matter, and whether and how they reviewed it."""
    for row in answer["instructions"]:
        yield "Instructed", f"{row['commission']} {row['item']}   {_standing(row, late=row['overdue'])}"
    yield "Review", reviewed(answer)
    for coming in answer["review_scheduled"]:
        on = f", {day(coming['on'])}" if coming["on"] else ""
        yield "Scheduled", f"{coming['commission']}, session {coming['session']}{on}"


def reviewed(answer: dict[str, Any]) -> str:
    """Return when a commission last looked at a matter, and what came of it; else never or scheduled."""
    if not answer["reviews"]:
        return str(answer["review"])
    last = answer["reviews"][-1]
    found = ", ".join(filter(None, (last.get("finding"), last.get("outcome"))))
    session = f", session {last['session']}" if last.get("session") else ""
    where = f"{day(last['on'])}, {last['commission']}{session}"
    remarks = f" ({last['remarks']})" if last.get("remarks") else ""
    return f"{where}: {found}{remarks}" if found else f"{where}{remarks}"
