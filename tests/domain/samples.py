"""One valid fact of every type, in the least words, and the facts that open a stream of each kind."""

from typing import Any

from tests.spec import Said, event, fact

A, B, C = "party/azpromo", "party/vencou", "party/third-side"
DIGEST = "0" * 64

DATA: dict[str, dict[str, Any]] = {
    "AgreementOpened": {"title": "Cardboard", "kind": "intent"},
    "PartyAdded": {"party": A},
    "PartyRemoved": {"party": A},
    "SignatureAffixed": {"party": A},
    "InternalProcedureCompleted": {"party": A},
    "ConsentExpressed": {"party": A, "form": "ratification"},
    "EntryIntoForceRuleSet": {"rule": "signature"},
    "NoticeGiven": {"party": A, "kind": "denunciation"},
    "NoticeWithdrawn": {"party": A},
    "AgreementRegistered": {"register_name": "UNTS", "number": "I-1"},
    "ValueStated": {"amount": "1", "currency": "USD"},
    "FinancingStated": {"standing": "mentioned"},
    "AgreementLinked": {"agreement": "agreement/other", "relation": "parallel to"},
    "AgreementUnlinked": {"agreement": "agreement/other", "relation": "parallel to"},
    "StatusAsserted": {"facet": "legal status", "value": "signed"},
    "DocumentAttached": {"locator": "a.pdf", "sha256": DIGEST, "length": 1},
    "AgreementReviewed": {"commission": "commission/az-cn-trade"},
    "ProjectIdentified": {"name": "Cardboard mill"},
    "ProjectLinked": {"agreement": "agreement/cardboard"},
    "ProjectUnlinked": {"agreement": "agreement/cardboard"},
    "StudyCommissioned": {"study": "justification"},
    "StudyStarted": {"study": "justification"},
    "StudySubmitted": {"study": "justification"},
    "StudyReturned": {"study": "justification"},
    "StudyAccepted": {"study": "justification"},
    "PhaseObserved": {"phase": "justification"},
    "InvestmentDecided": {"decision": "go"},
    "SiteAllocated": {"site": "Sumgayit"},
    "ResidencyGranted": {"zone": "Chemical Park"},
    "CompanyEstablished": {"name": "Karton MMC"},
    "PermitGranted": {"permit": "building"},
    "ProjectReviewed": {"commission": "commission/az-cn-trade"},
    "CommissionEstablished": {"name": "Trade Commission"},
    "CoChairAppointed": {"side": "China", "name": "Li"},
    "CoChairReplaced": {"side": "China", "name": "Wang"},
    "WorkingGroupEstablished": {"name": "transport"},
    "WorkingGroupDissolved": {"name": "transport"},
    "SessionScheduled": {"session": "11"},
    "SessionPostponed": {"session": "11"},
    "AgendaAdopted": {"session": "11", "items": ["trade"]},
    "ProtocolSigned": {"session": "11"},
    "InstructionIssued": {"item": "3.1", "text": "report"},
    "InstructionProgressReported": {"item": "3.1", "report": "half done"},
    "InstructionDeadlineMoved": {"item": "3.1", "deadline": "2025-12-31"},
    "InstructionFulfilmentReported": {"item": "3.1"},
    "InstructionClosed": {"item": "3.1"},
    "InstructionReopened": {"item": "3.1"},
    "InstructionCancelled": {"item": "3.1"},
    "OccasionAnnounced": {"title": "Conference"},
    "OccasionHeld": {"title": "Conference"},
    "CombinedValueStated": {"amount": "335000000", "currency": "USD"},
    "DocumentCountStated": {"count": 13},
    "AgreementAttached": {"agreement": "agreement/cardboard"},
    "AgreementDetached": {"agreement": "agreement/cardboard"},
    "PartyRegistered": {"name": "IZIA"},
    "NameVariantRecorded": {"text": "EZDA"},
    "PartyRenamed": {"name": "EZDA"},
    "IdentifierRecorded": {"scheme": "LEI", "value": "1"},
    "ParentRecorded": {"parent": "party/ministry"},
    "PossibleMatchNoted": {"match": "party/ezda"},
    "MatchRejected": {"match": "party/ezda"},
    "PartySucceeded": {"successor": "party/ezda"},
    "EventCorrected": {"target": event(1), "on": "2025-01-02", "reason": "misread"},
    "EventRetracted": {"target": event(1), "reason": "never was"},
    "CorrectionWithdrawn": {"target": event(2), "reason": "was right"},
    "DateRefined": {"target": event(1), "on": "2025-01-02", "basis": "protocol"},
    "SourceAdded": {"target": event(1), "source": {"source": "Trend"}},
    "EventDisputed": {"target": event(1), "reason": "doubted"},
    "DisputeResolved": {"target": event(1), "resolution": "it holds"},
    "RuleWaived": {"target": event(1), "rules": ["few-parties"], "reason": "seen"},
    "NoteRecorded": {"text": "ask again"},
    "ImportFinished": {"file": "a.jsonl", "sha256": DIGEST, "new": 1, "already_recorded": 0, "rejected": 0},
}
"""What a fact type must say; a type that is not here need not say anything."""

OPENING = {
    "agreement": "AgreementOpened",
    "project": "ProjectIdentified",
    "commission": "CommissionEstablished",
    "occasion": "OccasionAnnounced",
    "party": "PartyRegistered",
}


def sample(name: str, on: str = "2025-01-01", /, **data: Any) -> Said:
    """Word a fact of a type, with the least it must say and what is given besides."""
    return fact(name, on, **{**DATA.get(name, {}), **data})
