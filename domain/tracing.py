"""Why does a facet say what it says? The events that set it, and those its reckoning rests on."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from domain.entries import Entry
from domain.quality import flags
from domain.record import about_the_record
from domain.replay import Replayed, changes

_END = ("legal_status", "ended", "term", "renewals", "notices", "in_force_on", "signed", "parties")

RECKONED: dict[str, tuple[str, ...]] = {
    "legal_status": ("term", "renewals", "notices", "in_force_on", "signed"),
    "consent": ("notices",),
    "consents": (),
    "term": ("renewals", "notices", "in_force_on", "signed"),
    "next": ("term", "renewals", "notices", "in_force_on", "signed"),
    "entry_into_force": ("entry_into_force_rule", "consents", "signed", "parties"),
    "ended_on": _END,
    "survives_until": _END,
}
"""Facets that the calendar works on, and the facets it works with."""

RECORD = frozenset({"quality", "sources", "flags"})
"""Facets of the record itself: which sources it has, what is doubtful in it."""


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


def beginning(replayed: Replayed, facet: str, value: Any) -> Trace:
    """Return the event that opened the file, for a value that nothing changed since."""
    return Trace(replayed.steps[0].entry, facet, None, value)


def about_record(replayed: Replayed, facet: str) -> Iterator[Trace]:
    """Yield the events behind a facet of the record: those that bear its flags, its sources, its doubts."""
    if facet in {"flags", "quality"}:
        codes: dict[str, list[str]] = {}
        for flag in flags(replayed):
            codes.setdefault(flag["event"], []).append(flag["code"])
        yield from (
            Trace(line.entry, "flags", None, codes[line.entry.id]) for line in replayed.lines if line.entry.id in codes
        )
    if facet in {"sources", "quality"}:
        for line in replayed.lines:
            if line.stands and line.stands.sources and not about_the_record(line.entry):
                yield Trace(line.entry, "sources", None, [source.source for source in line.stands.sources])
