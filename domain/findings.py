"""What a rule has to say about a fact: a code, a weight, a message, and what is allowed instead."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

Weight: TypeAlias = Literal["note", "warn", "refuse"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One remark of one rule on one fact.

    `refuse` keeps the fact out unless it is forced with a reason; `warn` lets it in and stays
    visible as a flag; `note` only informs.
    """

    code: str
    weight: Weight
    message: str
    instead: tuple[str, ...] = ()


def refuse(code: str, message: str, *instead: str) -> Finding:
    """Make a finding that keeps the fact out."""
    return Finding(code, "refuse", message, instead)


def warn(code: str, message: str, *instead: str) -> Finding:
    """Make a finding that lets the fact in and stays visible."""
    return Finding(code, "warn", message, instead)


def note(code: str, message: str, *instead: str) -> Finding:
    """Make a finding that only informs."""
    return Finding(code, "note", message, instead)
