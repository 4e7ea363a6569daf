"""What the tests of the store start from: proposals, a clock that obeys."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from eventstore.envelope import Proposed, Recorded

REGISTER = "5f0e6d1c-2a77-4a52-9d8e-0c8f5b1f6a11"


@dataclass
class Clock:
    """A clock that stands still until it is moved."""

    now: datetime = datetime(2026, 11, 23, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        """Return the time it was set to."""
        return self.now

    def move(self, **by: float) -> None:
        """Move by a timedelta's arguments, also backwards."""
        self.now += timedelta(**by)


@dataclass
class Propose:
    """A maker of proposals with ids 1, 2, 3 …, otherwise as the test asks."""

    numbers: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    def __call__(self, stream: str = "agreement/izia-vencou", **fields: Any) -> Proposed:
        """Return one proposal with these fields."""
        number = next(self.numbers)
        given: dict[str, Any] = {
            "id": str(UUID(int=number)),
            "type": "AgreementOpened",
            "schema": 1,
            "on": "2025-04",
            "earliest": "2025-04-01",
            "latest": "2025-04-30",
            "data": {"title": f"Əmtəə {number}"},
            "by": "desk",
        }
        return Proposed(stream=stream, **(given | fields))


def positions(events: Sequence[Recorded]) -> list[int]:
    """Return the positions of events."""
    return [event.position for event in events]
