"""What a fact does to the facets: every fact of the field changes one, and no field of it is lost on the way."""

from typing import Any

import pytest

from cli.factexamples import data_examples
from domain.catalogue import BY_KIND, MODELS
from tests.domain.samples import OPENING, A, B
from tests.spec import STREAMS, Said, Story, fact, given

EVERY = {name: data_examples(model)[1] for name, model in MODELS.items()}
"""All that a fact can say."""

KINDS = ("agreement", "project", "commission", "occasion", "party")
FACTS = [(kind, name) for kind in KINDS for name in BY_KIND[kind] if name != OPENING[kind]]


def before(name: str, **data: Any) -> Said:
    """Word a fact that another needs before it, with all it can say."""
    return fact(name, "2025-02-01", **{**EVERY[name], **data})


OWED = before("ObligationRecorded", due="2025-03-31", recurrence="P1M")
TOLD = before("InstructionIssued", deadline="2025-03-31", recurrence="P1M")

NEEDS: dict[str, tuple[Said, ...]] = {
    "PartyRemoved": (before("PartyAdded"),),
    "AgreementSigned": (fact("PartyAdded", party=A), fact("PartyAdded", party=B)),
    "NoticeWithdrawn": (before("NoticeGiven"),),
    "AgreementUnlinked": (before("AgreementLinked"),),
    **dict.fromkeys((name for name in BY_KIND["agreement"] if name.startswith("Obligation")), (OWED,)),
    "ObligationRecorded": (),
    "ObligationReopened": (before("ObligationRecorded", recurrence=None), before("ObligationFulfilled")),
    "ProjectUnlinked": (before("ProjectLinked"),),
    "ProjectResumed": (before("ProjectSuspended"),),
    "WorkingGroupDissolved": (before("WorkingGroupEstablished"),),
    **dict.fromkeys((name for name in BY_KIND["commission"] if name.startswith("Instruction")), (TOLD,)),
    "InstructionIssued": (),
    "InstructionReopened": (before("InstructionIssued", recurrence=None), before("InstructionClosed")),
    "AgreementDetached": (before("AgreementAttached"),),
    "MergeUndone": (before("PartiesMerged"),),
    "MatchRejected": (before("PossibleMatchNoted"),),
}
"""What must be on record for a fact to have something to change."""

OTHERWISE: dict[str, dict[str, Any]] = {
    "PartyAdded": {"role": "implementer"},
    "TermSet": {"start": "date"},
    "ValueStated": {"kind": "contracted"},
    "FinancingStated": {"standing": "committed"},
    "ObligationFulfilled": {"due": "2025-04-30"},
    "ObligationWaived": {"due": "2025-04-30"},
    "InstructionClosed": {"due": "2025-04-30"},
    "OccasionHeld": {"title": "Industry conference", "kind": "conference", "place": "Shanghai"},
    "PartyRenamed": {"abbreviation": "EZDA"},
}
"""What a fact says for its fields to tell more than what goes without saying."""


def story_of(kind: str, name: str) -> Story:
    """Tell what comes before a fact."""
    opening = fact(OPENING[kind], "2025-01-01", **EVERY[OPENING[kind]])
    return given(STREAMS[kind], opening, *(without(said, None) for said in NEEDS.get(name, ())))


def without(said: Said, field: str | None) -> Said:
    """Return a fact without one of its fields (an amount goes with its currency), and without those saying nothing."""
    gone = {"amount", "currency"} if field in {"amount", "currency"} else {field}
    data = {name: value for name, value in said.data.items() if name not in gone and value is not None}
    return Said(said.type, said.on, data)


@pytest.mark.parametrize(("kind", "name"), FACTS, ids=[name for _, name in FACTS])
def test_every_fact_changes_a_facet(kind: str, name: str) -> None:
    """Of every fact, in the least words, something shows in the facets of its stream."""
    story = story_of(kind, name)
    least, _ = data_examples(MODELS[name])
    assert story.also(fact(name, "2025-03-01", **least)).shown() != story.shown()


@pytest.mark.parametrize(("kind", "name"), FACTS, ids=[name for _, name in FACTS])
def test_no_field_of_a_fact_is_lost(kind: str, name: str) -> None:
    """Whatever a fact can say, its facets show: leave it out, and they are others."""
    story = story_of(kind, name)
    said = fact(name, "2025-03-01", **{**EVERY[name], **OTHERWISE.get(name, {})})
    shown = story.also(said).shown()
    optional = [field for field, info in MODELS[name].model_fields.items() if not info.is_required()]
    lost = [field for field in optional if story.also(without(said, field)).shown() == shown]
    assert lost == []


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_of_an_opening_is_lost(kind: str) -> None:
    """What a file is opened with shows in its facets, field by field."""
    name = OPENING[kind]
    said = fact(name, "2025-01-01", **{**EVERY[name], **OPENED.get(name, {})})
    shown = given(STREAMS[kind], said).shown()
    optional = [field for field, info in MODELS[name].model_fields.items() if not info.is_required()]
    assert [field for field in optional if given(STREAMS[kind], without(said, field)).shown() == shown] == []


OPENED = {"PartyRegistered": {"kind": "agency"}}
