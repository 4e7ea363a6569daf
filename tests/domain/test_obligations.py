"""What the parties owe under an agreement: recorded, reported, fulfilled, waived, broken, opened again."""

from typing import Any

import pytest

from domain.duties import duty
from tests.domain.samples import A, B, C, sample
from tests.spec import AGREEMENT, Said, Story, fact, given

ON = "2026-01-01"
OPENED = (sample("AgreementOpened"), sample("PartyAdded"), sample("PartyAdded", party=B))
RECORDED = sample("ObligationRecorded", "2025-02")
REPORTED = sample("ObligationFulfilmentReported", "2025-03")
FULFILLED = sample("ObligationFulfilled", "2025-04")
WAIVED = sample("ObligationWaived", "2025-04")
BREACHED = sample("ObligationBreached", "2025-04")

REACHED: dict[str, tuple[Said, ...]] = {
    "not recorded": (),
    "open": (RECORDED,),
    "fulfilment reported": (RECORDED, REPORTED),
    "breached": (RECORDED, BREACHED),
    "waived": (RECORDED, WAIVED),
    "fulfilled": (RECORDED, REPORTED, FULFILLED),
}
STATES = tuple(REACHED)
OWED = ("open", "fulfilment reported", "breached")

ROWS: dict[str, tuple[tuple[str, ...], str | None, str]] = {
    "ObligationRecorded": (("not recorded",), "open", "refuse"),
    "ObligationProgressReported": (OWED, None, "warn"),
    "ObligationDeadlineMoved": (OWED, None, "refuse"),
    "ObligationFulfilmentReported": (("open", "breached"), "fulfilment reported", "warn"),
    "ObligationFulfilled": (OWED, "fulfilled", "warn"),
    "ObligationWaived": (OWED, "waived", "warn"),
    "ObligationBreached": (("open", "fulfilment reported"), "breached", "warn"),
    "ObligationReopened": (("fulfilled", "waived"), "open", "refuse"),
}
"""Fact: the states it is expected in, the one it leads to, and what it meets elsewhere."""


def at(state: str) -> Story:
    """Tell of an agreement whose obligation under art. 5 is in a state."""
    return given(AGREEMENT, *OPENED, *REACHED[state])


def row_of(story: Story, item: str = "art. 5") -> dict[str, Any]:
    """Return the row of an obligation."""
    row = duty(tuple(story.shown()["obligations"]), item)
    assert row is not None
    return row


def yearly(*facts: Said, **data: Any) -> Story:
    """Tell of an obligation that falls due every year from the end of 2025, and what came after."""
    owed = sample("ObligationRecorded", "2025-02", due="2025-12-31", recurrence="P1Y", **data)
    return given(AGREEMENT, *OPENED, owed, *facts)


@pytest.mark.parametrize("state", STATES)
def test_every_state_is_reached(state: str) -> None:
    """The stories above do stand where they say."""
    rows = at(state).shown()["obligations"]
    assert [row["state"] for row in rows] == ([] if state == "not recorded" else [state])


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("name", ROWS)
def test_every_fact_meets_every_state_of_an_obligation(name: str, state: str) -> None:
    """A fact is out of order exactly where its row does not expect it; of an unknown obligation it warns besides."""
    froms, _, otherwise = ROWS[name]
    said = sample(name, ON, **({"text": "another"} if name == "ObligationRecorded" else {}))
    outcome = at(state).when(said)
    wanted: dict[str, set[str]] = {"warn": set(), "refuse": set()}
    if state not in froms:
        wanted[otherwise].add("out-of-order")
    if state == "not recorded" and name != "ObligationRecorded":
        wanted["warn"].add("unknown-obligation")
    outcome.then(
        recorded=() if wanted["refuse"] else name,
        refused=tuple(wanted["refuse"]),
        warns=tuple(wanted["warn"]),
    )


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("name", ROWS)
def test_every_fact_leads_where_its_row_says(name: str, state: str) -> None:
    """In order a fact leads where its row says; out of order only forward: a late report reopens nothing."""
    froms, to, _ = ROWS[name]
    moves = to is not None and (state in froms or STATES.index(to) > STATES.index(state))
    assert row_of(at(state).also(sample(name, ON)))["state"] == (to if moves else state)


