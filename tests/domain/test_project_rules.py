"""The course of a project: phases, run states, money (DOMAIN.md sections 4 and 5)."""

from typing import Any

import pytest

from domain.project.facts import FACTS
from tests.domain.samples import A, B, sample
from tests.spec import PROJECT, Said, Story, fact, given

ON = "2026-01-01"
PHASES = (
    "identified",
    "pre-feasibility",
    "justification",
    "appraised",
    "decided",
    "financed",
    "construction",
    "operation",
    "completed",
)
IDENTIFIED = sample("ProjectIdentified")
BUILT = fact("ConstructionStarted", "2025-02")
SUSPENDED = fact("ProjectSuspended", "2025-02")
COMMITTED = fact("FinancingCommitted", "2025-02")

REACHED: dict[str, tuple[Said, ...]] = {
    "identified": (),
    "pre-feasibility": (sample("StudyStarted", "2025-02", study="pre-feasibility"),),
    "justification": (sample("StudyStarted", "2025-02"),),
    "appraised": (sample("StudySubmitted", "2025-02"), sample("StudyAccepted", "2025-02")),
    "decided": (sample("InvestmentDecided", "2025-02"),),
    "financed": (fact("FinancingClosed", "2025-02"),),
    "construction": (BUILT,),
    "operation": (BUILT, fact("OperationStarted", "2025-02")),
    "completed": (BUILT, fact("ProjectCompleted", "2025-02")),
}

LEADS = {
    "StudyStarted": "justification",
    "StudyAccepted": "appraised",
    "InvestmentDecided": "decided",
    "FinancingClosed": "financed",
    "ConstructionStarted": "construction",
    "OperationStarted": "operation",
    "ProjectCompleted": "completed",
}
"""The phase a fact leads to from any phase before it; the sample studies are justifications."""

RUN: dict[str, tuple[tuple[str, ...], str, str]] = {
    "ProjectSuspended": (("active",), "suspended", "warn"),
    "ProjectResumed": (("suspended",), "active", "refuse"),
    "ProjectDropped": (("active", "suspended"), "dropped", "warn"),
    "ProjectCancelled": (("active", "suspended"), "cancelled", "warn"),
}
RUNS: dict[str, tuple[Said, ...]] = {
    "active": (),
    "suspended": (SUSPENDED,),
    "dropped": (fact("ProjectDropped", "2025-02"),),
    "cancelled": (COMMITTED, fact("ProjectCancelled", "2025-02")),
}
MILESTONES = {"MilestonePlanned", "MilestoneRescheduled", "MilestoneMet", "MilestoneMissed"}
"""Facts of a milestone have a lifecycle of their own: see test_milestones."""
ALL = sorted(set(FACTS) - {"ProjectIdentified"} - MILESTONES)


def project(*facts: Said) -> Story:
    """Tell of a project."""
    return given(PROJECT, IDENTIFIED, *facts)


@pytest.mark.parametrize("phase", PHASES)
@pytest.mark.parametrize("name", ALL)
def test_every_fact_meets_every_phase(name: str, phase: str) -> None:
    """Any fact may come in any phase but the last; once completed, only the record still changes."""
    story = project(*REACHED[phase])
    assert story.shown()["phase"] == phase
    refused = {f.code for f in story.when(sample(name, ON)).decision.findings if f.weight == "refuse"}
    expected = {"ended"} if phase == "completed" else set()
    assert refused - {"out-of-order"} == expected
    assert ("out-of-order" in refused) == (name == "ProjectResumed")


@pytest.mark.parametrize("phase", PHASES)
@pytest.mark.parametrize("name", ALL)
def test_every_fact_leads_where_its_row_says(name: str, phase: str) -> None:
    """A phase moves forward with its facts; back it goes with an observation or a returned study."""
    after = project(*REACHED[phase]).also(sample(name, ON)).shown()["phase"]
    if name == "PhaseObserved" or (name == "StudyReturned" and phase == "appraised"):
        assert after == "justification"
    else:
        assert after == max(phase, LEADS.get(name, phase), key=PHASES.index)


@pytest.mark.parametrize("run", RUNS)
@pytest.mark.parametrize("name", RUN)
def test_every_fact_meets_every_run_state(name: str, run: str) -> None:
    """A project given up goes on only by force; one that goes on is not resumed."""
    froms, to, otherwise = RUN[name]
    story = project(*RUNS[run])
    order = {
        (f.code, f.weight)
        for f in story.when(sample(name, ON)).decision.findings
        if f.code in {"out-of-order", "ended"}
    }
    ended = ("ended", "refuse") if run in {"dropped", "cancelled"} else ("out-of-order", otherwise)
    assert order == (set() if run in froms else {ended})
    runs = tuple(RUNS)
    moves = run in froms or run in {"dropped", "cancelled"} or runs.index(to) > runs.index(run)
    assert story.also(sample(name, ON)).shown()["run_state"] == (to if moves else run)


