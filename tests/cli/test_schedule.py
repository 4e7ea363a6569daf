"""The clock: every deadline is called to mind once for each lead, whatever the day, the runner or the pause."""

import random
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from tests.cli.deadlines import FIRST, deadlines, expected, fired, instruction, opened, session, told
from tests.cli.program import Program, line


@pytest.fixture
def desk(paraph: Program) -> Program:
    """Return the program beside a register with a commission."""
    opened(paraph)
    return paraph


def test_a_deadline_is_called_to_mind_at_each_lead(desk: Program) -> None:
    """Thirty days, seven days and on the day itself, once each, however often rounds are made."""
    due = FIRST + timedelta(days=40)
    told(desk, instruction("1", due))
    for _ in range(45):
        desk.ok("schedule", "once")
        desk.ok("schedule", "once")
        desk.clock.move(days=1)
    assert deadlines(desk) == {
        ("instruction 1", str(due), str(due - timedelta(days=lead)), lead): 1 for lead in (30, 7, 0)
    }


@pytest.mark.parametrize("pause", [2, 8, 40])
def test_a_pause_leaves_the_log_as_if_there_had_been_none(desk: Program, pause: int) -> None:
    """After any number of days down each reminder is fired once, for the day it was meant for."""
    dues = {str(n): FIRST + timedelta(days=n) for n in range(0, 75, 3)}
    told(desk, *(instruction(item, due) for item, due in dues.items()))
    for days in (1, pause, 1):
        desk.ok("schedule", "once")
        desk.clock.move(days=days)
    desk.ok("schedule", "once")
    assert deadlines(desk) == expected(dues, FIRST + timedelta(days=pause + 2))
    rounds = [event for event in desk.json("log")["events"] if event["type"] == "RoundCompleted"]
    assert [event["on"] for event in rounds] == [str(FIRST + timedelta(days=n)) for n in range(pause + 3)]


def test_a_message_after_a_pause_names_each_deadline_once(desk: Program) -> None:
    """Three reminders of one deadline that come together are one line, with how far the deadline is today."""
    told(desk, instruction("1", FIRST + timedelta(days=35)))
    desk.ok("schedule", "once")
    desk.clock.move(days=40)
    answer = desk.ok("schedule", "once")
    assert answer.out.splitlines()[0] == "paraph: 1 reminder, 2025-08-10"
    assert "late 5 days" in answer.out
    assert sum(deadlines(desk).values()) == 3


def test_a_deadline_learned_late_is_called_to_mind_once(desk: Program) -> None:
    """Of the leads that have passed only the tightest fires; one that is late already fires too."""
    desk.ok("schedule", "once")
    desk.clock.move(days=10)
    desk.ok("schedule", "once")
    today = FIRST + timedelta(days=10)
    told(desk, instruction("near", today + timedelta(days=5)), instruction("late", today - timedelta(days=2)))
    desk.ok("schedule", "once")
    assert sorted((row["item"], row["days"]) for row in fired(desk) if row["job"] == "due") == [
        ("instruction late", 0),
        ("instruction near", 7),
    ]


def test_what_is_learned_on_a_day_is_called_to_mind_that_day(desk: Program) -> None:
    """A day that is done is looked at again, but is done once."""
    desk.ok("schedule", "once")
    desk.clock.move(hours=2)
    told(desk, instruction("1", FIRST))
    assert "in 0 days" not in (out := desk.ok("schedule", "once").out)
    assert "today" in out
    assert [event["type"] for event in desk.json("log")["events"]].count("RoundCompleted") == 1


def test_what_was_due_before_the_clock_began_is_not_called_to_mind(desk: Program) -> None:
    """The first round does not begin with years of old deadlines."""
    told(desk, instruction("old", FIRST - timedelta(days=1)), instruction("new", FIRST))
    desk.ok("schedule", "once")
    assert [row["item"] for row in fired(desk) if row["job"] == "due"] == ["instruction new"]


def test_what_was_struck_closed_or_moved_is_not_called_to_mind(desk: Program) -> None:
    """A deadline no longer open does not fire; a moved one fires for its new day."""
    due = FIRST + timedelta(days=20)
    told(desk, *(instruction(item, due) for item in ("struck", "closed", "moved")))
    desk.ok("retract", "joint-com@2", "--reason", "never issued")
    closed = line("InstructionClosed", "commission/joint-com", "2025-06-30", item="closed")
    later = due + timedelta(days=10)
    moved = line("InstructionDeadlineMoved", "commission/joint-com", "2025-06-30", item="moved", deadline=str(later))
    told(desk, closed, moved)
    for _ in range(35):
        desk.ok("schedule", "once")
        desk.clock.move(days=1)
    assert {(row["item"], row["due"]) for row in fired(desk) if row["job"] == "due"} == {
        ("instruction moved", str(later))
    }


