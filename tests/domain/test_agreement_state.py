"""What an agreement's facts come to: facets side by side, never judged."""

from typing import Any

import pytest

from tests.domain.samples import A, B, sample
from tests.spec import AGREEMENT, Story, fact, given

OPENED = (sample("AgreementOpened"), sample("PartyAdded"), sample("PartyAdded", party=B))


def told(*facts: Any) -> Story:
    """Tell of an agreement between two parties."""
    return given(AGREEMENT, *OPENED, *facts)


def test_a_lifted_suspension_leads_back_to_force() -> None:
    """What was in force when it was suspended is in force again."""
    story = told(fact("AgreementSigned"), fact("EnteredIntoForce"), fact("AgreementSuspended", "2025-02"))
    assert story.also(fact("SuspensionLifted", "2025-03")).shown()["legal_status"] == "in force"


def test_a_lifted_suspension_makes_no_entry_into_force() -> None:
    """What was applied provisionally when it was suspended is applied provisionally again."""
    begun = told(fact("AgreementSigned"), fact("ProvisionalApplicationStarted"), fact("AgreementSuspended", "2025-02"))
    assert begun.also(fact("SuspensionLifted", "2025-03")).shown()["legal_status"] == "provisionally applied"
    meanwhile = begun.also(fact("EnteredIntoForce", "2025-02-10"), fact("SuspensionLifted", "2025-03"))
    assert meanwhile.shown()["legal_status"] == "in force"


@pytest.mark.parametrize(("before", "after"), [("AgreementSigned", "signed"), ("TextAdopted", "adopted")])
def test_ended_provisional_application_leads_back(before: str, after: str) -> None:
    """An instrument applied before its signature is not called signed when that ends."""
    story = told(fact(before), fact("ProvisionalApplicationStarted"), fact("ProvisionalApplicationEnded"))
    assert story.shown()["legal_status"] == after


def test_consent_advances_and_never_falls_back() -> None:
    """Each party climbs the ladder of consent; a late lower step does not take it down."""
    story = told(sample("SignatureAffixed"))
    assert story.shown()["consent"] == {"azpromo": "signed", "vencou": "none"}
    story = story.also(fact("AgreementSigned"), sample("ConsentExpressed"), sample("InternalProcedureCompleted"))
    assert story.shown()["consent"] == {"azpromo": "consented", "vencou": "signed"}
    story = story.also(sample("InternalProcedureCompleted", party=B), fact("EnteredIntoForce", party=A))
    assert story.shown()["consent"] == {"azpromo": "bound", "vencou": "procedures complete"}
    assert set(story.also(fact("EnteredIntoForce")).shown()["consent"].values()) == {"bound"}


def test_a_party_stands_once_for_each_part_it_takes() -> None:
    """The same party added again in the same role replaces its line; in another role it has two."""
    story = told(sample("PartyAdded", side="Azerbaijan"), sample("PartyAdded", role="implementer"))
    lines = [(line["slug"], line["role"], line["side"]) for line in story.shown()["parties"]]
    assert lines == [
        ("vencou", "signatory", None),
        ("azpromo", "signatory", "Azerbaijan"),
        ("azpromo", "implementer", None),
    ]
    left = story.also(sample("PartyRemoved")).shown()["parties"]
    assert [line["slug"] for line in left] == ["vencou"]


@pytest.mark.parametrize(
    ("standings", "financing"),
    [
        ([], "none"),
        (["mentioned"], "mentioned"),
        (["committed", "pledged"], "committed"),
        (["committed", "withdrawn"], "withdrawn"),
        (["committed", "withdrawn", "mentioned"], "mentioned"),
        (["pledged", "disbursing", "closed"], "disbursing"),
        (["withdrawn"], "withdrawn"),
        (["withdrawn", "withdrawn", "completed"], "completed"),
    ],
)
def test_financing_is_the_firmest_since_the_last_withdrawal(standings: list[str], financing: str) -> None:
    """Money stands as firm as it was ever stated, until it is withdrawn."""
    stated = (fact("FinancingStated", f"2025-01-0{n}", standing=s) for n, s in enumerate(standings, 1))
    assert told(*stated).shown()["financing"] == financing


