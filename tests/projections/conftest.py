"""A register with a small agreement and its project."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from cli.register import Register
from tests.projections.registers import CARDBOARD, put, register_at


@pytest.fixture
def register(tmp_path: Path) -> Iterator[Register]:
    """Return a register that holds one agreement, its parties and its project."""
    with register_at(tmp_path / "register.db") as opened:
        put(opened, *CARDBOARD)
        yield opened
