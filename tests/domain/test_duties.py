"""What somebody is to do by a day, once or again and again: told by a commission's instructions."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.catalogue import MODELS
from domain.commission.rules import INSTRUCTION
from domain.duties import CLOSED, Row, duty, goes_on, next_occurrence, open_days, value_of
from tests.domain.fact_strategies import data_of
from tests.domain.samples import sample
from tests.spec import COMMISSION, Said, Story, day, fact
from tests.spec import given as told

CLOSE = sample("InstructionClosed", "2025-06")
REPORT = sample("InstructionFulfilmentReported", "2025-06")
CANCEL = sample("InstructionCancelled", "2025-06")
REOPEN = sample("InstructionReopened", "2025-07")


def move(to: str, on: str = "2025-05") -> Said:
    """Word a deadline moved."""
    return sample("InstructionDeadlineMoved", on, deadline=to)


def close(due: str, on: str = "2025-06") -> Said:
    """Word an occurrence closed."""
    return sample("InstructionClosed", on, due=due)


def issued(deadline: str | None = "2025-01-31", *facts: Said, **data: Any) -> Story:
    """Tell of an instruction, 3.1, and what came after."""
    first = {"deadline": deadline} if deadline else {}
    return told(COMMISSION, sample("CommissionEstablished"), sample("InstructionIssued", **first, **data), *facts)


def monthly(*facts: Said, **data: Any) -> Story:
    """Tell of an instruction that falls due every month from 31 January, and what came after."""
    return issued("2025-01-31", *facts, recurrence="P1M", **data)


def row_of(story: Story) -> Row:
    """Return the row of instruction 3.1."""
    row = duty(tuple(story.shown()["instructions"]), "3.1")
    assert row is not None
    return row


def stands(story: Story) -> tuple[str, str | None]:
    """Return the state and the deadline of instruction 3.1."""
    row = row_of(story)
    return row["state"], row["deadline"]


def test_a_duty_done_once_is_closed() -> None:
    """What does not recur keeps its deadline and is closed on the day it was done."""
    story = issued("2025-01-31", CLOSE)
    assert stands(story) == ("closed", "2025-01-31")
    assert row_of(story)["closed_on"] == "2025-06"
    assert not goes_on(tuple(story.shown()["instructions"]), "3.1")


def test_a_recurring_duty_done_falls_due_again() -> None:
    """Closing one time sets the deadline to the next; the duty stays open."""
    story = monthly(REPORT, CLOSE)
    assert stands(story) == ("open", "2025-02-28")
    assert row_of(story)["done"] == ["2025-01-31"]
    assert goes_on(tuple(story.shown()["instructions"]), "3.1")
    assert story.shown()["open_instructions"] == 1


def test_month_ends_are_counted_from_the_first_day() -> None:
    """Monthly from the 31st is the last day of each month, and a short month wears nothing off."""
    story, deadlines = monthly(), []
    for _ in range(5):
        story = story.also(CLOSE)
        deadlines.append(row_of(story)["deadline"])
    assert deadlines == ["2025-02-28", "2025-03-31", "2025-04-30", "2025-05-31", "2025-06-30"]


def test_a_doubtful_first_day_counts_from_its_end() -> None:
    """A series that begins some day in January has its first deadline as worded, its next a month after the last."""
    story = issued("2025-01", recurrence="P1M")
    assert stands(story) == ("open", "2025-01")
    assert stands(story.also(CLOSE)) == ("open", "2025-02-28")


def test_an_occurrence_is_closed_by_its_name() -> None:
    """A later time done first leaves the present deadline; once that is done, the later is passed over."""
    ahead = monthly(close("2025-02-28"))
    assert stands(ahead) == ("open", "2025-01-31")
    assert stands(ahead.also(CLOSE)) == ("open", "2025-03-31")


def test_the_same_occurrence_closed_twice_counts_once() -> None:
    """Naming a time that was done already does not do the next."""
    assert stands(monthly(CLOSE, close("2025-01-31", "2025-07"))) == ("open", "2025-02-28")


def test_another_occurrence_leaves_the_report_of_the_present_one() -> None:
    """Fulfilment reported for January stays reported when February is closed."""
    story = monthly(REPORT, close("2025-02-28", "2025-07"))
    assert stands(story) == ("fulfilment reported", "2025-01-31")
    assert row_of(story)["reported_on"] == "2025-06"


def test_a_new_occurrence_starts_afresh() -> None:
    """What was reported or moved belongs to the time before: the next closing wants its own report."""
    story = monthly(move("2025-02-10"), REPORT, CLOSE)
    row = row_of(story)
    assert (row["reported_on"], row["moved"]) == (None, [])
    story.when(close("2025-02-28", "2025-07")).then(recorded="InstructionClosed", warns="not-reported")


def test_a_deadline_moves_for_this_time_only() -> None:
    """A moved deadline of a recurring duty leaves the days after it where they were."""
    story = monthly(move("2025-03-15"))
    assert stands(story) == ("open", "2025-03-15")
    assert stands(story.also(CLOSE)) == ("open", "2025-02-28")


def test_a_moved_deadline_names_its_occurrence() -> None:
    """Closing the day that a deadline was moved to closes the time it was moved for."""
    story = monthly(move("2025-02-10"), close("2025-02-10"))
    assert row_of(story)["done"] == ["2025-01-31"]
    assert stands(story) == ("open", "2025-02-28")


def test_a_day_of_the_series_is_that_day_though_moved_to() -> None:
    """A deadline moved onto a later time of the series does not stand for it."""
    story = monthly(move("2025-02-28"), close("2025-02-28"))
    assert row_of(story)["done"] == ["2025-02-28"]
    assert stands(story.also(CLOSE)) == ("open", "2025-03-31")


def test_former_deadlines_are_kept() -> None:
    """Each move is kept with its day, from where and to where."""
    assert row_of(issued("2025-01-31", move("2025-02-28"), move("2025-03", "2025-06")))["moved"] == [
        {"on": "2025-05", "from": "2025-01-31", "to": "2025-02-28"},
        {"on": "2025-06", "from": "2025-02-28", "to": "2025-03"},
    ]


def test_a_duty_without_a_deadline_can_be_given_one() -> None:
    """Where none was set, the first deadline was moved from nowhere."""
    story = issued(None, move("2025-03-31"))
    assert stands(story) == ("open", "2025-03-31")
    assert [move["from"] for move in row_of(story)["moved"]] == [None]


def test_a_series_ends_with_its_last_day() -> None:
    """The last time on or before `until` closes the duty itself."""
    twice = monthly(CLOSE, until="2025-02-28")
    assert stands(twice) == ("open", "2025-02-28")
    assert stands(twice.also(CLOSE)) == ("closed", "2025-02-28")
    assert stands(monthly(CLOSE, until="2025-02-27")) == ("closed", "2025-01-31")


@pytest.mark.parametrize("recurrence", ["P0D", "P0Y0M", "P99999Y"])
def test_a_recurrence_that_never_comes_again_is_done_once(recurrence: str) -> None:
    """One of no length, or past the calendar's end, has a single time."""
    story = issued("2025-01-31", CLOSE, recurrence=recurrence)
    assert stands(story) == ("closed", "2025-01-31")


