"""What a project is to reach by a day, how long it stayed in each phase, and when it was to end."""

from typing import Any

import pytest

from domain.duties import duty
from tests.domain.samples import A, sample
from tests.spec import PROJECT, Said, Story, fact, given

ON = "2026-01-01"
PLANNED = sample("MilestonePlanned", "2025-02")
MET = sample("MilestoneMet", "2025-04")
MISSED = sample("MilestoneMissed", "2025-04")

REACHED: dict[str, tuple[Said, ...]] = {
    "not planned": (),
    "planned": (PLANNED,),
    "missed": (PLANNED, MISSED),
    "met": (PLANNED, MET),
}
STATES = tuple(REACHED)

ROWS: dict[str, tuple[tuple[str, ...], str, str]] = {
    "MilestonePlanned": (("not planned",), "planned", "refuse"),
    "MilestoneRescheduled": (("planned", "missed"), "planned", "refuse"),
    "MilestoneMet": (("planned", "missed"), "met", "warn"),
    "MilestoneMissed": (("planned",), "missed", "warn"),
}
"""Fact: the states it is expected in, the one it leads to, and what it meets elsewhere."""


def project(*facts: Said, **data: Any) -> Story:
    """Tell of a project, known since New Year's Day."""
    return given(PROJECT, sample("ProjectIdentified", "2025-01-01", **data), *facts)


def row_of(story: Story, milestone: str = "groundbreaking") -> dict[str, Any]:
    """Return the row of a milestone."""
    row = duty(tuple(story.shown()["milestones"]), milestone)
    assert row is not None
    return row


def stays(story: Story) -> list[tuple[str, str, str | None]]:
    """Return the stays in phases: which, since when, until when."""
    return [(stay["phase"], stay["since"], stay["until"]) for stay in story.shown()["stays"]]


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("name", ROWS)
def test_every_fact_meets_every_state_of_a_milestone(name: str, state: str) -> None:
    """A fact is out of order exactly where its row does not expect it; of an unknown milestone it warns besides."""
    froms, _, otherwise = ROWS[name]
    wanted: dict[str, set[str]] = {"warn": set(), "refuse": set()}
    if state not in froms:
        wanted[otherwise].add("out-of-order")
    if state == "not planned" and name != "MilestonePlanned":
        wanted["warn"].add("unknown-milestone")
    project(*REACHED[state]).when(sample(name, ON)).then(
        recorded=() if wanted["refuse"] else name,
        refused=tuple(wanted["refuse"]),
        warns=tuple(wanted["warn"]),
    )


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("name", ROWS)
def test_every_fact_leads_where_its_row_says(name: str, state: str) -> None:
    """In order a fact leads where its row says; out of order only forward: what was met is not missed afterwards."""
    froms, to, _ = ROWS[name]
    moves = state in froms or STATES.index(to) > STATES.index(state)
    assert row_of(project(*REACHED[state]).also(sample(name, ON)))["state"] == (to if moves else state)


def test_an_unknown_milestone_is_told_with_those_known() -> None:
    """Whoever names a wrong milestone is told those on record, one met or missed unplanned among them."""
    spoken = sample("MilestoneMissed", "2025-02", milestone="handover")
    for known, told in [((PLANNED, spoken), "groundbreaking, handover"), ((PLANNED,), "groundbreaking"), ((), "none")]:
        outcome = project(*known).when(sample("MilestoneMet", ON, milestone="topping out"))
        [message] = [f.message for f in outcome.decision.findings if f.code == "unknown-milestone"]
        assert message == f"no milestone topping out is on record; on record: {told}"


def test_a_milestone_shows_what_was_told_of_it() -> None:
    """Its text, who answers for it, its day, the former ones, and when it was met."""
    planned = sample("MilestonePlanned", "2025-02", due="2025-06-30", text="first pile", responsible=A)
    story = project(planned, sample("MilestoneRescheduled", "2025-03"), MET)
    row = row_of(story)
    assert (row["text"], row["responsible"], row["issued_on"]) == ("first pile", "azpromo", "2025-02")
    assert (row["state"], row["deadline"], row["closed_on"]) == ("met", "2025-12-31", "2025-04")
    assert row["moved"] == [{"on": "2025-03", "from": "2025-06-30", "to": "2025-12-31"}]


def test_a_missed_milestone_is_planned_anew_or_met_late() -> None:
    """Missed is no end: it gets another day, or is reached after all."""
    missed = project(PLANNED, MISSED)
    assert row_of(missed)["missed_on"] == "2025-04"
    again = missed.when(sample("MilestoneRescheduled", "2025-05")).then(recorded="MilestoneRescheduled")
    assert (row_of(again)["state"], row_of(again)["deadline"]) == ("planned", "2025-12-31")
    assert row_of(missed.when(sample("MilestoneMet", "2025-05")).then(recorded="MilestoneMet"))["state"] == "met"


