"""A state after a fact: as it was, but for what the fact changed."""

from typing import Any, TypeVar

S = TypeVar("S")


def updated(state: S, **changes: Any) -> S:
    """Return a copy of a frozen state (a dataclass without slots) with fields changed.

    `dataclasses.replace` does the same through the constructor, ten times slower: two thirds of what a
    fact costs to fold.
    """
    kept: dict[str, Any] = vars(state)
    assert changes.keys() <= kept.keys(), changes.keys() - kept.keys()  # noqa: S101 - a field's name mistyped here
    copy = object.__new__(type(state))
    vars(copy).update(kept, **changes)
    return copy
