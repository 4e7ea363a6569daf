"""What may happen to a commission's instructions and sessions (DOMAIN.md section 5)."""

import pytest

from tests.domain.samples import A, B, sample
from tests.spec import COMMISSION, Said, Story, fact, given

ON = "2026-01-01"
ISSUED = sample("InstructionIssued", "2025-02")
REPORTED = sample("InstructionFulfilmentReported", "2025-03")
CLOSED = sample("InstructionClosed", "2025-04")

REACHED: dict[str, tuple[Said, ...]] = {
    "not issued": (),
    "open": (ISSUED,),
    "fulfilment reported": (ISSUED, REPORTED),
    "closed": (ISSUED, REPORTED, CLOSED),
    "cancelled": (ISSUED, sample("InstructionCancelled", "2025-04")),
}
STATES = tuple(REACHED)
CONTROL = ("open", "fulfilment reported")

ROWS: dict[str, tuple[tuple[str, ...], str | None, str]] = {
    "InstructionIssued": (("not issued",), "open", "refuse"),
    "InstructionProgressReported": (CONTROL, None, "warn"),
    "InstructionDeadlineMoved": (CONTROL, None, "refuse"),
    "InstructionFulfilmentReported": (("open",), "fulfilment reported", "warn"),
    "InstructionClosed": (CONTROL, "closed", "warn"),
    "InstructionReopened": (("closed", "cancelled"), "open", "refuse"),
    "InstructionCancelled": (CONTROL, "cancelled", "warn"),
}
"""Fact: the states it is expected in, the one it leads to, and what it meets elsewhere."""


def at(state: str) -> Story:
    """Tell of a commission whose instruction 3.1 is in a state."""
    return given(COMMISSION, sample("CommissionEstablished"), *REACHED[state])


def state_of(story: Story) -> str | None:
    """Return the state of instruction 3.1, or None where nobody spoke of it."""
    rows = {row["item"]: row["state"] for row in story.shown()["instructions"]}
    return rows.get("3.1")


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("name", ROWS)
def test_every_fact_meets_every_state_of_an_instruction(name: str, state: str) -> None:
    """A fact is out of order exactly where its row does not expect it."""
    froms, _, otherwise = ROWS[name]
    said = sample(name, ON, **({"text": "another"} if name == "InstructionIssued" else {}))
    found = at(state).when(said).decision.findings
    order = {(f.code, f.weight) for f in found if f.code in {"out-of-order", "ended"}}
    assert order == (set() if state in froms else {("out-of-order", otherwise)})
    unknown = {f.weight for f in found if f.code == "unknown-instruction"}
    assert unknown == ({"refuse"} if state == "not issued" and name != "InstructionIssued" else set())


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("name", ROWS)
def test_every_fact_leads_where_its_row_says(name: str, state: str) -> None:
    """In order a fact leads where its row says; out of order only forward: a late report reopens nothing."""
    froms, to, _ = ROWS[name]
    moves = to is not None and (state in froms or STATES.index(to) > STATES.index(state))
    assert state_of(at(state).also(sample(name, ON))) == (to if moves else state)


def test_an_instruction_is_closed_once_its_fulfilment_was_reported() -> None:
    """Closing without a report of fulfilment is accepted with a warning."""
    at("open").when(CLOSED).then(recorded="InstructionClosed", warns="not-reported")
    at("fulfilment reported").when(CLOSED).then(recorded="InstructionClosed")


def test_a_reopened_instruction_must_be_reported_anew() -> None:
    """A report from before the reopening does not count for the next closing."""
    reopened = at("closed").also(sample("InstructionReopened", "2025-05"))
    assert reopened.shown()["open_instructions"] == 1
    reopened.when(sample("InstructionClosed", "2025-06")).then(recorded="InstructionClosed", warns="not-reported")
    again = reopened.also(sample("InstructionFulfilmentReported", "2025-06"))
    again.when(sample("InstructionClosed", "2025-06")).then(recorded="InstructionClosed")


def test_a_deadline_is_not_moved_after_closing() -> None:
    """A new deadline for a closed instruction is refused, for an open one kept."""
    at("closed").when(sample("InstructionDeadlineMoved", ON)).then(refused="out-of-order")
    after = at("open").when(sample("InstructionDeadlineMoved", ON)).then(recorded="InstructionDeadlineMoved")
    assert after.shown()["instructions"][0]["deadline"] == "2025-12-31"


