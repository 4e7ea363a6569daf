"""What is known of a project after its facts: phase, run state, money, reviews (DOMAIN.md section 4)."""

from dataclasses import dataclass, replace
from typing import Any, TypeAlias, assert_never, cast

from domain.entries import Entry
from domain.project import facts as f
from domain.streams import slug_of
from domain.vocabulary import FINANCING_STANDINGS

Row: TypeAlias = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Project:
    """The facets of one project. Dates are EDTF text; lists keep the order in which facts took effect."""

    name: str = ""
    product: str | None = None
    location: str | None = None
    sponsors: tuple[str, ...] = ()
    agreements: tuple[str, ...] = ()
    phase: str = "identified"
    since: str | None = None
    wording: str | None = None
    observed: bool = False
    passed: tuple[str, ...] = ("identified",)
    run: str = "active"
    run_since: str | None = None
    studies: tuple[Row, ...] = ()
    financing: str = "none"
    financings: tuple[Row, ...] = ()
    decisions: tuple[Row, ...] = ()
    grants: tuple[Row, ...] = ()
    reviews: tuple[Row, ...] = ()


def evolve(state: Project, entry: Entry) -> Project:
    """Return the state after a fact; accepts any fact in any order and never judges it.

    Phase and run state are moved by the tables in `domain.project.rules`.
    """
    fact, on = cast("f.ProjectFact", entry.fact), entry.on.text
    match fact:
        case f.ProjectIdentified():
            sponsors = tuple(map(slug_of, fact.sponsors))
            state = replace(state, name=fact.name, product=fact.product, location=fact.location)
            return replace(state, sponsors=sponsors, since=state.since or on)
        case f.ProjectLinked():
            kept = tuple(known for known in state.agreements if known != slug_of(fact.agreement))
            return replace(state, agreements=(*kept, slug_of(fact.agreement)))
        case f.ProjectUnlinked():
            gone = slug_of(fact.agreement)
            return replace(state, agreements=tuple(known for known in state.agreements if known != gone))
        case f.StudyCommissioned() | f.StudyStarted() | f.StudySubmitted() | f.StudyReturned() | f.StudyAccepted():
            return replace(state, studies=_studied(state, fact, on))
        case f.InvestmentDecided():
            return replace(state, decisions=(*state.decisions, {"on": on, "decision": fact.decision}))
        case f.FinancingPledged():
            return _financed(state, fact, on, "pledged")
        case f.FinancingCommitted():
            return _financed(state, fact, on, "committed")
        case f.FinancingClosed():
            return _financed(state, fact, on, "closed")
        case f.FinancingDisbursed():
            return _financed(state, fact, on, "disbursing")
        case f.FinancingWithdrawn():
            return _financed(state, fact, on, "withdrawn")
        case f.SiteAllocated() | f.ResidencyGranted() | f.CompanyEstablished() | f.PermitGranted():
            return replace(state, grants=(*state.grants, {"on": on, **_row(fact)}))
        case f.ProjectReviewed():
            return replace(state, reviews=(*state.reviews, {"on": on, **_row(fact)}))
        case (
            f.PhaseObserved()
            | f.ConstructionStarted()
            | f.OperationStarted()
            | f.ProjectCompleted()
            | f.ProjectSuspended()
            | f.ProjectResumed()
            | f.ProjectDropped()
            | f.ProjectCancelled()
        ):
            return state
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
    return (*others, {**known, "step": step, step: on, "author": fact.author or known.get("author")})


def _financed(state: Project, fact: f.ProjectFact, on: str, standing: str) -> Project:
    rows = (*state.financings, {"on": on, "standing": standing, **_row(fact)})
    if standing == "withdrawn" or state.financing in {"none", "withdrawn"}:
        return replace(state, financings=rows, financing=standing)
    firmer = max(state.financing, standing, key=FINANCING_STANDINGS.index)
    return replace(state, financings=rows, financing=firmer)


def _row(fact: f.ProjectFact) -> Row:
    """Return a fact's present fields as plain values, streams by their slugs."""
    fields = fact.model_dump(mode="json", exclude_none=True)
    for name in ("financier", "commission", "company"):
        if name in fields:
            fields[name] = slug_of(fields[name])
    return fields


def facets(state: Project) -> Row:
    """Show the state as JSON values, independent of any clock."""
    return {
        "title": state.name,
        "product": state.product,
        "location": state.location,
        "sponsors": list(state.sponsors),
        "agreements": list(state.agreements),
        "phase": state.phase,
        "since": state.since,
        "observed": state.observed,
        "wording": state.wording,
        "run_state": state.run,
        "run_since": state.run_since,
        "studies": list(state.studies),
        "decisions": list(state.decisions),
        "financing": state.financing,
        "financings": list(state.financings),
        "grants": list(state.grants),
        "review": "reviewed" if state.reviews else "never",
        "reviews": list(state.reviews),
    }