def test_what_is_refused_is_recorded_for_a_reason() -> None:
    """An obligation opened again though it was never closed is let in with a waiver."""
    refused = at("open").when(sample("ObligationReopened", ON), irregular="so the protocol says")
    refused.then(recorded=("ObligationReopened", "RuleWaived"), refused="out-of-order")


def test_an_unknown_obligation_is_told_with_those_known() -> None:
    """Whoever names a wrong article is told those on record; one only spoken of is not among them."""
    spoken = at("open").also(sample("ObligationProgressReported", "2025-05", item="art. 6"))
    outcome = spoken.when(sample("ObligationFulfilled", ON, item="art. 9"))
    [message] = [f.message for f in outcome.decision.findings if f.code == "unknown-obligation"]
    assert message == "no obligation art. 9 is on record; on record: art. 5"


@pytest.mark.parametrize(
    ("parties", "debtor", "warns"),
    [
        (OPENED, A, ()),
        (OPENED, C, "unknown-debtor"),
        (OPENED, None, ()),
        (OPENED[:1], C, ()),
    ],
)
def test_a_debtor_is_a_party(parties: tuple[Said, ...], debtor: str | None, warns: str) -> None:
    """A debtor who is no party warns, unless no party is on record yet or none is named."""
    said = sample("ObligationRecorded", ON, **({"debtor": debtor} if debtor else {}))
    given(AGREEMENT, *parties).when(said).then(recorded="ObligationRecorded", warns=warns)


def test_an_obligation_shows_what_was_told_of_it() -> None:
    """Its text, its debtor, its deadline, when it was recorded and reported, and how far it has come."""
    owed = sample("ObligationRecorded", "2025-02", text="report yearly", debtor=A, due="2025-06")
    row = row_of(given(AGREEMENT, *OPENED, owed, sample("ObligationProgressReported", "2025-03"), REPORTED))
    assert (row["text"], row["responsible"], row["deadline"]) == ("report yearly", "azpromo", "2025-06")
    assert (row["issued_on"], row["reported_on"]) == ("2025-02", "2025-03")
    assert (row["progress"], row["progress_on"]) == ("half done", "2025-03")


def test_obligations_have_states_of_their_own() -> None:
    """What happens to one obligation leaves the others, and the legal status, as they were."""
    story = at("open").also(sample("ObligationRecorded", "2025-02", item="art. 6"), FULFILLED)
    assert {row["item"]: row["state"] for row in story.shown()["obligations"]} == {
        "art. 5": "fulfilled",
        "art. 6": "open",
    }
    assert story.shown()["legal_status"] == "opened"


def test_a_moved_deadline_is_kept_with_the_former() -> None:
    """The new deadline holds, the old one is kept with the day it was moved."""
    owed = sample("ObligationRecorded", "2025-02", due="2025-06-30")
    row = row_of(given(AGREEMENT, *OPENED, owed, sample("ObligationDeadlineMoved", "2025-05")))
    assert row["deadline"] == "2025-12-31"
    assert row["moved"] == [{"on": "2025-05", "from": "2025-06-30", "to": "2025-12-31"}]


def test_a_recurring_obligation_fulfilled_falls_due_again() -> None:
    """Each time is fulfilled by itself; after its last, the obligation is."""
    story = yearly(FULFILLED, until="2026-12-31")
    assert (row_of(story)["state"], row_of(story)["deadline"]) == ("open", "2026-12-31")
    over = story.also(sample("ObligationFulfilled", ON))
    assert (row_of(over)["state"], row_of(over)["closed_on"]) == ("fulfilled", ON)


def test_a_later_time_is_fulfilled_by_its_name() -> None:
    """The year named is done; the first open one stays the deadline."""
    row = row_of(yearly(sample("ObligationFulfilled", "2025-04", due="2026-12-31")))
    assert (row["state"], row["deadline"], row["done"]) == ("open", "2025-12-31", ["2026-12-31"])