@pytest.mark.parametrize(
    ("stated", "financing"),
    [
        ([("committed", A), ("pledged", B), ("withdrawn", A)], "pledged"),
        ([("committed", A), ("pledged", B), ("withdrawn", B)], "committed"),
        ([("committed", A), ("withdrawn", A), ("withdrawn", B)], "withdrawn"),
        ([("committed", A), ("pledged", B), ("withdrawn", None)], "withdrawn"),
        ([("committed", A), ("withdrawn", None), ("mentioned", B)], "mentioned"),
        ([("pledged", None), ("withdrawn", A)], "pledged"),
        ([("committed", A), ("pledged", A)], "committed"),
    ],
)
def test_each_financier_stands_by_itself(stated: list[tuple[str, str | None]], financing: str) -> None:
    """Who withdraws takes back its own money; with nobody named, all is withdrawn."""
    facts = (
        fact("FinancingStated", f"2025-01-0{n}", None, standing=standing, **({"financier": who} if who else {}))
        for n, (standing, who) in enumerate(stated, 1)
    )
    assert told(*facts).shown()["financing"] == financing


def test_sorts_of_financiers_are_told_apart_by_their_words() -> None:
    """Where a sort is named and no party, the same words stand for the same money, however they are written."""
    banks = (fact("FinancingStated", "2025-01-01", standing="pledged", financier_class="Chinese banks"),
             fact("FinancingStated", "2025-01-02", standing="mentioned", financier_class="a fund"))  # fmt: skip
    gone = fact("FinancingStated", "2025-02", standing="withdrawn", financier_class="CHINESE BANKS")
    assert told(*banks, gone).shown()["financing"] == "mentioned"


def test_links_hold_until_unlinked() -> None:
    """A relation is kept once, and only that relation to that instrument goes."""
    linked = told(
        sample("AgreementLinked"),
        sample("AgreementLinked"),
        sample("AgreementLinked", relation="amends"),
        sample("AgreementLinked", agreement="third-one"),
    )
    assert len(linked.shown()["links"]) == 3
    left = linked.also(sample("AgreementUnlinked")).shown()["links"]
    assert left == [
        {"agreement": "other", "relation": "amends"},
        {"agreement": "third-one", "relation": "parallel to"},
    ]


def test_a_document_in_an_ended_agreement_is_kept() -> None:
    """Sources, documents and reviews are welcome after the end."""
    ended = told(fact("AgreementSigned"), fact("EnteredIntoForce"), fact("AgreementTerminated", "2025-02"))
    after = ended.when(sample("DocumentAttached", "2025-03")).then(recorded="DocumentAttached")
    assert [row["locator"] for row in after.shown()["documents"]] == ["a.pdf"]


@pytest.mark.parametrize(
    ("name", "facet"),
    [
        ("AgreementRegistered", "registrations"),
        ("ValueStated", "values"),
        ("StatusAsserted", "asserted"),
        ("AgreementReviewed", "reviews"),
        ("AgreementAmended", "amendments"),
        ("NoticeGiven", "notices"),
    ],
)
def test_what_may_happen_often_is_listed(name: str, facet: str) -> None:
    """Facts that may come more than once are listed in the order of their effect."""
    listed = told(sample(name, "2025-03"), sample(name, "2025-02")).shown()[facet]
    days = [row.get("on", row.get("given_on")) for row in listed]
    assert days == ["2025-02", "2025-03"]


def test_reported_and_derived_status_stand_side_by_side() -> None:
    """What somebody asserts changes no facet but its own."""
    story = told(sample("StatusAsserted", value="in force", asserted_by="press"))
    shown = story.shown()
    assert (shown["legal_status"], shown["asserted"][0]["value"]) == ("opened", "in force")


def test_the_review_facet_tells_whether_there_was_one() -> None:
    """An agreement nobody reviewed says so."""
    assert told().shown()["review"] == "never"
    assert told(sample("AgreementReviewed")).shown()["review"] == "reviewed"
