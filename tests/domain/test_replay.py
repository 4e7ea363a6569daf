"""How a stream came to be: as of any day, and as known at any point of the log (DOMAIN.md section 6)."""

from datetime import date

import pytest

from domain.facts import name_of
from domain.replay import changes, replay
from tests.domain.samples import A, B, sample
from tests.spec import AGREEMENT, Said, Story, event, fact, given

OPENED = given(AGREEMENT, sample("AgreementOpened", "2024-01-01"), sample("PartyAdded", "2024-01-01"))
TWO = OPENED.also(sample("PartyAdded", "2024-01-01", party=B))
SIGNED = TWO.also(fact("AgreementSigned", "2025-04-17"))


def about(name: str, target: int, /, **data: object) -> Said:
    """Word a fact about the event at a position."""
    least = {"EventCorrected": {"reason": "misread", "target": event(target)}}
    if name in least:
        return fact(name, "2026", None, **least[name], **data)
    return sample(name, "2026", target=event(target), **data)


def side(story: Story, known_at: int | None = None) -> object:
    """Return the side of the first party."""
    return story.shown(known_at=known_at)["parties"][0]["side"]


def order(story: Story) -> list[str]:
    """Return the dates of the steps, in the order in which they took effect."""
    return [step.entry.on.text for step in story.replay().steps]


def test_a_late_fact_takes_its_effective_place() -> None:
    """What was recorded last and took effect first is folded first."""
    story = SIGNED.also(fact("EnteredIntoForce", "2025-06"), fact("TextInitialled", "2025-02"))
    assert [name_of(step.entry.fact) for step in story.replay().steps][-3:] == [
        "TextInitialled",
        "AgreementSigned",
        "EnteredIntoForce",
    ]
    assert story.shown()["legal_status"] == "in force"
    assert story.shown("2025-03-01")["legal_status"] == "initialled"


def test_order_is_by_day_then_precision_then_position() -> None:
    """Of facts that may begin on one day the finer date comes first, and equals keep their order."""
    days = ["2025", "2025-01", "2025-01-01", "202X", "2024-12-31", "2025-01-01", "2025-01-01/2025-06"]
    story = Story(AGREEMENT).also(*(sample("ValueStated", on, amount=str(n)) for n, on in enumerate(days)))
    assert order(story) == [
        "202X",
        "2024-12-31",
        "2025-01-01",
        "2025-01-01",
        "2025-01-01/2025-06",
        "2025-01",
        "2025",
    ]
    amounts = [row["amount"] for row in story.shown()["values"]]
    assert amounts == ["3", "4", "2", "5", "6", "1", "0"]


@pytest.mark.parametrize(
    ("on", "as_of", "effective"),
    [
        ("2025-04-17", "2025-04-16", "no"),
        ("2025-04-17", "2025-04-17", "yes"),
        ("2025-04", "2025-03-31", "no"),
        ("2025-04", "2025-04-01", "possibly"),
        ("2025-04", "2025-04-29", "possibly"),
        ("2025-04", "2025-04-30", "yes"),
        ("XXXX-04-23", "2025-01-01", "possibly"),
        ("2025-04-17/2025-05-03", "2025-04-17", "yes"),
    ],
)
def test_as_of_a_day_counts_what_has_or_may_have_taken_effect(on: str, as_of: str, effective: str) -> None:
    """On a day a fact has taken effect, has not, or possibly has; in doubt it counts and is named."""
    replayed = TWO.also(fact("AgreementSigned", on)).replay(as_of)
    assert (event(4) in {step.entry.id for step in replayed.steps}) == (effective != "no")
    assert replayed.possibly == ({event(4)} if effective == "possibly" else set())


def test_without_a_day_nothing_is_doubtful() -> None:
    """Asked without a day every fact counts, and none is only possible."""
    replayed = TWO.also(fact("AgreementSigned", "XXXX-04-23")).replay()
    assert replayed.facets["legal_status"] == "signed"
    assert replayed.possibly == frozenset()


