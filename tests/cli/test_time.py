"""Two times: the world on a day (--as-of), the register as it stood (--known-at), and both together."""

from collections.abc import Sequence

import pytest

from tests.cli.program import SEED, Program, line

SOURCE = ("--source", "gazette-8")
QUESTIONS = (
    ("status",),
    ("status", "khizi-wind"),
    ("status", "wind-memo"),
    ("status", "baku-forum"),
    ("list",),
    ("list", "projects"),
    ("list", "--phase", "justification"),
    ("board",),
    ("log",),
    ("log", "khizi-wind"),
    ("show", "khizi-wind@3"),
)
CHANGES: dict[str, Sequence[Sequence[str]]] = {
    "a later fact": [["record", "phase", "khizi-wind", "construction", "--on", "2025-05-01", *SOURCE]],
    "a late fact": [["record", "phase", "khizi-wind", "pre-feasibility", "--on", "2024-04-01", *SOURCE]],
    "a correction": [["correct", "khizi-wind@3", "--set", "phase=appraised", "--reason", "misread"]],
    "a moved date": [["correct", "khizi-wind@3", "--on", "2023-01-01", "--reason", "misread"]],
    "a refined date": [["correct", "khizi-wind@3", "--refine", "2024-06-11", "--reason", "letter"]],
    "a retraction": [["retract", "khizi-wind@3", "--reason", "another project"]],
    "a retraction of all": [["retract", f"khizi-wind@{n}", "--reason", "another project"] for n in (4, 3, 2, 1)],
    "a withdrawn retraction": [
        ["retract", "khizi-wind@3", "--reason", "another project"],
        ["retract", "khizi-wind@5", "--reason", "no, this one"],
    ],
    "a new source": [["source", "khizi-wind@3", "--source", "letter-12"]],
    "a note": [["note", "khizi-wind@3", "which plant?"]],
    "a terminated agreement": [["record", "terminated", "wind-memo", "--on", "2024-04-01", *SOURCE]],
    "a detached project": [
        ["record", "fact", "ProjectUnlinked", "khizi-wind", "--set", "agreement=wind-memo", "--on", "2024-04-01"]
    ],
    "a renamed party": [["record", "renamed", "fund", "Oil Fund", "--on", "2024-01-15", *SOURCE]],
    "another project": [["new", "project", "Second wind park", "--under", "wind-memo", "--on", "2024-03-06"]],
    "the seed": [["import", str(SEED)]],
    "new views": [["projections", "rebuild"]],
}


def told_then(program: Program, *flags: str) -> list[object]:
    """Return the answer to every question, without the head, which is the present one."""
    answers = [program.json(*question, *flags) for question in QUESTIONS]
    for answer in answers:
        answer.pop("head")
    return answers


@pytest.mark.parametrize("what", CHANGES)
def test_what_the_register_said_then_stays_what_it_said(told: Program, what: str) -> None:
    """Whatever is recorded afterwards, every question asked as known earlier is answered as before."""
    moments = ("19", "2025-07-01", "2025-07-01T23:59:59Z")
    before = {moment: told_then(told, "--known-at", moment, "--as-of", "2025-07-02") for moment in moments}
    for command in CHANGES[what]:
        told.clock.move(hours=1)
        told.ok(*command)
    told.clock.move(days=40)
    assert {moment: told_then(told, "--known-at", moment, "--as-of", "2025-07-02") for moment in moments} == before


@pytest.mark.parametrize("what", CHANGES)
def test_the_views_hold_after_every_change(told: Program, what: str) -> None:
    """After any change the stored views are what the whole log gives."""
    for command in CHANGES[what]:
        told.ok(*command)
    assert told.json("replay", "--all")["matches_projection"]
    assert told.json("verify")["ok"]


@pytest.mark.parametrize(
    ("day", "phase", "signed"),
    [
        ("2024-01-31", None, None),
        ("2024-02-29", None, None),
        ("2024-03-01", None, "2024-03-01"),
        ("2024-03-05", "identified", "2024-03-01"),
        ("2024-05-31", "identified", "2024-03-01"),
        ("2024-06-30", "justification", "2024-03-01"),
        ("2024-06", "justification", "2024-03-01"),
        ("2024", "justification", "2024-03-01"),
        ("2099-01-01", "justification", "2024-03-01"),
    ],
)
def test_the_world_on_a_day(told: Program, day: str, phase: str | None, signed: str | None) -> None:
    """As of a day only what had taken effect by then counts; a month or year means its last day."""
    assert told.json("status", "khizi-wind", "--as-of", day)["phase"] == phase
    agreement = told.json("status", "wind-memo", "--as-of", day)
    assert (agreement["signed"] or {}).get("on") == signed


def test_the_list_of_a_day_has_what_was_there(told: Program) -> None:
    """The list as of a day holds the agreements of that day, with their status then."""
    rows = {row["slug"]: row["legal_status"] for row in told.json("list", "--as-of", "2024-02-15")["agreements"]}
    assert rows == {"wind-memo": "opened"}
    assert told.json("list", "--as-of", "2024-01-01")["agreements"] == []
    assert told.json("status", "--as-of", "2024-02-15")["by_legal_status"] == {"opened": 1}


@pytest.mark.parametrize(
    ("known_at", "position", "phase"),
    [
        ("10", 10, None),
        ("11", 11, "identified"),
        ("12", 12, "identified"),
        ("13", 13, "justification"),
        ("2025-07-01T08:09:59Z", 12, "identified"),
        ("2025-07-01T08:10:00Z", 13, "justification"),
        ("2025-07-01T12:10:00", 13, "justification"),
        ("2025-07-01T12:10:00+04:00", 13, "justification"),
        ("2025-06-30", 0, None),
        ("2025-07-01", 19, "justification"),
        ("2025-07", 19, "justification"),
        ("2025", 19, "justification"),
        ("0", 0, None),
    ],
)
def test_what_was_known_at_a_point(told: Program, known_at: str, position: int, phase: str | None) -> None:
    """A position, a day, a month or an instant names the point of the log; a time without a zone is the register's."""
    answer = told.json("status", "khizi-wind", "--known-at", known_at)
    assert (answer["known_at"], answer["phase"]) == (position, phase)