def test_a_notice_is_called_to_mind_long_before(desk: Program) -> None:
    """A day of notice is called to mind ninety, thirty and seven days ahead."""
    for side in ("north", "south"):
        desk.ok("new", "party", side, "--slug", side, "--on", "2021-01-01")
    desk.ok("new", "agreement", "A cargo treaty", "--slug", "cargo", "--party", "north", "--party", "south", "--on",
            "2021-01-01")  # fmt: skip
    desk.ok("record", "signed", "cargo", "--on", "2021-01-01")
    desk.ok("record", "in-force", "cargo", "--on", "2021-01-01")
    desk.ok("record", "term", "cargo", "--start", "signature", "--length", "P5Y", "--renewal", "tacit", "--notice",
            "P3M", "--on", "2021-01-01")  # fmt: skip
    for _ in range(100):
        desk.ok("schedule", "once")
        desk.clock.move(days=1)
    notices = [row for row in fired(desk) if row.get("item") == "notice"]
    [due] = {date.fromisoformat(row["due"]) for row in notices}
    assert [(row["on"], row["days"]) for row in notices] == [
        (str(max(FIRST, due - timedelta(days=lead))), lead) for lead in (90, 30, 7)
    ]


def test_a_docket_is_made_before_a_session(desk: Program) -> None:
    """Seven days before a session its docket is sent, once; when it is put off, again before the new day."""
    told(desk, session("5", FIRST + timedelta(days=7)), instruction("1", FIRST - timedelta(days=3)))
    answer = desk.ok("schedule", "once")
    assert "docket of joint-com for its session 5 on 2025-07-08" in answer.out
    assert "instruction 1 overdue by 3 days" in answer.out
    assert "docket" not in desk.ok("schedule", "once").out
    later = str(FIRST + timedelta(days=9))
    told(desk, line("SessionPostponed", "commission/joint-com", "2025-06-30", session="5", held_on=later))
    desk.clock.move(days=2)
    assert "on 2025-07-10" in desk.ok("schedule", "once").out
    assert [row["due"] for row in fired(desk) if row["job"] == "docket"] == ["2025-07-08", "2025-07-10"]


def test_the_integrity_check_is_not_made_up_for(desk: Program) -> None:
    """It runs once a day; days that nobody was there for are let go."""
    for days in (0, 1, 40):
        desk.clock.move(days=days)
        assert desk.json("schedule", "once")["verify"]["ok"]
        assert desk.json("schedule", "once")["verify"] is None
    assert len([row for row in fired(desk) if row["job"] == "verify"]) == 3


def test_leads_are_as_said(desk: Program) -> None:
    """--lead replaces the days ahead."""
    told(desk, instruction("1", FIRST + timedelta(days=3)))
    for _ in range(5):
        desk.ok("schedule", "once", "--lead", "2", "--lead", "1")
        desk.clock.move(days=1)
    assert [row["days"] for row in fired(desk) if row["job"] == "due"] == [2, 1]


def test_reminders_are_found_in_the_history_of_what_they_are_about(desk: Program) -> None:
    """The log of a stream shows when it was called to mind; the register verifies and its views hold."""
    told(desk, instruction("1", FIRST))
    desk.ok("schedule", "once")
    assert "ReminderFired" in desk.ok("log", "joint-com").out
    assert desk.json("verify")["ok"]
    assert desk.json("replay", "--all")["matches_projection"]


def test_a_preview_tells_what_then_fires(desk: Program) -> None:
    """A preview records nothing, and what it says is what fires, day by day."""
    dice = random.Random(5)  # noqa: S311 - it makes a register
    dues = {str(n): FIRST + timedelta(days=dice.randrange(60)) for n in range(12)}
    told(desk, session("5", FIRST + timedelta(days=20)), *(instruction(item, due) for item, due in dues.items()))
    head = desk.head()
    foretold = desk.json("schedule", "preview", "--days", "45")["reminders"]
    assert desk.head() == head
    for _ in range(46):
        desk.ok("schedule", "once")
        desk.clock.move(days=1)
    seen = [(row["on"], row["job"], row.get("item"), row.get("due"), row.get("days")) for row in fired(desk)]
    told_before = [(row["day"], row["job"], row["item"], row["due"], row["days"]) for row in foretold]
    assert sorted(told_before) == sorted(row for row in seen if row[1] in {"due", "docket"})