SUBMITTED = sample("StudySubmitted", "2025-02")
RETURNED = sample("StudyReturned", "2025-03")
GIVEN_UP = project(*RUNS["dropped"])
PROMISED = fact("FinancingPledged", "2025-02")
TAKEN_BACK = fact("FinancingWithdrawn", "2025-03")

GUARDS: list[tuple[str, Story, Said, tuple[str, ...]]] = [
    ("accepted without submission", project(), sample("StudyAccepted", ON), ("not-submitted",)),
    ("accepted as submitted", project(SUBMITTED), sample("StudyAccepted", ON), ()),
    ("accepted, another submitted", project(SUBMITTED),
     sample("StudyAccepted", ON, study="ESIA"), ("not-submitted",)),
    ("accepted though returned", project(SUBMITTED, RETURNED),
     sample("StudyAccepted", ON), ("not-submitted",)),
    ("accepted as resubmitted", project(SUBMITTED, RETURNED, sample("StudySubmitted", "2025-04")),
     sample("StudyAccepted", ON), ()),
    ("operation without construction", project(), fact("OperationStarted", ON), ("phase-skipped",)),
    ("operation after construction", project(BUILT), fact("OperationStarted", ON), ()),
    ("operation observed first", project(), fact("PhaseObserved", ON, phase="operation"), ("phase-skipped",)),
    ("operation observed later", project(BUILT), fact("PhaseObserved", ON, phase="operation"), ()),
    ("construction observed before", project(fact("PhaseObserved", "2025-02", phase="construction")),
     fact("OperationStarted", ON), ()),
    ("cancelled without money", project(), fact("ProjectCancelled", ON), ("uncommitted",)),
    ("cancelled with a pledge", project(PROMISED), fact("ProjectCancelled", ON), ("uncommitted",)),
    ("cancelled with a commitment", project(COMMITTED), fact("ProjectCancelled", ON), ()),
    ("cancelled at financial close", project(fact("FinancingClosed", "2025-02")),
     fact("ProjectCancelled", ON), ()),
    ("cancelled while drawing", project(fact("FinancingDisbursed", "2025-02")),
     fact("ProjectCancelled", ON), ()),
    ("cancelled, money taken back", project(COMMITTED, TAKEN_BACK),
     fact("ProjectCancelled", ON), ("uncommitted",)),
    ("dropped without money", project(), fact("ProjectDropped", ON), ()),
    ("dropped with a pledge", project(PROMISED), fact("ProjectDropped", ON), ()),
    ("dropped with a commitment", project(COMMITTED), fact("ProjectDropped", ON), ("committed",)),
    ("dropped, money taken back", project(COMMITTED, TAKEN_BACK), fact("ProjectDropped", ON), ()),
]  # fmt: skip


@pytest.mark.parametrize(("story", "said", "warns"), [row[1:] for row in GUARDS], ids=[r[0] for r in GUARDS])
def test_each_guard_speaks_when_it_must(story: Story, said: Said, warns: tuple[str, ...]) -> None:
    """Each guard warns as its row says, and is silent otherwise."""
    story.when(said).then(recorded=said.type, warns=warns)


STEPS = (
    "PhaseObserved",
    "StudyCommissioned",
    "StudyStarted",
    "StudySubmitted",
    "StudyReturned",
    "StudyAccepted",
    "InvestmentDecided",
    "FinancingClosed",
    "ConstructionStarted",
    "OperationStarted",
    "ProjectCompleted",
)


@pytest.mark.parametrize("name", ALL)
def test_a_project_given_up_takes_no_steps_unnoticed(name: str) -> None:
    """Every step of the cycle warns once the project was dropped; permits, sites and reviews do not."""
    assert ("given-up" in GIVEN_UP.when(sample(name, ON)).codes("warn")) == (name in STEPS)
    assert "given-up" not in project(SUSPENDED).when(sample(name, ON)).codes("warn")


@pytest.mark.parametrize(
    ("study", "phase"),
    [
        ("opportunity", "pre-feasibility"),
        ("pre-feasibility", "pre-feasibility"),
        ("justification", "justification"),
        ("bankable", "justification"),
        ("ESIA", "justification"),
    ],
)
def test_a_study_puts_the_project_into_its_phase(study: str, phase: str) -> None:
    """A study under way says which phase the project is in; one only ordered does not."""
    assert project(sample("StudyStarted", "2025-02", study=study)).shown()["phase"] == phase
    assert project(sample("StudyCommissioned", "2025-02", study=study)).shown()["phase"] == "identified"


