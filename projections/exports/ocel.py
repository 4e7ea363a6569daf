"""The log for process mining: OCEL 2.0 in JSON (ocel-standard.org), readable by pm4py and others.

Events are the facts that stand about the world, in the order of the log, at the day they took effect (the first it
may mean, at midnight UTC). Objects are agreements, projects, parties, commissions, occasions, and each session of a
commission. An event is related to its own stream as `subject` and to the streams it mentions as `mentioned`; objects
are related as the register links them (`signatory`, `under`, `signed there` …). An object's phase and legal status
are its attributes, each value from the day it began. Retracted facts are left out; corrected ones come as corrected.

The file has the events of all streams in one order, and objects before them that name each other: so both are spooled,
and what is held in memory is the ids of the objects and the positions of the events.
"""

from array import array
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, field
from itertools import islice
from types import TracebackType
from typing import Any, Self, TypeAlias

import orjson

from domain.entries import Entry
from domain.facts import name_of, stored
from domain.replay import Replayed, Step
from domain.streams import KINDS, is_stream, kind_of, slug_of
from projections.exports.spool import Spool
from projections.views import links, merges
from projections.world import World

SESSION = "session"
_TIMED = {"agreement": {"legal_status": "legal"}, "project": {"phase": "phase", "run_state": "run"}}
"""Attributes that change, and where the state keeps them."""

BATCH = 500
"""Streams asked for at once."""

Ask: TypeAlias = Callable[[], AbstractContextManager[World]]
JSON: TypeAlias = dict[str, Any]


@dataclass
class Collected:
    """What the streams give: events with their positions, objects with their ids, the attributes of each event type.

    `bare` are the objects before it is known how the register links them, `objects` with that. Use it by `with`.
    """

    events: Spool = field(default_factory=Spool)
    positions: "array[int]" = field(default_factory=lambda: array("Q"))
    bare: Spool = field(default_factory=Spool)
    objects: Spool = field(default_factory=Spool)
    ids: dict[str, None] = field(default_factory=dict)
    related: set[str] = field(default_factory=set)
    types: dict[str, set[str]] = field(default_factory=dict)

    def add(self, one: JSON) -> None:
        """Add an object, once."""
        if one["id"] not in self.ids:
            self.ids[one["id"]] = None
            self.bare.add(orjson.dumps(one))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        with ExitStack() as all_:
            for spool in (self.events, self.bare, self.objects):
                all_.callback(spool.close)


def collect(ask: Ask, found: Collected, progress: Callable[[int, int], None]) -> None:
    """Collect what the streams give for the question.

    `ask` opens a world of always the same day and the same known part of the log; none is held open for long.
    """
    with ask() as world:
        names = [name for name in world.reader.stream_names() if kind_of(name) != "clock"]
    for start in range(0, len(names), BATCH):
        with ask() as world:
            for stream in names[start : start + BATCH]:
                if (replayed := world.fold(stream)) is not None:
                    _collect(replayed, found)
        progress(min(start + BATCH, len(names)), len(names))
    for name in sorted(found.related - found.ids.keys()):
        # Mentioned, and nothing of it in effect: still an object, or the mention would lead nowhere.
        found.add({"id": name, "type": kind_of(name), "attributes": [], "relationships": []})
    _relate(ask, found)


def pieces(found: Collected) -> Iterator[bytes]:
    """Yield the file in pieces: types first, then objects, then events."""
    yield b'{"eventTypes":' + orjson.dumps(_event_types(found))
    yield b',"objectTypes":' + orjson.dumps(_object_types())
    yield from _listed("objects", found.objects.pieces())
    in_order = sorted(range(len(found.positions)), key=found.positions.__getitem__)
    yield from _listed("events", found.events.pieces(in_order))
    yield b"}\n"


def _listed(name: str, values: Iterable[bytes]) -> Iterator[bytes]:
    yield f',"{name}":['.encode()
    for number, value in enumerate(values):
        yield b"," + value if number else value
    yield b"]"


def _collect(replayed: Replayed, found: Collected) -> None:
    attributes = [*_title(replayed), *_timed(replayed)]
    kind = kind_of(replayed.stream)
    found.add({"id": replayed.stream, "type": kind, "attributes": attributes, "relationships": []})
    for step in replayed.steps:
        event = _event(step.entry)
        found.events.add(orjson.dumps(event))
        found.positions.append(step.entry.position)
        found.related |= {one["objectId"] for one in event["relationships"] if is_stream(one["objectId"])}
        found.types.setdefault(event["type"], set()).update(one["name"] for one in event["attributes"])
        if (session := _session(step.entry)) is not None:
            found.add(session)
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


def _relate(ask: Ask, found: Collected) -> None:
    """Write each object out with how the register links it to the others."""
    bare, ids = found.bare.pieces(), iter(found.ids)
    while names := list(islice(ids, BATCH)):
        related: dict[str, list[JSON]] = {name: [] for name in names}
        with ask() as world:
            for row in world.rows(links.projection, names):
                related[row["stream"]].append({"objectId": row["other"], "qualifier": row["relation"]})
            for row in world.rows(merges.projection, names):
                related[row["stream"]].append({"objectId": row["other"], "qualifier": "took in"})
        for name in names:
            one = orjson.loads(next(bare))
            one["relationships"] += (relation for relation in related[name] if relation["objectId"] in found.ids)
            found.objects.add(orjson.dumps(one))


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
