"""The catalogue of an agreement's facts, by the names they are stored under (DOMAIN.md section 3)."""

from typing import TypeAlias

from domain.agreement.conclusion import (
    AgreementOpened,
    AgreementSigned,
    ConsentExpressed,
    EnteredIntoForce,
    EntryIntoForceRuleSet,
    InternalProcedureCompleted,
    NegotiationStarted,
    PartyAdded,
    PartyRemoved,
    ProvisionalApplicationEnded,
    ProvisionalApplicationStarted,
    SignatureAffixed,
    TextAdopted,
    TextInitialled,
)
from domain.agreement.course import (
    AgreementAmended,
    AgreementLapsed,
    AgreementRegistered,
    AgreementRenewed,
    AgreementSuspended,
    AgreementTerminated,
    NoticeGiven,
    NoticeWithdrawn,
    SuspensionLifted,
    TermSet,
    TextRectified,
)
from domain.agreement.obligations import (
    ObligationBreached,
    ObligationDeadlineMoved,
    ObligationFact,
    ObligationFulfilled,
    ObligationFulfilmentReported,
    ObligationProgressReported,
    ObligationRecorded,
    ObligationReopened,
    ObligationWaived,
)
from domain.agreement.substance import (
    AgreementLinked,
    AgreementReviewed,
    AgreementUnlinked,
    DocumentAttached,
    FinancingStated,
    StatusAsserted,
    ValueStated,
)

AgreementFact: TypeAlias = (
    AgreementOpened
    | PartyAdded
    | PartyRemoved
    | NegotiationStarted
    | TextInitialled
    | TextAdopted
    | SignatureAffixed
    | AgreementSigned
    | InternalProcedureCompleted
    | ConsentExpressed
    | EntryIntoForceRuleSet
    | EnteredIntoForce
    | ProvisionalApplicationStarted
    | ProvisionalApplicationEnded
    | TermSet
    | NoticeGiven
    | NoticeWithdrawn
    | AgreementRenewed
    | AgreementAmended
    | TextRectified
    | AgreementSuspended
    | SuspensionLifted
    | AgreementTerminated
    | AgreementLapsed
    | AgreementRegistered
    | ValueStated
    | FinancingStated
    | ObligationFact
    | AgreementLinked
    | AgreementUnlinked
    | StatusAsserted
    | DocumentAttached
    | AgreementReviewed
)

FACTS: dict[str, type[AgreementFact]] = {
    "AgreementOpened": AgreementOpened,
    "PartyAdded": PartyAdded,
    "PartyRemoved": PartyRemoved,
    "NegotiationStarted": NegotiationStarted,
    "TextInitialled": TextInitialled,
    "TextAdopted": TextAdopted,
    "SignatureAffixed": SignatureAffixed,
    "AgreementSigned": AgreementSigned,
    "InternalProcedureCompleted": InternalProcedureCompleted,
    "ConsentExpressed": ConsentExpressed,
    "EntryIntoForceRuleSet": EntryIntoForceRuleSet,
    "EnteredIntoForce": EnteredIntoForce,
    "ProvisionalApplicationStarted": ProvisionalApplicationStarted,
    "ProvisionalApplicationEnded": ProvisionalApplicationEnded,
    "TermSet": TermSet,
    "NoticeGiven": NoticeGiven,
    "NoticeWithdrawn": NoticeWithdrawn,
    "AgreementRenewed": AgreementRenewed,
    "AgreementAmended": AgreementAmended,
    "TextRectified": TextRectified,
    "AgreementSuspended": AgreementSuspended,
    "SuspensionLifted": SuspensionLifted,
    "AgreementTerminated": AgreementTerminated,
    "AgreementLapsed": AgreementLapsed,
    "AgreementRegistered": AgreementRegistered,
    "ValueStated": ValueStated,
    "FinancingStated": FinancingStated,
    "ObligationRecorded": ObligationRecorded,
    "ObligationProgressReported": ObligationProgressReported,
    "ObligationDeadlineMoved": ObligationDeadlineMoved,
    "ObligationFulfilmentReported": ObligationFulfilmentReported,
    "ObligationFulfilled": ObligationFulfilled,
    "ObligationWaived": ObligationWaived,
    "ObligationBreached": ObligationBreached,
    "ObligationReopened": ObligationReopened,
    "AgreementLinked": AgreementLinked,
    "AgreementUnlinked": AgreementUnlinked,
    "StatusAsserted": StatusAsserted,
    "DocumentAttached": DocumentAttached,
    "AgreementReviewed": AgreementReviewed,
}
