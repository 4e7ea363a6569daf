"""The facts of a project: studies, phases, money, works, how it goes on or ends (DOMAIN.md section 3)."""

from typing import TypeAlias

from pydantic import Field

from domain.facts import AgreementRef, EdtfText, Fact, Line, Money, PartyRef, Prose, Review
from domain.vocabulary import InvestmentDecision, ProjectPhase, StudyKind


class ProjectIdentified(Fact):
    """Something to be built or run is named."""

    name: Line = Field(description="what the project is called")
    product: Line | None = Field(default=None, description="what it will make or do")
    location: Line | None = Field(default=None, description="where")
    sponsors: tuple[PartyRef, ...] = Field(default=(), description="who is behind it")
    planned_end: EdtfText | None = Field(default=None, description="when it was to be completed")


class ProjectLinked(Fact):
    """The project comes under an agreement."""

    agreement: AgreementRef = Field(description="the agreement's stream")


class ProjectUnlinked(Fact):
    """The project no longer comes under an agreement."""

    agreement: AgreementRef = Field(description="the agreement's stream")


class _Study(Fact):
    study: StudyKind = Field(description="which study (UNIDO's cycle; ESIA: environmental and social impact)")
    author: Line | None = Field(default=None, description="who writes it")


class _PromisedStudy(_Study):
    due: EdtfText | None = Field(default=None, description="by when it is promised")


class StudyCommissioned(_PromisedStudy):
    """A study was ordered."""


class StudyStarted(_PromisedStudy):
    """Work on a study began."""


class StudySubmitted(_Study):
    """A study was handed in."""


class StudyReturned(_PromisedStudy):
    """A study was sent back to be reworked."""

    verdict: Prose | None = Field(default=None, description="why")


class StudyAccepted(_Study):
    """A study was accepted."""

    verdict: Prose | None = Field(default=None, description="with what conclusion")


class PhaseObserved(Fact):
    """A source says in which phase the project is on a day, where no start of the phase is known."""

    phase: ProjectPhase = Field(description="the phase, in the register's words")
    wording: Line | None = Field(default=None, description="the phase as the source words it")


class InvestmentDecided(Fact):
    """The sponsors decided whether to invest."""

    decision: InvestmentDecision = Field(description="go, no-go or deferred")


class SiteAllocated(Fact):
    """A site was given to the project."""

    site: Line = Field(description="where")


class ResidencyGranted(Fact):
    """The project's company became a resident of a zone or park."""

    zone: Line = Field(description="which zone or park")
    company: PartyRef | None = Field(default=None, description="which company")


class CompanyEstablished(Fact):
    """The company that will carry the project was founded."""

    name: Line = Field(description="its name")
    company: PartyRef | None = Field(default=None, description="its stream, where it has one")


class PermitGranted(Fact):
    """An authority granted a permit."""

    permit: Line = Field(description="which permit")
    authority: Line | None = Field(default=None, description="by whom")


class FinancingPledged(Money):
    """Money was promised without binding."""


class FinancingCommitted(Money):
    """Money was committed in a binding, specific act."""


class FinancingClosed(Money):
    """All conditions are met: the money is there to be drawn (financial close)."""


class FinancingDisbursed(Money):
    """Money was paid out."""


class FinancingWithdrawn(Money):
    """A promise or commitment of money was taken back."""


class ConstructionStarted(Fact):
    """Works began."""


class OperationStarted(Fact):
    """What was built began to run."""


class ProjectCompleted(Fact):
    """The project was completed as planned; nothing more is expected of it."""


class ProjectSuspended(Fact):
    """The project stands still."""

    reason: Prose | None = Field(default=None, description="why")


class ProjectResumed(Fact):
    """The project goes on."""


class ProjectDropped(Fact):
    """The project was given up before money was committed."""

    reason: Prose | None = Field(default=None, description="why")


class ProjectCancelled(Fact):
    """The project was given up after money was committed."""

    reason: Prose | None = Field(default=None, description="why")


class _AboutMilestone(Fact):
    milestone: Line = Field(description="what it is called in this project, such as groundbreaking")


class MilestonePlanned(_AboutMilestone):
    """Something is to be reached by a day."""

    due: EdtfText | None = Field(default=None, description="by when")
    text: Prose | None = Field(default=None, description="what is to be reached")
    responsible: PartyRef | None = Field(default=None, description="who answers for it")


class MilestoneRescheduled(_AboutMilestone):
    """A milestone got another day."""

    due: EdtfText = Field(description="the new day")
    reason: Prose | None = Field(default=None, description="why")


class MilestoneMet(_AboutMilestone):
    """A milestone was reached."""


class MilestoneMissed(_AboutMilestone):
    """A milestone was not reached by its day."""

    reason: Prose | None = Field(default=None, description="why")


class ProjectReviewed(Review):
    """A commission reviewed the project."""


ProjectFact: TypeAlias = (
    ProjectIdentified
    | ProjectLinked
    | ProjectUnlinked
    | StudyCommissioned
    | StudyStarted
    | StudySubmitted
    | StudyReturned
    | StudyAccepted
    | PhaseObserved
    | InvestmentDecided
    | SiteAllocated
    | ResidencyGranted
    | CompanyEstablished
    | PermitGranted
    | FinancingPledged
    | FinancingCommitted
    | FinancingClosed
    | FinancingDisbursed
    | FinancingWithdrawn
    | ConstructionStarted
    | OperationStarted
    | ProjectCompleted
    | ProjectSuspended
    | ProjectResumed
    | ProjectDropped
    | ProjectCancelled
    | MilestonePlanned
    | MilestoneRescheduled
    | MilestoneMet
    | MilestoneMissed
    | ProjectReviewed
)

FACTS: dict[str, type[ProjectFact]] = {
    "ProjectIdentified": ProjectIdentified,
    "ProjectLinked": ProjectLinked,
    "ProjectUnlinked": ProjectUnlinked,
    "StudyCommissioned": StudyCommissioned,
    "StudyStarted": StudyStarted,
    "StudySubmitted": StudySubmitted,
    "StudyReturned": StudyReturned,
    "StudyAccepted": StudyAccepted,
    "PhaseObserved": PhaseObserved,
    "InvestmentDecided": InvestmentDecided,
    "SiteAllocated": SiteAllocated,
    "ResidencyGranted": ResidencyGranted,
    "CompanyEstablished": CompanyEstablished,
    "PermitGranted": PermitGranted,
    "FinancingPledged": FinancingPledged,
    "FinancingCommitted": FinancingCommitted,
    "FinancingClosed": FinancingClosed,
    "FinancingDisbursed": FinancingDisbursed,
    "FinancingWithdrawn": FinancingWithdrawn,
    "ConstructionStarted": ConstructionStarted,
    "OperationStarted": OperationStarted,
    "ProjectCompleted": ProjectCompleted,
    "ProjectSuspended": ProjectSuspended,
    "ProjectResumed": ProjectResumed,
    "ProjectDropped": ProjectDropped,
    "ProjectCancelled": ProjectCancelled,
    "MilestonePlanned": MilestonePlanned,
    "MilestoneRescheduled": MilestoneRescheduled,
    "MilestoneMet": MilestoneMet,
    "MilestoneMissed": MilestoneMissed,
    "ProjectReviewed": ProjectReviewed,
}
