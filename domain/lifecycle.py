"""Lifecycles as data: which fact moves a facet from where to where, and what guards it.

The same rows answer whether a fact is in order, what is allowed now, `paraph lifecycle show`, and the
test that tries every pair. Reality is warned about and seldom refused: a fact out of its usual order
is accepted with a warning, and only what cannot be true is refused (DOMAIN.md section 5).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Generic, TypeVar

from domain.entries import Entry
from domain.facts import Fact, name_of, said
from domain.findings import Finding, Weight
from domain.reckoned import Reckoned

S = TypeVar("S")


@dataclass(frozen=True, slots=True)
class Guard(Generic[S]):
    """A named condition: `problem` says in a sentence what is wrong, or None where all is well."""

    code: str
    weight: Weight
    shown: str
    problem: Callable[[S, Entry], str | None]


@dataclass(frozen=True, slots=True)
class Case:
    """What a fact must say for a row to be its: one of these values in a field."""

    field: str
    values: tuple[str, ...]

    def holds(self, fact: Fact) -> bool:
        """Say whether a fact says so."""
        return said(fact, self.field) in self.values


@dataclass(frozen=True, slots=True)
class Move(Generic[S]):
    """One row: a fact, the values it is expected in, and the value it leads to (None: unchanged).

    With a `case`, it is a row only of the facts that say so; one that leads `back` does so out of order too.
    """

    fact: str
    froms: tuple[str, ...]
    to: str | None = None
    guards: tuple[Guard[S], ...] = ()
    otherwise: Weight = "warn"
    case: Case | None = None
    back: bool = False


@dataclass(frozen=True, slots=True)
class Lifecycle(Generic[S]):
    """The rows of one facet of one kind of stream."""

    kind: str
    facet: str
    values: tuple[str, ...]
    ended: frozenset[str]
    moves: tuple[Move[S], ...]
    current: Callable[[S, date], str]
    reopens: bool = True
    reckoned: tuple[Reckoned, ...] = ()
    """What the calendar alone leads to."""
    _rows: dict[str, tuple[Move[S], ...]] = field(init=False, repr=False, compare=False)
    """The moves by fact: every fact folded asks for its own, several times."""

    _by_case: frozenset[str] = field(init=False, repr=False, compare=False)
    """The facts of which it depends on what they say which rows are theirs."""

    def __post_init__(self) -> None:
        rows: dict[str, tuple[Move[S], ...]] = {}
        for move in self.moves:
            rows[move.fact] = (*rows.get(move.fact, ()), move)
        object.__setattr__(self, "_rows", rows)
        object.__setattr__(self, "_by_case", frozenset(move.fact for move in self.moves if move.case))

    def moves_of(self, fact: Fact) -> tuple[Move[S], ...]:
        """Return the rows of a fact, by its type and what it says."""
        name = name_of(fact)
        rows = self._rows.get(name, ())
        if name not in self._by_case:
            return rows
        return tuple(move for move in rows if move.case is None or move.case.holds(fact))

    def allowed(self, value: str) -> tuple[str, ...]:
        """Return the facts that are in order while the facet has the given value."""
        return tuple(dict.fromkeys(move.fact for move in self.moves if value in move.froms))

    def after(self, value: str, fact: Fact) -> str:
        """Return the facet's value after a fact, whatever its order: evolving never judges.

        Out of order, a fact only moves the facet forward (a late signature does not undo entry into
        force), but it does reopen what had ended, where that may be, since only a forced fact comes there.
        """
        moves = self.moves_of(fact)
        for move in moves:
            if value in move.froms:
                return move.to or value
        for move in moves:
            if move.to and self._advances(value, move):
                return move.to
        return value

    def _advances(self, value: str, move: Move[S]) -> bool:
        forward = self.values.index(str(move.to)) > self.values.index(value)
        return forward or move.back or (self.reopens and value in self.ended)

    def judge(self, state: S, entry: Entry) -> Iterator[Finding]:
        """Yield what the rows say about a fact that takes effect on the given state."""
        # The current value may take a calendar to find; facts without a row are spared it.
        if self.moves_of(entry.fact):
            yield from self.judge_at(self.current(state, entry.on.earliest), state, entry)

    def judge_at(self, value: str, state: S, entry: Entry) -> Iterator[Finding]:
        """Yield what the rows say about a fact, the facet's value being given."""
        rows = self.moves_of(entry.fact)
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
