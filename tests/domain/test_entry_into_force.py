"""How far each party has come in binding itself, and when the text's own rule lets it enter into force."""

from typing import Any

import pytest

from domain.asking import flags_asked
from tests.domain.samples import A, B, C, sample
from tests.spec import AGREEMENT, Said, Story, day, fact, given

ON = "2026-01-01"
PAIR = (sample("AgreementOpened"), sample("PartyAdded"), sample("PartyAdded", party=B))
TRIO = (*PAIR, sample("PartyAdded", party=C))
SIGNED = fact("AgreementSigned", "2025-02-01")


def ruled(rule: str, *facts: Said, parties: tuple[Said, ...] = PAIR, **data: Any) -> Story:
    """Tell of an agreement whose text says when it enters into force, and what came after."""
    return given(AGREEMENT, *parties, fact("EntryIntoForceRuleSet", "2025-01-02", rule=rule, **data), *facts)


def consent(party: str, on: str, form: str = "ratification", **data: Any) -> Said:
    """Word a party's consent to be bound."""
    return fact("ConsentExpressed", on, party=party, form=form, **data)


def reckoned(story: Story) -> dict[str, Any]:
    """Return what the rule comes to, asked at the turn of 2026."""
    found = story.asked(ON)["entry_into_force"]
    assert isinstance(found, dict)
    return found


def due(story: Story, on: str) -> list[str]:
    """Return the codes that only the day of asking brings."""
    return [flag["code"] for flag in flags_asked("agreement", story.asked(on), day(on))]


def test_without_a_rule_nothing_is_reckoned() -> None:
    """An agreement whose text's rule nobody recorded has no day of entry by rule."""
    assert given(AGREEMENT, *PAIR, SIGNED).asked(ON)["entry_into_force"] is None


RULES: list[tuple[str, Story, str | None, int, list[str]]] = [
    ("on signature, unsigned", ruled("signature"), None, 0, []),
    ("on signature", ruled("signature", SIGNED), "2025-02-01", 0, []),
    ("days after signature", ruled("signature", SIGNED, days=30), "2025-03-03", 0, []),
    ("some day of a month", ruled("signature", fact("AgreementSigned", "2025-02")), "2025-02-28", 0, []),
    ("some day of a month, and days", ruled("signature", fact("AgreementSigned", "2025-02"), days=1),
     "2025-03-01", 0, []),
    ("past the calendar", ruled("signature", fact("AgreementSigned", "9999-12-30"), days=9), None, 0, []),
    ("on a date", ruled("date", date="2025-06-01"), "2025-06-01", 0, []),
    ("on a doubtful date", ruled("date", date="2025-06~"), "2025-06-30", 0, []),
    ("on no known date", ruled("date"), None, 0, []),
    ("notified by none", ruled("last notification"), None, 2, ["azpromo", "vencou"]),
    ("notified by one", ruled("last notification", consent(A, "2025-03-01")), None, 1, ["vencou"]),
    ("notified by both", ruled("last notification", consent(A, "2025-03-01"), consent(B, "2025-04-01")),
     "2025-04-01", 0, []),
    ("days after the last, told first", ruled("last notification", consent(B, "2025-04-01"),
     consent(A, "2025-03-01"), days=30), "2025-05-01", 0, []),
    ("notified some day of a month", ruled("last notification", consent(A, "2025-03"), consent(B, "2025-03-15"),
     days=1), "2025-04-01", 0, []),
    ("notified by two of three", ruled("last notification", consent(A, "2025-03-01"), consent(C, "2025-04-01"),
     parties=TRIO), None, 1, ["vencou"]),
    ("notified by all three", ruled("last notification", consent(A, "2025-03-01"), consent(C, "2025-05-01"),
     consent(B, "2025-04-01"), parties=TRIO), "2025-05-01", 0, []),
    ("a financier does not notify", ruled("last notification", consent(A, "2025-03-01"), consent(C, "2025-04-01"),
     parties=(*PAIR, sample("PartyAdded", party=C, role="financier"))), None, 1, ["vencou"]),
    ("a financier's word changes no day", ruled("last notification", consent(C, "2025-02-01"),
     consent(A, "2025-03-01"), consent(B, "2025-04-01"),
     parties=(*PAIR, sample("PartyAdded", party=C, role="financier"))), "2025-04-01", 0, []),
    ("one who left need not notify", ruled("last notification", consent(A, "2025-03-01"), consent(B, "2025-04-01"),
     sample("PartyRemoved", "2025-04-02", party=C), parties=TRIO), "2025-04-01", 0, []),
    ("a signature is no consent", ruled("last notification", SIGNED), None, 2, ["azpromo", "vencou"]),
    ("a procedure is no consent", ruled("last notification", sample("InternalProcedureCompleted", "2025-03")),
     None, 2, ["azpromo", "vencou"]),
    ("a party bound counts", ruled("last notification", fact("EnteredIntoForce", "2025-03-01", party=A),
     consent(B, "2025-04-01")), "2025-04-01", 0, []),
    ("consent counts, not the day bound", ruled("last notification", consent(A, "2025-03-01"),
     fact("EnteredIntoForce", "2025-06-01", party=A), consent(B, "2025-04-01")), "2025-04-01", 0, []),
    ("nobody is to notify", ruled("last notification", parties=PAIR[:1]), None, 1, []),
    ("no instrument of two", ruled("instruments", parties=TRIO, count=2), None, 2,
     ["azpromo", "vencou", "third-side"]),
    ("one instrument of two", ruled("instruments", consent(C, "2025-03-01"), parties=TRIO, count=2), None, 1,
     ["azpromo", "vencou"]),
    ("the second of three", ruled("instruments", consent(C, "2025-05-01"), consent(A, "2025-03-01"),
     consent(B, "2025-04-01"), parties=TRIO, count=2), "2025-04-01", 0, []),
    ("days after the second", ruled("instruments", consent(A, "2025-03-01"), consent(B, "2025-04-01"),
     parties=TRIO, count=2, days=90), "2025-06-30", 0, []),
    ("as many as signatories", ruled("instruments", consent(A, "2025-03-01"), consent(B, "2025-04-01")),
     "2025-04-01", 0, []),
    ("who accedes counts", ruled("instruments", consent(A, "2025-03-01"), consent(C, "2025-04-01", "accession"),
     parties=(*PAIR, sample("PartyAdded", party=C, role="beneficiary")), count=2), "2025-04-01", 0, []),
]  # fmt: skip


