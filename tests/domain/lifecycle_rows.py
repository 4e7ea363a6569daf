"""Every row of every lifecycle, written down once more by hand (DOMAIN.md section 5, and the facets added to it)."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple, TypeAlias


class Row(NamedTuple):
    """What a row says: expected in, leads to, what it meets elsewhere, and its guards as `code: weight`."""

    froms: tuple[str, ...]
    to: str | None = None
    otherwise: str = "warn"
    guards: Mapping[str, str] = MappingProxyType({})
    case: str = ""
    """What the fact must say: `field: value, value`."""


Table: TypeAlias = Mapping[str, Row | list[Row]]

DRAFT = ("opened", "negotiating")
UNSIGNED = ("opened", "negotiating", "initialled", "adopted")
RUNNING = ("signed", "provisionally applied", "in force", "suspended")
APPLIED = ("in force", "provisionally applied")
ANY_STATUS = (*UNSIGNED, *RUNNING, "terminated", "lapsed", "expired")
STRANGER = {"unknown-party": "refuse"}
SIGNED_FIRST = {"before-signature": "warn"}

LEGAL = {
    "NegotiationStarted": Row(("opened",), "negotiating"),
    "TextInitialled": Row(DRAFT, "initialled", guards={"few-parties": "warn"}),
    "TextAdopted": Row((*DRAFT, "initialled"), "adopted"),
    "SignatureAffixed": Row(UNSIGNED, guards={**STRANGER, "signed-twice": "warn"}),
    "AgreementSigned": Row(UNSIGNED, "signed", guards={"few-parties": "refuse", "unsigned": "warn"}),
    "InternalProcedureCompleted": Row(RUNNING, guards={**STRANGER, **SIGNED_FIRST}),
    "ConsentExpressed": Row((*UNSIGNED, *RUNNING), guards={**STRANGER, **SIGNED_FIRST}),
    "ProvisionalApplicationStarted": Row(("adopted", "signed"), "provisionally applied"),
    "ProvisionalApplicationEnded": Row(("provisionally applied",), "signed"),
    "EnteredIntoForce": Row(
        ("adopted", "signed", "provisionally applied", "in force"),
        "in force",
        guards={**STRANGER, **SIGNED_FIRST, "rule-unmet": "warn", "already-set": "warn"},
    ),
    "PartyRemoved": Row(ANY_STATUS, guards=STRANGER),
    "FinancingStated": Row(ANY_STATUS, guards={"not-binding": "warn", "not-pledged": "warn"}),
    "TermSet": Row((*UNSIGNED, *RUNNING)),
    "AgreementRenewed": Row(("in force",), guards={"no-term": "warn"}),
    "NoticeGiven": Row(APPLIED, guards={**STRANGER, "effect-before-notice": "refuse", "late-notice": "warn"}),
    "NoticeWithdrawn": Row(APPLIED, guards={**STRANGER, "no-notice": "warn"}),
    "AgreementSuspended": Row(APPLIED, "suspended"),
    "SuspensionLifted": Row(("suspended",), "in force", "refuse"),
    "AgreementTerminated": Row(RUNNING, "terminated", guards={"never-in-force": "warn"}),
    "AgreementLapsed": Row((*UNSIGNED, "signed"), "lapsed", guards={"was-in-force": "refuse"}),
    "AgreementAmended": Row(ANY_STATUS, guards={"amends-itself": "refuse", "not-in-force": "warn"}),
}

LADDER = ("none", "signed", "procedures complete", "consented")

CONSENT = {
    "SignatureAffixed": Row(LADDER[:1], "signed"),
    "AgreementSigned": Row(LADDER[:1], "signed"),
    "InternalProcedureCompleted": Row(LADDER[:2], "procedures complete"),
    "ConsentExpressed": Row(LADDER[:3], "consented"),
    "EnteredIntoForce": Row(LADDER, "bound"),
}

MONEY = ("none", "mentioned", "pledged", "committed", "closed", "disbursing", "completed", "withdrawn")
GONE = ("withdrawn",)

AGREEMENT_MONEY: Table = {
    "FinancingStated": [
        Row((*MONEY[:1], *GONE), "mentioned", case="standing: mentioned"),
        Row((*MONEY[:2], *GONE), "pledged", case="standing: pledged"),
        Row((*MONEY[:3], *GONE), "committed", case="standing: committed"),
        Row((*MONEY[:4], *GONE), "closed", case="standing: closed"),
        Row((*MONEY[:5], *GONE), "disbursing", case="standing: disbursing"),
        Row((*MONEY[:6], *GONE), "completed", case="standing: completed"),
        Row(MONEY[:7], "withdrawn", case="standing: withdrawn"),
    ]
}

PROJECT_MONEY = {
    "FinancingPledged": Row((*MONEY[:2], *GONE), "pledged"),
    "FinancingCommitted": Row((*MONEY[:3], *GONE), "committed"),
    "FinancingClosed": Row((*MONEY[:4], *GONE), "closed"),
    "FinancingDisbursed": Row((*MONEY[:5], *GONE), "disbursing"),
    "FinancingWithdrawn": Row(MONEY[:7], "withdrawn"),
}

OWED = ("open", "fulfilment reported", "breached")
KNOWN_DUTY = {"unknown-obligation": "warn"}

OBLIGATION = {
    "ObligationRecorded": Row(("not recorded",), "open", "refuse", {"unknown-debtor": "warn"}),
    "ObligationProgressReported": Row(OWED, guards=KNOWN_DUTY),
    "ObligationDeadlineMoved": Row(OWED, None, "refuse", KNOWN_DUTY),
    "ObligationFulfilmentReported": Row(("open", "breached"), "fulfilment reported", guards=KNOWN_DUTY),
    "ObligationFulfilled": Row(OWED, "fulfilled", guards=KNOWN_DUTY),
    "ObligationWaived": Row(OWED, "waived", guards=KNOWN_DUTY),
    "ObligationBreached": Row(("open", "fulfilment reported"), "breached", guards=KNOWN_DUTY),
    "ObligationReopened": Row(("fulfilled", "waived"), "open", "refuse", KNOWN_DUTY),
}

GOING = (
    "identified",
    "pre-feasibility",
    "justification",
    "appraised",
    "decided",
    "financed",
    "construction",
    "operation",
)
STEP = {"given-up": "warn"}
ACCEPTED = {"not-submitted": "warn", **STEP}
BUILT = {"phase-skipped": "warn", **STEP}
EARLY, LATER = "study: opportunity, pre-feasibility", "study: justification, bankable, ESIA"

PHASE: Table = {
    "PhaseObserved": [Row(GOING, phase, guards=BUILT, case=f"phase: {phase}") for phase in (*GOING, "completed")],
    "StudyCommissioned": Row(GOING, guards=STEP),
    "StudyStarted": [
        Row(GOING[:1], "pre-feasibility", guards=STEP, case=EARLY),
        Row(GOING[:2], "justification", guards=STEP, case=LATER),
        Row(GOING, guards=STEP),
    ],
    "StudySubmitted": Row(GOING, guards=STEP),
    "StudyReturned": [
        Row(("appraised",), "pre-feasibility", guards=STEP, case=EARLY),
        Row(("appraised",), "justification", guards=STEP, case=LATER),
        Row(GOING, guards=STEP),
    ],
    "StudyAccepted": [
        Row(GOING[:3], "appraised", guards=ACCEPTED, case="study: justification, bankable"),
        Row(GOING, guards=ACCEPTED),
    ],
    "InvestmentDecided": [Row(GOING[:4], "decided", guards=STEP, case="decision: go"), Row(GOING, guards=STEP)],
    "FinancingClosed": [Row(GOING[:5], "financed", guards=STEP), Row(GOING, guards=STEP)],
    "ConstructionStarted": [Row(GOING[:6], "construction", guards=STEP), Row(GOING, guards=STEP)],
    "OperationStarted": [Row(GOING[:7], "operation", guards=BUILT), Row(GOING, guards=BUILT)],
    "ProjectCompleted": Row(GOING, "completed", guards=STEP),
    "ProjectLinked": Row(GOING),
    "ProjectUnlinked": Row(GOING),
    "SiteAllocated": Row(GOING),
    "ResidencyGranted": Row(GOING),
    "CompanyEstablished": Row(GOING),
    "PermitGranted": Row(GOING),
    "FinancingPledged": Row(GOING),
    "FinancingCommitted": Row(GOING),
    "FinancingDisbursed": Row(GOING),
    "FinancingWithdrawn": Row(GOING, guards={"not-pledged": "warn"}),
    "ProjectSuspended": Row(GOING),
    "ProjectResumed": Row(GOING),
    "ProjectDropped": Row(GOING),
    "ProjectCancelled": Row(GOING),
    "MilestonePlanned": Row(GOING),
    "MilestoneRescheduled": Row(GOING),
    "MilestoneMissed": Row(GOING),
    "ProjectReviewed": Row(GOING),
}

NOT_GIVEN_UP = ("active", "suspended")

RUN = {
    "ProjectSuspended": Row(("active",), "suspended"),
    "ProjectResumed": Row(("suspended",), "active", "refuse"),
    "ProjectDropped": Row(NOT_GIVEN_UP, "dropped", guards={"committed": "warn"}),
    "ProjectCancelled": Row(NOT_GIVEN_UP, "cancelled", guards={"uncommitted": "warn"}),
}

KNOWN_MILESTONE = {"unknown-milestone": "warn"}

MILESTONE = {
    "MilestonePlanned": Row(("not planned",), "planned", "refuse"),
    "MilestoneRescheduled": Row(("planned", "missed"), "planned", "refuse", KNOWN_MILESTONE),
    "MilestoneMet": Row(("planned", "missed"), "met", guards=KNOWN_MILESTONE),
    "MilestoneMissed": Row(("planned",), "missed", guards=KNOWN_MILESTONE),
}

CONTROLLED = ("open", "fulfilment reported")
KNOWN_ITEM = {"unknown-instruction": "refuse"}

INSTRUCTION = {
    "InstructionIssued": Row(("not issued",), "open", "refuse"),
    "InstructionProgressReported": Row(CONTROLLED, guards=KNOWN_ITEM),
    "InstructionDeadlineMoved": Row(CONTROLLED, None, "refuse", KNOWN_ITEM),
    "InstructionFulfilmentReported": Row(("open",), "fulfilment reported", guards=KNOWN_ITEM),
    "InstructionClosed": Row(CONTROLLED, "closed", guards={**KNOWN_ITEM, "not-reported": "warn"}),
    "InstructionReopened": Row(("closed", "cancelled"), "open", "refuse", KNOWN_ITEM),
    "InstructionCancelled": Row(CONTROLLED, "cancelled", guards=KNOWN_ITEM),
}

STAGED = ("announced", "held")

OCCASION = {
    "OccasionAnnounced": Row(("unknown",), "announced"),
    "OccasionHeld": Row(("unknown", "announced"), "held", guards={"untitled": "refuse"}),
    "CombinedValueStated": Row(STAGED),
    "DocumentCountStated": Row(STAGED),
    "AgreementAttached": Row(STAGED),
    "AgreementDetached": Row(STAGED, guards={"not-attached": "refuse"}),
    "OccasionCancelled": Row(("announced",), "cancelled"),
}

EVER = ("existing", "succeeded", "dissolved")
STRANGE = {"strange-letters": "warn"}
ITSELF = {"itself": "refuse"}

EXISTENCE = {
    "PartyRegistered": Row(EVER, guards=STRANGE),
    "NameVariantRecorded": Row(EVER, guards=STRANGE),
    "PartyRenamed": Row(("existing",), guards=STRANGE),
    "ParentRecorded": Row(("existing",), guards=ITSELF),
    "PossibleMatchNoted": Row(EVER, guards=ITSELF),
    "PartiesMerged": Row(EVER, guards={**ITSELF, "merged-already": "warn"}),
    "MergeUndone": Row(EVER, guards={"not-merged": "refuse"}),
    "PartySucceeded": Row(("existing", "dissolved"), "succeeded", guards=ITSELF),
    "PartyDissolved": Row(("existing", "succeeded"), "dissolved"),
}

TABLES: dict[str, Table] = {
    "legal status": LEGAL,
    "consent": CONSENT,
    "agreement financing": AGREEMENT_MONEY,
    "project financing": PROJECT_MONEY,
    "obligation": OBLIGATION,
    "project phase": PHASE,
    "run state": RUN,
    "milestone": MILESTONE,
    "instruction": INSTRUCTION,
    "occasion": OCCASION,
    "existence": EXISTENCE,
}

VALUES: dict[str, tuple[str, tuple[str, ...], frozenset[str]]] = {
    "legal status": ("agreement", ANY_STATUS, frozenset({"terminated", "lapsed", "expired"})),
    "consent": ("agreement", (*LADDER, "bound", "withdrawn"), frozenset({"withdrawn"})),
    "agreement financing": ("agreement", MONEY, frozenset()),
    "project financing": ("project", MONEY, frozenset()),
    "obligation": ("agreement", ("not recorded", *OWED, "waived", "fulfilled"), frozenset()),
    "project phase": ("project", (*GOING, "completed"), frozenset({"completed"})),
    "run state": ("project", (*NOT_GIVEN_UP, "dropped", "cancelled"), frozenset({"dropped", "cancelled"})),
    "milestone": ("project", ("not planned", "planned", "missed", "met"), frozenset()),
    "instruction": ("commission", ("not issued", *CONTROLLED, "closed", "cancelled"), frozenset()),
    "occasion": ("occasion", ("unknown", *STAGED, "cancelled"), frozenset({"cancelled"})),
    "existence": ("party", EVER, frozenset()),
}
"""The kind a facet belongs to, its values in the order in which they advance, and those that are an end."""

ROWS = [
    (facet, fact, rows if isinstance(rows, list) else [rows])
    for facet, table in TABLES.items()
    for fact, rows in table.items()
]

RECKONED: dict[str, list[tuple[tuple[str, ...], str]]] = {
    "legal status": [(APPLIED, "terminated"), (("in force",), "expired")],
    "consent": [((*LADDER, "bound"), "withdrawn")],
}
"""What the asking date alone leads to: from which values, to which."""
