"""Registers for the tests of the command line: none, empty, a small story, the seed."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.program import SEED, Program, inside, played
from tests.cli.story import STORY
from tests.cli.team import team

__all__ = ["team"]


@pytest.fixture
def paraph(tmp_path: Path) -> Iterator[Program]:
    """Return the program in an empty folder, with no register."""
    with inside(tmp_path):
        yield Program()


@pytest.fixture(params=["sqlite", "postgres"])
def engine(request: pytest.FixtureRequest) -> str:
    """Return each engine in turn."""
    return str(request.param)


@pytest.fixture
def where(engine: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return a free place for a register on the engine at hand."""
    return str(request.getfixturevalue("postgres_url") if engine == "postgres" else tmp_path / "register.db")


@pytest.fixture(scope="session")
def seed_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a closed register with the seed."""
    folder = tmp_path_factory.mktemp("seed")
    with inside(folder):
        played(Program(), [["init", "--timezone", "Asia/Baku"], ["import", str(SEED)]])
    return folder / "paraph.db"


@pytest.fixture(scope="session")
def story_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a closed register with the small story."""
    folder = tmp_path_factory.mktemp("story")
    with inside(folder):
        played(Program(), STORY)
    return folder / "paraph.db"


def _later(program: Program, source: Path) -> Program:
    shutil.copyfile(source, "paraph.db")
    program.clock.move(days=1)
    program.ids = 1000
    return program


@pytest.fixture
def empty(paraph: Program) -> Program:
    """Return the program beside an empty register."""
    paraph.ok("init")
    return paraph


@pytest.fixture
def seeded(paraph: Program, seed_file: Path) -> Program:
    """Return the program beside a register with the seed, recorded the day before."""
    return _later(paraph, seed_file)


@pytest.fixture
def told(paraph: Program, story_file: Path) -> Program:
    """Return the program beside a register with the small story, recorded the day before."""
    return _later(paraph, story_file)
