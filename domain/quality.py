"""The record quality of one stream: its sources, what is inferred, disputed, irregular.

A facet of its own (DOMAIN.md section 4).
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from domain.contradictions import contradictions
from domain.entries import Entry
from domain.facts import name_of
from domain.findings import Finding, note, warn
from domain.record import Line, about_the_record
from domain.replay import Replayed, Step


def quality(replayed: Replayed) -> dict[str, Any]:
    """Return the rating, the sources, and the facts whose date was refined or which are disputed."""
    told = [line for line in replayed.lines if line.stands and not about_the_record(line.entry)]
    touched = [line for line in told if line.touched_by]
    sources = Counter(source.source for line in told if line.stands for source in line.stands.sources)
    disputed = [line.entry.id for line in touched if line.disputed]
    return {
        "rating": "disputed" if disputed else _rating(len(sources)),
        "sources": [{"source": name, "facts": count} for name, count in sorted(sources.items())],
        "inferred": sum(_inferred(line) for line in told),
        "refined": [_refinement(line) for line in touched if line.refined],
        "disputed": disputed,
    }


def _rating(sources: int) -> str:
    return ("unsourced", "single source")[sources] if sources < 2 else "corroborated"


def _inferred(line: Line) -> bool:
    sources = line.stands.sources if line.stands else ()
    return bool(sources) and "stated" not in [source.certainty for source in sources]


def _refinement(line: Line) -> dict[str, Any]:
    refined = line.refined
    return {
        "event": line.entry.id,
        "from": line.entry.on.text,
        "to": refined.on if refined else None,
        "basis": refined.basis if refined else None,
    }


def flags(replayed: Replayed) -> list[dict[str, Any]]:
    """Return what a reader must see: accepted warnings, waived rules, contradictions, disputes, doubts of date."""
    lines = {line.entry.id: line for line in replayed.lines}
    found: list[dict[str, Any]] = []
    for step in replayed.steps:
        line = lines[step.entry.id]
        if step.findings:
            found.extend(_accepted(step, line))
        if line.disputed or line.entry.id in replayed.possibly:
            found.extend(_flag(line.entry, doubt) for doubt in _doubts(replayed, line))
    found.extend(_flag(entry, finding) for entry, finding in contradictions(replayed.steps))
    return [*found, *_inferred_dates(replayed)]


def _accepted(step: Step, line: Line) -> Iterator[dict[str, Any]]:
    """Yield a flag for each warning, and each refusal that was waived, with the reason of the waiver."""
    waiver = line.waiver
    reason = f"; recorded all the same: {waiver.reason}" if waiver else ""
    for finding in step.findings:
        if finding.weight != "note":
            yield _flag(step.entry, replace(finding, message=finding.message + reason))


def _doubts(replayed: Replayed, line: Line) -> Iterator[Finding]:
    name = name_of(line.entry.fact)
    if line.disputed:
        yield warn("disputed", f"{name} is disputed")
    if line.entry.id in replayed.possibly and line.stands:
        yield warn("possibly", f"{name} has possibly not taken effect: {line.stands.on.text}")


def _inferred_dates(replayed: Replayed) -> Iterator[dict[str, Any]]:
    """Yield one flag for all dates that were inferred: they seldom come alone."""
    touched = [line for line in replayed.lines if line.stands and line.touched_by]
    refined = [(line, told) for line in touched if (told := line.refined)]
    inferred = [(line, told) for line, told in refined if told.basis.casefold().startswith(("inferred", "assumed"))]
    if inferred:
        line, told = inferred[0]
        count = f"{len(inferred)} dates are" if len(inferred) > 1 else "a date is"
        message = f"{count} not as the source has it: {line.entry.on.text} taken for {told.on}, {told.basis}"
        yield _flag(line.entry, note("inferred-date", message))


def _flag(entry: Entry, found: Finding) -> dict[str, Any]:
    return {
        "code": found.code,
        "weight": found.weight,
        "message": found.message,
        "event": entry.id,
        "fact": name_of(entry.fact),
    }