def test_the_two_times_are_asked_together(told: Program) -> None:
    """A late fact is missing from what was known before it, and in its place in the day it is about."""
    told.ok("record", "phase", "khizi-wind", "pre-feasibility", "--on", "2024-04-01", *SOURCE)

    def phase(*flags: str) -> object:
        return told.json("status", "khizi-wind", *flags)["phase"]

    assert phase("--as-of", "2024-04-15") == "pre-feasibility"
    assert phase("--as-of", "2024-04-15", "--known-at", "19") == "identified"
    assert phase() == "justification"


def test_a_late_fact_takes_its_place_in_the_replay(told: Program) -> None:
    """A fact recorded last and dated earlier is replayed where it took effect."""
    told.ok("record", "phase", "khizi-wind", "pre-feasibility", "--on", "2024-04-01", *SOURCE)
    days = [step["event"]["on"] for step in told.json("replay", "khizi-wind")["steps"]]
    assert days == ["2024-03-05", "2024-03-05", "2024-04-01", "2024-05-20", "2024-06"]


def test_a_fact_of_the_future_does_not_count_yet(told: Program) -> None:
    """A fact dated ahead is recorded with a warning, and counts from its day on."""
    answer = told.json("record", "phase", "khizi-wind", "construction", "--on", "2025-09-01", *SOURCE)
    assert "in-future" in [finding["code"] for finding in answer["findings"]]
    assert told.json("status", "khizi-wind")["phase"] == "justification"
    assert told.json("list", "--phase", "construction")["agreements"] == []
    told.clock.now = told.clock.now.replace(month=9)
    assert told.json("status", "khizi-wind")["phase"] == "construction"
    assert [row["slug"] for row in told.json("list", "--phase", "construction")["agreements"]] == ["wind-memo"]


def test_a_term_ends_by_itself(told: Program) -> None:
    """What depends on the day asked, such as the next notice of a term, needs no event."""
    assert told.json("status", "wind-memo")["next"] == {"what": "notice due", "on": "2028-08-28"}
    later = told.json("status", "wind-memo", "--as-of", "2028-12-01")["next"]
    assert later is None or later["on"] > "2028-12-01"


def test_a_replay_of_then_tells_the_steps_of_then(told: Program) -> None:
    """A replay as known earlier, or as of a day, has just the steps of that point, and agrees with status then."""
    for flags in (("--known-at", "13"), ("--as-of", "2024-05-25"), ("--known-at", "12", "--as-of", "2024-04")):
        answer = told.json("replay", "khizi-wind", *flags)
        assert answer["final"] == told.json("status", "khizi-wind", *flags)
        assert answer["matches_projection"]
    assert len(told.json("replay", "khizi-wind", "--known-at", "12")["steps"]) == 2


def test_a_correction_is_seen_from_its_recording_on(told: Program) -> None:
    """Asked as known before a correction the event stands as recorded, after it as corrected."""
    told.ok("correct", "khizi-wind@3", "--set", "phase=appraised", "--reason", "misread")
    then = told.json("show", "khizi-wind@3", "--known-at", "19")["event"]
    now = told.json("show", "khizi-wind@3")["event"]
    assert (then["standing"], now["standing"]) == ("standing", "corrected")
    assert told.json("status", "khizi-wind", "--known-at", "19")["phase"] == "justification"


def test_an_event_of_later_was_not_known(told: Program) -> None:
    """An event recorded after the point asked is not found there."""
    told.refused(3, "show", "khizi-wind@3", "--known-at", "5")


@pytest.mark.parametrize(
    ("flags", "positions"),
    [
        (["--happened-since", "2024-06"], [13, 18, 19]),
        (["--recorded-since", "2025-07-01T08:14:00Z"], [17, 18, 19]),
        (["--recorded-since", "2025-07-02"], []),
        (["--as-of", "2024-01-31"], [1, 2, 14]),
        (["--last", "2"], [18, 19]),
        (["--known-at", "2"], [1, 2]),
        (["--happened-since", "2024-03-02", "--as-of", "2024-05-20"], [11, 12, 15, 16, 17]),
    ],
)
def test_the_log_is_filtered_by_the_axis_named(told: Program, flags: list[str], positions: list[int]) -> None:
    """Each filter of the log is about the time it names: when it happened, or when it was recorded."""
    assert [event["position"] for event in told.json("log", *flags)["events"]] == positions


def test_doubtful_dates_are_answered_possibly(empty: Program) -> None:
    """A date without a year is possibly past on any day: the fact counts, and a flag says possibly."""
    facts = [
        line("ProjectIdentified", "project/mill", "XXXX-04-17", name="Mill"),
        line("PhaseObserved", "project/mill", "XXXX-04-23", phase="justification"),
    ]
    empty.ok("import", "-", stdin=b"\n".join(facts))
    answer = empty.json("status", "mill")
    assert answer["phase"] == "justification"
    assert "possibly" in {flag["code"] for flag in answer["flags"]}
    for number in (1, 2):
        day = ("2025-04-17", "2025-04-23")[number - 1]
        empty.ok("correct", f"mill@{number}", "--refine", day, "--reason", "the gazette's year")
    assert empty.json("status", "mill")["flags"] == []
    assert empty.json("status", "mill", "--as-of", "2025-04-20")["phase"] == "identified"
