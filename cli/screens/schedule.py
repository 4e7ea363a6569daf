"""The clock as a person reads it: what it does when, what would fire, what came of a round."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from cli.inert import inert
from cli.output import Screen
from cli.reminders import Habits, History, Reminder, Round
from cli.screens.listing import table
from cli.screens.words import counted
from cli.table import Column
from eventstore.envelope import Recorded

JOBS = (Column("job", "JOB", fixed=True), Column("leads", "DAYS AHEAD"), Column("of", "OF"))

PREVIEW = (
    Column("day", "DAY", fixed=True),
    Column("due", "DUE", fixed=True),
    Column("days", "AHEAD"),
    Column("job", "JOB", drop=1),
    Column("text", "TEXT"),
)

_NOTICES = "notice, end of term, end of surviving obligations, entry into force"
_DUES = "instruction, obligation, milestone, study, session"


def jobs(habits: Habits, *, backup: str) -> list[dict[str, Any]]:
    """Return the jobs as rows."""
    return [
        {"job": "due", "leads": list(habits.leads), "of": _DUES},
        {"job": "due", "leads": list(habits.notice_leads), "of": _NOTICES},
        {"job": "docket", "leads": list(habits.docket_leads), "of": "session"},
        {"job": "verify", "leads": [], "of": "the whole log, once a day"},
        {"job": "backup", "leads": [], "of": backup},
    ]


def clock_json(history: History, moment: datetime, habits: Habits) -> dict[str, Any]:
    """Return how far the clock came, and when it goes on."""
    return {
        "timezone": str(moment.tzinfo),
        "at": habits.at.isoformat("minutes"),
        "started_on": history.started and history.started.isoformat(),
        "last_round": history.done and history.done.isoformat(),
        "next": {"local": moment.isoformat(), "utc": moment.astimezone(UTC).isoformat()},
        "undelivered": [{**fired(event), "problem": history.problems.get(event.id)} for event in history.undelivered],
    }


def clock_lines(answer: dict[str, Any], screen: Screen) -> Iterator[str]:
    """Yield the clock for people: its jobs, its next round, what did not arrive."""
    local, utc = (datetime.fromisoformat(answer["next"][name]) for name in ("local", "utc"))
    yield screen.bold(f"next round {local:%Y-%m-%d %H:%M} {answer['timezone']} ({utc:%Y-%m-%d %H:%M} UTC)")
    if answer["started_on"]:
        yield f"calling to mind since {answer['started_on']}, last round {answer['last_round'] or 'none yet'}"
    else:
        yield "not started: the first round starts it, with: paraph schedule once"
    yield from table([{**row, "leads": ", ".join(map(str, row["leads"]))} for row in answer["jobs"]], JOBS, screen)
    if waiting := answer["undelivered"]:
        yield screen.bold(f"{counted(len(waiting), 'reminder')} not delivered")
        for row in waiting:
            yield f"  {inert(row['text'])}" + (f" ({inert(row['problem'])})" if row["problem"] else "")


def preview_row(reminder: Reminder) -> dict[str, Any]:
    """Return a reminder that would fire as a row."""
    return {
        "day": reminder.day.isoformat(),
        "job": reminder.job,
        "stream": reminder.subject,
        "item": reminder.item,
        "due": reminder.due,
        "days": reminder.lead,
        "text": reminder.text,
    }


def preview_lines(rows: Sequence[dict[str, Any]], days: int, screen: Screen) -> Iterator[str]:
    """Yield what would fire for people."""
    yield screen.bold(f"{counted(len(rows), 'reminder')} within {counted(days, 'day')}")
    if rows:
        yield from table(rows, PREVIEW, screen)


def fired(event: Recorded) -> dict[str, Any]:
    """Return a reminder on record as JSON answers hold it."""
    data: Any = event.data
    told = {name: data.get(name) for name in ("job", "item", "due", "days", "text")}
    return {"id": event.id, "position": event.position, "day": event.on, "stream": data["subject"], **told}


def round_json(made: Round, moment: datetime) -> dict[str, Any]:
    """Return what came of a round."""
    return {
        "fired": [fired(event) for event in made.fired],
        "delivered": [{"reminder": event.id, "outlet": outlet} for event, outlet in made.delivered],
        "failed": [{"reminder": event.id, "outlet": sort, "problem": what} for event, sort, what in made.failed],
        "verify": made.report and {"ok": made.report.ok, "events": made.report.events, "root": made.report.root.hex()},
        "backup": made.backup and str(made.backup.path),
        "next": moment.isoformat(),
    }


def round_lines(made: Round, moment: datetime) -> Iterator[str]:
    """Yield what came of a round, for people."""
    told = [f"{counted(sum(event.data['job'] in {'due', 'docket'} for event in made.fired), 'reminder')} fired"]
    if made.report:
        told.append("integrity check " + ("ok" if made.report.ok else "FAILED"))
    if made.backup:
        told.append(f"backup {inert(str(made.backup.path))}")
    yield f"paraph: {', '.join(told)}; next round {moment:%Y-%m-%d %H:%M} {moment.tzinfo}"