def test_one_time_is_waived_or_all_of_them() -> None:
    """A waiver that names a time passes over that one; a waiver that names none ends the obligation."""
    once = row_of(yearly(sample("ObligationWaived", "2025-04", due="2025-12-31")))
    assert (once["state"], once["deadline"]) == ("open", "2026-12-31")
    for_good = row_of(yearly(WAIVED))
    assert (for_good["state"], for_good["closed_on"]) == ("waived", "2025-04")


def test_the_last_time_waived_waives_the_obligation() -> None:
    """Where no other time is left, doing without the last is doing without it."""
    story = yearly(sample("ObligationWaived", "2025-04", due="2025-12-31"), until="2026-01-31")
    assert row_of(story)["state"] == "waived"


def test_a_time_fulfilled_late_leaves_a_waiver_as_it_is() -> None:
    """A series waived for good is not owed again because one of its times was fulfilled after all."""
    row = row_of(yearly(WAIVED, sample("ObligationFulfilled", ON)))
    assert (row["state"], row["closed_on"], row["done"]) == ("waived", "2025-04", ["2025-12-31"])


def test_an_obligation_waived_for_once_need_not_recur() -> None:
    """Of one that does not recur, waiving its day waives it."""
    assert row_of(at("open").also(sample("ObligationWaived", ON, due="2025-12-31")))["state"] == "waived"


def test_a_broken_obligation_may_be_fulfilled_late() -> None:
    """A breach is no end: reported and fulfilled late, the obligation is fulfilled, and the breach stays shown."""
    late = at("breached").when(sample("ObligationFulfilmentReported", "2025-05"))
    done = late.then(recorded="ObligationFulfilmentReported").when(sample("ObligationFulfilled", "2025-06"))
    row = row_of(done.then(recorded="ObligationFulfilled"))
    assert (row["state"], row["breached_on"], row["closed_on"]) == ("fulfilled", "2025-04", "2025-06")


def test_a_broken_time_leaves_the_next_to_be_done() -> None:
    """Once a breached time of a recurring obligation was fulfilled late, the next is simply open."""
    story = yearly(sample("ObligationBreached", "2026-01-05"), sample("ObligationFulfilled", "2026-02"))
    assert (row_of(story)["state"], row_of(story)["deadline"]) == ("open", "2026-12-31")


def test_reopening_clears_what_was_reported() -> None:
    """An obligation thought fulfilled is open again, without a report."""
    row = row_of(at("fulfilled").also(sample("ObligationReopened", ON)))
    assert (row["state"], row["closed_on"], row["reported_on"]) == ("open", None, None)


ENDS: dict[str, tuple[Said, ...]] = {
    "terminated": (fact("EnteredIntoForce", "2025-03-01"), fact("AgreementTerminated", "2025-05-01")),
    "lapsed": (fact("AgreementLapsed", "2025-05-01"),),
    "expired": (fact("EnteredIntoForce", "2025-03-01"), fact("TermSet", "2025-03-01", end="2025-06-30")),
}


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize(("name", "state"), [(name, froms[0]) for name, (froms, _, _) in ROWS.items()])
def test_obligations_survive_the_end(name: str, state: str, end: str) -> None:
    """What is owed can be recorded and told of after an agreement ended, and does not wake it."""
    story = at(state).also(fact("AgreementSigned", "2025-02-01"), *ENDS[end])
    assert story.asked(ON)["legal_status"] == end
    after = story.when(sample(name, ON)).then(recorded=name)
    assert after.asked(ON)["legal_status"] == end


@pytest.mark.parametrize(
    ("touched", "unknown"),
    [([], 0), (["art. 5"], 0), (["art. 5", "art. 6"], 1), (["art. 6", "art. 7"], 2)],
)
def test_an_amendment_touches_obligations_on_record(touched: list[str], unknown: int) -> None:
    """An amendment warns of each obligation it touches that nobody recorded."""
    story = at("open").also(fact("AgreementSigned", "2025-02-01"), fact("EnteredIntoForce", "2025-03-01"))
    outcome = story.when(fact("AgreementAmended", ON, obligations=touched))
    after = outcome.then(recorded="AgreementAmended", warns="unknown-obligation" if unknown else ())
    found = [f.message for f in outcome.decision.findings]
    assert found == [f"no obligation {item} is on record" for item in touched if item != "art. 5"]
    assert after.shown()["amendments"][0].get("obligations", []) == touched
