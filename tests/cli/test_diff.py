"""`diff`: what is otherwise between two points of either time axis."""

from typing import Any

import pytest

from tests.cli.program import Program
from tests.cli.shapes import mismatches

POINT = {"as_of": str, "known_at": int}
SHAPE = {
    "kind": str,
    "slug": str,
    "from": POINT,
    "to": POINT,
    "changes": [{"facet": str}],
}


def changes(program: Program, *arguments: str) -> dict[str, tuple[Any, Any]]:
    """Return the facets that differ, each with both values."""
    rows = program.json("diff", *arguments)["changes"]
    return {row["facet"]: (row["before"], row["after"]) for row in rows}


def test_without_more_it_tells_what_the_last_event_changed(told: Program) -> None:
    """The last event of khizi-wind is its review; one on another stream changes nothing of it."""
    told.ok("note", "fund", "of another stream")
    found = changes(told, "khizi-wind")
    assert found.keys() - {"sources", "quality"} == {"review", "reviews"}
    assert found["review"] == ("never", "reviewed")


def test_between_two_days_it_tells_what_took_effect(told: Program) -> None:
    """From a day of May 2024 to one of July the project entered justification and was reviewed."""
    found = changes(told, "khizi-wind", "--from-as-of", "2024-05-01", "--as-of", "2024-07-01")
    assert found["phase"] == ("identified", "justification")
    assert found["review"] == ("never", "reviewed")
    assert "title" not in found
    assert "phase" not in changes(told, "khizi-wind", "--from-as-of", "2024-07-01")


def test_between_two_points_of_the_log_it_tells_what_was_learnt(told: Program) -> None:
    """A correction recorded today of an earlier day is a difference of knowledge, not of the days."""
    told.ok("correct", "khizi-wind@3", "--set", "phase=appraised", "--reason", "misread")
    found = changes(told, "khizi-wind", "--from-known-at", "19")
    assert found["phase"] == ("justification", "appraised")
    assert changes(told, "khizi-wind", "--from-known-at", "19", "--known-at", "19") == {}
    assert "phase" not in changes(told, "khizi-wind", "--from-as-of", "2024-07-01")


def test_both_axes_may_be_asked_at_once(told: Program) -> None:
    """What was said in July of a day in May is held against what is said now of a day in June."""
    told.ok("record", "phase", "khizi-wind", "pre-feasibility", "--on", "2024-04-01")
    points = ["--from-as-of", "2024-05-01", "--from-known-at", "19", "--as-of", "2024-05-01"]
    assert changes(told, "khizi-wind", *points)["phase"] == ("identified", "pre-feasibility")
    answer = told.json("diff", "khizi-wind", *points)
    assert answer["from"] == {"as_of": "2024-05-01", "known_at": 19}
    assert answer["to"] == {"as_of": "2024-05-01", "known_at": 20}
    assert mismatches(answer, SHAPE) == []


def test_turned_round_it_tells_the_same_the_other_way(told: Program) -> None:
    """From later to earlier every facet has its values exchanged."""
    forth = changes(told, "wind-memo", "--from-as-of", "2024-02-15", "--as-of", "2024-07-01")
    back = changes(told, "wind-memo", "--from-as-of", "2024-07-01", "--as-of", "2024-02-15")
    assert forth.keys() >= {"legal_status", "signed", "value", "term"}
    assert back == {facet: (after, before) for facet, (before, after) in forth.items()}


def test_before_a_stream_was_known_it_was_nothing(told: Program) -> None:
    """The first event of the log, too, is told against an empty register: position 0, not the present."""
    answer = told.json("diff", "fund", "--known-at", "1")
    assert (answer["from"]["known_at"], answer["to"]["known_at"]) == (0, 1)
    found = {row["facet"]: (row["before"], row["after"]) for row in answer["changes"]}
    assert found["title"] == (None, "State Oil Fund of Azerbaijan")
    assert found["in_effect"] == (False, True)


@pytest.mark.parametrize("slug", ["wind-memo", "khizi-wind", "joint-commission", "baku-forum", "fund"])
def test_nothing_differs_from_itself(told: Program, slug: str) -> None:
    """Between a point and itself no facet differs, and people are told so."""
    same = ["--from-as-of", "2025-07-02", "--as-of", "2025-07-02"]
    assert changes(told, slug, *same) == {}
    assert "nothing differs" in told.ok("diff", slug, *same, width=80).out


def test_a_merged_party_differs_though_nothing_of_its_own_was_recorded(told: Program) -> None:
    """What other streams add to a status differs too."""
    told.ok("record", "merged", "fund", "zjgc")
    assert changes(told, "zjgc", "--from-known-at", "19")["merged_into"] == (None, "fund")


def test_the_exit_code_answers_where_it_is_asked(told: Program) -> None:
    """With --exit-code a difference is 1, none is 0; without it both are 0, and the answer is the same."""
    asked = told("diff", "khizi-wind", "--exit-code", "--json")
    assert (asked.code, asked.json) == (1, told.json("diff", "khizi-wind"))
    assert told("diff", "khizi-wind", "--from-as-of", "2025-07-02", "--exit-code").code == 0


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["nobody"], 3),
        (["khizi-wind", "--from-known-at", "999"], 3),
        (["khizi-wind", "--from-as-of", "someday"], 4),
        ([], 2),
    ],
)
def test_a_question_that_cannot_be_asked_is_refused(told: Program, arguments: list[str], code: int) -> None:
    """An unknown stream or position exits 3, a bad date 4, no stream 2."""
    told.refused(code, "diff", *arguments)
