"""The moves of a project through phases and run states, as data, with guards (DOMAIN.md section 5)."""

from domain.decider import Decider
from domain.duties import Rows, placed, value_of
from domain.entries import Entry
from domain.facts import said
from domain.financing import FIRM, unpledged
from domain.findings import Finding
from domain.lifecycle import Case, Guard, Lifecycle, Move
from domain.project import facts as f
from domain.project.money import PROJECT_MONEY
from domain.project.state import Project, evolve, facets, left, stayed
from domain.states import updated
from domain.vocabulary import ABANDONED, PHASE_OF_STUDY, PHASES, RUN_STATES, ProjectPhase

_GOING = PHASES[:-1]


def _not_submitted(state: Project, entry: Entry) -> str | None:
    study = said(entry.fact, "study")
    known = next((row for row in state.studies if row["study"] == study), {})
    if known.get("step") == "returned":
        return f"the {study} study was returned and not submitted again"
    return None if "submitted" in known else f"no {study} study is on record as submitted"


def _no_construction(state: Project, entry: Entry) -> str | None:
    fact = entry.fact
    operating = isinstance(fact, f.OperationStarted) or said(fact, "phase") == "operation"
    return "it has no construction on record" if operating and not state.passed("construction") else None


def _uncommitted(state: Project, _entry: Entry) -> str | None:
    if state.financing.standing in FIRM:
        return None
    return f"its financing is {state.financing.standing}: given up before commitment, a project is dropped"


def _committed(state: Project, _entry: Entry) -> str | None:
    if state.financing.standing not in FIRM:
        return None
    return f"its financing is {state.financing.standing}: given up after commitment, a project is cancelled"


def _not_pledged(state: Project, entry: Entry) -> str | None:
    return unpledged(state.financing, entry.fact)


def _given_up(state: Project, _entry: Entry) -> str | None:
    return f"the project was {state.run}" if state.run in ABANDONED else None


NOT_SUBMITTED = Guard("not-submitted", "warn", "the study was submitted", _not_submitted)
GIVEN_UP = Guard("given-up", "warn", "the project was not given up", _given_up)
PHASE_SKIPPED = Guard("phase-skipped", "warn", "construction came before operation", _no_construction)

_NOT_AFTER_COMPLETION = (
    "ProjectLinked",
    "ProjectUnlinked",
    "SiteAllocated",
    "ResidencyGranted",
    "CompanyEstablished",
    "PermitGranted",
    "FinancingPledged",
    "FinancingCommitted",
    "FinancingDisbursed",
    "ProjectSuspended",
    "ProjectResumed",
    "ProjectDropped",
    "ProjectCancelled",
    "MilestonePlanned",
    "MilestoneRescheduled",
    "MilestoneMissed",
    "ProjectReviewed",
)
"""Facts that leave the phase as it is; once the project is completed only the record may still change."""


def _before(phase: ProjectPhase) -> tuple[str, ...]:
    return PHASES[: PHASES.index(phase)]


_EARLY = Case("study", tuple(study for study, phase in PHASE_OF_STUDY.items() if phase == "pre-feasibility"))
_LATER = Case("study", tuple(study for study, phase in PHASE_OF_STUDY.items() if phase == "justification"))
_CONCLUSIVE = Case("study", ("justification", "bankable"))
_GO = Case("decision", ("go",))
_ACCEPTED = (NOT_SUBMITTED, GIVEN_UP)
_STEP = (GIVEN_UP,)

PHASE: Lifecycle[Project] = Lifecycle(
    kind="project",
    facet="project phase",
    values=PHASES,
    ended=frozenset({"completed"}),
    current=lambda state, _day: state.phase,
    reopens=False,
    moves=(
        *(
            Move("PhaseObserved", _GOING, phase, (PHASE_SKIPPED, GIVEN_UP), case=Case("phase", (phase,)), back=True)
            for phase in PHASES
        ),
        Move("StudyCommissioned", _GOING, None, _STEP),
        Move("StudyStarted", _before("pre-feasibility"), "pre-feasibility", _STEP, case=_EARLY),
        Move("StudyStarted", _before("justification"), "justification", _STEP, case=_LATER),
        Move("StudyStarted", _GOING, None, _STEP),
        Move("StudySubmitted", _GOING, None, _STEP),
        Move("StudyReturned", ("appraised",), "pre-feasibility", _STEP, case=_EARLY),
        Move("StudyReturned", ("appraised",), "justification", _STEP, case=_LATER),
        Move("StudyReturned", _GOING, None, _STEP),
        Move("StudyAccepted", _before("appraised"), "appraised", _ACCEPTED, case=_CONCLUSIVE),
        Move("StudyAccepted", _GOING, None, _ACCEPTED),
        Move("InvestmentDecided", _before("decided"), "decided", _STEP, case=_GO),
        Move("InvestmentDecided", _GOING, None, _STEP),
        Move("FinancingClosed", _before("financed"), "financed", _STEP),
        Move("FinancingClosed", _GOING, None, _STEP),
        Move("FinancingWithdrawn", _GOING, None, (Guard("not-pledged", "warn", "it was pledged", _not_pledged),)),
        Move("ConstructionStarted", _before("construction"), "construction", _STEP),
        Move("ConstructionStarted", _GOING, None, _STEP),
        Move("OperationStarted", _before("operation"), "operation", (PHASE_SKIPPED, GIVEN_UP)),
        Move("OperationStarted", _GOING, None, (PHASE_SKIPPED, GIVEN_UP)),
        Move("ProjectCompleted", _GOING, "completed", _STEP),
        *(Move(fact, _GOING) for fact in _NOT_AFTER_COMPLETION),
    ),
)