@pytest.mark.parametrize(
    ("story", "on", "wanting", "missing"), [row[1:] for row in RULES], ids=[row[0] for row in RULES]
)
def test_each_rule_comes_to_its_day(story: Story, on: str | None, wanting: int, missing: list[str]) -> None:
    """The rule of the text comes to this day, or says how many instruments are wanting and of whom."""
    found = reckoned(story)
    assert (found["on"], found["wanting"], found["missing"]) == (on, wanting, missing)


@pytest.mark.parametrize("rule", ["signature", "date", "last notification", "instruments"])
def test_the_rule_is_named(rule: str) -> None:
    """What is reckoned says by which rule, and a later rule takes the place of an earlier one."""
    assert reckoned(ruled(rule))["rule"] == rule
    assert reckoned(ruled(rule, fact("EntryIntoForceRuleSet", "2025-06", rule="date")))["rule"] == "date"


BOTH = (consent(A, "2025-03-01"), consent(B, "2025-04-01"))
NOTIFIED = ruled("last notification", SIGNED, *BOTH, days=30)


@pytest.mark.parametrize(
    ("story", "on", "warns"),
    [
        (NOTIFIED, "2025-04-30", "rule-unmet"),
        (NOTIFIED, "2025-05-01", ()),
        (NOTIFIED, "2025-04", "rule-unmet"),
        (NOTIFIED, "2025-05", ()),
        (ruled("last notification", SIGNED, BOTH[0]), ON, "rule-unmet"),
        (ruled("signature", SIGNED, days=30), "2025-03-02", "rule-unmet"),
        (ruled("signature", SIGNED, days=30), "2025-03-03", ()),
        (ruled("date", SIGNED), ON, ()),
    ],
)
def test_entry_into_force_follows_the_rule_of_the_text(story: Story, on: str, warns: str) -> None:
    """A warning tells of an entry for certain before its day, or while a consent is wanting; nothing is refused."""
    story.when(fact("EnteredIntoForce", on)).then(recorded="EnteredIntoForce", warns=warns)


def test_an_unmet_rule_says_what_is_wanting() -> None:
    """The warning names the day, or how many must still consent."""
    early = NOTIFIED.when(fact("EnteredIntoForce", "2025-04-30")).decision.findings
    assert [f.message for f in early] == ["by the rule of its text it enters into force on 2025-05-01"]
    wanting = ruled("last notification", SIGNED).when(fact("EnteredIntoForce", ON)).decision.findings
    assert [f.message for f in wanting] == ["by the rule of its text 2 more must express consent"]


