"""The legal moves of an agreement, row by row of DOMAIN.md section 5."""

from typing import Any

import pytest

from domain.agreement.rules import LEGAL
from domain.vocabulary import LEGAL_STATUSES
from tests.domain.samples import A, B, C, sample
from tests.spec import AGREEMENT, Said, Story, fact, given

ON = "2026-01-01"
OPENED = (sample("AgreementOpened"), sample("PartyAdded"), sample("PartyAdded", party=B))
SIGNED = fact("AgreementSigned", "2025-02-01")
FORCE = fact("EnteredIntoForce", "2025-03-01")

REACHED: dict[str, tuple[Said, ...]] = {
    "opened": (),
    "negotiating": (fact("NegotiationStarted", "2025-01-02"),),
    "initialled": (fact("TextInitialled", "2025-01-03"),),
    "adopted": (fact("TextAdopted", "2025-01-04"),),
    "signed": (SIGNED,),
    "provisionally applied": (SIGNED, fact("ProvisionalApplicationStarted", "2025-02-02")),
    "in force": (SIGNED, FORCE),
    "suspended": (SIGNED, FORCE, fact("AgreementSuspended", "2025-04-01")),
    "terminated": (SIGNED, FORCE, fact("AgreementTerminated", "2025-05-01")),
    "lapsed": (SIGNED, fact("AgreementLapsed", "2025-05-01")),
    "expired": (SIGNED, FORCE, fact("TermSet", "2025-03-01", end="2025-06-30")),
}
"""How each legal status comes about; asked on the day of ON."""

ENDED = ("terminated", "lapsed", "expired")
DRAFT = ("opened", "negotiating")
UNSIGNED = (*DRAFT, "initialled", "adopted")
RUNNING = ("signed", "provisionally applied", "in force", "suspended")

ROWS: dict[str, tuple[tuple[str, ...], str | None, str]] = {
    "NegotiationStarted": (("opened",), "negotiating", "warn"),
    "TextInitialled": (DRAFT, "initialled", "warn"),
    "TextAdopted": ((*DRAFT, "initialled"), "adopted", "warn"),
    "SignatureAffixed": (UNSIGNED, None, "warn"),
    "AgreementSigned": (UNSIGNED, "signed", "warn"),
    "InternalProcedureCompleted": (RUNNING, None, "warn"),
    "ConsentExpressed": ((*UNSIGNED, *RUNNING), None, "warn"),
    "ProvisionalApplicationStarted": (("adopted", "signed"), "provisionally applied", "warn"),
    "ProvisionalApplicationEnded": (("provisionally applied",), "signed", "warn"),
    "EnteredIntoForce": (("adopted", "signed", "provisionally applied", "in force"), "in force", "warn"),
    "TermSet": ((*UNSIGNED, *RUNNING), None, "warn"),
    "AgreementRenewed": (("in force",), None, "warn"),
    "NoticeGiven": (("in force", "provisionally applied"), None, "warn"),
    "NoticeWithdrawn": (("in force", "provisionally applied"), None, "warn"),
    "AgreementSuspended": (("in force", "provisionally applied"), "suspended", "warn"),
    "SuspensionLifted": (("suspended",), "in force", "refuse"),
    "AgreementTerminated": (RUNNING, "terminated", "warn"),
    "AgreementLapsed": ((*UNSIGNED, "signed"), "lapsed", "warn"),
    "AgreementAmended": (LEGAL_STATUSES, None, "warn"),
    "PartyRemoved": (LEGAL_STATUSES, None, "warn"),
    "FinancingStated": (LEGAL_STATUSES, None, "warn"),
}
"""Fact: the statuses it is expected in, the one it leads to, and what it meets elsewhere."""

ALWAYS = (
    "PartyAdded",
    "EntryIntoForceRuleSet",
    "TextRectified",
    "AgreementRegistered",
    "ValueStated",
    "AgreementLinked",
    "AgreementUnlinked",
    "StatusAsserted",
    "DocumentAttached",
    "AgreementReviewed",
)
"""Facts that change no status and are in order in any."""


def at(status: str) -> Story:
    """Tell of an agreement in a legal status."""
    return given(AGREEMENT, *OPENED, *REACHED[status])


def other(name: str, **data: Any) -> Said:
    """Word a fact of today that says something not said before."""
    return sample(name, ON, **data)


@pytest.mark.parametrize("status", LEGAL_STATUSES)
def test_every_status_is_reached(status: str) -> None:
    """The stories below do stand where they say."""
    assert at(status).asked(ON)["legal_status"] == status


