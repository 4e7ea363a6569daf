"""An acceptance test: three years of an invented commission, and every answer as worked out by hand.

The answers stand in `examples/three-years/answers.toml`, each with how it comes about.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

import pytest

from domain.dates import parse
from tests.cli.program import Clock, Program, inside
from tests.examples.three_years import (
    FILES,
    LINES,
    QUESTIONS,
    TOLD,
    Question,
    asked,
    expected_docket,
    expected_due,
    of_type,
    stream_of,
)

each_question = pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question["name"])


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Program, list[Any]]]:
    """Tell every file to a register on its day; give the program beside it and what each import reported."""
    program = Program(Clock(datetime(2026, 4, 2, 6, tzinfo=UTC)))
    with inside(tmp_path_factory.mktemp("three-years")):
        program.ok("init", "--timezone", "Asia/Baku")
        yield program, [program.json("import", str(path), "--recorded-at", f"{path.stem}T09:00:00Z") for path in FILES]


@pytest.fixture
def told(played: tuple[Program, list[Any]]) -> Program:
    """Return the program beside the register that was told everything."""
    return played[0]


# What the files hold.


def test_the_files_are_those_of_fourteen_recording_days() -> None:
    """Each file is named for the day it was recorded, from before the first session to after the fourth."""
    days = list(TOLD)
    assert len(days) == 14
    assert (days[0], days[-1]) == ("2023-03-20", "2026-03-23")
    assert {parse(day).text for day in days} == set(days)


def test_four_sessions_forty_agreements_fifteen_projects() -> None:
    """One session a year, forty agreements and fifteen projects are told of."""
    assert [line["on"][:4] for line in of_type("SessionHeld")] == ["2023", "2024", "2025", "2026"]
    agreements = [line["stream"].removeprefix("agreement/")[:3] for line in of_type("AgreementOpened")]
    assert agreements == [f"a{number:02}" for number in range(1, 41)]
    projects = [line["stream"].removeprefix("project/")[:3] for line in of_type("ProjectIdentified")]
    assert projects == [f"p{number:02}" for number in range(1, 16)]


def test_a_hundred_and_twenty_instructions() -> None:
    """Thirty instructions a session: twenty about one agreement or project each, ten about none; ten a deadline."""
    issued = of_type("InstructionIssued")
    assert [line["data"]["item"] for line in issued] == [f"S{k}-{n:02}" for k in range(1, 5) for n in range(1, 31)]
    assert [len(line.get("about", ())) for line in issued] == ([1] * 20 + [0] * 10) * 4
    assert set(Counter(line["data"]["deadline"] for line in issued).values()) == {10}


@pytest.mark.parametrize(
    ("fact", "times"),
    [
        ("PartyRenamed", 2),
        ("PartiesMerged", 2),
        ("MergeUndone", 1),
        ("NoticeGiven", 2),
        ("ProjectDropped", 1),
        ("ProjectCancelled", 1),
        ("EventRetracted", 1),
        ("EventCorrected", 1),
        ("InstructionDeadlineMoved", 2),
        ("InstructionReopened", 1),
        ("InstructionCancelled", 1),
        ("SessionPostponed", 2),
    ],
)
def test_what_happens_in_the_three_years(fact: str, times: int) -> None:
    """What makes registers go wrong happens, as often as the answers reckon with."""
    assert len(of_type(fact)) == times


def test_terms_series_and_reviews() -> None:
    """One treaty renews tacitly, one instruction and two obligations recur, and reviews are deferred."""
    assert [line["data"].get("renewal") for line in of_type("TermSet")] == ["tacit", "express", "none"]
    recurring = [line for line in LINES if "recurrence" in line.get("data", {})]
    assert [line["type"] for line in recurring] == ["ObligationRecorded"] * 2 + ["InstructionIssued"]
    outcomes = Counter(line["data"]["outcome"] for line in of_type("AgreementReviewed", "ProjectReviewed"))
    assert set(outcomes) == {"endorsed", "noted", "deferred"}


def test_some_facts_arrive_late() -> None:
    """Nothing is told before it happened, and in most files something that an earlier file could have told."""
    days = list(TOLD)
    for day, lines in TOLD.items():
        assert all(parse(line["on"]).latest <= parse(day).earliest for line in lines), day
    overdue = [
        day
        for before, day in pairwise(days)
        if any(parse(line["on"]).latest < parse(before).earliest for line in TOLD[day])
    ]
    assert {"2024-05-06", "2024-09-16", "2025-03-10", "2025-04-28"} <= set(overdue)


def test_all_is_marked_as_invented() -> None:
    """Both states, the commission and every source are invented and say so; their country codes are nobody's."""
    assert {line["data"]["country"] for line in of_type("PartyRegistered")} == {"XA", "XB"}
    assert all(source["source"].startswith("invented-") for line in LINES for source in line["sources"])
    named = [*of_type("CommissionEstablished"), *(ln for ln in LINES if ln.get("data", {}).get("kind") == "state")]
    assert all(line["data"]["name"].endswith("(invented)") for line in named)


