"""Where what is said contradicts itself: told as a flag, both sides kept, neither chosen."""

from typing import Any

import pytest

from domain.asking import flags_asked
from domain.quality import flags
from tests.domain.samples import B, sample
from tests.spec import AGREEMENT, COMMISSION, OCCASION, PROJECT, Said, Story, day, event, fact, given

ON = "2026-01-01"
PAIR = (sample("AgreementOpened"), sample("PartyAdded"), sample("PartyAdded", party=B))
SIGNED = fact("AgreementSigned", "2025-02-01")
FORCE = fact("EnteredIntoForce", "2025-03-01")
TERM = fact("TermSet", "2025-03-01", end="2025-05-31")
CONTRADICTIONS = {"asserted-otherwise", "sources-disagree", "phase-skipped", "inferred-date"}


def by(source: str, name: str, on: str = "2025-02-01", /, **data: Any) -> Said:
    """Word a fact that one source tells."""
    return fact(name, on, {"sources": [{"source": source}]}, **data)


def says(value: str, on: str = "2025-06-01", facet: str = "legal status") -> Said:
    """Word what somebody asserts about where an agreement stands."""
    return fact("StatusAsserted", on, facet=facet, value=value)


def agreement(*facts: Said) -> Story:
    """Tell of an agreement of two parties."""
    return given(AGREEMENT, *PAIR, *facts)


def found(story: Story, as_of: str | None = None) -> list[tuple[str, str | None]]:
    """Return the contradictions a reader sees, each with the event it shows at."""
    seen = flags(story.replay(as_of))
    return [(flag["code"], flag["event"]) for flag in seen if flag["code"] in CONTRADICTIONS]


ASSERTED: list[tuple[str, tuple[Said, ...], bool]] = [
    ("as the facts have it", (SIGNED, says("signed")), False),
    ("in other letters", (SIGNED, says("  SIGNED ", facet="Legal  Status")), False),
    ("otherwise", (SIGNED, says("in force")), True),
    ("otherwise, facet named short", (SIGNED, says("in force", facet="status")), True),
    ("in words not known", (SIGNED, says("practically in force")), False),
    ("of a facet not known", (SIGNED, says("in force", facet="mood")), False),
    ("before the fact", (SIGNED, says("signed", "2025-01-15")), True),
    ("on the day of the fact, told first", (says("signed", "2025-02-01"), SIGNED), False),
    ("on the day of the fact, told after", (SIGNED, says("signed", "2025-02-01")), False),
    ("otherwise on the day of the fact", (says("in force", "2025-02-01"), SIGNED), True),
    ("of a month in which it became so", (SIGNED, says("signed", "2025-02")), False),
    ("of a month before it became so", (SIGNED, says("signed", "2025-01")), True),
    ("of a year in which it became so", (SIGNED, FORCE, says("in force", "2025")), False),
    ("of a year in which it did not", (SIGNED, FORCE, says("suspended", "2025")), True),
    ("superseded by a right one", (SIGNED, says("in force"), says("signed", "2025-07-01")), False),
    ("superseded under another name", (SIGNED, says("in force", facet="status"), says("signed", "2025-07-01")), False),
    ("superseded by a wrong one", (SIGNED, says("signed"), says("in force", "2025-07-01")), True),
    ("superseded by unknown words", (SIGNED, says("in force"), says("unclear", "2025-07-01")), False),
    ("expired by the calendar", (SIGNED, FORCE, TERM, says("expired")), False),
    ("in force past its term", (SIGNED, FORCE, TERM, says("in force")), True),
    ("expired some day of a year",
     (SIGNED, FORCE, TERM, says("expired", "2025")), False),
    ("terminated by a notice",
     (SIGNED, FORCE, sample("NoticeGiven", "2025-04-01", takes_effect="2025-05-01"), says("terminated")), False),
    ("true once, no more", (SIGNED, FORCE, says("signed", "2025-02-15")), False),
    ("money as it stands", (sample("FinancingStated", "2025-02"), says("mentioned", facet="financing")), False),
    ("money otherwise", (sample("FinancingStated", "2025-02"), says("committed", facet="financing")), True),
    ("no money, where none is", (says("none", facet="financing"),), False),
    ("never reviewed, though it was", (sample("AgreementReviewed", "2025-02"), says("never", facet="review")), True),
    ("reviewed, as it was", (sample("AgreementReviewed", "2025-02"), says("reviewed", facet="review")), False),
]  # fmt: skip


@pytest.mark.parametrize(("facts", "flagged"), [row[1:] for row in ASSERTED], ids=[row[0] for row in ASSERTED])
def test_an_assertion_is_held_against_the_facts(facts: tuple[Said, ...], *, flagged: bool) -> None:
    """The latest assertion of a facet is flagged where no moment of its day is as it says."""
    codes = [code for code, _ in found(agreement(*facts))]
    assert codes == (["asserted-otherwise"] if flagged else [])


