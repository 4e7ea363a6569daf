"""The log for process mining: OCEL 2.0 in JSON (ocel-standard.org), readable by pm4py and others.

Events are the facts that stand about the world, in the order of the log, at the day they took effect (the first it
may mean, at midnight UTC). Objects are agreements, projects, parties, commissions, occasions, and each session of a
commission. An event is related to its own stream as `subject` and to the streams it mentions as `mentioned`; objects
are related as the register links them (`signatory`, `under`, `signed there` …). An object's phase and legal status
are its attributes, each value from the day it began. Retracted facts are left out; corrected ones come as corrected.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import orjson

from domain.entries import Entry
from domain.facts import name_of, stored
from domain.replay import Replayed, Step
from domain.streams import KINDS, is_stream, kind_of, slug_of
from projections.projection import Row
from projections.views import links, merges
from projections.world import World

SESSION = "session"
_TIMED = {"agreement": {"legal_status": "legal"}, "project": {"phase": "phase", "run_state": "run"}}
"""Attributes that change, and where the state keeps them."""

JSON: TypeAlias = dict[str, Any]


@dataclass
class Collected:
    """What the streams give: events by position, written already; objects by id; the attributes of each event type."""

    events: list[tuple[int, bytes]] = field(default_factory=list)
    related: set[str] = field(default_factory=set)
    objects: dict[str, JSON] = field(default_factory=dict)
    types: dict[str, set[str]] = field(default_factory=dict)


def collected(world: World, progress: Callable[[int, int], None]) -> Collected:
    """Return what the streams give for the question."""
    found = Collected()
    names = [name for name in world.reader.stream_names() if kind_of(name) != "clock"]
    for done, stream in enumerate(names, 1):
        if (replayed := world.fold(stream)) is not None:
            _collect(replayed, found)
        progress(done, len(names))
    for name in sorted(found.related - found.objects.keys()):
        # Mentioned, and nothing of it in effect: still an object, or the mention would lead nowhere.
        found.objects[name] = {"id": name, "type": kind_of(name), "attributes": [], "relationships": []}
    _relate(world.rows(links.projection), found)
    _relate(({**row, "relation": "took in"} for row in world.rows(merges.projection)), found)
    found.events.sort(key=lambda numbered: numbered[0])
    return found


def pieces(found: Collected) -> Iterator[bytes]:
    """Yield the file in pieces: types first, then objects, then events."""
    yield b'{"eventTypes":' + orjson.dumps(_event_types(found))
    yield b',"objectTypes":' + orjson.dumps(_object_types())
    yield from _listed("objects", map(orjson.dumps, found.objects.values()))
    yield from _listed("events", (event for _, event in found.events))
    yield b"}\n"


def _listed(name: str, values: Iterable[bytes]) -> Iterator[bytes]:
    yield f',"{name}":['.encode()
    for number, value in enumerate(values):
        yield b"," + value if number else value
    yield b"]"


def _collect(replayed: Replayed, found: Collected) -> None:
    found.objects[replayed.stream] = {
        "id": replayed.stream,
        "type": kind_of(replayed.stream),
        "attributes": [*_title(replayed), *_timed(replayed)],
        "relationships": [],
    }
    for step in replayed.steps:
        event = _event(step.entry)
        found.events.append((step.entry.position, orjson.dumps(event)))
        found.related |= {one["objectId"] for one in event["relationships"] if is_stream(one["objectId"])}
        found.types.setdefault(event["type"], set()).update(one["name"] for one in event["attributes"])
        if (session := _session(step.entry)) is not None:
            found.objects.setdefault(session["id"], session)
            found.related |= {one["objectId"] for one in session["relationships"]}


def _event(entry: Entry) -> JSON:
    related = [{"objectId": entry.stream, "qualifier": "subject"}]
    related += ({"objectId": name, "qualifier": "mentioned"} for name in entry.about)
    if (session := _session(entry)) is not None:
        related.append({"objectId": session["id"], "qualifier": "at session"})
    said = {name: value for name, value in stored(entry.fact).items() if isinstance(value, str | int)}
    attributes = [{"name": name, "value": str(value)} for name, value in said.items()]
    attributes += [{"name": "on", "value": entry.on.text}, {"name": "recorded", "value": entry.recorded}]
    return {
        "id": entry.id,
        "type": name_of(entry.fact),
        "time": _time(entry),
        "attributes": attributes,
        "relationships": related,
    }


def _session(entry: Entry) -> JSON | None:
    """Return the session a fact belongs to as an object, where it names one."""
    name = getattr(entry.fact, "session", None)
    commission = entry.stream if kind_of(entry.stream) == "commission" else getattr(entry.fact, "commission", None)
    if not name or not commission:
        return None
    held = {"objectId": commission, "qualifier": "session of"}
    attributes = [{"name": "title", "time": _time(entry), "value": f"{slug_of(commission)}, session {name}"}]
    return {
        "id": f"{SESSION}/{slug_of(commission)}/{name}",
        "type": SESSION,
        "attributes": attributes,
        "relationships": [held],
    }


def _title(replayed: Replayed) -> Iterator[JSON]:
    first: Step = replayed.steps[0]
    yield {"name": "title", "time": _time(first.entry), "value": str(replayed.facets["title"])}


def _timed(replayed: Replayed) -> Iterator[JSON]:
    for name, kept in _TIMED.get(kind_of(replayed.stream), {}).items():
        before = None
        for step in replayed.steps:
            value = getattr(step.after, kept)
            if value != before:
                yield {"name": name, "time": _time(step.entry), "value": str(value)}
            before = value


def _relate(rows: Iterable[Row], found: Collected) -> None:
    for row in rows:
        if row["stream"] in found.objects and row["other"] in found.objects:
            related = {"objectId": row["other"], "qualifier": row["relation"]}
            found.objects[row["stream"]]["relationships"].append(related)


def _event_types(found: Collected) -> list[JSON]:
    return [
        {"name": name, "attributes": [{"name": attribute, "type": "string"} for attribute in sorted(attributes)]}
        for name, attributes in sorted(found.types.items())
    ]


def _object_types() -> list[JSON]:
    kinds = [kind for kind in KINDS if kind != "clock"]
    return [
        {"name": kind, "attributes": [{"name": name, "type": "string"} for name in ("title", *_TIMED.get(kind, ()))]}
        for kind in (*kinds, SESSION)
    ]


def _time(entry: Entry) -> str:
    return f"{entry.on.earliest.isoformat()}T00:00:00Z"