def test_milestones_have_states_of_their_own() -> None:
    """What happens to one milestone leaves the others, the phase and the run state as they were."""
    story = project(PLANNED, sample("MilestonePlanned", "2025-02", milestone="topping out"), MET)
    states = {row["item"]: row["state"] for row in story.shown()["milestones"]}
    assert states == {"groundbreaking": "met", "topping out": "planned"}
    assert (story.shown()["phase"], story.shown()["run_state"]) == ("identified", "active")


COMPLETED = (fact("ConstructionStarted", "2025-02"), fact("ProjectCompleted", "2025-05"))
FOR_A_COMPLETED = {"MilestonePlanned": (), "MilestoneRescheduled": (PLANNED,), "MilestoneMissed": (PLANNED,)}


@pytest.mark.parametrize("name", FOR_A_COMPLETED)
def test_a_completed_project_plans_and_misses_nothing(name: str) -> None:
    """Once the project is completed its milestones are neither planned, put off nor missed."""
    story = project(*FOR_A_COMPLETED[name], *COMPLETED)
    story.when(sample(name, ON)).then(refused="ended")


def test_a_milestone_left_open_may_be_met_after_completion() -> None:
    """What was planned before completion can still be told to have been reached."""
    after = project(PLANNED, *COMPLETED).when(sample("MilestoneMet", ON)).then(recorded="MilestoneMet")
    assert (row_of(after)["state"], after.shown()["phase"]) == ("met", "completed")


GIVEN_UP: dict[str, tuple[Said, ...]] = {
    "dropped": (fact("ProjectDropped", "2025-05"),),
    "cancelled": (fact("FinancingCommitted", "2025-04"), fact("ProjectCancelled", "2025-05")),
}


@pytest.mark.parametrize("run", GIVEN_UP)
@pytest.mark.parametrize("name", ROWS)
def test_milestones_of_a_project_given_up_can_still_be_told(name: str, run: str) -> None:
    """Giving a project up refuses nothing about its milestones, and wakes it with nothing."""
    story = project(*((PLANNED,) if name != "MilestonePlanned" else ()), *GIVEN_UP[run])
    after = story.when(sample(name, ON)).then(recorded=name)
    assert after.shown()["run_state"] == run


def test_a_project_keeps_the_end_it_was_planned_with() -> None:
    """The day by which it was to be completed is kept as worded; none is none."""
    assert project(planned_end="2027").shown()["planned_end"] == "2027"
    assert project().shown()["planned_end"] is None


def test_each_stay_in_a_phase_ends_where_the_next_begins() -> None:
    """Every phase a project was in is listed, since when and until when; the present one is open."""
    story = project(
        sample("StudyStarted", "2025-02"),
        sample("StudySubmitted", "2025-03"),
        sample("StudyAccepted", "2025-04"),
        fact("ConstructionStarted", "2025-06"),
    )
    assert stays(story) == [
        ("identified", "2025-01-01", "2025-02"),
        ("justification", "2025-02", "2025-04"),
        ("appraised", "2025-04", "2025-06"),
        ("construction", "2025-06", None),
    ]


def test_a_phase_gone_back_to_is_another_stay() -> None:
    """A returned study ends the stay among the appraised and begins a second justification."""
    story = project(
        sample("StudyStarted", "2025-02"),
        sample("StudySubmitted", "2025-03"),
        sample("StudyAccepted", "2025-04"),
        sample("StudyReturned", "2025-05"),
    )
    assert stays(story)[1:] == [
        ("justification", "2025-02", "2025-04"),
        ("appraised", "2025-04", "2025-05"),
        ("justification", "2025-05", None),
    ]


def test_a_phase_observed_again_is_the_same_stay() -> None:
    """A second report of one phase does not begin it anew, nor does a standstill end it."""
    seen = [fact("PhaseObserved", on, phase="justification") for on in ("2025-02", "2025-04")]
    story = project(*seen, fact("ProjectSuspended", "2025-05"), fact("ProjectResumed", "2025-06"))
    assert stays(story) == [("identified", "2025-01-01", "2025-02"), ("justification", "2025-02", None)]


@pytest.mark.parametrize("run", GIVEN_UP)
def test_giving_up_ends_the_last_stay(run: str) -> None:
    """A project given up is in no phase any more since that day; what is recorded later lengthens nothing."""
    story = project(sample("StudyStarted", "2025-02"), *GIVEN_UP[run])
    ended = [("identified", "2025-01-01", "2025-02"), ("justification", "2025-02", "2025-05")]
    assert stays(story) == ended
    assert stays(story.also(sample("ProjectLinked", "2025-06"))) == ended


def test_a_project_taken_up_again_begins_another_stay() -> None:
    """Resumed by force, a project is in its phase again from that day."""
    story = project(*GIVEN_UP["dropped"]).when(fact("ProjectResumed", "2025-07"), irregular="the minister said so")
    assert story.codes("refuse") == {"ended"}
    assert stays(story.after) == [("identified", "2025-01-01", "2025-05"), ("identified", "2025-07", None)]
