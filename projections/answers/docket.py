"""What does a commission have to deal with: what changed since its last session, is late, carried over, never reviewed?

What changed is what the register would answer otherwise than it did at the end of the last session's
day; a register begun later is compared as it is known now.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias

from domain.dates import parse
from domain.duties import CLOSED
from domain.folding import folded
from domain.streams import slug_of
from domain.vocabulary import ABANDONED, ENDED
from projections.answers.due import deadlines
from projections.answers.funnel import days_in_phase
from projections.answers.streams import Standing, asked_of, standings
from projections.world import World

Row: TypeAlias = dict[str, Any]

_WATCHED = {
    "agreement": ("legal_status", "signed", "in_force_on", "financing", "term_end"),
    "project": ("phase", "run_state", "financing"),
}


class NoSuchSession(Exception):
    """The commission has no session of that name; fields: the name, and the sessions there are."""

    def __init__(self, name: str, known: Iterable[str]) -> None:
        self.name = name
        self.known = tuple(known)
        super().__init__(name)


@dataclass(frozen=True)
class Desk:
    """One commission's desk: the world asked, the world at its last session, and what it had to do with."""

    world: World
    commission: Standing
    found: dict[str, Standing]
    before: dict[str, Standing]
    previous: date | None
    held: tuple[date, ...]
    late: dict[str, list[Row]]
    instructions: dict[str, list[Row]]

    def carried_over(self, since: str) -> int:
        """Return how many sessions were held after the day something was left open."""
        return sum(day > parse(since).earliest for day in self.held)


def docket(world: World, stream: str, session: str, known_by: Callable[[date], int]) -> Row:
    """Return what is before a commission at a session, or at the `next` one.

    `known_by` gives the position of the log at the end of a day. Raises `NoSuchSession`.
    """
    found = standings(world)
    commission = found[stream]
    sessions = commission.facets["sessions"]
    meant = _meant(sessions, session)
    previous = _previous(sessions, meant, world.as_of)
    before = standings(_world_then(world, previous, known_by)) if previous else {}
    rows = _instructions(commission, found)
    desk = Desk(
        world=world,
        commission=commission,
        found=found,
        before=before,
        previous=previous,
        held=tuple(sorted(_held(sessions, world.as_of))),
        late=_late(world, found, stream, rows),
        instructions=rows,
    )
    several = sum(standing.kind == "commission" for standing in found.values()) > 1
    items = [_item(desk, standing) for standing in found.values() if _concerns(desk, standing, several=several)]
    told = [item for item in items if item["reasons"]]
    return {
        **asked_of(world),
        "commission": commission.slug,
        "title": commission.title,
        "session": meant,
        "previous": previous.isoformat() if previous else None,
        "items": sorted(told, key=_urgency),
    }


def _meant(sessions: list[Row], name: str) -> Row | None:
    if name == "next":
        coming = [row for row in sessions if row["state"] in {"scheduled", "postponed"}]
        return min(coming, key=lambda row: row["on"] or "9999", default=None)
    row = next((row for row in sessions if row["session"] == name), None)
    if row is None:
        raise NoSuchSession(name, (str(row["session"]) for row in sessions if row["session"]))
    return row


def _held(sessions: list[Row], day: date) -> list[date]:
    days = (parse(row["on"]).earliest for row in sessions if row["state"] == "held" and row["on"])
    return [held for held in days if held <= day]


def _previous(sessions: list[Row], meant: Row | None, day: date) -> date | None:
    """Return the day of the last session held before the one meant, and not after the day asked."""
    limit = parse(meant["on"]).earliest if meant and meant["on"] else date.max
    return max((held for held in _held(sessions, day) if held < limit), default=None)


def _world_then(world: World, day: date, known_by: Callable[[date], int]) -> World:
    known = known_by(day) or world.known_at
    if known is not None and world.known_at is not None:
        known = min(known, world.known_at)
    return World(world.reader, day, known)


def _instructions(commission: Standing, found: dict[str, Standing]) -> dict[str, list[Row]]:
    """Return the commission's open instructions by the stream each is about.

    The commission's own are about none, or about what has ended since.
    """
    by_stream: dict[str, list[Row]] = {}
    for row in commission.facets["instructions"]:
        if row["state"] not in {*CLOSED, None, "not issued"}:
            about = [stream for stream in row.get("about", ()) if stream in found and not _over(found[stream])]
            for stream in about or [commission.stream]:
                by_stream.setdefault(stream, []).append(row)
    return by_stream


