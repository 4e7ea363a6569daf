"""The one decision: what may be recorded, what is on record already, what no reason can waive."""

import pytest

from domain import corrections as c
from domain.dates import parse
from domain.entries import Draft
from domain.recording import decide
from tests.domain.samples import A, B, C, sample
from tests.spec import AGREEMENT, PARTY, PROJECT, STREAMS, WAIVER, Said, Story, event, fact, given

OPENED = given(AGREEMENT, sample("AgreementOpened"), sample("PartyAdded"))
SIGNED = OPENED.also(sample("PartyAdded", party=B), fact("AgreementSigned", "2025-04-17"))
TREND = {"sources": [{"source": "Trend report", "quote": "signed"}]}


def test_a_fact_is_recorded_as_it_was_said() -> None:
    """What is decided on is what is appended, unchanged, and nothing else."""
    draft = sample("PartyAdded", party=B).draft(AGREEMENT, event(9))
    decision = decide(OPENED.entries, draft)
    assert (decision.drafts, decision.findings, decision.already) == ((draft,), (), None)


@pytest.mark.parametrize("said", [sample("AgreementOpened"), sample("PartyAdded"), sample("NoteRecorded")])
def test_the_same_fact_twice_adds_nothing(said: Said) -> None:
    """A fact that stands already is noted as on record, with its entry, and not refused."""
    once = OPENED.also(said)
    outcome = once.when(said)
    assert outcome.then(notes="already-recorded") == once
    assert outcome.decision.already in once.entries
    assert not outcome.decision.refused


@pytest.mark.parametrize(
    "said",
    [
        sample("PartyAdded", "2025-01-02"),
        sample("PartyAdded", "2025"),
        sample("PartyAdded", side="Azerbaijan"),
        fact("PartyAdded", "2025-01-01", {"note": "see file"}, party=A),
        fact("PartyAdded", "2025-01-01", {"about": ["occasion/beijing-2025"]}, party=A),
    ],
)
def test_another_day_field_note_or_concern_is_another_fact(said: Said) -> None:
    """Only what is the same in date, data, note and concern counts as said before."""
    OPENED.when(said).then(recorded="PartyAdded")


def test_a_new_source_is_suggested_for_what_is_on_record() -> None:
    """Who brings a new source for a known fact is told how to add it; a known source needs no word."""
    new = OPENED.when(fact("PartyAdded", "2025-01-01", TREND, party=A))
    [found] = new.decision.findings
    assert found.instead == (f"paraph source {event(2)} --source 'Trend report'",)
    sourced = OPENED.also(sample("SourceAdded", target=event(2), source=TREND["sources"][0]))
    [found] = sourced.when(fact("PartyAdded", "2025-01-01", TREND, party=A)).decision.findings
    assert (found.code, found.instead) == ("already-recorded", ())


def test_what_was_retracted_is_not_on_record() -> None:
    """A retracted fact may be said anew; a corrected one is on record as corrected."""
    struck = OPENED.also(sample("EventRetracted", target=event(2)))
    struck.when(sample("PartyAdded")).then(recorded="PartyAdded")
    fixed = OPENED.also(sample("EventCorrected", target=event(2), changes={"party": B}))
    # The sample correction moves the date by a day.
    fixed.when(sample("PartyAdded", "2025-01-02", party=B)).then(notes="already-recorded")


@pytest.mark.parametrize("envelope", [{"id": event(2)}, {"key": "row-7"}])
def test_a_retry_passes_to_the_store(envelope: dict[str, str]) -> None:
    """A draft with the id or key of a recorded event passes unjudged: the store tells retry from conflict."""
    keyed = OPENED.also(fact("PartyAdded", "2025-01-03", {"key": "row-7"}, party=B))
    keyed.when(fact("SuspensionLifted", "2025", envelope)).then(recorded="SuspensionLifted")


@pytest.mark.parametrize("stream", STREAMS.values())
def test_a_fact_belongs_to_its_kind_of_stream(stream: str) -> None:
    """A fact in another kind of stream is refused, and told where it belongs."""
    said = sample("AgreementSigned" if stream != AGREEMENT else "ConstructionStarted")
    outcome = Story(stream).when(said)
    outcome.then(refused="wrong-stream")
    home = PROJECT if stream == AGREEMENT else AGREEMENT
    assert outcome.decision.findings[0].instead == (f"{home.split('/')[0]}/{stream.split('/')[1]}",)


@pytest.mark.parametrize("said", [sample("PartyAdded"), sample("NoteRecorded")])
def test_nothing_is_recorded_in_a_stream_nobody_opened(said: Said) -> None:
    """The first fact of a stream opens it; even a remark needs a file."""
    Story(AGREEMENT).when(said).then(refused="unknown-stream")


def test_a_slug_is_taken_once() -> None:
    """Opening a stream that is open already is refused, also after it was retracted."""
    OPENED.when(sample("AgreementOpened", title="Other")).then(refused="slug-taken")
    empty = given(AGREEMENT, sample("AgreementOpened"), sample("EventRetracted"))
    empty.when(sample("AgreementOpened")).then(refused="slug-taken")
    given(PARTY, sample("PartyRegistered")).when(sample("PartyRegistered", name="Other")).then(refused="slug-taken")


