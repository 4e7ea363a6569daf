"""What may happen to an occasion and to a party."""

from typing import Any

import pytest

from domain.deciders import DECIDERS
from domain.streams import kind_of
from tests.domain.samples import A, B, sample
from tests.spec import OCCASION, PARTY, Said, Story, event, fact, given, recorded

ON = "2026-01-01"
ALL = ("existing", "succeeded", "dissolved")

STAGES: dict[str, tuple[Said, ...]] = {
    "unknown": (),
    "announced": (sample("OccasionAnnounced"),),
    "held": (sample("OccasionHeld", "2025-04-17"),),
    "cancelled": (sample("OccasionAnnounced"), fact("OccasionCancelled", "2025-03")),
}
LIVE = ("announced", "held")
OCCASION_ROWS: dict[str, tuple[tuple[str, ...], str | None]] = {
    "OccasionAnnounced": (("unknown",), "announced"),
    "OccasionHeld": (("unknown", "announced"), "held"),
    "CombinedValueStated": (LIVE, None),
    "DocumentCountStated": (LIVE, None),
    "AgreementAttached": (LIVE, None),
    "AgreementDetached": (LIVE, None),
    "OccasionCancelled": (("announced",), "cancelled"),
}

EXISTENCE: dict[str, tuple[Said, ...]] = {
    "existing": (),
    "succeeded": (sample("PartySucceeded", "2025-02", successor="heir"),),
    "dissolved": (fact("PartyDissolved", "2025-02"),),
}
PARTY_ROWS: dict[str, tuple[tuple[str, ...], str | None]] = {
    "PartyRenamed": (("existing",), None),
    "ParentRecorded": (("existing",), None),
    "PossibleMatchNoted": (ALL, None),
    "PartySucceeded": (("existing", "dissolved"), "succeeded"),
    "PartyDissolved": (("existing", "succeeded"), "dissolved"),
    "NameVariantRecorded": (ALL, None),
    "IdentifierRecorded": (ALL, None),
    "MatchRejected": (ALL, None),
}


def occasion(stage: str) -> Story:
    """Tell of an occasion at a stage; one that is unknown is known from a note alone."""
    return given(OCCASION, *(STAGES[stage] or (sample("NoteRecorded"),)))


def party(stage: str) -> Story:
    """Tell of a party that exists, has a successor or was dissolved."""
    return given(PARTY, sample("PartyRegistered"), *EXISTENCE[stage])


def order(story: Story, said: Said) -> set[tuple[str, str]]:
    """Return what the rules say of the order of the fact."""
    entry = recorded(said.draft(story.stream, event(99)), story.entries)
    found = DECIDERS[kind_of(story.stream)].judge(story.replay().state, entry)
    return {(f.code, f.weight) for f in found if f.code in {"out-of-order", "ended"}}


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("name", OCCASION_ROWS)
def test_every_fact_meets_every_stage_of_an_occasion(name: str, stage: str) -> None:
    """A fact is out of order exactly where its row does not expect it; a cancelled occasion is over."""
    froms, to = OCCASION_ROWS[name]
    expected = ("ended", "refuse") if stage == "cancelled" else ("out-of-order", "warn")
    assert order(occasion(stage), sample(name, ON)) == (set() if stage in froms else {expected})
    stages = tuple(STAGES)
    moves = to is not None and (stage in froms or stage == "cancelled" or stages.index(to) > stages.index(stage))
    assert occasion(stage).also(sample(name, ON)).shown()["stage"] == (to if moves else stage)


@pytest.mark.parametrize("stage", EXISTENCE)
@pytest.mark.parametrize("name", PARTY_ROWS)
def test_every_fact_meets_every_stage_of_a_party(name: str, stage: str) -> None:
    """A fact is out of order, with a warning, exactly where its row does not expect it."""
    froms, to = PARTY_ROWS[name]
    said = sample(name, ON)
    assert order(party(stage), said) == (set() if stage in froms else {("out-of-order", "warn")})
    moves = to is not None and (stage in froms or ALL.index(to) > ALL.index(stage))
    assert party(stage).also(said).shown()["stage"] == (to if moves else stage)


ATTACHED = occasion("held").also(sample("AgreementAttached", "2025-04-17"))

