"""Facts about the record: what they may aim at, and what they are told they would do."""

from typing import Any

import pytest

from domain.replay import replay
from tests.domain.samples import A, B, sample
from tests.spec import AGREEMENT, OCCASION, Said, Story, event, fact, given

PLAIN = given(
    AGREEMENT,
    sample("AgreementOpened"),
    sample("PartyAdded"),
    sample("PartyAdded", party=B),
    fact("AgreementSigned", "2025-04-17"),
)


def correct(target: int, /, on: str | None = None, **changes: Any) -> Said:
    """Word a correction of the event at a position."""
    moved: dict[str, Any] = {} if on is None else {"on": on}
    return fact("EventCorrected", "2026", target=event(target), reason="misread", changes=changes, **moved)


def aimed(name: str, target: int, **data: Any) -> Said:
    """Word a fact about the event at a position."""
    if name == "EventCorrected":
        return correct(target, on="2025-01-02")
    return sample(name, "2026", target=event(target), **data)


AIMED = (
    "EventCorrected",
    "EventRetracted",
    "CorrectionWithdrawn",
    "DateRefined",
    "SourceAdded",
    "EventDisputed",
    "DisputeResolved",
    "RuleWaived",
    "NoteRecorded",
)


@pytest.mark.parametrize("name", AIMED)
def test_a_target_must_be_on_record_in_the_stream(name: str) -> None:
    """Whatever speaks of an event nobody recorded here is refused."""
    PLAIN.when(aimed(name, 99)).then(refused="unknown-target")


@pytest.mark.parametrize(
    ("name", "warns"),
    [
        ("EventCorrected", ()),
        ("DateRefined", ()),
        ("SourceAdded", ()),
        ("EventDisputed", ()),
        ("DisputeResolved", "no-dispute"),
        ("NoteRecorded", ()),
        ("RuleWaived", ()),
    ],
)
def test_what_is_on_record_may_be_spoken_of(name: str, warns: str) -> None:
    """A fact about an event on record is recorded."""
    PLAIN.when(aimed(name, 2)).then(recorded=name, warns=warns)


@pytest.mark.parametrize("name", ["EventCorrected", "EventRetracted", "DateRefined", "SourceAdded"])
def test_what_was_retracted_is_changed_no_more(name: str) -> None:
    """A struck event must be restored before anything else is done to it."""
    struck = PLAIN.also(sample("EventRetracted", "2026", target=event(4)))
    struck.when(aimed(name, 4, **({"reason": "again"} if name == "EventRetracted" else {}))).then(refused="retracted")


@pytest.mark.parametrize("name", ["EventCorrected", "EventRetracted", "DateRefined"])
def test_a_correction_is_not_corrected(name: str) -> None:
    """Facts about the record are taken back, not corrected or retracted themselves."""
    story = PLAIN.also(correct(2, side="China"))
    story.when(aimed(name, 5)).then(refused="about-the-record")


def test_a_remark_is_corrected_and_retracted_like_a_fact() -> None:
    """A remark of the desk may be wrong as well."""
    story = PLAIN.also(sample("NoteRecorded"))
    story.when(correct(5, text="ask them")).then(recorded="EventCorrected")
    story.when(aimed("EventRetracted", 5)).then(recorded="EventRetracted")


@pytest.mark.parametrize(
    "changes",
    [{"colour": "red"}, {"role": "king"}, {"party": None}, {"party": "x"}, {"side": "a\x00"}, {"side": 7}],
)
def test_a_correction_must_leave_a_valid_fact(changes: dict[str, Any]) -> None:
    """Unknown fields, wrong values and the removal of what is required are refused."""
    PLAIN.when(correct(2, **changes)).then(refused="invalid-correction")


@pytest.mark.parametrize(
    "said",
    [correct(2, party=A), correct(2, role="signatory"), correct(2, on="2025-01-01"), correct(2, side=None)],
)
def test_a_correction_must_change_something(said: Said) -> None:
    """What the event says already is no correction."""
    PLAIN.when(said).then(refused="no-change")


def test_a_refinement_must_change_the_date() -> None:
    """The date the event bears already is no refinement."""
    PLAIN.when(aimed("DateRefined", 2, on="2025-01-01")).then(refused="no-change")


def test_the_opening_goes_last() -> None:
    """What opened a stream is retracted only when nothing else of it stands."""
    PLAIN.when(aimed("EventRetracted", 1)).then(refused="opens-the-file")
    alone = given(AGREEMENT, sample("AgreementOpened"), sample("NoteRecorded"))
    alone.when(aimed("EventRetracted", 1)).then(recorded="EventRetracted")
    emptied = given(AGREEMENT, sample("AgreementOpened"), sample("PartyAdded"), aimed("EventRetracted", 2))
    emptied.when(aimed("EventRetracted", 1)).then(recorded="EventRetracted")


def test_one_of_two_openings_may_go() -> None:
    """An occasion announced and held keeps its beginning when either is retracted, not when both are."""
    occasion = given(
        OCCASION,
        sample("OccasionAnnounced"),
        sample("OccasionHeld", "2025-04"),
        sample("AgreementAttached", "2025-04"),
    )
    for target in (1, 2):
        left = occasion.when(aimed("EventRetracted", target)).then(recorded="EventRetracted")
        left.when(aimed("EventRetracted", 3 - target)).then(refused="opens-the-file")


@pytest.mark.parametrize("target", [1, 2, 4])
def test_only_corrections_are_withdrawn(target: int) -> None:
    """A fact about the world is retracted, not withdrawn."""
    PLAIN.when(aimed("CorrectionWithdrawn", target)).then(refused="not-a-correction")


