"""Where what is said contradicts itself: asserted against derived, one source against another.

Both are shown and neither is chosen (DOMAIN.md section 4). What depends on the day of asking, such as a
planned end that has passed, is in `domain.asking`.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import combinations, takewhile
from typing import Any

from domain.agreement.conclusion import AgreementSigned, EnteredIntoForce
from domain.agreement.substance import StatusAsserted, ValueStated
from domain.agreement.term import legal_on
from domain.commission.facts import SessionHeld
from domain.dates import before
from domain.entries import Entry
from domain.findings import Finding, warn
from domain.folding import words
from domain.occasion.facts import OccasionHeld
from domain.project.facts import PhaseObserved
from domain.replay import Step, facets_of
from domain.vocabulary import FINANCING_STANDINGS, LEGAL_STATUSES

_FACETS = {
    "legal status": ("legal_status", LEGAL_STATUSES),
    "status": ("legal_status", LEGAL_STATUSES),
    "financing": ("financing", ("none", *FINANCING_STANDINGS)),
    "review": ("review", ("never", "reviewed")),
}
"""The facets an assertion can be held against, with the words that can be compared; other words are kept as said."""


def contradictions(steps: Sequence[Step]) -> Iterator[tuple[Entry, Finding]]:
    """Yield what contradicts what in one stream, each with the entry it shows at."""
    yield from _asserted_otherwise(steps)
    yield from _sources_disagree([step.entry for step in steps])


def _asserted_otherwise(steps: Sequence[Step]) -> Iterator[tuple[Entry, Finding]]:
    """Hold the latest assertion about each facet against what the facts gave on that day."""
    latest: dict[str, tuple[int, str, str]] = {}
    for index, step in enumerate(steps):
        if isinstance(step.entry.fact, StatusAsserted):
            name = " ".join(words(step.entry.fact.facet))
            facet, known = _FACETS.get(name, ("", ()))
            asserted = " ".join(words(step.entry.fact.value))
            latest[facet] = (index, name, asserted if asserted in known else "")
    for facet, (index, name, asserted) in latest.items():
        entry = steps[index].entry
        given = (
            [value for step in _same_time(steps, index) for value in _derived(step, facet, entry)] if asserted else []
        )
        if given and asserted not in given:
            message = f"{name} is asserted to be {asserted} on {entry.on.text}; the facts on record give {given[-1]}"
            yield entry, warn("asserted-otherwise", message)


def _same_time(steps: Sequence[Step], index: int) -> Iterator[Step]:
    """Yield a step, and those after it that may have taken effect by its day: within a day no order is known."""
    last = steps[index].entry.on.start_latest
    return takewhile(lambda step: step.entry.on.earliest <= last, steps[index:])


def _derived(step: Step, facet: str, asserted: Entry) -> tuple[str, ...]:
    shown, on = facets_of(step.entry.stream, step.after), asserted.on
    if facet != "legal_status":
        return (str(shown[facet]),)
    return tuple(legal_on(shown, day) for day in (on.earliest, on.start_latest))


def _sources_disagree(entries: Iterable[Entry]) -> Iterator[tuple[Entry, Finding]]:
    claims: dict[str, list[Entry]] = {}
    for entry in entries:
        if entry.sources and (topic := _topic(entry.fact)):
            claims.setdefault(topic, []).append(entry)
    for topic, told in claims.items():
        for first, second in combinations(told, 2):
            if not _share_a_source(first, second) and _differ(first, second):
                values = f"{_value(first)} ({first.sources[0].source}), {_value(second)} ({second.sources[0].source})"
                yield second, warn("sources-disagree", f"sources disagree on the {topic}: {values}")


def _topic(fact: Any) -> str | None:
    """Return what a fact states that can be so only once."""
    topic = _TOPICS.get(type(fact))
    return topic(fact) if topic else None


_TOPICS: dict[type, Callable[[Any], str | None]] = {
    AgreementSigned: lambda _fact: "date of signature",
    EnteredIntoForce: lambda fact: None if fact.party else "entry into force",
    ValueStated: lambda fact: f"{fact.kind} value",
    PhaseObserved: lambda _fact: "phase",
    SessionHeld: lambda fact: f"date of session {fact.session}" if fact.session else None,
    OccasionHeld: lambda _fact: "date of the occasion",
}


def _share_a_source(first: Entry, second: Entry) -> bool:
    return bool({source.source for source in first.sources} & {source.source for source in second.sources})


def _apart(first: Entry, second: Entry) -> bool:
    return "yes" in {before(first.on, second.on), before(second.on, first.on)}


def _differ(first: Entry, second: Entry) -> bool:
    match first.fact:
        case ValueStated() | PhaseObserved():
            # Money and phases change in the course of time: only what is said of one time can disagree.
            return not _apart(first, second) and _claim(first) != _claim(second)
        case _:
            return _apart(first, second)


def _claim(entry: Entry) -> tuple[str, Decimal | None]:
    match entry.fact:
        case ValueStated(amount=amount, currency=currency):
            # One sum may be written 5 and 5.00.
            return currency, Decimal(amount)
        case _:
            return _value(entry), None


def _value(entry: Entry) -> str:
    match entry.fact:
        case ValueStated(amount=amount, currency=currency):
            return f"{currency} {amount}"
        case PhaseObserved(phase=phase):
            return phase
        case _:
            return entry.on.text
