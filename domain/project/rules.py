"""The moves of a project through phases and run states, as data, with guards (DOMAIN.md section 5)."""

from domain.decider import Decider
from domain.duties import Rows, placed, value_of
from domain.entries import Entry
from domain.facts import name_of
from domain.findings import Finding
from domain.lifecycle import Guard, Lifecycle, Move
from domain.project import facts as f
from domain.project.state import Project, evolve, facets, left, stayed
from domain.states import updated
from domain.vocabulary import ABANDONED, PHASE_OF_STUDY, PHASES, RUN_STATES

_GOING = PHASES[:-1]
_COMMITTED = frozenset({"committed", "closed", "disbursing", "completed"})


def _not_submitted(state: Project, entry: Entry) -> str | None:
    study = getattr(entry.fact, "study", None)
    known = next((row for row in state.studies if row["study"] == study), {})
    if known.get("step") == "returned":
        return f"the {study} study was returned and not submitted again"
    return None if "submitted" in known else f"no {study} study is on record as submitted"


def _no_construction(state: Project, entry: Entry) -> str | None:
    fact = entry.fact
    operating = isinstance(fact, f.OperationStarted) or getattr(fact, "phase", None) == "operation"
    return "it has no construction on record" if operating and not state.passed("construction") else None


def _uncommitted(state: Project, _entry: Entry) -> str | None:
    if state.financing in _COMMITTED:
        return None
    return f"its financing is {state.financing}: given up before commitment, a project is dropped"


def _committed(state: Project, _entry: Entry) -> str | None:
    if state.financing not in _COMMITTED:
        return None
    return f"its financing is {state.financing}: given up after commitment, a project is cancelled"


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
    "FinancingWithdrawn",
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

PHASE: Lifecycle[Project] = Lifecycle(
    kind="project",
    facet="project phase",
    values=PHASES,
    ended=frozenset({"completed"}),
    current=lambda state, _day: state.phase,
    moves=(
        Move("PhaseObserved", _GOING, None, (PHASE_SKIPPED, GIVEN_UP)),
        Move("StudyCommissioned", _GOING, None, (GIVEN_UP,)),
        Move("StudyStarted", _GOING, None, (GIVEN_UP,)),
        Move("StudySubmitted", _GOING, None, (GIVEN_UP,)),
        Move("StudyReturned", _GOING, None, (GIVEN_UP,)),
        Move("StudyAccepted", _GOING, None, (NOT_SUBMITTED, GIVEN_UP)),
        Move("InvestmentDecided", _GOING, None, (GIVEN_UP,)),
        Move("FinancingClosed", _GOING, "financed", (GIVEN_UP,)),
        Move("ConstructionStarted", _GOING, "construction", (GIVEN_UP,)),
        Move("OperationStarted", _GOING, "operation", (PHASE_SKIPPED, GIVEN_UP)),
        Move("ProjectCompleted", _GOING, "completed", (GIVEN_UP,)),
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


def _phase_after(state: Project, fact: f.ProjectFact) -> str:
    """Return the phase a fact leads to: forward, unless a source observes it or a study is returned."""
    match fact:
        case f.PhaseObserved():
            return fact.phase
        case f.StudyReturned() if state.phase == "appraised":
            return PHASE_OF_STUDY[fact.study]
        case f.StudyStarted():
            to: str = PHASE_OF_STUDY[fact.study]
        case f.StudyAccepted() if fact.study in {"justification", "bankable"}:
            to = "appraised"
        case f.InvestmentDecided(decision="go"):
            to = "decided"
        case _:
            to = PHASE.after(state.phase, name_of(fact))
    return max(state.phase, to, key=PHASE.values.index)


def _evolve(state: Project, entry: Entry) -> Project:
    fact, on = entry.fact, entry.on.text
    after = evolve(state, entry)
    phase, run = _phase_after(state, fact), RUN.after(state.run, name_of(fact))  # type: ignore[arg-type]  # a project's
    if run != state.run:
        after = updated(after, run=run, run_since=on)
    if phase != state.phase or isinstance(fact, f.PhaseObserved):
        wording = fact.wording if isinstance(fact, f.PhaseObserved) else None
        after = updated(after, phase=phase, since=on, wording=wording)
        after = updated(after, observed=isinstance(fact, f.PhaseObserved))
    after = updated(after, stays=stayed(after, phase, on) if run not in ABANDONED else left(after.stays, on))
    return updated(after, milestones=_placed(state, after, entry)) if _milestone(entry) else after


def _milestone(entry: Entry) -> str:
    return str(getattr(entry.fact, "milestone", ""))


def _placed(state: Project, after: Project, entry: Entry) -> Rows:
    return placed(MILESTONE, state.milestones, after.milestones, _milestone(entry), name_of(entry.fact))


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
    lifecycles=(PHASE, RUN, MILESTONE),
)