def test_a_correction_is_withdrawn_once() -> None:
    """Withdrawing again what is withdrawn is noted."""
    story = PLAIN.also(correct(2, side="China"), aimed("CorrectionWithdrawn", 5))
    story.when(aimed("CorrectionWithdrawn", 5, reason="once more")).then(
        recorded="CorrectionWithdrawn", notes="withdrawn"
    )


MONEY = given(
    AGREEMENT,
    sample("AgreementOpened", kind="loan"),
    fact("FinancingStated", "2025", standing="mentioned"),
    correct(2, amount="5", currency="USD"),
    correct(2, currency="EUR"),
)


def test_a_correction_a_later_one_rests_on_is_kept() -> None:
    """A correction is not withdrawn from under a later one; that one goes first."""
    outcome = MONEY.when(aimed("CorrectionWithdrawn", 3))
    outcome.then(refused="rested-upon")
    assert outcome.decision.findings[0].instead == (f"paraph retract {event(4)} --reason TEXT",)
    first = MONEY.when(aimed("CorrectionWithdrawn", 4)).then(recorded="CorrectionWithdrawn")
    first.when(aimed("CorrectionWithdrawn", 3)).then(recorded="CorrectionWithdrawn")


def test_a_correction_that_lost_its_ground_blocks_nothing() -> None:
    """Should the log hold such a withdrawal all the same, the stream is read, without what does not fit."""
    story = MONEY.also(aimed("CorrectionWithdrawn", 3))
    line = replay(story.entries).lines[1]
    assert line.stands == line.entry
    assert [entry.id for entry in line.unfit] == [event(4)]
    assert story.shown()["financings"] == [{"on": "2025", "standing": "mentioned"}]


def test_a_correction_tells_what_it_makes_of_its_target() -> None:
    """A correction that lets a rule speak against its target is recorded with the rule's word."""
    PLAIN.when(correct(4, on="2024")).then(recorded="EventCorrected", warns="few-parties")
    story = PLAIN.also(sample("SignatureAffixed", "2025-04-10"))
    story.when(aimed("DateRefined", 5, on="2026")).then(recorded="DateRefined", warns="out-of-order")


def test_what_a_rule_said_before_is_not_said_again() -> None:
    """A correction beside the point does not repeat the findings of its target."""
    story = PLAIN.also(fact("AgreementTerminated", "2025-05"))
    assert "never-in-force" in PLAIN.when(fact("AgreementTerminated", "2025-05")).codes("warn")
    story.when(correct(5, ground="article 9")).then(recorded="EventCorrected")


@pytest.mark.parametrize(
    "said", [aimed("EventRetracted", 3), correct(3, on="2025-05"), aimed("DateRefined", 3, on="2025-05")]
)
def test_what_is_moved_or_struck_tells_what_it_unsettles(said: Said) -> None:
    """Without its second party, or before it came, the signed agreement no longer fits: that is told."""
    PLAIN.when(said).then(recorded=said.type, warns="unsettles-later")


def test_a_withdrawal_tells_what_it_unsettles() -> None:
    """Taking back the correction that made the record fit is told too."""
    story = given(
        AGREEMENT,
        sample("AgreementOpened"),
        sample("PartyAdded"),
        sample("PartyAdded", "2025-06", party=B),
        correct(3, on="2025-01"),
        fact("AgreementSigned", "2025-04-17"),
    )
    story.when(aimed("CorrectionWithdrawn", 4)).then(recorded="CorrectionWithdrawn", warns="unsettles-later")


def test_the_same_correction_counts_again_after_another() -> None:
    """Correcting back to what was corrected away is news; repeating the latest is not."""
    once = PLAIN.also(correct(2, side="China"))
    once.when(correct(2, side="China")).then(notes="already-recorded")
    other = once.also(correct(2, side="Georgia"))
    other.when(correct(2, side="Georgia")).then(notes="already-recorded")
    back = other.when(correct(2, side="China")).then(recorded="EventCorrected")
    assert back.shown()["parties"][0]["side"] == "China"
    unrelated = once.also(correct(2, name_as_printed="AZPROMO"), aimed("EventDisputed", 2))
    unrelated.when(correct(2, side="China")).then(notes="already-recorded")


def test_a_dispute_may_be_opened_again() -> None:
    """The same dispute after its resolution is news."""
    open_ = PLAIN.also(aimed("EventDisputed", 2))
    open_.when(aimed("EventDisputed", 2)).then(notes="already-recorded")
    over = open_.when(aimed("DisputeResolved", 2)).then(recorded="DisputeResolved")
    assert over.when(aimed("EventDisputed", 2)).then(recorded="EventDisputed").replay().lines[1].disputed


def test_a_corrected_party_is_what_the_entry_is_about() -> None:
    """A fact corrected to another party concerns that party and no more the wrong one."""
    story = Story(AGREEMENT).also(
        sample("AgreementOpened"), fact("PartyAdded", "2025", {"about": ["project/mill"]}, party=A)
    )
    stands = story.also(correct(2, party=B)).replay().lines[1].stands
    assert stands is not None
    assert stands.about == ("project/mill", B)


def test_nobody_is_sent_to_take_back_what_cannot_be() -> None:
    """A correction is taken back by its id, what is retracted by that of its retraction; a withdrawal is final."""
    story = PLAIN.also(correct(2, side="China"), aimed("EventRetracted", 3), aimed("CorrectionWithdrawn", 5))
    says = {5: (f"paraph retract {event(5)} --reason TEXT",), 3: (f"paraph retract {event(6)} --reason TEXT",), 7: ()}
    for target, instead in says.items():
        outcome = story.when(aimed("EventRetracted", target, reason="again"))
        assert outcome.decision.findings[0].instead == instead
