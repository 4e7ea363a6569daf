"""The catalogue of fact types: those of the field (DOMAIN.md section 3), and those that paraph adds."""

import pytest

from domain.catalogue import ANY_STREAM, BY_KIND, MODELS, UnknownFact, kind_of_fact, model_named
from domain.deciders import DECIDERS
from tests.domain.samples import DATA, OPENING

FIELD: dict[str, str] = {
    "agreement": """
        AgreementOpened PartyAdded PartyRemoved NegotiationStarted TextInitialled TextAdopted SignatureAffixed
        AgreementSigned InternalProcedureCompleted ConsentExpressed EntryIntoForceRuleSet EnteredIntoForce
        ProvisionalApplicationStarted ProvisionalApplicationEnded TermSet NoticeGiven NoticeWithdrawn AgreementRenewed
        AgreementAmended TextRectified AgreementSuspended SuspensionLifted AgreementTerminated AgreementLapsed
        AgreementRegistered ValueStated FinancingStated ObligationRecorded ObligationFulfilled ObligationWaived
        ObligationBreached AgreementLinked AgreementUnlinked StatusAsserted DocumentAttached AgreementReviewed
    """,
    "project": """
        ProjectIdentified ProjectLinked ProjectUnlinked StudyCommissioned StudyStarted StudySubmitted StudyReturned
        StudyAccepted PhaseObserved InvestmentDecided SiteAllocated ResidencyGranted CompanyEstablished PermitGranted
        FinancingPledged FinancingCommitted FinancingClosed FinancingDisbursed FinancingWithdrawn ConstructionStarted
        OperationStarted ProjectCompleted ProjectSuspended ProjectResumed ProjectDropped ProjectCancelled
        MilestonePlanned MilestoneRescheduled MilestoneMet MilestoneMissed ProjectReviewed
    """,
    "commission": """
        CommissionEstablished CoChairAppointed CoChairReplaced WorkingGroupEstablished WorkingGroupDissolved
        SessionScheduled SessionPostponed SessionHeld AgendaAdopted ProtocolSigned InstructionIssued
        InstructionProgressReported InstructionDeadlineMoved InstructionFulfilmentReported InstructionClosed
        InstructionReopened InstructionCancelled
    """,
    "occasion": """
        OccasionAnnounced OccasionHeld CombinedValueStated DocumentCountStated AgreementAttached AgreementDetached
        OccasionCancelled
    """,
    "party": """
        PartyRegistered NameVariantRecorded PartyRenamed IdentifierRecorded ParentRecorded PartiesMerged MergeUndone
        PossibleMatchNoted MatchRejected PartySucceeded PartyDissolved
    """,
    ANY_STREAM: """
        EventCorrected EventRetracted CorrectionWithdrawn DateRefined SourceAdded EventDisputed DisputeResolved
        ImportFinished
    """,
}
"""The fact types of the field, kind by kind."""

ADDED: dict[str, str] = {
    "agreement": "ObligationProgressReported ObligationDeadlineMoved ObligationFulfilmentReported ObligationReopened",
    "clock": "ClockStarted ReminderFired ReminderDelivered DeliveryFailed RoundCompleted",
    ANY_STREAM: "RuleWaived NoteRecorded",
}
"""What paraph adds of its own."""

KINDS = sorted({*FIELD, *ADDED})


@pytest.mark.parametrize("kind", FIELD)
def test_no_fact_type_of_the_field_is_missing(kind: str) -> None:
    """Every fact type of the field can be recorded in its kind of stream."""
    assert set(FIELD[kind].split()) - set(BY_KIND[kind]) == set()


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_else_is_in_the_catalogue(kind: str) -> None:
    """A fact type is either one of the field or one that paraph is known to add, never both."""
    field, added = FIELD.get(kind, "").split(), ADDED.get(kind, "").split()
    assert sorted((*field, *added)) == sorted(BY_KIND[kind])


def test_every_kind_is_told_of() -> None:
    """The catalogue has the kinds written down here; every kind of stream has a decider that opens with its facts."""
    assert sorted(BY_KIND) == KINDS
    assert {*DECIDERS, ANY_STREAM} == set(BY_KIND)
    for kind, decider in DECIDERS.items():
        assert set(decider.opens) <= set(BY_KIND[kind])


@pytest.mark.parametrize("name", sorted(MODELS))
def test_a_fact_type_is_known_by_its_own_name_in_one_kind(name: str) -> None:
    """The stored name is the class's, found again by name and schema, and belongs to one kind alone."""
    model = MODELS[name]
    assert model.__name__ == name
    assert model_named(name, model.schema_number) is model
    assert [kind for kind, facts in BY_KIND.items() if name in facts] == [kind_of_fact(name)]


def test_an_unknown_fact_or_schema_is_told() -> None:
    """A name or a schema from another program is refused with what was looked for."""
    with pytest.raises(UnknownFact, match=r"^AgreementFramed$") as unknown:
        model_named("AgreementFramed")
    assert (unknown.value.name, unknown.value.schema) == ("AgreementFramed", None)
    with pytest.raises(UnknownFact, match=r"^AgreementSigned in schema 2$") as newer:
        model_named("AgreementSigned", 2)
    assert newer.value.schema == 2


def test_every_sample_is_of_a_fact_type_there_is() -> None:
    """The samples that the tests are written with name only fact types of the catalogue."""
    assert {*DATA, *OPENING.values()} <= set(MODELS)
