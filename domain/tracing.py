"""Why does a facet say what it says? The events that set it, and those its reckoning rests on."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from domain.entries import Entry
from domain.replay import Replayed, changes

RECKONED: dict[str, tuple[str, ...]] = {
    "legal_status": ("term", "renewals", "notices", "in_force_on", "signed"),
    "consent": ("notices",),
    "consents": (),
    "term": ("renewals", "notices", "in_force_on", "signed"),
    "next": ("term", "renewals", "notices", "in_force_on", "signed"),
    "entry_into_force": ("entry_into_force_rule", "consents", "signed", "parties"),
}
"""Facets that the calendar works on, and the facets it works with."""


@dataclass(frozen=True, slots=True)
class Trace:
    """One event that a facet rests on: which facet it changed, from what to what."""

    entry: Entry
    facet: str
    before: Any
    after: Any


def why(replayed: Replayed, facet: str, *, reckoned: bool = False) -> Iterator[Trace]:
    """Yield the events that set a facet, in the order of their effect; the last gave it its value.

    With `reckoned`, also those that set what the calendar reckons the facet from.
    """
    wanted = {facet, *(RECKONED.get(facet, ()) if reckoned else ())}
    for step in replayed.steps:
        for change in changes(step):
            if change["facet"] in wanted:
                yield Trace(step.entry, change["facet"], change["before"], change["after"])