RUN: Lifecycle[Project] = Lifecycle(
    kind="project",
    facet="run state",
    values=RUN_STATES,
    ended=ABANDONED,
    current=lambda state, _day: state.run,
    moves=(
        Move("ProjectSuspended", ("active",), "suspended"),
        Move("ProjectResumed", ("suspended",), "active", otherwise="refuse"),
        Move(
            "ProjectDropped",
            ("active", "suspended"),
            "dropped",
            (Guard("committed", "warn", "no money was committed", _committed),),
        ),
        Move(
            "ProjectCancelled",
            ("active", "suspended"),
            "cancelled",
            (Guard("uncommitted", "warn", "money was committed", _uncommitted),),
        ),
    ),
)


def _not_planned(state: Project, entry: Entry) -> str | None:
    if value_of(MILESTONE, state.milestones, _milestone(entry)) != "not planned":
        return None
    names = ", ".join(row["item"] for row in state.milestones if row["state"] != "not planned") or "none"
    return f"no milestone {_milestone(entry)} is on record; on record: {names}"


PLANNED = Guard("unknown-milestone", "warn", "the milestone is on record", _not_planned)

MILESTONE: Lifecycle[Project] = Lifecycle(
    kind="project",
    facet="milestone",
    values=("not planned", "planned", "missed", "met"),
    ended=frozenset(),
    # A milestone's state is that of the one a fact names: see _judge.
    current=lambda _state, _day: "not planned",
    moves=(
        Move("MilestonePlanned", ("not planned",), "planned", otherwise="refuse"),
        Move("MilestoneRescheduled", ("planned", "missed"), "planned", (PLANNED,), otherwise="refuse"),
        Move("MilestoneMet", ("planned", "missed"), "met", (PLANNED,)),
        Move("MilestoneMissed", ("planned",), "missed", (PLANNED,)),
    ),
)


def _evolve(state: Project, entry: Entry) -> Project:
    fact, on = entry.fact, entry.on.text
    after = evolve(state, entry)
    phase, run = PHASE.after(state.phase, fact), RUN.after(state.run, fact)
    if run != state.run:
        after = updated(after, run=run, run_since=on)
    if phase != state.phase or isinstance(fact, f.PhaseObserved):
        wording = fact.wording if isinstance(fact, f.PhaseObserved) else None
        after = updated(after, phase=phase, since=on, wording=wording)
        after = updated(after, observed=isinstance(fact, f.PhaseObserved))
    after = updated(after, stays=stayed(after, phase, on) if run not in ABANDONED else left(after.stays, on))
    return updated(after, milestones=_placed(state, after, entry)) if _milestone(entry) else after


def _milestone(entry: Entry) -> str:
    return str(said(entry.fact, "milestone") or "")


def _placed(state: Project, after: Project, entry: Entry) -> Rows:
    return placed(MILESTONE, state.milestones, after.milestones, _milestone(entry), entry.fact)


def _judge(state: Project, entry: Entry) -> list[Finding]:
    value = value_of(MILESTONE, state.milestones, _milestone(entry))
    return [*PHASE.judge(state, entry), *RUN.judge(state, entry), *MILESTONE.judge_at(value, state, entry)]


PROJECT: Decider[Project] = Decider(
    kind="project",
    opens=("ProjectIdentified",),
    initial=Project(),
    evolve=_evolve,
    judge=_judge,
    facets=facets,
    lifecycles=(PHASE, RUN, PROJECT_MONEY, MILESTONE),
)
