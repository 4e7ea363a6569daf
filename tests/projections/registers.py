"""Registers for the tests of the views: small ones made of facts as JSON lines, with a clock that is told."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, TypeAlias
from uuid import UUID

from cli.planning import Outcome, record
from cli.register import Register
from cli.wiring import create_register
from domain.factline import draft_of

TODAY = date(2026, 3, 1)

Places: TypeAlias = Callable[[], AbstractContextManager[str]]
"""Gives a free place for a register; what is made there goes with the block."""


@dataclass
class Told:
    """A clock that moves a minute with every look, and ids that count."""

    moment: datetime = field(default_factory=lambda: datetime(2026, 3, 1, tzinfo=UTC))
    count: int = 0

    def now(self) -> datetime:
        """Return the next minute."""
        self.moment += timedelta(minutes=1)
        return self.moment

    def new_id(self) -> str:
        """Return the next id."""
        self.count += 1
        return str(UUID(int=self.count))


@contextmanager
def register_at(place: Path | str) -> Iterator[Register]:
    """Make a register at a place and open it with a told clock."""
    told = Told()
    with create_register(str(place), timezone="UTC") as store:
        yield Register(store, told.now, told.new_id, "tester")


def fact(type_: str, stream: str, on: str, /, **data: Any) -> dict[str, Any]:
    """Return a fact as a JSON line would say it."""
    return {"type": type_, "stream": stream, "on": on, "data": data}


def put(register: Register, *facts: dict[str, Any]) -> list[Outcome]:
    """Record facts one after the other; a refusal fails the test that asked for them."""
    found = []
    for said in facts:
        outcome = record(register, [draft_of(said, new_id=register.new_id(), by="tester")], irregular="as told")
        assert not outcome.plan.refused, outcome.plan.refused
        found.append(outcome)
    return found


def event_id(outcomes: Sequence[Outcome], number: int = 0) -> str:
    """Return the id of the first event of an outcome."""
    return outcomes[number].events[0].id


CARDBOARD = (
    fact("PartyRegistered", "party/izia", "2025-01-01", name="IZIA", country="AZ"),
    fact("PartyRegistered", "party/vencou", "2025-01-01", name="Vencou Vanhong", country="CN"),
    fact("AgreementOpened", "agreement/cardboard", "2025-04-17", title="Cardboard", kind="intent"),
    fact("PartyAdded", "agreement/cardboard", "2025-04-17", party="izia"),
    fact("PartyAdded", "agreement/cardboard", "2025-04-17", party="vencou"),
    fact("AgreementSigned", "agreement/cardboard", "2025-04-17", place="Beijing"),
    fact("ProjectIdentified", "project/plant", "2025-04-17", name="Cardboard plant"),
    fact("ProjectLinked", "project/plant", "2025-04-17", agreement="cardboard"),
    fact("PhaseObserved", "project/plant", "2025-04-23", phase="justification"),
)
