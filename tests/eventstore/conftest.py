"""Registers for the tests of the store, on each engine."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from eventstore.log import EventStore
from tests.eventstore.givens import REGISTER, Clock, Lid, Propose

ENGINES = ["sqlite"]


@pytest.fixture
def clock() -> Clock:
    """Return a clock at noon of an agreed day."""
    return Clock()


@pytest.fixture
def propose() -> Propose:
    """Return a maker of proposals."""
    return Propose()


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Return a free place for a register."""
    return tmp_path / "register.db"


@pytest.fixture
def lid(place: Path) -> Lid:
    """Return a way past the store to its file."""
    return Lid(place)


@pytest.fixture(params=ENGINES)
def store(request: pytest.FixtureRequest, place: Path) -> Iterator[EventStore]:
    """Return an empty register on each engine in turn."""
    assert request.param == "sqlite"
    with EventStore.create(place, register_id=REGISTER, timezone="Asia/Baku", patience=5) as created:
        yield created


@pytest.fixture
def filled(store: EventStore, propose: Propose, clock: Clock) -> EventStore:
    """Return a register of five events with every field in use."""
    quoted = {"source": "trend-2025-04-23", "quote": "is currently in", "certainty": "stated"}
    store.append([propose(), propose("project/plant", about=("agreement/izia-vencou",))], now=clock)
    clock.move(hours=1)
    later = [
        propose(key="row-1", batch="sheet", note="late", sources=(quoted,)),
        propose("project/plant", about=("agreement/izia-vencou", "occasion/beijing")),
        propose("party/izia", key="row-2", batch="sheet"),
    ]
    store.append(later, now=clock)
    return store