def test_instructions_have_states_of_their_own() -> None:
    """What happens to one instruction leaves the others as they were."""
    story = at("open").also(sample("InstructionIssued", "2025-02", item="3.2", responsible=A, co_executors=[B]))
    story = story.when(sample("InstructionCancelled", ON, item="3.2")).then(recorded="InstructionCancelled")
    shown = story.shown()
    assert {row["item"]: row["state"] for row in shown["instructions"]} == {"3.1": "open", "3.2": "cancelled"}
    assert shown["open_instructions"] == 1
    assert shown["instructions"][1]["responsible"] == "azpromo"
    assert shown["instructions"][1]["co_executors"] == ["vencou"]


def test_an_unknown_instruction_is_told_with_those_known() -> None:
    """Whoever names a wrong number is told the numbers on record."""
    found = at("open").when(sample("InstructionClosed", ON, item="3.9")).decision.findings
    [message] = [f.message for f in found if f.code == "unknown-instruction"]
    assert "3.1" in message


def commission(*facts: Said) -> Story:
    """Tell of a commission."""
    return given(COMMISSION, sample("CommissionEstablished"), *facts)


@pytest.mark.parametrize(
    ("before", "said", "warns"),
    [
        ((), "AgendaAdopted", "unknown-session"),
        ((sample("SessionScheduled"),), "AgendaAdopted", ()),
        ((), "ProtocolSigned", "unknown-session"),
        ((fact("SessionHeld", "2025", session="11"),), "ProtocolSigned", ()),
        ((fact("SessionHeld", "2025"),), "ProtocolSigned", "unknown-session"),
        ((), "CoChairReplaced", "no-co-chair"),
        ((sample("CoChairAppointed", "2025", side="Azerbaijan"),), "CoChairReplaced", "no-co-chair"),
        ((sample("CoChairAppointed"),), "CoChairReplaced", ()),
        ((), "WorkingGroupDissolved", "no-working-group"),
        (
            (sample("WorkingGroupEstablished", "2025", name="trade"),),
            "WorkingGroupDissolved",
            "no-working-group",
        ),
        ((sample("WorkingGroupEstablished"),), "WorkingGroupDissolved", ()),
    ],
)
def test_what_follows_something_warns_without_it(before: tuple[Said, ...], said: str, warns: str) -> None:
    """An agenda wants its session, a replacement its predecessor, a dissolution its group."""
    commission(*before).when(sample(said, ON)).then(recorded=said, warns=warns)


def test_a_session_is_scheduled_postponed_and_held() -> None:
    """A session keeps one row through its course; put off without a new date it has none."""
    story = commission(sample("SessionScheduled", "2025-01", held_on="2025-03-01", place="Baku"))
    [row] = story.shown()["sessions"]
    assert (row["state"], row["on"], row["place"]) == ("scheduled", "2025-03-01", "Baku")
    story = story.also(sample("SessionPostponed", "2025-02"))
    [row] = story.shown()["sessions"]
    assert (row["state"], row["on"], row["place"]) == ("postponed", None, "Baku")
    story = story.also(fact("SessionHeld", "2025-04-16", session="11"), sample("ProtocolSigned", "2025-04-16"))
    [row] = story.shown()["sessions"]
    assert (row["state"], row["on"], row["protocol_signed_on"]) == ("held", "2025-04-16", "2025-04-16")


def test_sessions_without_a_name_are_not_one() -> None:
    """Two sessions whose number is not known stay two."""
    story = commission(fact("SessionHeld", "2024", place="Baku"), fact("SessionHeld", "2025", place="Beijing"))
    assert [row["place"] for row in story.shown()["sessions"]] == ["Baku", "Beijing"]


def test_a_side_has_one_co_chair_and_a_group_one_name() -> None:
    """A new co-chair takes the place of the side's old one; a group set up twice is one."""
    story = commission(
        sample("CoChairAppointed"),
        sample("CoChairReplaced"),
        sample("CoChairAppointed", "2025", side="Azerbaijan", name="Mammadov"),
        sample("WorkingGroupEstablished"),
        sample("WorkingGroupEstablished", "2025-02"),
    )
    chairs = {row["side"]: row["name"] for row in story.shown()["co_chairs"]}
    assert chairs == {"China": "Wang", "Azerbaijan": "Mammadov"}
    assert story.shown()["working_groups"] == ["transport"]
    assert story.also(sample("WorkingGroupDissolved", "2025-03")).shown()["working_groups"] == []
