"""`status --why FACET`: which events make a facet what it is, as a person and as a program reads it."""

import pytest

from tests.cli.desk import IN_FORCE, bare
from tests.cli.program import Program

SESSIONS = (
    "record session joint scheduled --session 2 --held-on 2026-03-01 --on 2025-01-01 --about treaty",
    "record instruction joint issued 1 --text 'build the mill' --on 2025-01-02 --about mill",
    "record instruction joint issued 2 --text 'count the turbines' --on 2025-01-03",
)
STREAMS = ("treaty", "mill", "joint", "fund", "plant")
QUESTION = {"as_of", "known_at", "head", "kind", "slug", "in_effect", "events"}


@pytest.mark.parametrize("slug", STREAMS)
def test_whatever_a_status_says_can_be_asked_for(paraph: Program, slug: str) -> None:
    """Every field of a status but the question's own has reasons; where it says something, events are among them."""
    bare(paraph, *IN_FORCE, *SESSIONS)
    shown = paraph.json("status", slug)
    for facet in shown.keys() - QUESTION:
        answer = paraph.json("status", slug, "--why", facet)
        assert answer["value"] == shown[facet]
        assert answer["events"] or shown[facet] in (None, "", [], {})


@pytest.mark.parametrize("facet", ["legal_status", "legal-status", "legal status"])
def test_a_facet_may_be_written_as_one_likes(paraph: Program, facet: str) -> None:
    """With hyphens, blanks or underscores, it is the same facet."""
    bare(paraph, *IN_FORCE)
    rows = paraph.ok("status", "treaty", "--why", facet).rows
    assert [(row["type"], row["before"], row["after"]) for row in rows] == [
        ("AgreementSigned", "opened", "signed"),
        ("EnteredIntoForce", "signed", "in force"),
    ]


def test_of_a_list_only_what_changed_is_shown(paraph: Program) -> None:
    """Each event shows the row it added or changed, not the whole list again; a long value is cut in the heading."""
    bare(paraph, *SESSIONS, "record instruction joint reported 1 --on 2025-02-01")
    rows = paraph.ok("status", "joint", "--why", "instructions").rows
    assert [row["after"].split()[0] for row in rows] == ["item=1", "item=2", "item=1"]
    assert "item=2" not in rows[2]["before"]
    heading, *_ = paraph.ok("status", "joint", "--why", "instructions", width=100).out.splitlines()
    assert "…" in heading


def test_a_table_of_values_shows_whose_changed(paraph: Program) -> None:
    """Of the consent of all parties, an event shows those it moved."""
    bare(paraph, "record signature treaty fund --on 2024-02-01")
    *_, signed = paraph.ok("status", "treaty", "--why", "consent").rows
    assert (signed["before"], signed["after"]) == ("fund=none", "fund=signed")


def test_no_facet_of_that_name(paraph: Program) -> None:
    """What is no facet is told with the facets there are, and exits 3."""
    bare(paraph)
    error = paraph.refused(3, "status", "treaty", "--why", "mood")
    assert error["code"] == "not-found"
    assert "record" not in error["message"]
    assert "legal_status" in error["message"]
