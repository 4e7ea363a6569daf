"""Books and views that somebody changed behind our back: noticed, not answered from, and made good again."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import text

from cli.register import Register
from eventstore.engines import read_models
from projections import rebuild as rebuilding
from projections.answers.status import overview, status
from projections.rebuild import Overtaken, check, rebuild
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
        if connection.dialect.name == "postgresql":
            connection.execute(text(f"SET LOCAL search_path = {register.store.engine.name}_views"))
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


def test_of_two_rebuilds_at_once_the_later_one_counts(register: Register, monkeypatch: pytest.MonkeyPatch) -> None:
    """A rebuild that another one overtakes ends without touching what people are answered from."""
    fill = rebuilding._fill
    calls: list[str] = []

    def overtaken_once(*given: Any) -> None:
        if not calls:
            calls.append("other")
            assert all(view.matches for view in rebuild(register.store)[1])
        fill(*given)

    monkeypatch.setattr(rebuilding, "_fill", overtaken_once)
    with pytest.raises(Overtaken):
        rebuild(register.store)
    assert all(view.matches for view in check(register.store))


def test_a_rebuild_clears_what_another_left_undone(register: Register, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tables in the making of a rebuild that was cut off are gone after the next one."""
    monkeypatch.setattr(rebuilding, "_swap", lambda *_: None)
    rebuild(register.store)
    monkeypatch.undo()
    rebuild(register.store)
    with register.store.reading() as reader:
        assert [name for name in read_models(reader.connection) if name.startswith("rebuilt_")] == []
