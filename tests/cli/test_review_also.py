"""`record review --also`: what a session dealt with together is recorded together, or not at all."""

from typing import Any

import pytest

from tests.cli.desk import bare
from tests.cli.program import Program

REVIEW = ["record", "review", "mill", "joint", "--session", "4", "--finding", "delayed", "--on", "2025-02-01"]
ID = "6d4b1b3e-0d6f-4a53-9e4e-1f3c6d8c9a01"


def reviews(program: Program, *slugs: str) -> list[list[tuple[str, str]]]:
    """Return the reviews of each stream: on which day with what finding."""
    answers: list[dict[str, Any]] = [program.json("status", slug) for slug in slugs]
    return [[(row["on"], row["finding"]) for row in answer["reviews"]] for answer in answers]


def test_one_act_is_recorded_on_several_streams(paraph: Program) -> None:
    """A project and an agreement reviewed together get the same review, in one go and one answer."""
    bare(paraph)
    answer = paraph.json(*REVIEW, "--also", "treaty", "--source", "protocol-4")
    assert [(event["stream"], event["type"]) for event in answer["events"]] == [
        ("project/mill", "ProjectReviewed"),
        ("agreement/treaty", "AgreementReviewed"),
    ]
    assert reviews(paraph, "mill", "treaty") == [[("2025-02-01", "delayed")]] * 2
    assert [s["source"] for s in paraph.json("status", "treaty")["sources"]] == ["protocol-4"]


def test_a_stream_named_twice_is_reviewed_once(paraph: Program) -> None:
    """Named again, by its slug or its full name, it gets no second review."""
    bare(paraph)
    assert len(paraph.json(*REVIEW, "--also", "mill", "--also", "project/mill", "--also", "treaty")["events"]) == 2


@pytest.mark.parametrize("flag", [("--id", ID), ("--key", "session-4")])
def test_a_retry_adds_nothing(paraph: Program, flag: tuple[str, str]) -> None:
    """Run again with the same id or key, every one of them is on record already."""
    bare(paraph)
    first = paraph.json(*REVIEW, "--also", "treaty", *flag)
    again = paraph.json(*REVIEW, "--also", "treaty", *flag)
    assert (again["already_recorded"], again["events"]) == (True, first["events"])
    assert reviews(paraph, "mill", "treaty") == [[("2025-02-01", "delayed")]] * 2


def test_one_refused_keeps_all_out(paraph: Program) -> None:
    """Where the rules refuse one of them, none is recorded: exit 4."""
    bare(paraph, "new project Quarry --slug quarry --on 2024-01-01", "record completed quarry --on 2024-02-01")
    assert "quarry" in paraph.refused(4, *REVIEW, "--also", "treaty", "--also", "quarry")["message"]
    assert reviews(paraph, "mill", "treaty", "quarry") == [[], [], []]


@pytest.mark.parametrize("other", ["nobody", "fund", "party/fund"])
def test_a_stream_that_cannot_be_reviewed_keeps_all_out(paraph: Program, other: str) -> None:
    """One unknown, or of a kind that nobody reviews, is not found: exit 3, and none is recorded."""
    bare(paraph)
    paraph.refused(3, *REVIEW, "--also", other)


def test_expected_is_the_version_of_the_first(paraph: Program) -> None:
    """--expect is held against the stream named first; where it moved on none is recorded."""
    bare(paraph)
    paraph.refused(5, *REVIEW, "--also", "treaty", "--expect", "1")
    assert len(paraph.json(*REVIEW, "--also", "treaty", "--expect", "2")["events"]) == 2


def test_a_rehearsal_prints_a_line_for_each(paraph: Program) -> None:
    """--dry-run prints every fact, and records none; the lines can be imported as they are."""
    bare(paraph)
    answer = paraph.ok(*REVIEW, "--also", "treaty", "--dry-run", "--json")
    assert [fact["stream"] for fact in answer.facts] == ["project/mill", "agreement/treaty"]
    assert reviews(paraph, "mill", "treaty") == [[], []]
    assert paraph.json("import", "-", stdin=answer.out.encode())["new"] == 2


def test_only_a_review_is_of_several(paraph: Program) -> None:
    """A phase is of one project: --also is no flag of it."""
    bare(paraph)
    paraph.refused(2, "record", "phase", "mill", "construction", "--also", "treaty")