def test_the_table_is_whole() -> None:
    """Every fact of an agreement is either in the table, always in order, or its opening."""
    from domain.agreement.facts import FACTS

    obligations = {name for name in FACTS if name.startswith("Obligation")}  # a lifecycle of their own
    assert {*ROWS, *ALWAYS, "AgreementOpened"} == set(FACTS) - obligations
    assert set(REACHED) == set(LEGAL_STATUSES)


@pytest.mark.parametrize("status", LEGAL_STATUSES)
@pytest.mark.parametrize("name", [*ROWS, *ALWAYS])
def test_every_fact_meets_every_status(name: str, status: str) -> None:
    """A fact is out of order exactly where its row does not expect it, and refused once all is ended."""
    froms, _, otherwise = ROWS.get(name, (LEGAL_STATUSES, None, "warn"))
    outcome = at(status).when(other(name))
    order = {(f.code, f.weight) for f in outcome.decision.findings if f.code in {"out-of-order", "ended"}}
    if status in froms:
        assert order == set()
    else:
        assert order == {("ended", "refuse") if status in ENDED else ("out-of-order", otherwise)}


@pytest.mark.parametrize("status", LEGAL_STATUSES)
@pytest.mark.parametrize("name", [*ROWS, *ALWAYS])
def test_every_fact_leads_where_its_row_says(name: str, status: str) -> None:
    """In order a fact leads where its row says; out of order only forward, or out of an end."""
    froms, to, _ = ROWS.get(name, (LEGAL_STATUSES, None, "warn"))
    before = at(status).shown()["legal_status"]
    after = at(status).also(other(name)).shown()["legal_status"]
    forward = to is not None and LEGAL_STATUSES.index(to) > LEGAL_STATUSES.index(before)
    moves = to is not None and (before in froms or before in ENDED or forward)
    unsigned = name == "ProvisionalApplicationEnded" and status in UNSIGNED
    assert after == (("adopted" if unsigned else to) if moves else before)


@pytest.mark.parametrize("name", ["NegotiationStarted", "AgreementSigned", "AgreementRenewed"])
def test_a_refusal_says_what_is_allowed_instead(name: str) -> None:
    """Whoever is out of order is told which facts are in order."""
    [found] = [f for f in at("suspended").when(other(name)).decision.findings if f.code == "out-of-order"]
    assert "SuspensionLifted" in found.instead
    assert "AgreementSuspended" not in found.instead


def opened(*facts: Said) -> Story:
    """Tell of an agreement with nothing but its opening and these facts."""
    return given(AGREEMENT, sample("AgreementOpened"), *facts)


HALF = opened(sample("PartyAdded"))
TWICE = opened(sample("PartyAdded"), sample("PartyAdded", role="implementer"))
PAIR = opened(sample("PartyAdded"), sample("PartyAdded", party=B))
ONE_SIGNED = PAIR.also(sample("SignatureAffixed", "2025-01-20"))
BOTH_SIGNED = ONE_SIGNED.also(sample("SignatureAffixed", "2025-01-21", party=B))
IN_FORCE = at("in force")
TERM = IN_FORCE.also(fact("TermSet", "2025-03-01", length="P1Y", notice="P2M", renewal="tacit"))


def ruled(**rule: Any) -> Story:
    """Tell of a signed agreement whose text says when it enters into force."""
    return at("signed").also(fact("EntryIntoForceRuleSet", "2025-02-01", **rule))


def consent(*parties: str) -> tuple[Said, ...]:
    """Word the ratifications of parties."""
    return tuple(sample("ConsentExpressed", "2025-02-10", party=party) for party in parties)


NOTIFIED = ruled(rule="last notification")
DEPOSITED = ruled(rule="instruments", count=1)
NON_BINDING = given(AGREEMENT, sample("AgreementOpened", kind="contract", bindingness="non-binding"))
BINDING = given(AGREEMENT, sample("AgreementOpened", bindingness="binding"))
LOAN = given(AGREEMENT, sample("AgreementOpened", kind="loan"))
LEAVING = sample("NoticeGiven", "2025-06-01", kind="withdrawal", takes_effect="2025-12-31")
MANY = IN_FORCE.also(sample("PartyAdded", "2025-03-01", party=C))
MONEY = {"amount": "5", "currency": "USD"}