@pytest.mark.parametrize(
    ("on", "settled"),
    [
        ("2025-04-17", "2025-04-17"),
        ("2025-04", "2025-04-30"),
        ("2023", "2024-01-01"),
        ("2025-04-17/..", "2025-04-17"),
    ],
)
def test_settled_is_the_day_after_which_no_date_is_open(on: str, settled: str) -> None:
    """From the settled day on, any asking day gives the same state and no doubt."""
    replayed = TWO.also(fact("AgreementSigned", on)).replay("2024-06-01")
    assert replayed.settled.isoformat() == settled


def test_the_history_known_at_a_position_is_a_prefix() -> None:
    """What was known then does not know what was recorded later, whenever that took effect."""
    story = SIGNED.also(fact("TextInitialled", "2025-02"))
    assert story.shown("2025-03-01", known_at=4)["legal_status"] == "opened"
    assert story.shown("2025-03-01", known_at=5)["legal_status"] == "initialled"
    assert story.replay(known_at=2).lines == OPENED.replay().lines


def test_nothing_known_is_the_beginning() -> None:
    """Before the first entry there is no line, no step and the initial state."""
    replayed = SIGNED.replay(known_at=0)
    assert (replayed.lines, replayed.steps, replayed.settled) == ((), (), date.min)
    assert replayed.facets["title"] == ""


def test_earlier_answers_never_change() -> None:
    """Whatever is recorded about the past, each earlier known-at answer stays as it was."""
    tale = [
        sample("PartyAdded", "2023", party=B),
        about("EventCorrected", 2, changes={"side": "China"}),
        about("DateRefined", 4, on="2023-05"),
        about("EventRetracted", 3),
        about("CorrectionWithdrawn", 5),
        fact("NegotiationStarted", "2022"),
    ]
    story, answers = SIGNED, [SIGNED.shown()]
    for said in tale:
        story = story.also(said)
        answers.append(story.shown())
    assert [story.shown(known_at=4 + n) for n in range(len(tale) + 1)] == answers
    assert len({str(answer) for answer in answers}) > 4


def test_a_corrected_field_and_date_replace_the_old() -> None:
    """A correction changes what is folded, at the corrected day, and leaves the entry as written."""
    story = SIGNED.also(about("EventCorrected", 4, changes={"place": "Beijing"}, on="2025-04-18"))
    line = story.replay().lines[3]
    assert story.shown()["signed"] == {"on": "2025-04-18", "place": "Beijing", "occasion": None}
    assert story.shown("2025-04-17")["signed"] is None
    assert (line.standing, line.entry.on.text) == ("corrected", "2025-04-17")
    assert [entry.id for entry in line.touched_by] == [event(5)]


def test_the_latest_of_two_corrections_wins_field_by_field() -> None:
    """A later correction replaces the fields it names and keeps the others of the earlier one."""
    story = OPENED.also(
        about("EventCorrected", 2, changes={"side": "China", "role": "financier"}),
        about("EventCorrected", 2, changes={"side": "Azerbaijan"}),
    )
    party = story.shown()["parties"][0]
    assert (party["side"], party["role"]) == ("Azerbaijan", "financier")
    back = story.also(about("CorrectionWithdrawn", 4))
    assert side(back) == "China"
    assert side(story.also(about("CorrectionWithdrawn", 3))) == "Azerbaijan"


def test_null_takes_a_field_away() -> None:
    """A correction to null leaves the field as if it had not been stated."""
    story = OPENED.also(
        about("EventCorrected", 2, changes={"side": "China"}),
        about("EventCorrected", 2, changes={"side": None}),
    )
    assert (side(story, 3), side(story)) == ("China", None)
    assert story.replay().lines[1].standing == "standing"


def test_a_retracted_fact_drops_out_and_stays_in_the_log() -> None:
    """What was retracted is folded no more, and is shown struck with who struck it."""
    story = SIGNED.also(about("EventRetracted", 4))
    line = story.replay().lines[3]
    assert story.shown()["legal_status"] == "opened"
    assert (line.standing, line.stands, line.entry.id) == ("retracted", None, event(4))
    assert [entry.id for entry in line.touched_by] == [event(5)]


