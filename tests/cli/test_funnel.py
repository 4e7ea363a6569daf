"""`funnel`: how many came how far, and how long each phase takes, on any day."""

from typing import Any

from tests.cli.desk import IN_FORCE, bare, told
from tests.cli.program import Program

QUARRY = (
    "new project Quarry --slug quarry --on 2024-01-01",
    "record phase quarry justification --on 2024-01-11",
    "record phase quarry appraised --on 2024-02-10",
    "record phase quarry justification --on 2024-03-01",
    "record construction quarry --on 2024-03-11",
)
"""Ten days identified, thirty and then ten in justification, twenty appraised, then construction."""
MILL = ("record phase mill justification --on 2024-01-25", "record dropped mill --on 2024-02-14")
"""Twenty days identified, twenty in justification until it was dropped."""


def phases(program: Program, *flags: str) -> dict[str, dict[str, Any]]:
    """Return what is told of each phase."""
    return {row["phase"]: row for row in program.json("funnel", *flags)["phases"]}


def test_agreements_are_counted_by_how_far_they_came(paraph: Program) -> None:
    """Signed counts all that ever were; in force and ended count what is so on the day."""
    bare(
        paraph,
        *IN_FORCE,
        "new agreement Draft --slug draft --on 2024-01-01",
        "new agreement Lapsed --slug lapsed --on 2024-01-01",
        "record lapsed lapsed --on 2024-06-01",
        "record term treaty --length P1Y --on 2024-01-01",
    )
    counted = {day: paraph.json("funnel", "--as-of", day)["agreements"] for day in ("2024-05-31", "2025-01-01")}
    assert counted == {
        "2024-05-31": {"total": 3, "signed": 1, "in_force": 1, "ended": 0},
        "2025-01-01": {"total": 3, "signed": 1, "in_force": 0, "ended": 2},
    }


def test_projects_are_counted_by_how_they_run(paraph: Program) -> None:
    """Operating, completed, suspended, dropped and cancelled projects are told apart."""
    bare(paraph)
    for slug, word in (("run", "operation"), ("done", "completed"), ("still", "suspended"), ("off", "cancelled")):
        told(paraph, f"new project {slug} --slug {slug}-x --on 2024-01-01", f"record {word} {slug}-x --on 2024-02-01")
    told(paraph, "record dropped mill --on 2024-02-01")
    assert paraph.json("funnel")["projects"] == {
        "total": 5,
        "operating": 1,
        "completed": 1,
        "suspended": 1,
        "dropped": 1,
        "cancelled": 1,
    }
    assert paraph.json("funnel", "--as-of", "2024-01-31")["projects"]["operating"] == 0


def test_a_phase_tells_who_is_in_it_and_who_ever_was(paraph: Program) -> None:
    """A project given up is in no phase any more, and was in those it reached; so was one that went back."""
    bare(paraph, *QUARRY, *MILL)
    found = phases(paraph)
    told_of = {name: (row["now"], row["reached"], row["stays"]) for name, row in found.items() if row["reached"]}
    assert told_of == {
        "identified": (0, 2, 2),
        "justification": (0, 2, 3),
        "appraised": (0, 1, 1),
        "construction": (1, 1, 0),
    }


def test_a_phase_tells_the_median_of_the_stays_that_are_over(paraph: Program) -> None:
    """Identified 10 and 20 days, in justification 10, 20 and 30, appraised 20; construction is not over."""
    bare(paraph, *QUARRY, *MILL)
    found = phases(paraph, "--as-of", "2024-03-21")
    medians = {name: row["median_days"] for name, row in found.items() if row["median_days"] is not None}
    assert medians == {"identified": 15, "justification": 20, "appraised": 20}
    so_far = {name: row["median_days_so_far"] for name, row in found.items() if row["median_days_so_far"] is not None}
    assert so_far == {"construction": 10}


def test_the_median_of_an_even_number_of_stays_may_be_half_a_day(paraph: Program) -> None:
    """Eleven and twenty days come to fifteen and a half."""
    bare(paraph, *MILL, "new project Quarry --slug quarry --on 2024-01-01",
         "record phase quarry justification --on 2024-01-12")  # fmt: skip
    assert phases(paraph)["identified"]["median_days"] == 15.5


def test_a_median_of_whole_days_is_told_without_a_point(paraph: Program) -> None:
    """Twelve and twenty days come to sixteen, not to 16.0."""
    bare(paraph, *MILL, "new project Quarry --slug quarry --on 2024-01-01",
         "record phase quarry justification --on 2024-01-13")  # fmt: skip
    assert repr(phases(paraph)["identified"]["median_days"]) == "16"


def test_the_funnel_of_a_past_day_knows_nothing_after_it(paraph: Program) -> None:
    """--as-of tells who was where then, and for how long by then."""
    bare(paraph, *QUARRY, *MILL)
    found = phases(paraph, "--as-of", "2024-02-09")
    assert {name: row["now"] for name, row in found.items() if row["now"]} == {"justification": 2}
    assert found["justification"]["median_days"] is None
    assert found["justification"]["median_days_so_far"] == 22
    assert found["appraised"]["reached"] == 0


def test_the_funnel_as_known_then_stays_as_it_was(paraph: Program) -> None:
    """--known-at answers as before whatever is recorded later."""
    bare(paraph, *QUARRY)
    head = paraph.head()
    assert head is not None
    before = paraph.json("funnel")
    told(paraph, *MILL, "retract quarry@3 --reason misread")
    then = paraph.json("funnel", "--known-at", str(head["position"]))
    assert {**then, "head": head, "known_at": None} == before
    assert paraph.json("funnel")["phases"] != before["phases"]


def test_an_empty_register_has_an_empty_funnel(empty: Program) -> None:
    """With nothing on record every count is zero and no median is made up."""
    answer = empty.json("funnel")
    assert set(answer["agreements"].values()) | set(answer["projects"].values()) == {0}
    assert {(row["now"], row["reached"], row["median_days"]) for row in answer["phases"]} == {(0, 0, None)}


def test_the_funnel_in_columns_names_every_stage(paraph: Program) -> None:
    """Piped it is one table: agreements, every phase, projects by how they run."""
    bare(paraph, *QUARRY, *MILL)
    rows = {row["stage"]: row for row in paraph.ok("funnel").rows}
    assert (rows["agreements total"]["now"], rows["projects dropped"]["now"]) == ("1", "1")
    assert (rows["justification"]["reached"], rows["justification"]["median_days"]) == ("2", "20")