def test_only_what_is_aimed_at_has_an_id() -> None:
    """A line brings an id of its own where a later line corrects or retracts it, and nowhere else."""
    aimed_at = [line["data"]["target"] for line in of_type("EventCorrected", "EventRetracted")]
    assert sorted(line["id"] for line in LINES if "id" in line) == sorted(aimed_at)


def test_the_questions_cover_both_times() -> None:
    """Three questions are asked as known now, two as known about then, one of a day yet to come."""
    assert sum("known_at" not in question for question in QUESTIONS) == 3
    known = [question for question in QUESTIONS if "known_at" in question]
    assert sum(question["known_at"][:10] >= question["as_of"] for question in known) == 2
    assert sum(question["known_at"][:10] < question["as_of"] for question in known) == 1


# What the register makes of them.


def test_every_line_is_recorded_once(played: tuple[Program, list[Any]]) -> None:
    """Every line of every file is new, and the files told again add nothing."""
    program, reports = played
    assert [report["new"] for report in reports] == [len(lines) for lines in TOLD.values()]
    for path in FILES:
        again = program.json("import", str(path))
        assert (again["new"], again["already_recorded"]) == (0, len(TOLD[path.stem]))
    assert program.json("status")["counts"]["events"] == len(LINES)


def test_only_the_late_notice_is_warned_of(played: tuple[Program, list[Any]]) -> None:
    """Of all lines one meets a warning: the notice of non-renewal that came five weeks late."""
    _, reports = played
    warned = {
        day: [finding["code"] for finding in report["warnings"]]
        for day, report in zip(TOLD, reports, strict=True)
        if report["warnings"]
    }
    assert warned == {"2025-02-10": ["late-notice"]}


def test_the_views_agree_with_the_log(told: Program) -> None:
    """Folded afresh, the log gives what the views hold."""
    assert told.json("replay", "--all")["matches_projection"]


@each_question
def test_register_as_a_whole(told: Program, question: Question) -> None:
    """So many agreements have each status, so many projects are in each phase."""
    answer = told.json("status", *asked(question))
    assert answer["by_legal_status"] == question["by_legal_status"]
    assert answer["by_phase"] == question["by_phase"]


@each_question
def test_telling_streams(told: Program, question: Question) -> None:
    """Each telling agreement, project and party stands as it should."""
    for row in question["streams"]:
        answer = told.json("status", stream_of(row["stream"]), *asked(question))
        found = {**answer, **_term(answer), **_agreements(answer)}
        expected = {name: value for name, value in row.items() if name != "stream"}
        assert {name: found[name] for name in expected} == expected, row["stream"]


def _term(answer: dict[str, Any]) -> dict[str, Any]:
    return {name: (answer.get("term") or {}).get(name) for name in ("end", "next_notice")}


def _agreements(answer: dict[str, Any]) -> dict[str, Any]:
    return {"agreements": sorted(line["slug"][:3].upper() for line in answer.get("agreements", ()))}


@each_question
def test_due(told: Program, question: Question) -> None:
    """What is late and what falls due within sixty days is exactly this."""
    items = told.json("due", "--within", "60d", *asked(question))["items"]
    found = [(item["stream"], item["what"], item["item"], item["due"], item["late"]) for item in items]
    assert sorted(found, key=str) == expected_due(question)


@each_question
def test_docket(told: Program, question: Question) -> None:
    """Exactly these streams are before the commission, each for these reasons; P04 is a question of its own."""
    items = told.json("docket", *asked(question))["items"]
    found = {item["stream"]: (frozenset(item["reasons"]), item["carried_over"]) for item in items}
    assert len(items) == len(found)
    assert found == expected_docket(question)


@each_question
def test_funnel(told: Program, question: Question) -> None:
    """So many were signed, are in force and ended; so many reached each phase, and took so long."""
    answer = told.json("funnel", *asked(question))
    expected = question["funnel"]
    assert answer["agreements"] == expected["agreements"]
    assert answer["projects"] == expected["projects"]
    phases = {row["phase"]: row for row in answer["phases"]}
    for phase, row in expected["phases"].items():
        found = {name: phases[phase][name] for name in ("now", "reached", "stays", "median_days")}
        assert found == {"median_days": None, **row}, phase
    assert list(phases) == list(expected["phases"])
