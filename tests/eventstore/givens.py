"""What the tests of the store start from: proposals, a clock that obeys, a way under the lid."""

import itertools
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
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


@dataclass(frozen=True)
class Lid:
    """Raw statements to the file, as any other program with its own settings would send them."""

    place: Path

    def __call__(self, *statements: str) -> list[Any]:
        """Run statements one by one; return the rows of the last."""
        rows: list[Any] = []
        with closing(sqlite3.connect(self.place, isolation_level=None)) as connection:
            for statement in statements:
                rows = connection.execute(statement).fetchall()
        return rows

    def without_triggers(self, table: str, *statements: str) -> None:
        """Run statements with the table's triggers dropped, then put them back letter by letter."""
        found = self("SELECT tbl_name, name, sql FROM sqlite_schema WHERE type = 'trigger'")
        triggers = [(name, sql) for on, name, sql in found if on == table]
        self(*(f"DROP TRIGGER {name}" for name, _ in triggers), *statements, *(sql for _, sql in triggers))


def positions(events: Sequence[Recorded]) -> list[int]:
    """Return the positions of events."""
    return [event.position for event in events]