@pytest.mark.parametrize(
    "said",
    [
        about("EventCorrected", 4, changes={"place": "Beijing"}, on="2024"),
        about("EventRetracted", 4),
        about("DateRefined", 4, on="2025-04-18"),
        about("SourceAdded", 4),
    ],
)
def test_a_withdrawn_correction_restores_what_was_before(said: Said) -> None:
    """Once what touched it is withdrawn, an entry stands as it was, and the withdrawn one is struck."""
    story = SIGNED.also(said, about("CorrectionWithdrawn", 5))
    assert story.shown() == SIGNED.shown()
    lines = story.replay().lines
    assert lines[3] == SIGNED.replay().lines[3]
    assert lines[4].standing == "retracted"


def test_a_refined_date_moves_the_fact() -> None:
    """A date better known settles the doubt, and the basis is kept with the line."""
    story = TWO.also(
        fact("AgreementSigned", "XXXX-04-23"), about("DateRefined", 4, on="2025-04-23", basis="state visit")
    )
    assert story.shown("2025-04-22")["legal_status"] == "opened"
    assert story.replay("2025-04-23").possibly == frozenset()
    refined = story.replay().lines[3].refined
    assert refined is not None
    assert refined.basis == "state visit"


def test_a_correction_and_a_refinement_apply_as_recorded() -> None:
    """Of a corrected and a refined date the one recorded later holds."""
    refined, moved = about("DateRefined", 4, on="2025-04-18"), about("EventCorrected", 4, on="2025-04-19")
    assert SIGNED.also(refined, moved).shown()["signed"]["on"] == "2025-04-19"
    assert SIGNED.also(moved, refined).shown()["signed"]["on"] == "2025-04-18"


def test_an_added_source_leaves_the_fact_standing() -> None:
    """A second source joins the first; the entry is not called corrected for it."""
    line = OPENED.also(about("SourceAdded", 2, source={"source": "gov.az"})).replay().lines[1]
    assert line.standing == "standing"
    assert line.stands is not None
    assert [source.source for source in line.stands.sources] == ["gov.az"]
    assert line.entry.sources == ()


def test_a_dispute_shows_until_it_is_resolved() -> None:
    """A disputed fact stands, and the dispute shows as long as it is open."""
    disputed = SIGNED.also(about("EventDisputed", 4))
    assert disputed.shown() == SIGNED.shown()
    assert [line.disputed for line in disputed.replay().lines] == [False, False, False, True, False]
    assert not disputed.also(about("DisputeResolved", 4)).replay().lines[3].disputed


def test_facts_about_the_record_are_no_steps() -> None:
    """Remarks, sources and corrections are lines of the log, never steps of the agreement."""
    story = SIGNED.also(sample("NoteRecorded"), sample("ImportFinished"), about("SourceAdded", 1))
    assert len(story.replay().lines) == 7
    assert len(story.replay().steps) == 4


def test_a_step_tells_what_it_changed() -> None:
    """Each step lists the facets it changed, before and after, and no others."""
    step = SIGNED.replay().steps[-1]
    told = {change["facet"]: (change["before"], change["after"]) for change in changes(step)}
    assert told["legal_status"] == ("opened", "signed")
    assert told["consent"] == ({"azpromo": "none", "vencou": "none"}, {"azpromo": "signed", "vencou": "signed"})
    assert [row["days"] for row in told["consents"][1]] == [{"signed": "2025-04-17"}] * 2
    assert set(told) == {"legal_status", "consent", "consents", "signed"}


def test_a_step_carries_what_the_rules_said_there() -> None:
    """What was forced in stays visible: the step bears the finding."""
    steps = given(AGREEMENT, sample("AgreementOpened"), fact("AgreementSigned", "2025-02")).replay().steps
    assert [[found.code for found in step.findings] for step in steps] == [[], ["few-parties"]]


def test_asking_leaves_the_entries_alone() -> None:
    """The same question asked twice, with others in between, has the same answer."""
    story = SIGNED.also(about("EventCorrected", 2, changes={"party": A, "side": "China"}))
    first = story.shown("2025-04-16", 4)
    story.shown()
    replay(story.entries, as_of=date.max)
    assert story.shown("2025-04-16", 4) == first
