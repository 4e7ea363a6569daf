"""The record quality of one stream: its sources, what is inferred, disputed, irregular.

A facet of its own (DOMAIN.md section 4).
"""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from domain.entries import Entry
from domain.facts import name_of
from domain.record import Line, about_the_record
from domain.replay import Replayed


def quality(replayed: Replayed) -> dict[str, Any]:
    """Return the rating, the sources, and the facts whose date was refined or which are disputed."""
    told = [line for line in replayed.lines if line.stands and not about_the_record(line.entry)]
    sources = Counter(source.source for line in told if line.stands for source in line.stands.sources)
    disputed = [line.entry.id for line in told if line.disputed]
    return {
        "rating": "disputed" if disputed else _rating(len(sources)),
        "sources": [{"source": name, "facts": count} for name, count in sorted(sources.items())],
        "inferred": sum(_inferred(line) for line in told),
        "refined": [_refinement(line) for line in told if line.refined],
        "disputed": disputed,
    }


def _rating(sources: int) -> str:
    return ("unsourced", "single source")[sources] if sources < 2 else "corroborated"


def _inferred(line: Line) -> bool:
    sources = line.stands.sources if line.stands else ()
    return bool(sources) and all(source.certainty != "stated" for source in sources)


def _refinement(line: Line) -> dict[str, Any]:
    refined = line.refined
    return {
        "event": line.entry.id,
        "from": line.entry.on.text,
        "to": refined.on if refined else None,
        "basis": refined.basis if refined else None,
    }


def flags(replayed: Replayed) -> list[dict[str, Any]]:
    """Return what a reader must see: accepted warnings, waived rules, disputes, doubts of date."""
    lines = {line.entry.id: line for line in replayed.lines}
    found = []
    for step in replayed.steps:
        line = lines[step.entry.id]
        waiver = line.waiver
        for finding in step.findings:
            if finding.weight != "note":
                reason = f"; recorded all the same: {waiver.reason}" if waiver else ""
                found.append(_flag(step.entry, finding.code, finding.message + reason))
        found.extend(_doubts(replayed, line))
    return found


def _doubts(replayed: Replayed, line: Line) -> Iterator[dict[str, Any]]:
    name = name_of(line.entry.fact)
    if line.disputed:
        yield _flag(line.entry, "disputed", f"{name} is disputed")
    if line.entry.id in replayed.possibly and line.stands:
        yield _flag(line.entry, "possibly", f"{name} has possibly not taken effect: {line.stands.on.text}")


def _flag(entry: Entry, code: str, message: str) -> dict[str, Any]:
    return {"code": code, "message": message, "event": entry.id, "fact": name_of(entry.fact)}
