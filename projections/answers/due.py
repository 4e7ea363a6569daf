"""What is late and what is coming: instructions, obligations, milestones, notices, ends, studies, sessions?

Reckoned for the day asked, never stored. A deadline lasts to the end of its day in the register's time
zone, and an imprecise one to the last day it may mean; notices and ends are days to know of, never late.
"""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any, TypeAlias

from domain.dates import parse
from domain.duties import CLOSED, open_days
from domain.vocabulary import ENDED
from projections.answers.streams import Standing, asked_of, standings
from projections.world import World

Item: TypeAlias = dict[str, Any]

_NOT_YET = {"opened", "negotiating", "initialled", "adopted", "signed", "provisionally applied"}
LONGEST = 3660
"""How many days ahead one may look; a daily duty without an end would else fill the calendar."""


def due(world: World, within: int) -> dict[str, Any]:
    """Return what is late on the day asked, and what falls due within so many days (at most `LONGEST`) after it."""
    return {**asked_of(world), "within": within, "items": deadlines(world, standings(world).values(), within)}


def deadlines(world: World, found: Iterable[Standing], within: int) -> list[Item]:
    """Return the open deadlines of streams up to so many days after the day asked, the latest first."""
    horizon = world.as_of + min(timedelta(days=within), date.max - world.as_of)
    items = [
        _item(standing, world.as_of, *found_due)
        for standing in found
        for found_due in said(standing.kind, standing.facets, world.as_of, horizon)
    ]
    return sorted(items, key=latest_first)


def latest_first(item: Item) -> tuple[str, str, str, str]:
    """Return what deadlines are put in order by."""
    return item["due"], item["stream"], item["what"], item["item"] or ""


Said: TypeAlias = tuple[str, str | None, str | None, str, str | None]
"""What falls due: what sort of thing, which, its text, by when (EDTF), and who answers for it."""


def _item(
    standing: Standing, day: date, what: str, item: str | None, text: str | None, by: str, who: str | None
) -> Item:
    latest = parse(by).latest
    return {
        "stream": standing.stream,
        "kind": standing.kind,
        "slug": standing.slug,
        "title": standing.title,
        "what": what,
        "item": item,
        "text": text,
        "due": latest.isoformat(),
        "stated": by,
        "days": (latest - day).days,
        "late": latest < day,
        "responsible": who,
    }


def said(kind: str, facets: dict[str, Any], day: date, horizon: date) -> Iterator[Said]:
    """Yield what falls due by a stream's facets, as asked on a day, up to the horizon."""
    match kind:
        case "agreement":
            yield from _of_agreement(facets, day, horizon)
        case "project" if facets["run_state"] in {"active", "suspended"}:
            yield from _of_project(facets, horizon)
        case "commission":
            yield from _duties("instruction", facets["instructions"], horizon)
            yield from _sessions(facets, horizon)


def _of_agreement(facets: dict[str, Any], day: date, horizon: date) -> Iterator[Said]:
    last = date.fromisoformat(facets["survives_until"] or facets["ended_on"] or horizon.isoformat())
    # What fell due by the end stays due after it; so does what survives the end (VCLT article 70).
    yield from _duties("obligation", facets["obligations"], min(horizon, last))
    for what, by in _term_days(facets):
        if by and day <= date.fromisoformat(by) <= horizon:
            yield what, None, None, by, None


def _term_days(facets: dict[str, Any]) -> Iterator[tuple[str, str | None]]:
    """Yield the days of an agreement's calendar to know of beforehand."""
    term, status = facets["term"], facets["legal_status"]
    if term and status == "in force":
        yield "notice", term["next_notice"]
    if term and status in {"in force", "provisionally applied"}:
        yield "end of term", term["end"]
    if status in ENDED:
        yield "obligations end", facets["survives_until"]
    if facets["entry_into_force"] and status in _NOT_YET:
        yield "entry into force", facets["entry_into_force"]["on"]


def _of_project(facets: dict[str, Any], horizon: date) -> Iterator[Said]:
    if facets["phase"] != "completed":
        yield from _duties("milestone", facets["milestones"], horizon)
    for study in facets["studies"]:
        if study["due"] and study["step"] not in {"submitted", "accepted"} and parse(study["due"]).latest <= horizon:
            yield "study", study["study"], None, study["due"], study["author"]


def _duties(what: str, rows: Iterable[dict[str, Any]], horizon: date) -> Iterator[Said]:
    for row in rows:
        if row["state"] not in {*CLOSED, None}:
            for by in open_days(row, horizon):
                yield what, row["item"], row["text"], by, row.get("responsible")


def _sessions(facets: dict[str, Any], horizon: date) -> Iterator[Said]:
    for session in facets["sessions"]:
        planned = session["state"] in {"scheduled", "postponed"} and session["on"]
        if planned and parse(session["on"]).latest <= horizon:
            yield "session", session["session"], session["place"], session["on"], None
