"""A register with a small agreement and its project."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from cli.register import Register
from tests.postgres import Server
from tests.projections.registers import CARDBOARD, Places, put, register_at


@pytest.fixture(params=["sqlite", "postgres"], scope="session")
def engine(request: pytest.FixtureRequest) -> str:
    """Return each engine in turn."""
    return str(request.param)


@pytest.fixture(scope="session")
def places(engine: str, request: pytest.FixtureRequest) -> Places:
    """Return a giver of free places for registers on the engine at hand; what is made there goes with the block."""

    @contextmanager
    def on_a_server() -> Iterator[str]:
        server: Server = request.getfixturevalue("postgres")
        with server.fresh_schema() as schema:
            yield server.named(schema)

    @contextmanager
    def in_a_file() -> Iterator[str]:
        with TemporaryDirectory() as folder:
            yield str(Path(folder) / "register.db")

    return on_a_server if engine == "postgres" else in_a_file


@pytest.fixture
def place(places: Places) -> Iterator[str]:
    """Return a free place for a register, on each engine in turn."""
    with places() as free:
        yield free


@pytest.fixture
def register(place: str) -> Iterator[Register]:
    """Return a register that holds one agreement, its parties and its project."""
    with register_at(place) as opened:
        put(opened, *CARDBOARD)
        yield opened
