"""A register with a small agreement and its project."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from cli.register import Register
from tests.projections.registers import CARDBOARD, put, register_at


@pytest.fixture(params=["sqlite", "postgres"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return a free place for a register, on each engine in turn."""
    return str(request.getfixturevalue("postgres_url") if request.param == "postgres" else tmp_path / "register.db")


@pytest.fixture
def register(place: str) -> Iterator[Register]:
    """Return a register that holds one agreement, its parties and its project."""
    with register_at(place) as opened:
        put(opened, *CARDBOARD)
        yield opened
