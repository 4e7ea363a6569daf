"""Rows of a lifecycle that no fact moves: what a value becomes by the calendar, on the day of asking.

Needs no fact model, so that reads answered from a view stay quick to start.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True)
class Reckoned:
    """One row: from these values, on a day the condition holds of the facets, the facet is shown as another."""

    froms: tuple[str, ...]
    to: str
    shown: str
    holds: Callable[[dict[str, Any], date], bool]
