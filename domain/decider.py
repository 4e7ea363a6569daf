"""The shape every kind of stream fills: how its state begins, evolves, is judged and is shown."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Generic, TypeVar

from domain.entries import Entry
from domain.findings import Finding
from domain.lifecycle import Lifecycle

S = TypeVar("S")


def by_facts_alone(shown: dict[str, Any], _day: date) -> dict[str, Any]:
    """Return the facets as they are: none of them depends on the day of asking."""
    return shown


@dataclass(frozen=True, slots=True)
class Decider(Generic[S]):
    """Pure functions over one kind of stream.

    `evolve` accepts any history and never judges; `judge` speaks about one fact on a given state and
    never changes it; `facets` shows a state as plain JSON values that do not depend on any clock;
    `asked` adds what depends on the day of asking (a term that expired, a notice that took effect).
    """

    kind: str
    opens: tuple[str, ...]
    initial: S
    evolve: Callable[[S, Entry], S]
    judge: Callable[[S, Entry], Iterable[Finding]]
    facets: Callable[[S], dict[str, Any]]
    lifecycles: tuple[Lifecycle[S], ...]
    asked: Callable[[dict[str, Any], date], dict[str, Any]] = by_facts_alone
