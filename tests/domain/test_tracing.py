"""Why a facet says what it says: the events that gave it its value, and those its reckoning rests on."""

from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.asking import asked
from domain.deciders import DECIDERS
from domain.facts import name_of
from domain.streams import kind_of
from domain.tracing import RECKONED, Trace, why
from tests.domain.fact_strategies import DAYS, stories
from tests.domain.samples import OPENING, A, B, sample
from tests.spec import AGREEMENT, COMMISSION, PROJECT, Said, Story, event, fact
from tests.spec import given as told

SLOW = settings(
    deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
SIGNED = (
    sample("AgreementOpened"),
    sample("PartyAdded"),
    sample("PartyAdded", party=B),
    fact("AgreementSigned", "2025-02-01"),
)
FORCE = fact("EnteredIntoForce", "2025-03-01")
TERM = fact("TermSet", "2025-03-01", end="2025-12-31")


def names(story: Story, facet: str, *, reckoned: bool = False) -> list[str]:
    """Return the fact types that a facet rests on."""
    return [name_of(trace.entry.fact) for trace in why(story.replay(), facet, reckoned=reckoned)]


def initial(kind: str) -> dict[str, Any]:
    """Return the facets of a stream of which nothing is known."""
    return DECIDERS[kind].facets(DECIDERS[kind].initial)


@pytest.mark.parametrize("kind", sorted(OPENING))
@SLOW
@given(data=st.data())
def test_every_facet_is_traced_to_its_value(kind: str, data: st.DataObject) -> None:
    """Whatever was told, the events named lead from nothing known, each from the value before, to the facet's value."""
    replayed = data.draw(stories(of=kind)).replay()
    for facet, before in initial(kind).items():
        traces = list(why(replayed, facet))
        assert bool(traces) or replayed.facets[facet] == before
        values = [before, *(trace.after for trace in traces)]
        assert [trace.before for trace in traces] == values[:-1]
        assert values[-1] == replayed.facets[facet]
        assert all(trace.before != trace.after for trace in traces)


@SLOW
@given(story=stories(), as_of=DAYS)
def test_only_events_in_effect_are_named(story: Story, as_of: date) -> None:
    """Asked as of a day, a facet rests on events that stand and may have taken effect, in the order of effect."""
    replayed = story.replay(str(as_of))
    steps = [step.entry for step in replayed.steps]
    for facet in initial(kind_of(story.stream)):
        entries = [trace.entry for trace in why(replayed, facet)]
        assert [entry for entry in steps if entry in entries] == entries
        assert all(entry.on.earliest <= as_of for entry in entries)


@SLOW
@given(story=stories(of="agreement"), on=DAYS)
def test_what_the_calendar_changes_is_traced_too(story: Story, on: date) -> None:
    """A facet that the day of asking makes another has events its reckoning rests on."""
    replayed = story.replay(str(on))
    shown = asked("agreement", replayed.facets, on)
    nothing = asked("agreement", initial("agreement"), on)
    for facet in (*RECKONED.keys() & shown.keys(), "title"):
        if shown[facet] != nothing[facet]:
            assert list(why(replayed, facet, reckoned=True))


@SLOW
@given(story=stories(), facet=st.sampled_from(sorted(RECKONED)))
def test_reckoning_adds_events_and_takes_none_away(story: Story, facet: str) -> None:
    """With what the calendar works on, the events of the facet itself are all still named, in their order."""
    replayed = story.replay()
    traces = list(why(replayed, facet, reckoned=True))
    assert [trace for trace in traces if trace.facet == facet] == list(why(replayed, facet))
    assert {trace.facet for trace in traces} <= {facet, *RECKONED[facet]}


def test_a_status_is_traced_step_by_step() -> None:
    """Each event that moved the legal status is named with the status before and after."""
    replayed = told(AGREEMENT, *SIGNED, sample("ValueStated", "2025-02-15"), FORCE).replay()
    [signed, force] = replayed.steps[3].entry, replayed.steps[5].entry
    assert list(why(replayed, "legal_status")) == [
        Trace(signed, "legal_status", "opened", "signed"),
        Trace(force, "legal_status", "signed", "in force"),
    ]


def test_what_changed_nothing_is_not_named() -> None:
    """A fact that said again what was known does not count as a reason."""
    story = told(AGREEMENT, *SIGNED, FORCE, fact("EnteredIntoForce", "2025-04-01"))
    assert names(story, "in_force_on") == ["EnteredIntoForce"]
    assert [trace.entry.id for trace in why(story.replay(), "in_force_on")] == [event(5)]


def test_a_facet_that_there_is_none_of_has_no_reason() -> None:
    """A name that is no facet is traced to nothing."""
    assert names(told(AGREEMENT, *SIGNED), "mood", reckoned=True) == []


def test_a_retracted_fact_is_no_reason() -> None:
    """What should never have been recorded explains nothing; what corrected facts say does, as corrected."""
    story = told(AGREEMENT, *SIGNED, FORCE, sample("EventRetracted", "2026", target=event(5)))
    assert names(story, "legal_status") == ["AgreementSigned"]
    right = story.also(fact("EventCorrected", "2026", target=event(4), on="2025-02-03", reason="misread"))
    [trace] = why(right.replay(), "signed")
    assert trace.after["on"] == "2025-02-03"


NOTICE = fact("NoticeGiven", "2025-05-01", party=A, kind="withdrawal", takes_effect="2025-08-01")
RULE = fact("EntryIntoForceRuleSet", "2025-01-05", rule="last notification")
CONSENT = sample("ConsentExpressed", "2025-02-10")

RESTS_ON: list[tuple[str, tuple[Said, ...], str, set[str]]] = [
    ("expired by its term", (FORCE, TERM), "legal_status", {"AgreementSigned", "EnteredIntoForce", "TermSet"}),
    ("ended by a notice", (FORCE, NOTICE), "legal_status", {"AgreementSigned", "EnteredIntoForce", "NoticeGiven"}),
    ("a party withdrew", (FORCE, NOTICE), "consent",
     {"PartyAdded", "AgreementSigned", "EnteredIntoForce", "NoticeGiven"}),
    ("renewed", (FORCE, TERM, fact("AgreementRenewed", "2025-06", until="2027")), "term",
     {"AgreementSigned", "EnteredIntoForce", "TermSet", "AgreementRenewed"}),
    ("by rule", (RULE, CONSENT), "entry_into_force",
     {"EntryIntoForceRuleSet", "PartyAdded", "AgreementSigned", "ConsentExpressed"}),
    ("what happens next", (FORCE, TERM), "next", {"AgreementSigned", "EnteredIntoForce", "TermSet"}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("facts", "facet", "rests_on"), [row[1:] for row in RESTS_ON], ids=[row[0] for row in RESTS_ON]
)
def test_what_is_reckoned_rests_on_what_it_is_reckoned_from(
    facts: tuple[Said, ...], facet: str, rests_on: set[str]
) -> None:
    """The events that the calendar works with are named beside those that set the facet."""
    assert set(names(told(AGREEMENT, *SIGNED, *facts), facet, reckoned=True)) == rests_on


def test_duties_and_phases_are_traced() -> None:
    """Who asks why an instruction or a phase stands as it does is told every step."""
    commission = told(
        COMMISSION,
        sample("CommissionEstablished"),
        sample("InstructionIssued"),
        sample("InstructionFulfilmentReported", "2025-02"),
        sample("InstructionClosed", "2025-03"),
    )
    assert names(commission, "instructions") == [
        "InstructionIssued",
        "InstructionFulfilmentReported",
        "InstructionClosed",
    ]
    assert names(commission, "open_instructions") == ["InstructionIssued", "InstructionClosed"]
    project = told(PROJECT, sample("ProjectIdentified"), sample("StudyStarted", "2025-02"))
    assert names(project, "phase") == ["StudyStarted"]
    assert names(project, "stays") == ["ProjectIdentified", "StudyStarted"]