def test_a_day_reached_by_rule_is_told_until_a_source_says_so() -> None:
    """From its day on an agreement is flagged as due to be in force, and never once its entry is on record."""
    assert due(NOTIFIED, "2025-04-30") == []
    assert due(NOTIFIED, "2025-05-01") == ["entry-into-force-due"]
    assert due(NOTIFIED, ON) == ["entry-into-force-due"]
    entered = NOTIFIED.also(fact("EnteredIntoForce", "2025-06-01"))
    assert due(entered, "2025-05-31") == ["entry-into-force-due"]
    assert due(entered, "2025-06-01") == []


@pytest.mark.parametrize(
    ("story", "flagged"),
    [
        (given(AGREEMENT, *PAIR, SIGNED), False),
        (ruled("last notification", SIGNED, BOTH[0]), False),
        (ruled("date", date="2025-06-01"), True),
        (ruled("date", date="2026-06-01"), False),
        (ruled("date", SIGNED, fact("ProvisionalApplicationStarted", "2025-03"), date="2025-06-01"), False),
        (ruled("date", SIGNED, fact("AgreementLapsed", "2025-03"), date="2025-06-01"), False),
        (ruled("date", fact("EnteredIntoForce", "2025-06-01"), date="2025-06-01"), False),
    ],
)
def test_only_an_agreement_on_its_way_is_due(story: Story, *, flagged: bool) -> None:
    """Nothing is due without a rule, before its day, or once the agreement is applied or has ended."""
    assert due(story, ON) == (["entry-into-force-due"] if flagged else [])


def consents(*facts: Said) -> dict[str, dict[str, Any]]:
    """Return the row of each party's consent."""
    return {row["party"]: row for row in given(AGREEMENT, *PAIR, *facts).shown()["consents"]}


def test_each_step_of_consent_keeps_its_day() -> None:
    """A party signs, completes its procedures, consents and is bound: each step with its day."""
    steps = (
        sample("SignatureAffixed", "2025-02-01"),
        sample("InternalProcedureCompleted", "2025-03"),
        consent(A, "2025-04-01", depositary="UN Secretary-General"),
        fact("EnteredIntoForce", "2025-05-01", party=A),
    )
    days = {"signed": "2025-02-01", "procedures complete": "2025-03", "consented": "2025-04-01", "bound": "2025-05-01"}
    for count, step in enumerate(days, 1):
        row = consents(*steps[:count])["azpromo"]
        assert row["step"] == step
        assert row["days"] == dict(list(days.items())[:count])
    assert (row["form"], row["depositary"]) == ("ratification", "UN Secretary-General")


def test_the_set_of_signatures_signs_for_every_signatory() -> None:
    """Where only the signing as a whole is told, every signatory signed that day; who signed before keeps its day."""
    rows = consents(sample("PartyAdded", "2025-01-02", party=C, role="financier"),
                    sample("SignatureAffixed", "2025-01-20"), SIGNED)  # fmt: skip
    assert {party: row["days"]["signed"] for party, row in rows.items()} == {
        "azpromo": "2025-01-20",
        "vencou": "2025-02-01",
    }


def test_the_first_day_of_a_step_is_kept() -> None:
    """Said again later, a step keeps its first day; the form and depositary told later are added."""
    row = consents(consent(A, "2025-03-01", "notification"), consent(A, "2025-04-01", "ratification"),
                   consent(A, "2025-05-01", "ratification", depositary="Bern"))["azpromo"]  # fmt: skip
    assert row["days"] == {"consented": "2025-03-01"}
    assert (row["form"], row["depositary"]) == ("ratification", "Bern")


def test_a_later_step_is_never_undone() -> None:
    """A late signature or procedure leaves a party that consented where it stands, and keeps its form."""
    late = (SIGNED, sample("InternalProcedureCompleted", "2025-06-01"))
    row = consents(consent(A, "2025-01-20", "accession"), *late)["azpromo"]
    assert (row["step"], row["form"]) == ("consented", "accession")
    assert row["days"] == {"consented": "2025-01-20", "signed": "2025-02-01", "procedures complete": "2025-06-01"}


def test_entry_for_all_binds_all() -> None:
    """Entry into force for all binds every party, whatever its part; for one, that one alone."""
    assert {party: row["step"] for party, row in consents(fact("EnteredIntoForce", "2025-03")).items()} == {
        "azpromo": "bound",
        "vencou": "bound",
    }
    assert list(consents(fact("EnteredIntoForce", "2025-03", party=B))) == ["vencou"]


