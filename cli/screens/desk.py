"""What is due, a docket and the funnel, as a person reads them."""

from collections.abc import Iterator, Sequence
from typing import Any

from cli.inert import inert
from cli.output import Screen, cell
from cli.screens.listing import table
from cli.screens.words import counted, day
from cli.table import Column, lines

DUE = (
    Column("due", "DUE", fixed=True),
    Column("when", "WHEN", fixed=True),
    Column("slug", "STREAM", fixed=True),
    Column("what", "WHAT"),
    Column("item", "ITEM"),
    Column("responsible", "WHO", drop=1),
    Column("text", "TEXT", drop=2),
)

DOCKET = (
    Column("number", "NO", fixed=True),
    Column("slug", "STREAM", fixed=True),
    Column("why", "WHY"),
    Column("responsible", "WHO", drop=1),
    Column("since", "SINCE LAST SESSION", drop=2),
)

FUNNEL = (
    Column("stage", "STAGE"),
    Column("now", "NOW"),
    Column("reached", "EVER"),
    Column("median_days", "MEDIAN DAYS"),
    Column("median_days_so_far", "SO FAR"),
)


def due_row(item: dict[str, Any]) -> dict[str, Any]:
    """Return a deadline as a row, with how far it is in words."""
    return {**item, "when": distance(item["days"])}


def distance(days: int) -> str:
    """Return in words how far a day is: `today`, `in 3 days`, `late 11 days`."""
    if days == 0:
        return "today"
    return f"in {counted(days, 'day')}" if days > 0 else f"late {counted(-days, 'day')}"


def due_lines(answer: dict[str, Any], rows: Sequence[dict[str, Any]], screen: Screen) -> Iterator[str]:
    """Yield what is due for people: how much is late, then a line each."""
    late = sum(item["late"] for item in answer["items"])
    coming = len(answer["items"]) - late
    yield screen.bold(f"{late} late, {coming} within {counted(answer['within'], 'day')} of {answer['as_of']}")
    if rows:
        yield from table(rows, DUE, screen)


def docket_row(number: int, item: dict[str, Any]) -> dict[str, Any]:
    """Return an item of a docket as a row: why it is there, who answers, what changed."""
    why = "; ".join(_why(item)) or ("changed" if item["changed"] else "")
    return {**item, "number": str(number), "why": why, "since": _since(item)}


def _why(item: dict[str, Any]) -> Iterator[str]:
    if item["late"]:
        first = item["late"][0]
        more = f" and {len(item['late']) - 1} more" if len(item["late"]) > 1 else ""
        yield f"{first['what']} {first['item'] or ''}".rstrip() + f" overdue by {counted(-first['days'], 'day')}{more}"
    if item["carried_over"]:
        times = {1: "once", 2: "twice"}.get(item["carried_over"], f"{item['carried_over']} times")
        yield f"carried over {times}"
    if item["never_reviewed"]:
        yield "never reviewed"
    if item["days_in_phase"] is not None:
        yield f"{counted(item['days_in_phase'], 'day')} in {item['phase']}"


def _since(item: dict[str, Any]) -> str:
    if item["new"]:
        return "new"
    told = (
        f"{row['facet'].replace('_', ' ')} {_plain(row['before'])} -> {_plain(row['after'])}" for row in item["changed"]
    )
    return "; ".join(told)


def _plain(value: Any) -> str:
    return cell(value["on"] if isinstance(value, dict) and "on" in value else value) or "nothing"


def docket_lines(answer: dict[str, Any], rows: Sequence[dict[str, Any]], screen: Screen) -> Iterator[str]:
    """Yield a docket for people: the commission, the session, a line each."""
    yield screen.bold(f"{inert(answer['title'])}, {_session(answer['session'])}: {counted(len(rows), 'item')}")
    since = answer["previous"]
    yield f"since the session of {day(since)}" if since else "no session was held before"
    if rows:
        yield from lines([{c.field: cell(row.get(c.field)) for c in DOCKET} for row in rows], DOCKET, screen.width)


def _session(session: dict[str, Any] | None) -> str:
    if session is None:
        return "next session not scheduled"
    name = f"session {session['session']}" if session["session"] else "session"
    return inert(f"{name}, {day(session['on'])}" if session["on"] else f"{name}, no date")


def funnel_rows(answer: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the funnel as rows: agreements, then projects by phase, then those that left."""
    agreements, projects = answer["agreements"], answer["projects"]
    rows = [{"stage": f"agreements {name.replace('_', ' ')}", "now": count} for name, count in agreements.items()]
    rows += [{**row, "stage": row["phase"]} for row in answer["phases"]]
    return rows + [{"stage": f"projects {name}", "now": count} for name, count in projects.items()]


def funnel_lines(answer: dict[str, Any], screen: Screen) -> Iterator[str]:
    """Yield the funnel for people."""
    agreements, projects = answer["agreements"], answer["projects"]
    told = f"{agreements['signed']} signed, {agreements['in_force']} in force, {agreements['ended']} ended"
    yield screen.bold(f"{counted(agreements['total'], 'agreement')}: {told}")
    left = ", ".join(
        f"{projects[name]} {name}" for name in ("operating", "completed", "suspended", "dropped", "cancelled")
    )
    yield screen.bold(f"{counted(projects['total'], 'project')}: {left}")
    reached = [{**row, "stage": row["phase"]} for row in answer["phases"] if row["reached"]]
    if reached:
        yield from table(reached, FUNNEL, screen)