@pytest.mark.parametrize("stream", ["treaty/cardboard", "cardboard", "", "agreement/", "agreement/X"])
def test_what_names_no_stream_is_refused(stream: str) -> None:
    """A draft aimed at no stream is refused and does not raise."""
    for said in (sample("PartyAdded"), sample("NoteRecorded")):
        fact_ = said.draft(AGREEMENT, event(1)).fact
        decision = decide((), Draft(event(1), stream, parse("2025"), fact_))
        assert [found.code for found in decision.findings] == ["no-stream"]


FEW = fact("AgreementSigned", "2025-04-17")


def test_a_refused_fact_is_let_in_for_a_reason() -> None:
    """A rule is waived by a stated reason, and the waiver is recorded after the fact, naming the rules."""
    outcome = OPENED.when(FEW, irregular="the protocol names one side only")
    after = outcome.then(recorded=("AgreementSigned", "RuleWaived"), refused="few-parties")
    waiver = after.entries[-1]
    assert [entry.id for entry in after.entries[-2:]] == [event(3), WAIVER]
    assert waiver.fact == c.RuleWaived(
        target=event(3), rules=("few-parties",), reason="the protocol names one side only"
    )
    assert after.shown()["legal_status"] == "signed"
    line = next(line for line in after.replay().lines if line.entry.id == event(3))
    assert line.waiver == waiver.fact


def test_a_reason_without_a_refusal_waives_nothing() -> None:
    """No waiver is recorded where no rule refused."""
    decision = SIGNED.when(sample("ConsentExpressed", "2025-05"), irregular="to be sure").decision
    assert len(decision.drafts) == 1


@pytest.mark.parametrize("reason", ["", "  ", "a\x00b", "x" * 20_001])
def test_a_reason_that_cannot_be_recorded_waives_nothing(reason: str) -> None:
    """A blank, dangerous or endless reason leaves the fact refused and does not raise."""
    OPENED.when(FEW, irregular=reason).then(refused=("few-parties", "bad-waiver"))


@pytest.mark.parametrize(
    ("story", "said", "code"),
    [
        (OPENED, fact("ConstructionStarted"), "wrong-stream"),
        (Story(AGREEMENT), FEW, "unknown-stream"),
        (OPENED, sample("AgreementOpened", title="Other"), "slug-taken"),
        (OPENED, sample("EventRetracted", target=event(77)), "unknown-target"),
        (OPENED, sample("EventRetracted", target=event(1)), "opens-the-file"),
    ],
)
def test_no_reason_waives_what_cannot_be(story: Story, said: Said, code: str) -> None:
    """Neither a wrong stream nor a refused fact about the record is let in, whatever the reason."""
    story.when(said, irregular="because").then(refused=code)


@pytest.mark.parametrize(
    ("on", "warns"), [("2025-06-02", "in-future"), ("2025-06-01", ()), ("2025-06", ()), ("2026", "in-future")]
)
def test_a_date_ahead_warns(on: str, warns: str) -> None:
    """What surely lies ahead of today is recorded with a warning; without a clock nothing is said."""
    said = sample("DocumentAttached", on)
    SIGNED.when(said, today="2025-06-01").then(recorded="DocumentAttached", warns=warns)
    SIGNED.when(said).then(recorded="DocumentAttached")


def test_a_late_fact_is_judged_at_its_effective_place() -> None:
    """What arrives late meets the state of its day, not that of the end of the log."""
    ended = SIGNED.also(fact("EnteredIntoForce", "2025-05"), fact("AgreementTerminated", "2026"))
    ended.when(sample("ConsentExpressed", "2025-04-20")).then(recorded="ConsentExpressed")
    ended.when(sample("ConsentExpressed", "2026-02")).then(refused="ended")


def test_a_late_fact_tells_what_it_unsettles() -> None:
    """A fact that makes a later one impossible is accepted, and the later one named."""
    story = SIGNED.also(sample("SignatureAffixed", "2025-04-10"))
    outcome = story.when(sample("PartyRemoved", "2025-04-01"))
    outcome.then(recorded="PartyRemoved", warns="unsettles-later")
    told = [found.message for found in outcome.decision.findings]
    assert len(told) == 2
    assert any("SignatureAffixed of 2025-04-10" in message for message in told)
    assert any("AgreementSigned of 2025-04-17" in message for message in told)


def test_what_did_not_fit_before_is_not_unsettled() -> None:
    """A later fact that a rule refused anyway is not told again."""
    story = OPENED.also(sample("SignatureAffixed", "2025-04-10", party=C))
    story.when(sample("NegotiationStarted", "2025-02")).then(recorded="NegotiationStarted")


def test_a_refused_draft_leaves_nothing() -> None:
    """A refusal changes neither the history nor the state."""
    before = SIGNED.shown()
    assert SIGNED.when(fact("SuspensionLifted", "2025-05")).then(refused="out-of-order").shown() == before
