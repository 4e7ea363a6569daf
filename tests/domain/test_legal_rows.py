"""Every row of every lifecycle, written down once more by hand (DOMAIN.md section 5, and the facets added to it).

A row that is lost, added or changed in a table shows here by its name; what the rows do is told in the
tests of each kind.
"""

from typing import Any

import pytest

from domain.catalogue import BY_KIND
from domain.deciders import DECIDERS, LIFECYCLES
from domain.lifecycle import Lifecycle, Move
from tests.domain.lifecycle_rows import RECKONED, ROWS, TABLES, VALUES, Row


def rows_of(lifecycle: Lifecycle[Any], fact: str) -> list[Row]:
    """Return the rows a table holds for a fact."""
    return [
        Row(move.froms, move.to, move.otherwise, {guard.code: guard.weight for guard in move.guards}, _case(move))
        for move in lifecycle.moves
        if move.fact == fact
    ]


def _case(move: Move[Any]) -> str:
    return f"{move.case.field}: {', '.join(move.case.values)}" if move.case else ""


@pytest.mark.parametrize(("facet", "fact", "rows"), ROWS, ids=[f"{facet}: {fact}" for facet, fact, _ in ROWS])
def test_each_row_stands_in_its_table(facet: str, fact: str, rows: list[Row]) -> None:
    """The table has these rows for the fact, in this order: expected in these values, leading there, guarded so."""
    found = rows_of(LIFECYCLES[facet], fact)
    assert [row._replace(froms=tuple(sorted(row.froms))) for row in found] == [
        row._replace(froms=tuple(sorted(row.froms))) for row in rows
    ]


@pytest.mark.parametrize("facet", TABLES)
def test_what_the_calendar_leads_to_is_written_down_too(facet: str) -> None:
    """The asking date alone ends an agreement by notice or by its term, and withdraws a party; nothing else."""
    found = [(set(row.froms), row.to) for row in LIFECYCLES[facet].reckoned]
    assert found == [(set(froms), to) for froms, to in RECKONED.get(facet, [])]


@pytest.mark.parametrize("facet", TABLES)
def test_no_table_has_a_row_beyond_those(facet: str) -> None:
    """Whatever stands in a table is written down here."""
    assert {move.fact for move in LIFECYCLES[facet].moves} == set(TABLES[facet])


@pytest.mark.parametrize("facet", VALUES)
def test_each_facet_has_its_values_in_their_order(facet: str) -> None:
    """A facet's values, their order and its ends are those of the field."""
    lifecycle = LIFECYCLES[facet]
    assert (lifecycle.kind, lifecycle.values, lifecycle.ended) == VALUES[facet]


def test_every_lifecycle_is_written_down() -> None:
    """No kind of stream has a lifecycle that is not told of here."""
    found = [lifecycle.facet for decider in DECIDERS.values() for lifecycle in decider.lifecycles]
    assert sorted(found) == sorted(TABLES)
    assert sorted(TABLES) == sorted(VALUES)


@pytest.mark.parametrize("facet", TABLES)
def test_every_row_speaks_of_facts_and_values_there_are(facet: str) -> None:
    """A row names a fact of its own kind, and only values of its facet."""
    lifecycle = LIFECYCLES[facet]
    assert {move.fact for move in lifecycle.moves} <= set(BY_KIND[lifecycle.kind])
    named = {value for move in lifecycle.moves for value in (*move.froms, *([move.to] if move.to else []))}
    assert named <= set(lifecycle.values)