GUARDS: list[tuple[str, Story, Said, str, tuple[str, ...]]] = [
    ("initialled with one party", HALF, other("TextInitialled"), "", ("few-parties",)),
    ("initialled with one party in two parts", TWICE, other("TextInitialled"), "", ("few-parties",)),
    ("initialled with two parties", PAIR, other("TextInitialled"), "", ()),
    ("signed by no party", opened(), other("AgreementSigned"), "few-parties", ()),
    ("signed by one party", HALF, other("AgreementSigned"), "few-parties", ()),
    ("signed by one party in two parts", TWICE, other("AgreementSigned"), "few-parties", ()),
    ("signed by two parties", PAIR, other("AgreementSigned"), "", ()),
    ("signed while one has not", ONE_SIGNED, other("AgreementSigned"), "", ("unsigned",)),
    ("signed once both have", BOTH_SIGNED, other("AgreementSigned"), "", ()),
    ("signature of a stranger", PAIR, other("SignatureAffixed", party=C), "unknown-party", ()),
    ("signature of a party", PAIR, other("SignatureAffixed"), "", ()),
    ("second signature", ONE_SIGNED, other("SignatureAffixed"), "", ("signed-twice",)),
    ("other signature", ONE_SIGNED, other("SignatureAffixed", party=B), "", ()),
    ("procedure of a stranger", IN_FORCE, other("InternalProcedureCompleted", party=C), "unknown-party", ()),
    ("procedure after signature", at("signed"), other("InternalProcedureCompleted"), "", ()),
    ("procedure dated before", at("signed"), sample("InternalProcedureCompleted", "2025-01-20"), "",
     ("before-signature", "out-of-order")),
    ("consent of a stranger", IN_FORCE, other("ConsentExpressed", party=C), "unknown-party", ()),
    ("consent after signature", at("signed"), other("ConsentExpressed"), "", ()),
    ("consent before signature", PAIR, other("ConsentExpressed"), "", ("before-signature",)),
    ("consent of the one who signed", ONE_SIGNED, other("ConsentExpressed"), "", ()),
    ("consent of the one who did not", ONE_SIGNED, other("ConsentExpressed", party=B),
     "", ("before-signature",)),
    ("accession without signature", PAIR, other("ConsentExpressed", form="accession"), "", ()),
    ("succession without signature", PAIR, other("ConsentExpressed", form="succession"), "", ()),
    ("in force before signature", at("adopted"), other("EnteredIntoForce"), "", ("before-signature",)),
    ("in force after signature", at("signed"), other("EnteredIntoForce"), "", ()),
    ("in force with every signature", BOTH_SIGNED.also(fact("TextAdopted", "2025-01-22")),
     other("EnteredIntoForce"), "", ()),
    ("in force again", IN_FORCE, other("EnteredIntoForce"), "", ("already-set",)),
    ("in force for another party", IN_FORCE, other("EnteredIntoForce", party=B), "", ()),
    ("in force for a stranger", IN_FORCE, other("EnteredIntoForce", party=C), "unknown-party", ()),
    ("before the date of the text", ruled(rule="date", date="2026-06-01"), other("EnteredIntoForce"), "",
     ("rule-unmet",)),
    ("on the date of the text", ruled(rule="date", date=ON), other("EnteredIntoForce"), "", ()),
    ("no notification", NOTIFIED, other("EnteredIntoForce"), "", ("rule-unmet",)),
    ("one notification of two", NOTIFIED.also(*consent(A)), other("EnteredIntoForce"), "", ("rule-unmet",)),
    ("both notifications", NOTIFIED.also(*consent(A, B)), other("EnteredIntoForce"), "", ()),
    ("no instrument of one", DEPOSITED, other("EnteredIntoForce"), "", ("rule-unmet",)),
    ("one instrument of one", DEPOSITED.also(*consent(B)), other("EnteredIntoForce"), "", ()),
    ("on signature", ruled(rule="signature"), other("EnteredIntoForce"), "", ()),
    ("renewed without a term", IN_FORCE, other("AgreementRenewed"), "", ("no-term",)),
    ("renewed with a term", TERM, other("AgreementRenewed"), "", ()),
    ("notice of a stranger", IN_FORCE, other("NoticeGiven", party=C), "unknown-party", ()),
    ("effect before notice", IN_FORCE, other("NoticeGiven", takes_effect="2025-12-31"),
     "effect-before-notice", ()),
    ("effect with notice", IN_FORCE, other("NoticeGiven", takes_effect=ON), "", ()),
    ("notice in time", TERM, sample("NoticeGiven", "2025-12-28"), "", ()),
    ("notice too late", TERM, sample("NoticeGiven", "2025-12-29"), "", ("late-notice",)),
    ("notice withdrawn by a stranger", IN_FORCE, other("NoticeWithdrawn", party=C), "unknown-party", ()),
    ("notice withdrawn", IN_FORCE.also(sample("NoticeGiven", "2025-06-01")), other("NoticeWithdrawn"),
     "", ()),
    ("notice given in time, received too late", TERM, sample("NoticeGiven", "2025-12-28", received="2025-12-29"), "",
     ("late-notice",)),
    ("notice received in time", TERM, sample("NoticeGiven", "2025-12-20", received="2025-12-28"), "", ()),
    ("a notice withdrawn that nobody gave", IN_FORCE, other("NoticeWithdrawn"), "", ("no-notice",)),
    ("a notice withdrawn that another gave", IN_FORCE.also(sample("NoticeGiven", "2025-06-01")),
     other("NoticeWithdrawn", party=B), "", ("no-notice",)),
    ("a notice withdrawn on the last day", MANY.also(LEAVING), sample("NoticeWithdrawn", "2025-12-30"), "", ()),
    ("a notice withdrawn in effect", MANY.also(LEAVING), sample("NoticeWithdrawn", "2025-12-31"), "", ("no-notice",)),
    ("money withdrawn", PAIR.also(sample("FinancingStated", "2025-06-01", standing="pledged")),
     other("FinancingStated", standing="withdrawn"), "", ()),
    ("money withdrawn that nobody promised", PAIR, other("FinancingStated", standing="withdrawn"),
     "", ("not-pledged",)),
    ("money withdrawn by another", PAIR.also(sample("FinancingStated", "2025-06-01", standing="pledged", financier=A)),
     other("FinancingStated", standing="withdrawn", financier=B), "", ("not-pledged",)),
    ("money withdrawn twice", PAIR.also(sample("FinancingStated", "2025-06-01", standing="pledged"),
     sample("FinancingStated", "2025-07-01", standing="withdrawn")),
     other("FinancingStated", standing="withdrawn"), "", ("not-pledged",)),
    ("a stranger leaves", PAIR, other("PartyRemoved", party=C), "unknown-party", ()),
    ("a party leaves", PAIR, other("PartyRemoved"), "", ()),
    ("terminated, never in force", at("signed"), other("AgreementTerminated"), "", ("never-in-force",)),
    ("terminated, in force", IN_FORCE, other("AgreementTerminated"), "", ()),
    ("terminated twice", at("terminated"), other("AgreementTerminated"), "ended", ()),
    ("lapsed, never in force", at("signed"), other("AgreementLapsed"), "", ()),
    ("lapsed, in force", IN_FORCE, other("AgreementLapsed"), "was-in-force", ("out-of-order",)),
    ("lapsed, applied provisionally", at("provisionally applied"), other("AgreementLapsed"),
     "", ("out-of-order",)),
    ("amended in force", IN_FORCE, other("AgreementAmended"), "", ()),
    ("amended before", at("signed"), other("AgreementAmended"), "", ("not-in-force",)),
    ("amended after its end", at("terminated"), other("AgreementAmended"), "", ("not-in-force",)),
    ("amended after it expired", at("expired"), other("AgreementAmended"), "", ("not-in-force",)),
    ("amending itself", IN_FORCE, other("AgreementAmended", instrument=AGREEMENT), "amends-itself", ()),
    ("amended by another", IN_FORCE, other("AgreementAmended", instrument="protocol-one"), "", ()),
    ("lifted without suspension", IN_FORCE, other("SuspensionLifted"), "out-of-order", ()),
    ("committed in an intent", PAIR, other("FinancingStated", standing="committed", **MONEY),
     "", ("not-binding",)),
    ("closed in an intent", PAIR, other("FinancingStated", standing="closed", **MONEY), "", ("not-binding",)),
    ("pledged in an intent", PAIR, other("FinancingStated", standing="pledged", **MONEY), "", ()),
    ("committed in a loan", LOAN, other("FinancingStated", standing="committed"), "", ()),
    ("committed, not binding", NON_BINDING, other("FinancingStated", standing="committed"),
     "", ("not-binding",)),
    ("committed, binding intent", BINDING, other("FinancingStated", standing="committed"), "", ()),
]  # fmt: skip


@pytest.mark.parametrize(("story", "said", "refused", "warns"), [row[1:] for row in GUARDS], ids=[r[0] for r in GUARDS])
def test_each_guard_speaks_when_it_must(story: Story, said: Said, refused: str, warns: tuple[str, ...]) -> None:
    """Each guard finds what its row says, refuses or warns, and is silent otherwise."""
    story.when(said).then(recorded=() if refused else said.type, refused=refused or (), warns=warns)


def test_every_guard_of_the_table_is_met() -> None:
    """No guard stands in the table without a case above in which it speaks."""
    codes = {guard.code for move in LEGAL.moves for guard in move.guards}
    assert codes <= {code for row in GUARDS for code in (row[3], *row[4])}
