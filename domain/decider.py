"""The shape every kind of stream fills: how its state begins, evolves, is judged and is shown."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from domain.entries import Entry
from domain.findings import Finding
from domain.lifecycle import Lifecycle

S = TypeVar("S")


@dataclass(frozen=True, slots=True)
class Decider(Generic[S]):
    """Pure functions over one kind of stream.

    `evolve` accepts any history and never judges; `judge` speaks about one fact on a given state and
    never changes it; `facets` shows a state as plain JSON values that do not depend on any clock
    (`domain.asking` adds what depends on the day of asking).
    """

    kind: str
    opens: tuple[str, ...]
    initial: S
    evolve: Callable[[S, Entry], S]
    judge: Callable[[S, Entry], Iterable[Finding]]
    facets: Callable[[S], dict[str, Any]]
    lifecycles: tuple[Lifecycle[S], ...]