def test_a_recurrence_without_a_first_day_is_done_once() -> None:
    """Where no first day is known, no later one can be reckoned."""
    assert stands(issued(None, recurrence="P1M")) == ("open", None)
    assert stands(issued(None, CLOSE, recurrence="P1M")) == ("closed", None)


def test_cancelling_ends_the_whole_series() -> None:
    """A cancelled series stays cancelled, whatever is told of one of its times afterwards, until it is reopened."""
    cancelled = monthly(CANCEL)
    assert stands(cancelled) == ("cancelled", "2025-01-31")
    closed_once = cancelled.also(CLOSE)
    assert stands(closed_once) == ("cancelled", "2025-02-28")
    assert row_of(closed_once)["closed_on"] == "2025-06"
    assert stands(closed_once.also(REOPEN)) == ("open", "2025-02-28")


def test_reopening_clears_what_was_reported() -> None:
    """A duty reopened is neither closed nor reported, and keeps its deadline."""
    row = row_of(issued("2025-01-31", REPORT, CLOSE, REOPEN))
    assert (row["state"], row["closed_on"], row["reported_on"]) == ("open", None, None)
    assert row["deadline"] == "2025-01-31"


def test_a_series_that_was_over_can_be_reopened_for_its_last_time() -> None:
    """Reopened after its last time, a series is open for that one, and closed with it."""
    over = monthly(CLOSE, CLOSE, until="2025-02-28").also(REOPEN)
    assert stands(over) == ("open", "2025-02-28")
    assert stands(over.also(sample("InstructionClosed", "2025-08"))) == ("closed", "2025-02-28")


