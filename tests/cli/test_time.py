"""The two axes on the command line: the world on a day, and what the register said then."""

from typing import Any

import pytest

from tests.cli.program import Program

WIND = "khizi-wind"


def phase(program: Program, *flags: str) -> str | None:
    """Return the wind park's phase as asked."""
    found: str | None = program.json("status", WIND, *flags)["phase"]
    return found


def test_a_day_before_and_a_day_after(told: Program) -> None:
    """Before the first fact took effect there is no phase, after it there is; an imprecise one is flagged."""
    assert phase(told, "--as-of", "2024-03-04") is None
    assert phase(told, "--as-of", "2024-03-05") == "identified"
    during = told.json("status", WIND, "--as-of", "2024-06-10")
    assert (during["phase"], [flag["code"] for flag in during["flags"]]) == ("justification", ["possibly"])
    assert phase(told, "--as-of", "2024-06-30") == "justification"


def test_a_month_or_year_asked_for_means_its_end(told: Program) -> None:
    """--as-of a year asks for its last day."""
    assert told.json("status", WIND, "--as-of", "2024")["as_of"] == "2024-12-31"


def test_position_day_and_instant_name_the_same_point(told: Program) -> None:
    """--known-at takes a position, an instant, or a day, which counts to its end in the register's zone."""
    size = told.json("status")["head"]["position"]
    last = told.json("log")["events"][-1]["recorded"]
    for point in (str(size), last, "2025-07-01", "2025-07-01T23:59"):
        assert told.json("status", "--known-at", point)["known_at"] == size
    assert told.json("status", "--known-at", "2025-06-30")["known_at"] == 0


def test_the_register_of_then_does_not_know_what_came_later(told: Program) -> None:
    """Facts, corrections and retractions recorded later leave every earlier answer as it was."""
    size = str(told.json("status")["head"]["position"])
    before = [_said(told, command, size) for command in _ASKED]
    told.ok("record", "phase", WIND, "construction", "--on", "2024-09-01")
    told.ok("correct", f"{WIND}@3", "--set", "phase=appraised", "--reason", "misread")
    told.ok("retract", "wind-memo@5", "--reason", "not valued")
    assert [_said(told, command, size) for command in _ASKED] == before
    assert phase(told) == "construction"


_ASKED = (["status", WIND], ["status", "wind-memo"], ["list"], ["board"], ["log"], ["replay", WIND])


def _said(program: Program, command: list[str], known_at: str) -> Any:
    """Return an answer as known at a position, without the head, which tells where the log ends now."""
    return _without_head(program.json(*command, "--known-at", known_at))


def _without_head(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without_head(part) for name, part in value.items() if name != "head"}
    return [_without_head(part) for part in value] if isinstance(value, list) else value


def test_both_axes_together(told: Program) -> None:
    """As of a day, as known at a point: a late fact shows on its day only to who knew it."""
    size = str(told.json("status")["head"]["position"])
    told.ok("record", "phase", WIND, "pre-feasibility", "--on", "2024-04-01")
    assert phase(told, "--as-of", "2024-04-15") == "pre-feasibility"
    assert phase(told, "--as-of", "2024-04-15", "--known-at", size) == "identified"
    assert phase(told) == "justification"


def test_what_lies_ahead_does_not_count_yet(told: Program) -> None:
    """A fact of a coming day is accepted with a warning and counts from that day on."""
    answer = told.ok("record", "construction", WIND, "--on", "2026-01-01", "--json")
    assert [finding["code"] for finding in answer.json["findings"]] == ["in-future"]
    assert phase(told) == "justification"
    assert phase(told, "--as-of", "2026-01-01") == "construction"


def test_an_answer_from_the_past_says_so(told: Program) -> None:
    """A person is told from which point of the log an answer is, and how much was left out."""
    said = told.ok("status", WIND, "--known-at", "12").err
    assert "As the register stood at position 12" in said
    assert "later records not used" in said


def test_a_point_the_log_has_not_reached_is_not_found(told: Program) -> None:
    """A position past the end is no answer about the future."""
    assert told.refused(3, "status", "--known-at", "999999")["code"] == "not-found"


@pytest.mark.parametrize("flag", ["--as-of", "--known-at"])
@pytest.mark.parametrize("text", ["yesterday", "2025-02-30", "23.04.25", "", "2025-04-17T25:00"])
def test_what_is_no_time_is_refused(told: Program, flag: str, text: str) -> None:
    """A day or time that cannot be is refused with what to write instead."""
    error = told.refused(4, "status", flag, text)
    assert error["code"] == "bad-date"
    assert error["hint"]


def test_the_term_is_asked_on_a_day(told: Program) -> None:
    """A tacitly renewed term rolls on with the day asked, and nothing is written for it."""
    head = told.head()
    assert told.json("status", "wind-memo")["term"]["end"] == "2029-02-28"
    assert told.json("status", "wind-memo", "--as-of", "2031-01-01")["term"]["end"] == "2034-02-28"
    assert told.head() == head


def test_log_filters_name_their_axis(told: Program) -> None:
    """--happened-since asks when it took effect, --recorded-since when it was recorded."""
    every = told.json("log")["events"]
    assert {e["on"] for e in told.json("log", "--happened-since", "2024-06")["events"]} == {"2024-06", "2025-01-15"}
    assert told.json("log", "--recorded-since", "2025-07-01")["events"] == every
    assert told.json("log", "--recorded-since", "2025-07-02")["events"] == []
    assert [e["position"] for e in told.json("log", "--last", "2")["events"]] == [len(every) - 1, len(every)]
