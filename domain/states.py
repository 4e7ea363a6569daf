"""A state after a fact: as it was, but for what the fact changed."""

from typing import Any, TypeVar

S = TypeVar("S")


def updated(state: S, **changes: Any) -> S:
    """Return a copy of a frozen state (a dataclass without slots) with fields changed.

    `dataclasses.replace` does the same through the constructor, ten times slower: two thirds of what a
    fact costs to fold.
    """
    fields = vars(state) | changes
    assert len(fields) == len(vars(state)), changes.keys() - vars(state).keys()  # noqa: S101 - a name mistyped here
    copy = object.__new__(type(state))
    object.__setattr__(copy, "__dict__", fields)
    return copy