def _late(
    world: World, found: dict[str, Standing], stream: str, instructions: dict[str, list[Row]]
) -> dict[str, list[Row]]:
    """Return what is late by stream; an instruction counts with the streams it is about."""
    about: dict[str, list[str]] = {}
    for subject, rows in instructions.items():
        for row in rows:
            about.setdefault(row["item"], []).append(subject)
    late: dict[str, list[Row]] = {}
    for item in deadlines(world, found.values(), 0):
        own = item["what"] == "instruction" and item["stream"] == stream
        if item["late"] and (own or not item["stream"].startswith("commission/")):
            for subject in about.get(item["item"], [stream]) if own else [item["stream"]]:
                late.setdefault(subject, []).append(item)
    return late


def _concerns(desk: Desk, standing: Standing, *, several: bool) -> bool:
    """Say whether a stream is before this commission: its own, one not ended long ago, of its sides."""
    if standing.stream == desk.commission.stream:
        return True
    if standing.kind not in _WATCHED:
        return False
    if _over(standing) and _was_over(desk, standing):
        return False
    return not several or _of_commission(desk, standing)


def _was_over(desk: Desk, standing: Standing) -> bool:
    """Say whether the last session had nothing to do with it any more."""
    if (before := desk.before.get(standing.stream)) is not None:
        return _over(before)
    return desk.previous is not None and _ended_before(standing, desk.previous)


def _over(standing: Standing) -> bool:
    facets = standing.facets
    if standing.kind == "agreement":
        return facets["legal_status"] in ENDED
    return facets["run_state"] in ABANDONED or facets["phase"] == "completed"


def _ended_before(standing: Standing, day: date) -> bool:
    facets = standing.facets
    ended = facets["ended_on"] if standing.kind == "agreement" else facets["run_since"] or facets["since"]
    return bool(ended) and parse(ended).latest < day


def _of_commission(desk: Desk, standing: Standing) -> bool:
    """Say whether a stream has to do with one of several commissions: reviewed, instructed on, or of its sides."""
    slug = desk.commission.slug
    if any(review["commission"] == slug for review in standing.facets["reviews"]):
        return True
    if standing.stream in desk.instructions:
        return True
    if standing.kind == "project":
        agreements = (desk.found.get(f"agreement/{name}") for name in standing.facets["agreements"])
        return any(agreement and _of_commission(desk, agreement) for agreement in agreements)
    sides = {folded(line["side"]) for line in standing.facets["parties"] if line["side"]}
    return len(sides) > 1 and sides <= {folded(side) for side in desk.commission.facets["sides"]}


def _item(desk: Desk, standing: Standing) -> Row:
    watched = standing.kind in _WATCHED
    before = desk.before.get(standing.stream)
    changed = _changed(before, standing) if watched else []
    late = desk.late.get(standing.stream, [])
    instructions = desk.instructions.get(standing.stream, [])
    carried = [{"item": row["item"], "times": desk.carried_over(row["issued_on"])} for row in instructions]
    put_off = _put_off(desk, standing) if watched and not _over(standing) else 0
    times = max([*(row["times"] for row in carried), put_off], default=0)
    never = watched and not standing.facets["reviews"]
    reasons = {"changed": bool(changed), "late": bool(late), "carried over": times > 0, "never reviewed": never}
    return {
        "stream": standing.stream,
        "kind": standing.kind,
        "slug": standing.slug,
        "title": standing.title,
        "reasons": [reason for reason, holds in reasons.items() if holds],
        "new": watched and before is None,
        "changed": changed,
        "late": late,
        "carried_over": times,
        "instructions": [row for row in carried if row["times"]],
        "never_reviewed": never,
        "phase": standing.facets["phase"] if standing.kind == "project" else None,
        "days_in_phase": days_in_phase(standing, desk.world) if standing.kind == "project" else None,
        "responsible": next((row["responsible"] for row in late if row["responsible"]), None),
    }


def _changed(before: Standing | None, now: Standing) -> list[Row]:
    was, is_ = (_watched(standing) if standing else {} for standing in (before, now))
    return [
        {"facet": facet, "before": was.get(facet), "after": value}
        for facet, value in is_.items()
        if was.get(facet) != value
    ]


def _watched(standing: Standing) -> Row:
    facets = {**standing.facets, "term_end": (standing.facets.get("term") or {}).get("end")}
    return {name: facets[name] for name in _WATCHED[standing.kind]}


def _put_off(desk: Desk, standing: Standing) -> int:
    """Return how often this commission put the matter off: by deferring it, and by every session since."""
    own = [row for row in standing.facets["reviews"] if row["commission"] == desk.commission.slug]
    since = None
    for review in reversed(own):
        if review.get("outcome") != "deferred":
            break
        since = review["on"]
    return 1 + desk.carried_over(since) if since else 0


def _urgency(item: Row) -> tuple[int, int, bool, str]:
    latest = min((row["days"] for row in item["late"]), default=0)
    return latest, -item["carried_over"], not item["changed"], slug_of(item["stream"])