GUARDS: list[tuple[str, Story, Said, str]] = [
    ("held without any title", Story(OCCASION), fact("OccasionHeld", ON), "untitled"),
    ("held with its title", Story(OCCASION), sample("OccasionHeld", ON), ""),
    ("held, announced under a title", occasion("announced"), fact("OccasionHeld", ON), ""),
    ("detached, not attached", occasion("held"), sample("AgreementDetached", ON), "not-attached"),
    (
        "detached, another attached",
        ATTACHED,
        fact("AgreementDetached", ON, agreement="other"),
        "not-attached",
    ),
    ("detached, attached", ATTACHED, sample("AgreementDetached", ON), ""),
    ("its own parent", party("existing"), fact("ParentRecorded", ON, parent=PARTY), "itself"),
    ("another parent", party("existing"), fact("ParentRecorded", ON, parent=A), ""),
    ("its own match", party("existing"), fact("PossibleMatchNoted", ON, match=PARTY), "itself"),
    ("another match", party("existing"), fact("PossibleMatchNoted", ON, match=A), ""),
    ("its own successor", party("existing"), fact("PartySucceeded", ON, successor=PARTY), "itself"),
    ("another successor", party("existing"), fact("PartySucceeded", ON, successor=B), ""),
]


@pytest.mark.parametrize(("story", "said", "refused"), [row[1:] for row in GUARDS], ids=[r[0] for r in GUARDS])
def test_each_guard_speaks_when_it_must(story: Story, said: Said, refused: str) -> None:
    """Each guard refuses what cannot be true, and nothing else."""
    story.when(said).then(recorded=() if refused else said.type, refused=refused or ())


def test_a_combined_value_stays_with_the_occasion() -> None:
    """An umbrella sum is shown for the occasion, whole, whatever is attached to it."""
    story = ATTACHED.also(sample("CombinedValueStated", "2025-04-17", qualifier="estimated"))
    shown = story.shown()
    assert shown["agreements"] == ["cardboard"]
    assert shown["combined_value"]["amount"] == "335000000"
    assert shown["combined_value"]["qualifier"] == "estimated"


def test_an_occasion_keeps_what_was_announced() -> None:
    """What the announcement said holds unless the occasion was held otherwise."""
    announced = given(OCCASION, sample("OccasionAnnounced", "2025-01", kind="conference", place="Baku"))
    held = announced.also(fact("OccasionHeld", "2025-04-17", place="Beijing", organisers=[A], supporters=[B]))
    shown: dict[str, Any] = held.shown()
    assert (shown["title"], shown["kind"], shown["place"]) == ("Conference", "conference", "Beijing")
    assert (shown["on"], shown["organisers"], shown["supporters"]) == ("2025-04-17", ["azpromo"], ["vencou"])


def test_an_agreement_is_attached_once_and_may_be_detached() -> None:
    """Attaching twice leaves one; detaching leaves none; counts of documents are listed."""
    twice = ATTACHED.also(sample("AgreementAttached", "2025-05"), sample("DocumentCountStated", "2025-05"))
    assert twice.shown()["agreements"] == ["cardboard"]
    assert [row["count"] for row in twice.shown()["document_counts"]] == [13]
    assert twice.also(sample("AgreementDetached", "2025-06")).shown()["agreements"] == []


def test_a_renamed_party_keeps_its_former_name() -> None:
    """The new name is shown, the old one is kept with the day it ended."""
    renamed = party("existing").also(sample("PartyRenamed", "2025-02", abbreviation="EZ"))
    shown = renamed.shown()
    assert (shown["name"], shown["abbreviation"]) == ("EZDA", "EZ")
    assert shown["former_names"] == [{"text": "IZIA", "until": "2025-02"}]
    assert renamed.shown("2025-01-31")["name"] == "IZIA"


def test_a_possible_match_is_left_open_until_rejected() -> None:
    """A match has one verdict, the latest."""
    noted = party("existing").also(sample("PossibleMatchNoted", "2025-02"))
    assert [row["verdict"] for row in noted.shown()["matches"]] == ["possible"]
    rejected = noted.also(sample("MatchRejected", "2025-03", reason="two bodies"))
    assert [(row["verdict"], row["reason"]) for row in rejected.shown()["matches"]] == [("rejected", "two bodies")]