def test_a_duty_set_up_anew_leaves_its_former_series() -> None:
    """Issued again by force as a single duty, what once recurred recurs no more."""
    story = monthly(sample("InstructionIssued", "2025-02", deadline="2025-12-31"), CLOSE)
    assert stands(story) == ("closed", "2025-12-31")


@pytest.mark.parametrize(
    ("story", "on", "days"),
    [
        (issued("2025-01-31"), "2025-01-30", []),
        (issued("2025-01-31"), "2025-01-31", ["2025-01-31"]),
        (issued("2025-01"), "2025-01-30", []),
        (issued("2025-01"), "2025-02-01", ["2025-01"]),
        (issued(None), "9999-12-31", []),
        (issued(None, recurrence="P1M"), "9999-12-31", []),
        (monthly(), "2025-04-29", ["2025-01-31", "2025-02-28", "2025-03-31"]),
        (monthly(close("2025-02-28")), "2025-04-29", ["2025-01-31", "2025-03-31"]),
        (monthly(CLOSE), "2025-04-30", ["2025-02-28", "2025-03-31", "2025-04-30"]),
        (monthly(move("2025-03-15")), "2025-03-31", ["2025-03-15", "2025-02-28", "2025-03-31"]),
        (monthly(move("2025-12-31")), "2025-03-31", ["2025-02-28", "2025-03-31"]),
        (monthly(until="2025-02-28"), "2026-01-01", ["2025-01-31", "2025-02-28"]),
    ],
)
def test_open_days_are_those_that_were_missed(story: Story, on: str, days: list[str]) -> None:
    """Every time that is open and not later than the day is listed, the deadline first."""
    assert open_days(row_of(story), day(on)) == days


NAMES = [
    "InstructionProgressReported",
    "InstructionDeadlineMoved",
    "InstructionFulfilmentReported",
    "InstructionClosed",
    "InstructionReopened",
    "InstructionCancelled",
]
FACTS = st.one_of(
    st.sampled_from(NAMES).map(lambda name: sample(name, "2025-06")),
    st.dates(date(2025, 1, 1), date(2025, 12, 31)).map(lambda due: close(str(due))),
    st.sampled_from(["2025-01-31", "2025-02-28", "2025-03", "2025-05-30"]).map(close),
    st.sampled_from(["2025-02-10", "2025-02-28", "2026"]).map(move),
)
RECURRENCES = st.sampled_from(["P1M", "P2W", "P30D", "P1Y", "P0D", "P99999Y"])


@settings(deadline=None, max_examples=80)
@given(facts=st.lists(FACTS, max_size=8), recurrence=RECURRENCES, until=st.sampled_from([None, "2025-04", "2024"]))
def test_the_deadline_is_the_first_time_not_done(facts: Sequence[Said], recurrence: str, until: str | None) -> None:
    """Whatever is told of a series, its deadline is its first time not done, unless that was moved or all are done."""
    story = issued("2025-01-31", *facts, recurrence=recurrence, **({"until": until} if until else {}))
    row = row_of(story)
    following = next_occurrence(row)
    if following is None:
        assert row["deadline"] in {"2025-01-31", *row["done"], *(move["to"] for move in row["moved"])}
        return
    assert row["occurrence"] == following
    assert row["deadline"] == (row["moved"][-1]["to"] if row["moved"] else following)
    ended = value_of(INSTRUCTION, (row,), "3.1") in CLOSED
    assert ended == (row.get("closed_on") is not None)


@settings(deadline=None, max_examples=60)
@given(data=st.data())
def test_any_facts_about_a_duty_can_be_folded(data: st.DataObject) -> None:
    """Facts about instructions in any order, with any dates and lengths, never raise, nor does asking what is open."""
    story = told(COMMISSION, sample("CommissionEstablished"))
    for name in data.draw(st.lists(st.sampled_from(["InstructionIssued", *NAMES]), max_size=6)):
        said = data.draw(data_of(MODELS[name])) | {"item": data.draw(st.sampled_from(["3.1", "3.2"]))}
        story = story.also(fact(name, data.draw(st.sampled_from(["2025", "2025-01", "2025-06-01"])), **said))
    for row in story.shown()["instructions"]:
        assert row["state"] in INSTRUCTION.values
        later, earlier = open_days(row, day("2026-01-01")), open_days(row, day("2025-01-01"))
        assert set(earlier) <= set(later)
