"""Books and views that somebody changed behind our back: noticed, not answered from, and made good again."""

from datetime import date

import pytest
from sqlalchemy import text

from cli.register import Register
from projections.answers.status import overview, status
from projections.rebuild import check, rebuild
from tests.projections.registers import fact, put

PLANT = "project/plant"

TAMPERING = [
    "UPDATE view_streams SET settled = '0001-01-01'",
    "UPDATE view_streams SET last_position = 1",
    "DELETE FROM view_streams",
    "INSERT INTO view_streams VALUES ('project/ghost', 1, '0001-01-01')",
]
LOST = [
    "DROP TABLE view_streams",
    "DROP TABLE view_checkpoints",
    "DROP TABLE view_register",
    "ALTER TABLE view_register DROP COLUMN title",
]


def tamper(register: Register, statement: str) -> None:
    """Run a statement on the register's file."""
    with register.store.writing() as connection:
        connection.execute(text(statement))


@pytest.mark.parametrize("statement", TAMPERING)
def test_a_book_that_is_not_what_the_log_gives_is_found(register: Register, statement: str) -> None:
    """The book says for which days stored rows hold: a wrong one gives wrong answers, so it is compared too."""
    tamper(register, statement)
    assert not any(view.matches for view in check(register.store))
    assert all(view.matches for view in rebuild(register.store)[1])


@pytest.mark.parametrize("statement", LOST)
def test_lost_tables_are_no_end(register: Register, statement: str) -> None:
    """Without its tables a register answers from the log, takes records and is made good by a rebuild."""
    with register.world() as world:
        before = overview(world)
    tamper(register, statement)
    assert not all(view.matches for view in check(register.store))
    with register.world() as world:
        assert overview(world) == before
    with register.world(as_of=date(2025, 4, 16)) as world:
        assert status(world, PLANT)["phase"] is None
    assert all(view.matches for view in rebuild(register.store)[1])
    tamper(register, statement)
    put(register, fact("PhaseObserved", PLANT, "2025-06-01", phase="appraised"))
    assert all(view.matches for view in check(register.store))
