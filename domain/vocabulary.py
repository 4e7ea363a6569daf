"""The field's standard words: the values that facets and fields may take (DOMAIN.md sections 3 and 4)."""

from typing import Literal, TypeAlias, get_args

AgreementKind: TypeAlias = Literal[
    "mou",
    "intent",
    "cooperation",
    "treaty",
    "contract",
    "protocol",
    "declaration",
    "loan",
    "other",
    "unknown",
]
AGREEMENT_KIND_WORDS = {
    "mou": "memorandum of understanding",
    "intent": "agreement of intent",
    "cooperation": "cooperation agreement",
    "loan": "loan agreement",
    "other": "instrument",
    "unknown": "kind not stated",
}
"""How a kind reads on the screen where it is not its own word."""

Bindingness: TypeAlias = Literal["binding", "non-binding", "unknown"]
PartyRole: TypeAlias = Literal["signatory", "beneficiary", "financier", "implementer", "guarantor"]
ConsentForm: TypeAlias = Literal[
    "ratification",
    "acceptance",
    "approval",
    "accession",
    "succession",
    "continued application",
    "notification",
    "signature",
]
EntryRule: TypeAlias = Literal["signature", "date", "last notification", "instruments"]
TermStart: TypeAlias = Literal["signature", "entry into force", "date"]
Renewal: TypeAlias = Literal["none", "express", "tacit"]
NoticeKind: TypeAlias = Literal["denunciation", "withdrawal", "termination", "non-renewal"]
Relation: TypeAlias = Literal["implements", "framework of", "amends", "replaces", "parallel to", "possibly same as"]
ValueKind: TypeAlias = Literal["estimated", "pledged", "committed", "contracted"]
FinancingStanding: TypeAlias = Literal[
    "mentioned", "pledged", "committed", "closed", "disbursing", "completed", "withdrawn"
]
ReviewFinding: TypeAlias = Literal["on track", "delayed", "blocked", "done"]
ReviewOutcome: TypeAlias = Literal["endorsed", "deferred", "returned", "rejected", "noted"]
StudyKind: TypeAlias = Literal["opportunity", "pre-feasibility", "justification", "bankable", "ESIA"]
InvestmentDecision: TypeAlias = Literal["go", "no-go", "deferred"]
OccasionKind: TypeAlias = Literal["visit", "ceremony", "conference", "session", "other"]
PartyKind: TypeAlias = Literal[
    "state", "ministry", "agency", "company", "bank", "association", "organisation", "other", "unknown"
]

ClockJob: TypeAlias = Literal["due", "docket", "verify", "backup"]

LegalStatus: TypeAlias = Literal[
    "opened",
    "negotiating",
    "initialled",
    "adopted",
    "signed",
    "provisionally applied",
    "in force",
    "suspended",
    "terminated",
    "lapsed",
    "expired",
]
LEGAL_STATUSES: tuple[LegalStatus, ...] = get_args(LegalStatus)
ENDED: frozenset[str] = frozenset({"terminated", "lapsed", "expired"})
"""Legal statuses that no fact about the agreement's course may follow."""

ProjectPhase: TypeAlias = Literal[
    "identified",
    "pre-feasibility",
    "justification",
    "appraised",
    "decided",
    "financed",
    "construction",
    "operation",
    "completed",
]
PHASES: tuple[ProjectPhase, ...] = get_args(ProjectPhase)

RunState: TypeAlias = Literal["active", "suspended", "dropped", "cancelled"]
RUN_STATES: tuple[RunState, ...] = get_args(RunState)
ABANDONED: frozenset[str] = frozenset({"dropped", "cancelled"})

FINANCING_STANDINGS: tuple[FinancingStanding, ...] = get_args(FinancingStanding)
"""From least to most firm; `withdrawn` takes back what was there."""

PHASE_OF_STUDY: dict[StudyKind, ProjectPhase] = {
    "opportunity": "pre-feasibility",
    "pre-feasibility": "pre-feasibility",
    "justification": "justification",
    "bankable": "justification",
    "ESIA": "justification",
}
"""The phase a project is in while such a study is under way (UNIDO's project cycle)."""
