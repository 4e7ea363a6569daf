"""What is known of a project after its facts: phase, run state, money, reviews (DOMAIN.md section 4)."""

from dataclasses import dataclass
from typing import Any, TypeAlias, assert_never, cast

from domain.duties import because, changed, moved, set_up
from domain.entries import Entry
from domain.facts import said
from domain.financing import NO_MONEY, Financing, financed
from domain.project import facts as f
from domain.project.money import PROJECT_MONEY
from domain.states import updated
from domain.streams import slug_of

Row: TypeAlias = dict[str, Any]


@dataclass(frozen=True)
class Project:
    """The facets of one project. Dates are EDTF text; lists keep the order in which facts took effect."""

    name: str = ""
    product: str | None = None
    location: str | None = None
    sponsors: tuple[str, ...] = ()
    planned_end: str | None = None
    agreements: tuple[str, ...] = ()
    phase: str = "identified"
    since: str | None = None
    wording: str | None = None
    observed: bool = False
    stays: tuple[Row, ...] = ()
    run: str = "active"
    run_since: str | None = None
    run_reason: str | None = None
    studies: tuple[Row, ...] = ()
    financing: Financing = NO_MONEY
    financings: tuple[Row, ...] = ()
    decisions: tuple[Row, ...] = ()
    grants: tuple[Row, ...] = ()
    milestones: tuple[Row, ...] = ()
    reviews: tuple[Row, ...] = ()

    def passed(self, phase: str) -> bool:
        """Say whether the project was ever in a phase."""
        return any(stay["phase"] == phase for stay in self.stays)


def evolve(state: Project, entry: Entry) -> Project:
    """Return the state after a fact; accepts any fact in any order and never judges it.

    Phase and run state are moved by the tables in `domain.project.rules`.
    """
    fact, on = cast("f.ProjectFact", entry.fact), entry.on.text
    match fact:
        case f.ProjectIdentified():
            sponsors = tuple(map(slug_of, fact.sponsors))
            state = updated(state, name=fact.name, product=fact.product, location=fact.location)
            return updated(state, sponsors=sponsors, planned_end=fact.planned_end, since=state.since or on)
        case f.ProjectLinked():
            kept = tuple(known for known in state.agreements if known != slug_of(fact.agreement))
            return updated(state, agreements=(*kept, slug_of(fact.agreement)))
        case f.ProjectUnlinked():
            gone = slug_of(fact.agreement)
            return updated(state, agreements=tuple(known for known in state.agreements if known != gone))
        case f.StudyCommissioned() | f.StudyStarted() | f.StudySubmitted() | f.StudyReturned() | f.StudyAccepted():
            return updated(state, studies=_studied(state, fact, on))
        case f.InvestmentDecided():
            return updated(state, decisions=(*state.decisions, {"on": on, "decision": fact.decision}))
        case (
            f.FinancingPledged()
            | f.FinancingCommitted()
            | f.FinancingClosed()
            | f.FinancingDisbursed()
            | f.FinancingWithdrawn()
        ):
            row = {"on": on, "standing": PROJECT_MONEY.after("none", fact), **_row(fact)}
            stated = financed(PROJECT_MONEY, state.financing, fact)
            return updated(state, financings=(*state.financings, row), financing=stated)
        case f.SiteAllocated() | f.ResidencyGranted() | f.CompanyEstablished() | f.PermitGranted():
            return updated(state, grants=(*state.grants, {"on": on, **_row(fact)}))
        case f.MilestonePlanned():
            told = {"text": fact.text, "responsible": slug_of(fact.responsible) if fact.responsible else None}
            return updated(state, milestones=set_up(state.milestones, fact.milestone, on=on, deadline=fact.due, **told))
        case f.MilestoneRescheduled():
            put_off = moved(state.milestones, fact.milestone, on=on, deadline=fact.due, reason=fact.reason)
            return updated(state, milestones=put_off)
        case f.MilestoneMet():
            return updated(state, milestones=changed(state.milestones, fact.milestone, closed_on=on))
        case f.MilestoneMissed():
            missed = changed(state.milestones, fact.milestone, missed_on=on, **because(fact.reason))
            return updated(state, milestones=missed)
        case f.ProjectReviewed():
            return updated(state, reviews=(*state.reviews, {"on": on, **_row(fact)}))
        case (
            f.PhaseObserved()
            | f.ConstructionStarted()
            | f.OperationStarted()
            | f.ProjectCompleted()
            | f.ProjectResumed()
        ):
            return state
        case f.ProjectSuspended() | f.ProjectDropped() | f.ProjectCancelled():
            return updated(state, run_reason=fact.reason)
        case _:
            assert_never(fact)


_STEPS: dict[type[f.ProjectFact], str] = {
    f.StudyCommissioned: "commissioned",
    f.StudyStarted: "started",
    f.StudySubmitted: "submitted",
    f.StudyReturned: "returned",
    f.StudyAccepted: "accepted",
}


def _studied(
    state: Project,
    fact: f.StudyCommissioned | f.StudyStarted | f.StudySubmitted | f.StudyReturned | f.StudyAccepted,
    on: str,
) -> tuple[Row, ...]:
    others = tuple(row for row in state.studies if row["study"] != fact.study)
    known = next((row for row in state.studies if row["study"] == fact.study), {"study": fact.study})
    step = _STEPS[type(fact)]
    promised = said(fact, "due") or known.get("due")
    verdict = said(fact, "verdict") or known.get("verdict")
    told = {"author": fact.author or known.get("author"), "due": promised, "verdict": verdict}
    return (*others, {**known, "step": step, step: on, **told})


def _row(fact: f.ProjectFact) -> Row:
    """Return a fact's present fields as plain values, streams by their slugs."""
    fields = fact.model_dump(mode="json", exclude_none=True)
    for name in ("financier", "commission", "company"):
        if name in fields:
            fields[name] = slug_of(fields[name])
    return fields


def stayed(state: Project, phase: str, on: str) -> tuple[Row, ...]:
    """Return the stays in phases once another begins, or goes on; each until the next began."""
    last = state.stays[-1] if state.stays else None
    if last is not None and last["phase"] == phase and last["until"] is None:
        return state.stays
    return (*left(state.stays, on), {"phase": phase, "since": on, "until": None})


def left(stays: tuple[Row, ...], on: str) -> tuple[Row, ...]:
    """Return the stays with the last one over."""
    return tuple({**stay, "until": on} if stay["until"] is None else stay for stay in stays)


def facets(state: Project) -> Row:
    """Show the state as JSON values, independent of any clock."""
    return {
        "title": state.name,
        "product": state.product,
        "location": state.location,
        "sponsors": list(state.sponsors),
        "planned_end": state.planned_end,
        "agreements": list(state.agreements),
        "phase": state.phase,
        "since": state.since,
        "observed": state.observed,
        "wording": state.wording,
        "run_state": state.run,
        "run_since": state.run_since,
        "run_reason": state.run_reason,
        "stays": list(state.stays),
        "studies": list(state.studies),
        "decisions": list(state.decisions),
        "financing": state.financing.standing,
        "financings": list(state.financings),
        "grants": list(state.grants),
        "milestones": list(state.milestones),
        "review": "reviewed" if state.reviews else "never",
        "reviews": list(state.reviews),
    }