def test_the_list_tells_how_far_the_clock_came(desk: Program) -> None:
    """Jobs and their leads, the next round in both times, the last, and what did not arrive."""
    before = desk.json("schedule", "list")
    assert (before["started_on"], before["last_round"], before["undelivered"]) == (None, None, [])
    assert before["next"] == {"local": "2025-07-01T08:00:00+04:00", "utc": "2025-07-01T04:00:00+00:00"}
    told(desk, instruction("1", FIRST))
    assert desk("schedule", "once", "--to", "command:false").code == 1
    after = desk.json("schedule", "list")
    assert (after["started_on"], after["last_round"]) == ("2025-07-01", "2025-07-01")
    assert after["next"]["local"] == "2025-07-02T08:00:00+04:00"
    assert [row["problem"] for row in after["undelivered"]] == ["the command ended with 1"]
    assert "1 reminder not delivered" in desk.screen("schedule", "list")


def test_a_round_in_json_tells_what_fired(desk: Program) -> None:
    """With --json stdout holds the round and nothing else."""
    told(desk, instruction("1", FIRST))
    answer = desk.json("schedule", "once")
    reminder, check = answer["fired"]
    assert (reminder["stream"], reminder["item"], reminder["due"]) == (
        "commission/joint-com",
        "instruction 1",
        "2025-07-01",
    )
    assert answer["delivered"] == [
        {"reminder": reminder["id"], "outlet": "stdout"},
        {"reminder": check["id"], "outlet": "verify"},
    ]
    assert answer["failed"] == []


def test_a_clock_set_back_calls_nothing_to_mind_again(desk: Program) -> None:
    """A day that comes twice is done once."""
    told(desk, instruction("1", FIRST + timedelta(days=1)))
    for days in (0, 1, -1, 1):
        desk.clock.move(days=days)
        desk.ok("schedule", "once")
    assert set(deadlines(desk).values()) == {1}


def test_text_of_a_record_is_told_inert(desk: Program) -> None:
    """What a reminder quotes acts on no terminal and breaks no line."""
    told(desk, instruction("1", FIRST, text="one\ntwo \u202eevil [red]x[/red]"))
    out = desk.ok("schedule", "once").out
    assert "one two \\u202eevil [red]x[/red]" in out


def test_usage_errors_are_told_before_anything_is_recorded(desk: Program) -> None:
    """A wrong time, lead or outlet ends with 2."""
    for wrong in (["--at", "25:00"], ["--lead", "-1"], ["--to", "pigeon:x"], ["--keep-backups", "0"]):
        desk.refused(2, "schedule", "once", *wrong)


def test_before_the_hour_the_day_is_not_done(paraph: Program) -> None:
    """The round of a day waits for its hour in the register's zone."""
    opened(paraph)
    told(paraph, instruction("1", FIRST))
    paraph.clock.now = datetime(2025, 7, 1, 3, 59, tzinfo=UTC)
    assert paraph.json("schedule", "once")["fired"] == []
    paraph.clock.move(minutes=1)
    assert len(paraph.json("schedule", "once")["fired"]) == 2


def test_backups_are_made_daily_and_the_oldest_go(desk: Program) -> None:
    """With --backup each day leaves a register that verifies, and only so many are kept."""
    Path("safe").mkdir()
    Path("safe/paraph-notes.db").write_text("mine")
    for _ in range(5):
        answer = desk.json("schedule", "once", "--backup", "safe", "--keep-backups", "3")
        assert desk.json("verify", "--db", answer["backup"])["ok"]
        assert desk.json("schedule", "once", "--backup", "safe")["backup"] is None
        desk.clock.move(days=1)
    found = sorted(path.name for path in Path("safe").iterdir() if "journal" not in path.name)
    assert found == [f"paraph-2025-07-0{day}.db" for day in (3, 4, 5)] + ["paraph-notes.db"]


def test_a_backup_that_fails_is_told_and_tried_again_on_request(desk: Program) -> None:
    """Without a folder to put it in the round ends with 1; asked again, the backup is made."""
    answer = desk("schedule", "once", "--backup", "safe")
    assert answer.code == 1
    assert "no backup could be made: missing" in answer.err
    Path("safe").mkdir()
    assert desk.json("schedule", "once", "--backup", "safe", "--redeliver")["backup"] == "safe/paraph-2025-07-01.db"
    assert desk.json("schedule", "list")["undelivered"] == []
