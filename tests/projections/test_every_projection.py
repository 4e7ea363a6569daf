"""What every view must do, found by looking: no view is named here."""

from datetime import date

import pytest
from sqlalchemy import delete, insert, select, update

from cli.register import Register
from domain.reading import read_all
from domain.replay import replay
from eventstore.log import Reader
from projections.books import CHECKPOINTS, mark, reached
from projections.catalog import projections
from projections.projection import Projection
from projections.rebuild import check, rebuild
from projections.runner import live_tables, place, project, rows_of
from tests.projections.registers import fact, put

EVERY = pytest.mark.parametrize("view", projections(), ids=lambda view: view.name)


MORE = (
    fact("PartyRegistered", "party/ezda", "2025-01-01", name="EZDA", country="AZ"),
    fact("PartiesMerged", "party/izia", "2025-05-01", absorbed="ezda"),
)
"""With these every view has rows."""


@pytest.fixture
def register(register: Register) -> Register:
    """Return the register with something for every view."""
    put(register, *MORE)
    return register


def rows(reader: Reader, view: Projection) -> list[dict[str, object]]:
    """Return all rows of a view in an order that does not depend on how they came."""
    found = [dict(row) for row in reader.connection.execute(select(view.table)).mappings()]
    return sorted(found, key=repr)


@EVERY
def test_rebuilt_equals_incremental(register: Register, view: Projection) -> None:
    """A view made anew from the log holds the rows that appending had left in it."""
    with register.store.reading() as reader:
        before = rows(reader, view)
    assert before
    told_before, told_after = rebuild(register.store)
    with register.store.reading() as reader:
        assert rows(reader, view) == before
    assert all(compared.matches for compared in (*told_before, *told_after))


@EVERY
def test_applying_twice_changes_nothing(register: Register, view: Projection) -> None:
    """Projecting every stream once more leaves the rows as they are."""
    with register.store.writing() as connection:
        reader = Reader(connection)
        before = rows(reader, view)
        project(connection, reader.stream_names(), live_tables())
        assert rows(reader, view) == before


@EVERY
def test_rows_do_not_depend_on_any_clock(register: Register, view: Projection) -> None:
    """The rows of a stream are the same whenever, and in whatever process, they are made."""
    with register.store.reading() as reader:
        for name in reader.stream_names():
            entries = read_all(reader.stream(name))
            (_, first), (_, second) = rows_of(replay(entries)), rows_of(replay(entries))
            assert first[view.name] == second[view.name]


@EVERY
def test_a_changed_row_is_found_and_mended(register: Register, view: Projection) -> None:
    """A row changed behind the program's back is named by `check` and put right by `rebuild`."""
    column = next(c for c in view.table.c if c.name not in {"stream", "events"} and str(c.type) == "VARCHAR")
    with register.store.writing() as connection:
        connection.execute(update(view.table).values({column.name: "tampered"}))
    assert {c.name for c in check(register.store) if not c.matches} == {view.name}
    before, after = rebuild(register.store)
    assert not next(c for c in before if c.name == view.name).matches
    assert all(compared.matches for compared in after)


@EVERY
def test_rows_of_a_stream_that_is_not_in_the_log_are_found(register: Register, view: Projection) -> None:
    """A row invented for a stream nobody recorded is named by `check`."""
    with register.store.writing() as connection:
        row = dict(connection.execute(select(view.table)).mappings().first() or {})
        connection.execute(insert(view.table).values({**row, "stream": "agreement/invented"}))
    compared = next(c for c in check(register.store) if c.name == view.name)
    assert not compared.matches
    assert "agreement/invented" in compared.streams


@EVERY
def test_a_view_that_lags_is_brought_level_by_the_next_append(register: Register, view: Projection) -> None:
    """A view found behind, or of another version, is made level before anything is added to it."""
    with register.store.writing() as connection:
        mark(connection, (view,), 2)
        connection.execute(delete(view.table))
    put(register, fact("PhaseObserved", "project/plant", "2025-06-01", phase="decided"))
    with register.store.reading() as reader:
        assert reached(reader.connection, view) == reader.head().size
    assert all(compared.matches for compared in check(register.store))


@EVERY
def test_answers_stay_right_while_a_view_is_missing(register: Register, view: Projection) -> None:
    """Without its view a question is answered from the log, with the same rows."""
    with register.world(as_of=date(2026, 3, 1)) as world:
        before = sorted(map(repr, map(dict, world.rows(view))))
    with register.store.writing() as connection:
        view.table.drop(connection)
        connection.execute(delete(CHECKPOINTS).where(CHECKPOINTS.c.name == view.name))
    with register.world(as_of=date(2026, 3, 1)) as world:
        assert sorted(map(repr, map(dict, world.rows(view)))) == before


def test_rows_replace_those_of_the_same_stream_only(register: Register) -> None:
    """Placing one stream's rows leaves those of the others alone."""
    with register.store.writing() as connection:
        reader = Reader(connection)
        others = {
            view.name: [row for row in rows(reader, view) if row["stream"] != "project/plant"] for view in projections()
        }
        place(connection, [rows_of(replay(read_all(reader.stream("project/plant"))))], live_tables())
        for view in projections():
            assert [row for row in rows(reader, view) if row["stream"] != "project/plant"] == others[view.name]