DEPOSITS = (fact("EntryIntoForceRuleSet", "2025-01-02", rule="instruments", count=2),
            consent(A, "2025-03-01"), consent(B, "2025-04-01"))  # fmt: skip
LATER = sample("PartyAdded", "2025-01-02", party=C)


def test_a_treaty_of_instruments_binds_those_who_gave_theirs() -> None:
    """Where so many instruments are needed, entry into force binds who gave one; who consents later, by its own."""
    entered = (LATER, *DEPOSITS, fact("EnteredIntoForce", "2025-04-01"))
    assert {party: row["step"] for party, row in consents(*entered).items()} == {"azpromo": "bound", "vencou": "bound"}
    joined = (*entered, consent(C, "2025-06-01", "accession"))
    assert consents(*joined)["third-side"]["step"] == "consented"
    bound = consents(*joined, fact("EnteredIntoForce", "2025-06-01", party=C))
    assert {row["step"] for row in bound.values()} == {"bound"}


def test_where_no_instrument_is_on_record_entry_binds_all() -> None:
    """An entry into force told before any instrument binds all parties: their instruments are only not on record."""
    rows = consents(LATER, DEPOSITS[0], fact("EnteredIntoForce", "2025-04-01"))
    assert {party: row["step"] for party, row in rows.items()} == dict.fromkeys(
        ("azpromo", "vencou", "third-side"), "bound"
    )


def test_whose_part_is_over_counts_no_more() -> None:
    """A party removed has no step of consent, and its instrument no longer counts for the entry into force."""
    story = given(AGREEMENT, *TRIO, *DEPOSITS)
    assert story.shown()["consent"] == {"azpromo": "consented", "vencou": "consented", "third-side": "none"}
    left = story.also(fact("PartyRemoved", "2025-05-01", party=B, reason="never negotiated it"))
    assert left.shown()["consent"] == {"azpromo": "consented", "third-side": "none"}
    assert left.shown()["left"] == [{"on": "2025-05-01", "party": "vencou", "reason": "never negotiated it"}]
    assert (reckoned(story)["on"], reckoned(left)["on"], reckoned(left)["wanting"]) == ("2025-04-01", None, 1)
    again = left.also(sample("PartyAdded", "2025-06-01", party=B))
    assert again.shown()["consent"]["vencou"] == "none"


def test_a_party_that_withdrew_and_was_removed_is_not_shown() -> None:
    """A notice in effect withdraws a party of the agreement, not one that belongs to it no more."""
    told = (*TRIO, SIGNED, fact("EnteredIntoForce", "2025-04-01"),
            fact("NoticeGiven", "2025-05-01", party=B, kind="withdrawal", takes_effect="2025-08-01"))  # fmt: skip
    left = given(AGREEMENT, *told, fact("PartyRemoved", "2025-09-01", party=B))
    assert left.asked("2025-08-31")["consent"]["vencou"] == "withdrawn"
    assert left.asked("2025-09-01")["consent"] == {"azpromo": "bound", "third-side": "bound"}


def test_how_a_party_consents_is_kept() -> None:
    """The procedure and the number of its act stand beside the form and the depositary."""
    told = sample("InternalProcedureCompleted", "2025-03", procedure="approval by parliament", act_number="112-VIIQ")
    row = consents(SIGNED, told, consent(A, "2025-04-01", depositary="Bern"))["azpromo"]
    assert {name: row[name] for name in ("procedure", "act_number", "form", "depositary")} == {
        "procedure": "approval by parliament",
        "act_number": "112-VIIQ",
        "form": "ratification",
        "depositary": "Bern",
    }


def test_the_facet_says_how_far_each_party_came() -> None:
    """Side by side with the rows stands the plain step of each party; a notice in effect withdraws it."""
    story = given(AGREEMENT, *TRIO, SIGNED, consent(A, "2025-03-01"), fact("EnteredIntoForce", "2025-04-01"))
    left = story.also(fact("NoticeGiven", "2025-05-01", party=B, kind="withdrawal", takes_effect="2025-08-01"))
    assert left.asked("2025-07-31")["consent"] == dict.fromkeys(("azpromo", "vencou", "third-side"), "bound")
    assert left.asked("2025-08-01")["consent"]["vencou"] == "withdrawn"
