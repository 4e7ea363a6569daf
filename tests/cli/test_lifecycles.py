"""How lifecycles read: every row with its case, what the calendar leads to, and a picture that can be drawn."""

import re

import pytest

from domain.deciders import LIFECYCLES
from tests.cli.program import Program

FACETS = [name.replace(" ", "-") for name in LIFECYCLES]


@pytest.mark.parametrize("facet", FACETS)
def test_every_row_is_shown(paraph: Program, facet: str) -> None:
    """The table has a line for each move and for each row of the calendar."""
    lifecycle = LIFECYCLES[facet.replace("-", " ")]
    rows = paraph.ok("lifecycle", "show", facet).rows
    assert len(rows) == len(lifecycle.moves) + len(lifecycle.reckoned)
    assert [row["fact"].split(" (")[0] for row in rows[: len(lifecycle.moves)]] == [m.fact for m in lifecycle.moves]
    moves = paraph.json("lifecycle", "show", facet)["moves"]
    assert [move["to"] for move in moves] == [row["to"] for row in rows]


def test_a_row_of_a_case_says_which(paraph: Program) -> None:
    """Where a fact leads elsewhere by what it says, its rows tell, for people and for programs."""
    rows = paraph.ok("lifecycle", "show", "project-phase").rows
    [accepted] = [row for row in rows if row["fact"] == "StudyAccepted (study justification or bankable)"]
    assert (accepted["from"], accepted["to"]) == ("identified; pre-feasibility; justification", "appraised")
    moves = paraph.json("lifecycle", "show", "project-phase")["moves"]
    cases = [move["case"] for move in moves if move["fact"] == "InvestmentDecided"]
    assert cases == [{"decision": ["go"]}, None]


def test_what_no_fact_leads_to_is_shown(paraph: Program) -> None:
    """The asking date ends an agreement by notice or by its term, and the table says so."""
    rows = paraph.ok("lifecycle", "show").rows
    reckoned = [(row["from"], row["to"]) for row in rows if row["fact"] == "(the asking date)"]
    assert reckoned == [("in force; provisionally applied", "terminated"), ("in force", "expired")]


_STATE = re.compile(r'  state "[^"]+" as (\w+)')
_ARROW = re.compile(r"  (\w+) --> (\w+): [^:;]+")


@pytest.mark.parametrize("facet", FACETS)
def test_the_picture_can_be_drawn(paraph: Program, facet: str) -> None:
    """Each line of the picture declares a state or draws an arrow between two that were declared."""
    told = paraph.ok("lifecycle", "show", facet, "--format", "md").out
    picture = told.split("```mermaid\nstateDiagram-v2\n")[1].split("```")[0].splitlines()
    states = {found[1] for line in picture if (found := _STATE.fullmatch(line))}
    arrows = [found for line in picture if (found := _ARROW.fullmatch(line))]
    assert len(states) + len(arrows) == len(picture)
    assert arrows
    assert {end for arrow in arrows for end in (arrow[1], arrow[2])} <= states


def test_no_arrow_leads_back_where_the_fact_does_not(paraph: Program) -> None:
    """Works that begin do not take a project in operation back, and the picture draws no such arrow."""
    told = paraph.ok("lifecycle", "show", "project-phase", "--format", "md").out
    assert "  financed --> construction: ConstructionStarted" in told
    assert "operation --> construction" not in told
