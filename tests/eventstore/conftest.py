"""Registers for the tests of the store, on each engine."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from eventstore.log import EventStore
from tests.eventstore.givens import REGISTER, Clock, Propose
from tests.eventstore.lids import FileLid, Lid, ServerLid
from tests.pooler import INSTALLED, own_pooler, pgbouncer
from tests.postgres import Server

ENGINES = ["sqlite", "postgres"]
POOLED = ["pooled", *(["pgbouncer"] if INSTALLED or os.environ.get("CI") else [])]
"""A server behind a pooler of our own, and behind PgBouncer where there is one."""


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    """Return each engine in turn; a module about one of them names it in its `pytestmark`."""
    return str(request.param)


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
    """Return a free place for a register in a file."""
    return tmp_path / "register.db"


@pytest.fixture
def where(engine: str, request: pytest.FixtureRequest) -> str:
    """Return a free place for a register on the engine at hand."""
    fixture = {"sqlite": "place", "postgres": "postgres_url"}.get(engine, "pooled_url")
    return str(request.getfixturevalue(fixture))


@pytest.fixture
def pooled_url(engine: str, postgres: Server) -> Iterator[str]:
    """Return the URL of a register that does not exist yet, through the pooler at hand."""
    pooler = own_pooler if engine == "pooled" else pgbouncer
    with postgres.fresh_schema() as schema, pooler(postgres.url) as url:
        yield Server(url).named(schema)


@pytest.fixture
def another(engine: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return a free place for a register on the other engine."""
    return str(request.getfixturevalue("postgres_url") if engine == "sqlite" else tmp_path / "another.db")


@pytest.fixture
def lid(engine: str, request: pytest.FixtureRequest, where: str) -> Lid:
    """Return a way past the store to its database."""
    if engine == "sqlite":
        return FileLid(Path(where))
    return ServerLid(request.getfixturevalue("postgres"), ServerLid.schema_of(where))


@pytest.fixture
def store(where: str) -> Iterator[EventStore]:
    """Return an empty register on each engine in turn."""
    with EventStore.create(where, register_id=REGISTER, timezone="Asia/Baku", patience=5) as created:
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