def test_both_statuses_are_told() -> None:
    """The flag shows at the assertion, with what was asserted and what the facts give; the facts decide the facet."""
    story = agreement(SIGNED, says("In Force"))
    [flag] = flags(story.replay())
    assert (flag["code"], flag["weight"], flag["event"], flag["fact"]) == (
        "asserted-otherwise", "warn", event(5), "StatusAsserted",
    )  # fmt: skip
    assert flag["message"] == ("legal status is asserted to be in force on 2025-06-01; the facts on record give signed")
    assert story.shown()["legal_status"] == "signed"


def test_each_facet_has_its_own_assertion() -> None:
    """A wrong word about money does not hide a wrong word about the status."""
    story = agreement(SIGNED, says("in force"), says("committed", facet="financing"))
    assert found(story) == [("asserted-otherwise", event(5)), ("asserted-otherwise", event(6))]


def test_a_retracted_assertion_contradicts_nothing() -> None:
    """Only what stands is held against the facts."""
    assert found(agreement(SIGNED, says("in force"), sample("EventRetracted", "2025-07", target=event(5)))) == []


def value(source: str, on: str = "2025-02-01", amount: str = "335", **data: str) -> Said:
    """Word the value a source gives."""
    return by(source, "ValueStated", on, **{"amount": amount, "currency": "USD", **data})


def phase(source: str, name: str, on: str = "2025-04-17") -> Said:
    """Word the phase a source observes."""
    return by(source, "PhaseObserved", on, phase=name)


IDENTIFIED = sample("ProjectIdentified")
ESTABLISHED = sample("CommissionEstablished")
ANNOUNCED = sample("OccasionAnnounced")

DISAGREEING: list[tuple[str, str, tuple[Said, ...], list[str]]] = [
    ("two days of signature", AGREEMENT,
     (*PAIR, by("Trend", "AgreementSigned"), by("UN", "AgreementSigned", "2025-02-02")), [event(5)]),
    ("one day of signature", AGREEMENT, (*PAIR, by("Trend", "AgreementSigned"), by("UN", "AgreementSigned")), []),
    ("a month that holds the day", AGREEMENT,
     (*PAIR, by("Trend", "AgreementSigned"), by("UN", "AgreementSigned", "2025-02")), []),
    ("a month that does not", AGREEMENT,
     (*PAIR, by("Trend", "AgreementSigned"), by("UN", "AgreementSigned", "2025-03")), [event(5)]),
    ("two days in one source", AGREEMENT,
     (*PAIR, by("UN", "AgreementSigned"), by("UN", "AgreementSigned", "2025-02-02")), []),
    ("two days, one unsourced", AGREEMENT, (*PAIR, SIGNED, by("UN", "AgreementSigned", "2025-02-02")), []),
    ("three sources, one alone", AGREEMENT,
     (*PAIR, by("Trend", "AgreementSigned"), by("APA", "AgreementSigned"),
      by("UN", "AgreementSigned", "2025-02-02")), [event(6), event(6)]),
    ("two days of entry", AGREEMENT,
     (*PAIR, SIGNED, by("Trend", "EnteredIntoForce", "2025-03-01"), by("UN", "EnteredIntoForce", "2025-03-02")),
     [event(6)]),
    ("entry for two parties", AGREEMENT,
     (*PAIR, SIGNED, by("Trend", "EnteredIntoForce", "2025-03-01", party=B),
      by("UN", "EnteredIntoForce", "2025-03-02", party="party/azpromo")), []),
    ("two values of a day", AGREEMENT, (*PAIR, value("Trend"), value("UN", amount="340")), [event(5)]),
    ("one value of a day", AGREEMENT, (*PAIR, value("Trend"), value("UN")), []),
    ("one value, written otherwise", AGREEMENT, (*PAIR, value("Trend"), value("UN", amount="335.00")), []),
    ("values of two days", AGREEMENT, (*PAIR, value("Trend"), value("UN", "2025-03-01", "340")), []),
    ("values of a day and its month", AGREEMENT, (*PAIR, value("Trend"), value("UN", "2025-02", "340")), [event(5)]),
    ("values of two kinds", AGREEMENT, (*PAIR, value("Trend"), value("UN", amount="340", kind="pledged")), []),
    ("values in two currencies", AGREEMENT, (*PAIR, value("Trend"), value("UN", currency="CNY")), [event(5)]),
    ("two phases of a day", PROJECT, (IDENTIFIED, phase("Trend", "justification"), phase("UN", "decided")), [event(3)]),
    ("one phase of a day", PROJECT, (IDENTIFIED, phase("Trend", "decided"), phase("UN", "decided")), []),
    ("phases of two days", PROJECT,
     (IDENTIFIED, phase("Trend", "justification"), phase("UN", "decided", "2025-05-01")), []),
    ("two days of a session", COMMISSION,
     (ESTABLISHED, by("Trend", "SessionHeld", session="11"), by("UN", "SessionHeld", "2025-02-02", session="11")),
     [event(3)]),
    ("two sessions", COMMISSION,
     (ESTABLISHED, by("Trend", "SessionHeld", session="11"), by("UN", "SessionHeld", "2025-02-02", session="12")), []),
    ("two sessions without a number", COMMISSION,
     (ESTABLISHED, by("Trend", "SessionHeld"), by("UN", "SessionHeld", "2025-02-02")), []),
    ("two days of an occasion", OCCASION,
     (ANNOUNCED, by("Trend", "OccasionHeld"), by("UN", "OccasionHeld", "2025-02-02")), [event(3)]),
    ("two permits", PROJECT,
     (IDENTIFIED, by("Trend", "PermitGranted", permit="a"), by("UN", "PermitGranted", "2025-02-02", permit="a")), []),
]  # fmt: skip