@pytest.mark.parametrize("study", ["opportunity", "pre-feasibility", "ESIA"])
def test_only_the_justification_appraises(study: str) -> None:
    """Accepting an earlier or a side study does not make a project appraised."""
    story = project(sample("StudySubmitted", study=study), sample("StudyAccepted", study=study))
    assert story.shown()["phase"] == "identified"


@pytest.mark.parametrize("decision", ["no-go", "deferred"])
def test_only_a_go_decides(decision: str) -> None:
    """A project nobody decided to build is not in the decided phase."""
    assert project(fact("InvestmentDecided", "2025-02", decision=decision)).shown()["phase"] == "identified"


def test_an_observed_phase_is_shown_as_observed() -> None:
    """A phase a source observed keeps its wording; one that began by a fact has none."""
    seen = project(fact("PhaseObserved", "2025-04", phase="justification", wording="TEO"))
    shown = seen.shown()
    assert (shown["observed"], shown["wording"], shown["since"]) == (True, "TEO", "2025-04")
    shown = seen.also(fact("ConstructionStarted", "2025-05")).shown()
    assert (shown["phase"], shown["observed"], shown["wording"]) == ("construction", False, None)


def test_a_study_keeps_its_steps_and_its_author() -> None:
    """One row a study, with the day of each step and the author once named."""
    story = project(sample("StudyStarted", "2025-02", author="CMEC"), sample("StudySubmitted", "2025-03"))
    assert story.shown()["studies"] == [
        {
            "study": "justification",
            "step": "submitted",
            "started": "2025-02",
            "submitted": "2025-03",
            "author": "CMEC",
            "due": None,
            "verdict": None,
        }
    ]


@pytest.mark.parametrize(
    ("names", "financing"),
    [
        ([], "none"),
        (["FinancingPledged"], "pledged"),
        (["FinancingCommitted", "FinancingPledged"], "committed"),
        (["FinancingClosed", "FinancingDisbursed"], "disbursing"),
        (["FinancingCommitted", "FinancingWithdrawn"], "withdrawn"),
        (["FinancingWithdrawn", "FinancingPledged"], "pledged"),
        (["FinancingPledged", "FinancingClosed", "FinancingWithdrawn", "FinancingCommitted"], "committed"),
    ],
)
def test_financing_is_the_firmest_since_the_last_withdrawal(names: list[str], financing: str) -> None:
    """Money stands as firm as it ever was, until it is withdrawn."""
    said: list[Any] = [fact(name, f"2025-0{month}") for month, name in enumerate(names, 2)]
    assert project(*said).shown()["financing"] == financing


def test_agreements_come_and_go() -> None:
    """A project lists the agreements it comes under, each once."""
    linked = project(sample("ProjectLinked"), sample("ProjectLinked"), sample("ProjectLinked", agreement="other"))
    assert linked.shown()["agreements"] == ["cardboard", "other"]
    assert linked.also(sample("ProjectUnlinked", "2025-02")).shown()["agreements"] == ["other"]


def test_one_financier_withdrawing_leaves_the_money_of_the_others() -> None:
    """A bank that steps back leaves the project as firmly financed as the others are; with nobody named, nothing is."""
    banks = project(
        sample("FinancingCommitted", "2025-02", financier=A),
        sample("FinancingPledged", "2025-03", financier=B),
    )
    assert banks.also(sample("FinancingWithdrawn", "2025-04", financier=A)).shown()["financing"] == "pledged"
    assert banks.also(sample("FinancingWithdrawn", "2025-04")).shown()["financing"] == "withdrawn"
    banks.when(sample("FinancingWithdrawn", "2025-04", financier=A)).then(recorded="FinancingWithdrawn")
    stranger = sample("FinancingWithdrawn", "2025-04", financier="party/third-bank")
    banks.when(stranger).then(recorded="FinancingWithdrawn", warns="not-pledged")


def test_a_project_that_one_bank_left_is_still_cancelled() -> None:
    """What others committed stands: given up now, the project is cancelled, not dropped."""
    story = project(
        sample("FinancingCommitted", "2025-02", financier=A),
        sample("FinancingCommitted", "2025-02", financier=B),
        sample("FinancingWithdrawn", "2025-03", financier=A),
    )
    story.when(sample("ProjectDropped", "2025-04")).then(recorded="ProjectDropped", warns="committed")
    story.when(sample("ProjectCancelled", "2025-04")).then(recorded="ProjectCancelled")
