"""Every row of every lifecycle, written down once more by hand (DOMAIN.md section 5, and the facets added to it).

A row that is lost, added or changed in a table shows here by its name; what the rows do is told in the
tests of each kind.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

import pytest

from domain.catalogue import BY_KIND
from domain.deciders import DECIDERS, LIFECYCLES
from domain.lifecycle import Lifecycle


class Row(NamedTuple):
    """What a row says: expected in, leads to, what it meets elsewhere, and its guards as `code: weight`."""

    froms: tuple[str, ...]
    to: str | None = None
    otherwise: str = "warn"
    guards: Mapping[str, str] = MappingProxyType({})


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
    "FinancingStated": Row(ANY_STATUS, guards={"not-binding": "warn"}),
    "TermSet": Row((*UNSIGNED, *RUNNING)),
    "AgreementRenewed": Row(("in force",), guards={"no-term": "warn"}),
    "NoticeGiven": Row(APPLIED, guards={**STRANGER, "effect-before-notice": "refuse", "late-notice": "warn"}),
    "NoticeWithdrawn": Row(APPLIED, guards=STRANGER),
    "AgreementSuspended": Row(APPLIED, "suspended"),
    "SuspensionLifted": Row(("suspended",), "in force", "refuse"),
    "AgreementTerminated": Row(RUNNING, "terminated", guards={"never-in-force": "warn"}),
    "AgreementLapsed": Row((*UNSIGNED, "signed"), "lapsed", guards={"was-in-force": "refuse"}),
    "AgreementAmended": Row(ANY_STATUS, guards={"amends-itself": "refuse", "not-in-force": "warn"}),
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

PHASE = {
    "PhaseObserved": Row(GOING, guards={"phase-skipped": "warn", **STEP}),
    "StudyCommissioned": Row(GOING, guards=STEP),
    "StudyStarted": Row(GOING, guards=STEP),
    "StudySubmitted": Row(GOING, guards=STEP),
    "StudyReturned": Row(GOING, guards=STEP),
    "StudyAccepted": Row(GOING, guards={"not-submitted": "warn", **STEP}),
    "InvestmentDecided": Row(GOING, guards=STEP),
    "FinancingClosed": Row(GOING, "financed", guards=STEP),
    "ConstructionStarted": Row(GOING, "construction", guards=STEP),
    "OperationStarted": Row(GOING, "operation", guards={"phase-skipped": "warn", **STEP}),
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
    "FinancingWithdrawn": Row(GOING),
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

TABLES: dict[str, dict[str, Row]] = {
    "legal status": LEGAL,
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
    "obligation": ("agreement", ("not recorded", *OWED, "waived", "fulfilled"), frozenset()),
    "project phase": ("project", (*GOING, "completed"), frozenset({"completed"})),
    "run state": ("project", (*NOT_GIVEN_UP, "dropped", "cancelled"), frozenset({"dropped", "cancelled"})),
    "milestone": ("project", ("not planned", "planned", "missed", "met"), frozenset()),
    "instruction": ("commission", ("not issued", *CONTROLLED, "closed", "cancelled"), frozenset()),
    "occasion": ("occasion", ("unknown", *STAGED, "cancelled"), frozenset({"cancelled"})),
    "existence": ("party", EVER, frozenset()),
}
"""The kind a facet belongs to, its values in the order in which they advance, and those that are an end."""

ROWS = [(facet, fact, row) for facet, rows in TABLES.items() for fact, row in rows.items()]


def rows_of(lifecycle: Lifecycle[object], fact: str) -> list[Row]:
    """Return the rows a table holds for a fact."""
    return [
        Row(move.froms, move.to, move.otherwise, {guard.code: guard.weight for guard in move.guards})
        for move in lifecycle.moves
        if move.fact == fact
    ]


@pytest.mark.parametrize(("facet", "fact", "row"), ROWS, ids=[f"{facet}: {fact}" for facet, fact, _ in ROWS])
def test_each_row_stands_in_its_table(facet: str, fact: str, row: Row) -> None:
    """The table has one row for the fact: expected in these values, leading there, guarded so."""
    [found] = rows_of(LIFECYCLES[facet], fact)
    assert (set(found.froms), found.to, found.otherwise) == (set(row.froms), row.to, row.otherwise)
    assert found.guards == row.guards


@pytest.mark.parametrize("facet", TABLES)
def test_no_table_has_a_row_beyond_those(facet: str) -> None:
    """Whatever stands in a table is written down here."""
    assert {move.fact for move in LIFECYCLES[facet].moves} == set(TABLES[facet])


@pytest.mark.parametrize("facet", VALUES)
def test_each_facet_has_its_values_in_their_order(facet: str) -> None:
    """A facet's values, their order and its ends are those of the field."""
    lifecycle = LIFECYCLES[facet]
    assert (lifecycle.kind, lifecycle.values, lifecycle.ended) == VALUES[facet]


def test_every_lifecycle_is_written_down() -> None:
    """No kind of stream has a lifecycle that is not told of here."""
    found = [lifecycle.facet for decider in DECIDERS.values() for lifecycle in decider.lifecycles]
    assert sorted(found) == sorted(TABLES)
    assert sorted(TABLES) == sorted(VALUES)


@pytest.mark.parametrize("facet", TABLES)
def test_every_row_speaks_of_facts_and_values_there_are(facet: str) -> None:
    """A row names a fact of its own kind, and only values of its facet."""
    lifecycle = LIFECYCLES[facet]
    assert {move.fact for move in lifecycle.moves} <= set(BY_KIND[lifecycle.kind])
    named = {value for move in lifecycle.moves for value in (*move.froms, *([move.to] if move.to else []))}
    assert named <= set(lifecycle.values)