@pytest.mark.parametrize(
    ("stream", "facts", "events"), [row[1:] for row in DISAGREEING], ids=[row[0] for row in DISAGREEING]
)
def test_sources_disagree_where_both_cannot_be_right(stream: str, facts: tuple[Said, ...], events: list[str]) -> None:
    """Two sources that give what can be so only once otherwise are flagged; what may be one is not."""
    told = [(code, at) for code, at in found(given(stream, *facts)) if code != "phase-skipped"]
    assert told == [("sources-disagree", at) for at in events]


def test_both_sources_are_named() -> None:
    """The flag tells what each source says."""
    told = flags(agreement(value("Trend"), value("UN", amount="340")).replay())
    assert [flag["message"] for flag in told] == [
        "sources disagree on the estimated value: USD 335 (Trend), USD 340 (UN)"
    ]


def test_a_source_shared_later_settles_the_disagreement() -> None:
    """Once a source of the one is found to tell the other too, the two are no longer held against each other."""
    story = agreement(value("Trend"), value("UN", amount="340"))
    assert found(story.also(sample("SourceAdded", ON, target=event(5), source={"source": "Trend"}))) == []


def test_what_is_not_in_effect_yet_disagrees_with_nothing() -> None:
    """Asked before the second was told to have happened, there is only one day of signature."""
    story = agreement(by("Trend", "AgreementSigned"), by("UN", "AgreementSigned", "2025-02-02"))
    assert found(story, "2025-02-01") == []
    assert found(story, "2025-02-02") == [("sources-disagree", event(5))]


def project(*facts: Said, planned_end: str | None = "2025-06") -> Story:
    """Tell of a project that was to be completed by a day."""
    return given(PROJECT, sample("ProjectIdentified", **({"planned_end": planned_end} if planned_end else {})), *facts)


@pytest.mark.parametrize(
    ("story", "on", "flagged"),
    [
        (project(), "2025-06-30", []),
        (project(), "2025-07-01", ["past-planned-end"]),
        (project(planned_end=None), "2025-07-01", []),
        (project(fact("ConstructionStarted", "2025-02"), fact("ProjectCompleted", "2025-05")), "2025-07-01", []),
        (project(fact("ProjectSuspended", "2025-02")), "2025-07-01", []),
        (project(fact("ProjectDropped", "2025-02")), "2025-07-01", []),
        (project(fact("ProjectDropped", "2025-08")), "2025-07-01", ["past-planned-end"]),
    ],
)
def test_an_active_project_past_its_planned_end_is_flagged(story: Story, on: str, flagged: list[str]) -> None:
    """From the day after its planned end a project that is active and not completed is flagged."""
    told = list(flags_asked("project", story.asked(on), day(on)))
    assert [(flag["code"], flag["weight"], flag["event"]) for flag in told] == [
        (code, "warn", None) for code in flagged
    ]


def refined(target: int, on: str, basis: str) -> Said:
    """Word a date refined."""
    return sample("DateRefined", ON, target=event(target), on=on, basis=basis)


GUESSED = (refined(1, "2025-01-01", "inferred: the state visit"), refined(2, "2025-01-01", "Assumed from the decree"))


def test_inferred_dates_are_told_once_a_stream() -> None:
    """However many dates were inferred, one note tells of them, with the first; a date a source gave tells nothing."""
    one, both = agreement(GUESSED[0]), agreement(*GUESSED)
    [note] = flags(one.replay())
    assert (note["code"], note["weight"], note["event"]) == ("inferred-date", "note", event(1))
    assert note["message"].startswith("a date is not as the source has it: 2025-01-01 taken for 2025-01-01, inferred")
    [note] = flags(both.replay())
    assert note["message"].startswith("2 dates are not as the source has it")
    assert found(agreement(refined(1, "2025-01-01", "protocol of the session"))) == []


def test_an_inference_superseded_or_withdrawn_is_told_no_more() -> None:
    """A date that a source gave after all, or whose inference was taken back, is no inferred date."""
    assert found(agreement(GUESSED[0], refined(1, "2025-01-01", "the protocol"))) == []
    assert found(agreement(GUESSED[0], sample("CorrectionWithdrawn", ON, target=event(4)))) == []


def test_a_skipped_phase_stays_flagged() -> None:
    """Operation without construction is seen at the fact, and no more once construction is told."""
    story = project(fact("OperationStarted", "2025-05"))
    assert found(story) == [("phase-skipped", event(2))]
    assert found(story.also(fact("ConstructionStarted", "2025-02"))) == []
