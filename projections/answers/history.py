"""How did it come to be? The log as it stands, one event, and a stream replayed step by step."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from domain.dates import by
from domain.facts import stored
from domain.reading import read_all
from domain.record import Line, resolve
from domain.replay import Step, changes, facets_of, replay
from domain.streams import kind_of, slug_of
from eventstore.envelope import Recorded
from projections.answers.status import status
from projections.answers.streams import asked_of
from projections.rebuild import differing
from projections.world import World


@dataclass(frozen=True, slots=True)
class Period:
    """Which events to show: effective days and recorded times from a bound on (None: no bound).

    `in_effect` leaves out what had not taken effect by the day asked.
    """

    happened_since: str | None = None
    recorded_since: str | None = None
    in_effect: bool = False


def event_shown(event: Recorded, line: Line) -> dict[str, Any]:
    """Return an event as the log answers it, with what became of it."""
    on = line.stands.on if line.stands else line.entry.on
    return {
        "position": event.position,
        "id": event.id,
        "hash": event.hash.hex(),
        "stream": event.stream,
        "version": event.version,
        "type": event.type,
        "schema": event.schema,
        "on": on.text,
        "on_as_recorded": event.on,
        "earliest": on.earliest.isoformat(),
        "latest": on.latest.isoformat(),
        "recorded": event.recorded,
        "asserted": event.asserted,
        "by": event.by,
        "about": list(event.about),
        "data": dict(event.data),
        "corrected_data": _corrected(event, line),
        "sources": [dict(source) for source in event.sources],
        "key": event.key,
        "note": event.note,
        "standing": line.standing,
        "touched_by": [touch.id for touch in line.touched_by],
    }


def _corrected(event: Recorded, line: Line) -> dict[str, Any] | None:
    """Return the data as corrected; None where it holds as recorded, or no more."""
    stands = stored(line.stands.fact) if line.standing == "corrected" and line.stands else dict(event.data)
    return stands if stands != event.data else None


def log(world: World, stream: str | None = None, period: Period | None = None) -> dict[str, Any]:
    """Return the events of a stream and those about it, or of the whole log, each with its standing."""
    found = _events(world, stream)
    lines = _lines(world, {event.stream for event in found})
    wanted = period or Period()
    shown = [
        event_shown(event, lines[event.id])
        for event in found
        if event.id in lines and (not wanted.in_effect or _in_effect(lines[event.id], world))
    ]
    return {**asked_of(world), "events": [row for row in shown if _in_period(row, wanted)]}


def _events(world: World, stream: str | None) -> list[Recorded]:
    if stream is not None:
        return world.reader.about(stream)
    return world.reader.after(0, limit=world.head.size)


def _lines(world: World, streams: Iterable[str]) -> dict[str, Line]:
    """Return what became of every event of the streams, as known at the point asked."""
    known_at = world.known_at
    found: dict[str, Line] = {}
    for events in world.reader.streams(streams).values():
        known = (event for event in events if known_at is None or event.position <= known_at)
        found |= {line.entry.id: line for line in resolve(read_all(tuple(known)))}
    return found


def _in_period(row: dict[str, Any], period: Period) -> bool:
    happened = period.happened_since is None or row["latest"] >= period.happened_since
    return happened and (period.recorded_since is None or row["recorded"] >= period.recorded_since)


def _in_effect(line: Line, world: World) -> bool:
    return by((line.stands or line.entry).on, world.as_of) != "no"


def one_event(world: World, event: Recorded) -> dict[str, Any]:
    """Return one event whole, with the events that touched it."""
    lines = _lines(world, [event.stream])
    shown = event_shown(event, lines[event.id])
    touching = {touch.id for touch in lines[event.id].touched_by}
    events = world.reader.by_ids(touching)
    return {
        **asked_of(world),
        "event": shown,
        "touched_by": [event_shown(other, lines[other.id]) for other in events.values()],
    }


def replayed(world: World, stream: str, until: str | None = None) -> dict[str, Any] | None:
    """Return a stream's history step by step and where it leads; None where nothing was known or in effect.

    `until` is the id of the last event to fold. `matches_projection` compares the stored views with
    the whole log folded afresh, whatever part of it was asked for.
    """
    found = world.replayed(stream)
    if found is None:
        return None
    events = {event.id: event for event in world.reader.stream(stream)}
    lines = {line.entry.id: line for line in found.lines}
    steps = list(_until(found.steps, until))
    return {
        **asked_of(world),
        "stream": stream,
        "steps": [_step_shown(step, event_shown(events[step.entry.id], lines[step.entry.id])) for step in steps],
        "struck": [event_shown(events[line.entry.id], line) for line in found.lines if line.standing == "retracted"],
        "final": status(world, stream) if until is None else _state_after(steps),
        "matches_projection": not differing(world.reader.connection, replay(read_all(tuple(events.values())))),
    }


def _until(steps: Iterable[Step], last: str | None) -> Iterable[Step]:
    for step in steps:
        yield step
        if step.entry.id == last:
            return


def _state_after(steps: list[Step]) -> dict[str, Any]:
    """Return the state after the last step shown, without what other streams add to a status."""
    stream = steps[-1].entry.stream
    return {"kind": kind_of(stream), "slug": slug_of(stream), "facets": facets_of(stream, steps[-1].after)}


def _step_shown(step: Step, event: dict[str, Any]) -> dict[str, Any]:
    findings = [{"code": f.code, "weight": f.weight, "message": f.message} for f in step.findings]
    return {"event": event, "changes": changes(step), "findings": findings}
