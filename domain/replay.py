"""How an agreement came to be: as of any day, and as known at any point of the log (DOMAIN.md section 6).

Resolve the facts about the record, drop what takes effect after the day, order by effect, fold.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple

from domain.dates import by
from domain.deciders import DECIDERS
from domain.entries import Entry
from domain.findings import Finding
from domain.record import Line, about_the_record, resolve
from domain.streams import kind_of


class Step(NamedTuple):
    """One fact folded in: the state before and after, and what the rules say of it there."""

    entry: Entry
    before: Any
    after: Any
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class Replayed:
    """One stream, folded.

    `lines` are all entries known, struck ones too; `possibly` are ids of folded facts whose date
    leaves open whether they had taken effect; `settled` is the day from which no date leaves anything
    open, so that any later asking day gives the same state.
    """

    stream: str
    state: Any
    steps: tuple[Step, ...]
    lines: tuple[Line, ...]
    possibly: frozenset[str]
    settled: date

    @cached_property
    def facets(self) -> dict[str, Any]:
        """Show the state as JSON values, independent of any clock."""
        return facets_of(self.stream, self.state)


def replay(entries: Sequence[Entry], *, as_of: date | None = None, known_at: int | None = None) -> Replayed:
    """Fold the entries of one stream as the world stood on a day and as the log stood at a position.

    Without `as_of` every fact counts, without `known_at` every entry; `entries` must not be empty.
    """
    lines = resolve(entries if known_at is None else [entry for entry in entries if entry.position <= known_at])
    told = [line.stands for line in lines if line.stands and not about_the_record(line.stands)]
    effective, possibly = told, frozenset[str]()
    if as_of is not None:
        effective = [entry for entry in told if by(entry.on, as_of) != "no"]
        possibly = frozenset(entry.id for entry in effective if by(entry.on, as_of) == "possibly")
    steps = tuple(fold(entries[0].stream, in_order(effective)))
    return Replayed(
        stream=entries[0].stream,
        state=steps[-1].after if steps else DECIDERS[kind_of(entries[0].stream)].initial,
        steps=steps,
        lines=lines,
        possibly=possibly,
        settled=max((entry.on.start_latest for entry in told), default=date.min),
    )


def facets_of(stream: str, state: Any) -> dict[str, Any]:
    """Show a stream's state as JSON values, independent of any clock."""
    return DECIDERS[kind_of(stream)].facets(state)


def in_order(entries: Iterable[Entry]) -> list[Entry]:
    """Order by earliest effective day, then the more precise date, then position."""
    return sorted(entries, key=effect_order)


def effect_order(entry: Entry) -> tuple[date, int, int]:
    """Return the key that puts entries in the order of their effect."""
    return (entry.on.earliest, entry.on.precision, entry.position)


def fold(stream: str, entries: Iterable[Entry], state: Any = None) -> Iterator[Step]:
    """Fold entries, already in order, into a stream's state, from its beginning or from a given state."""
    decider = DECIDERS[kind_of(stream)]
    state = decider.initial if state is None else state
    for entry in entries:
        after = decider.evolve(state, entry)
        yield Step(entry, state, after, tuple(decider.judge(state, entry)))
        state = after


def changes(step: Step) -> list[dict[str, Any]]:
    """Return the facets one step changed, each with its value before and after."""
    before, after = facets_of(step.entry.stream, step.before), facets_of(step.entry.stream, step.after)
    return [
        {"facet": facet, "before": before[facet], "after": value}
        for facet, value in after.items()
        if before[facet] != value
    ]
