"""Why does a facet say what it says? The events that set it, here and in the streams that add to the answer."""

from collections.abc import Iterable, Iterator
from typing import Any

from domain.replay import Replayed
from domain.streams import slug_of
from domain.tracing import RECKONED, Trace, why
from projections.answers.history import event_shown
from projections.answers.status import status
from projections.answers.streams import asked_of, pointing_at
from projections.world import World

_OWN_NAMES = {"agreement_kind": "kind", "party_kind": "kind", "occasion_kind": "kind", "parties": "parties"}
"""Fields of a status that are called otherwise among the facets."""

_FROM_OTHERS = {"project": "under", "projects": "under", "occasions": "signed there"}
"""Fields of an agreement's status that other streams add, and the relation they stand in."""


class NoSuchFacet(Exception):
    """The stream has no facet of that name; fields: the name, and those it has."""

    def __init__(self, name: str, known: Iterable[str]) -> None:
        self.name = name
        self.known = tuple(known)
        super().__init__(name)


def reasons(world: World, stream: str, facet: str) -> dict[str, Any] | None:
    """Return a facet's value and the events it rests on, in the order of their effect; None: nothing in effect.

    Raises `NoSuchFacet`.
    """
    shown = status(world, stream)
    replayed = world.replayed(stream)
    if replayed is None:
        return None
    name = _OWN_NAMES.get(facet, facet)
    known = dict.fromkeys((*replayed.facets, *RECKONED, *_OWN_NAMES, *(_FROM_OTHERS if "projects" in shown else ())))
    if name not in known or facet not in {*shown, *replayed.facets}:
        raise NoSuchFacet(facet, sorted(field for field in known if field in shown))
    stored = replayed.facets.get(name)
    reckoned = facet in RECKONED and shown.get(facet) != stored
    told = list(_told(world, replayed, why(replayed, name, reckoned=reckoned)))
    for other in pointing_at(world, stream, _FROM_OTHERS[facet]) if facet in _FROM_OTHERS else ():
        if (found := world.replayed(other)) is not None:
            told += _told(world, found, why(found, "agreements"))
    return {
        **asked_of(world),
        "stream": stream,
        "slug": slug_of(stream),
        "facet": facet,
        "value": shown.get(facet, stored),
        "reckoned": reckoned,
        "events": told,
    }


def _told(world: World, replayed: Replayed, traces: Iterable[Trace]) -> Iterator[dict[str, Any]]:
    events = {event.id: event for event in world.reader.stream(replayed.stream)}
    lines = {line.entry.id: line for line in replayed.lines}
    for trace in traces:
        shown = event_shown(events[trace.entry.id], lines[trace.entry.id])
        yield {"facet": trace.facet, "before": trace.before, "after": trace.after, "event": shown}
