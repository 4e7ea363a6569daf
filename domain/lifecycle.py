"""Lifecycles as data: which fact moves a facet from where to where, and what guards it.

The same rows answer whether a fact is in order, what is allowed now, `paraph lifecycle show`, and the
test that tries every pair. Reality is warned about and seldom refused: a fact out of its usual order
is accepted with a warning, and only what cannot be true is refused (DOMAIN.md section 5).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

from domain.entries import Entry
from domain.facts import name_of
from domain.findings import Finding, Weight

S = TypeVar("S")


@dataclass(frozen=True, slots=True)
class Guard(Generic[S]):
    """A named condition: `problem` says in a sentence what is wrong, or None where all is well."""

    code: str
    weight: Weight
    shown: str
    problem: Callable[[S, Entry], str | None]


@dataclass(frozen=True, slots=True)
class Move(Generic[S]):
    """One row: a fact, the values it is expected in, and the value it leads to (None: unchanged)."""

    fact: str
    froms: tuple[str, ...]
    to: str | None = None
    guards: tuple[Guard[S], ...] = ()
    otherwise: Weight = "warn"


@dataclass(frozen=True, slots=True)
class Lifecycle(Generic[S]):
    """The rows of one facet of one kind of stream."""

    kind: str
    facet: str
    values: tuple[str, ...]
    ended: frozenset[str]
    moves: tuple[Move[S], ...]
    current: Callable[[S, date], str]

    def moves_of(self, fact: str) -> Iterator[Move[S]]:
        """Yield the rows of a fact type."""
        return (move for move in self.moves if move.fact == fact)

    def allowed(self, value: str) -> tuple[str, ...]:
        """Return the facts that are in order while the facet has the given value."""
        return tuple(dict.fromkeys(move.fact for move in self.moves if value in move.froms))

    def after(self, value: str, fact: str) -> str:
        """Return the facet's value after a fact, whatever its order: evolving never judges.

        Out of order, a fact only moves the facet forward (a late signature does not undo entry into
        force), but it does reopen what had ended, since only a forced fact comes there.
        """
        for move in self.moves_of(fact):
            if move.to is not None and (value in move.froms or self._advances(value, move.to)):
                return move.to
        return value

    def _advances(self, value: str, to: str) -> bool:
        return value in self.ended or self.values.index(to) > self.values.index(value)

    def judge(self, state: S, entry: Entry) -> Iterator[Finding]:
        """Yield what the rows say about a fact that takes effect on the given state."""
        # The current value may take a calendar to find; facts without a row are spared it.
        if any(self.moves_of(name_of(entry.fact))):
            yield from self.judge_at(self.current(state, entry.on.earliest), state, entry)

    def judge_at(self, value: str, state: S, entry: Entry) -> Iterator[Finding]:
        """Yield what the rows say about a fact, the facet's value being given."""
        rows = tuple(self.moves_of(name_of(entry.fact)))
        if not rows:
            return
        row = next((row for row in rows if value in row.froms), None)
        if row is None:
            yield self._out_of_order(rows, value)
        for guard in (row or rows[0]).guards:
            if (problem := guard.problem(state, entry)) is not None:
                yield Finding(guard.code, guard.weight, problem)

    def _out_of_order(self, rows: tuple[Move[S], ...], value: str) -> Finding:
        expected = ", ".join(dict.fromkeys(value for row in rows for value in row.froms))
        message = f"{rows[0].fact} is expected while the {self.facet} is {expected}; it is {value}"
        if value in self.ended:
            return Finding("ended", "refuse", message, self.allowed(value))
        return Finding("out-of-order", rows[0].otherwise, message, self.allowed(value))
