"""`paraph export --format ics`: deadlines as a calendar that other calendars can keep in step with."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar

from tests.cli.desk import IN_FORCE, bare, told
from tests.cli.program import Program
from tests.cli.test_due import DAYS, DUTIES, setting

ISSUED = "record instruction joint issued 7 --text Report --responsible plant --deadline 2025-09-30 --on 2025-01-10"
SESSION = "record session joint scheduled --session 5 --held-on 2025-09-30 --place Baku --on 2025-01-10"


def calendar(program: Program, *flags: str) -> dict[str, Any]:
    """Return the calendar's entries by UID; each UID occurs once."""
    program.ok("export", "--format", "ics", "-o", "d.ics", "--force", *flags)
    found = Calendar.from_ical(Path("d.ics").read_bytes())
    entries = {str(entry["UID"]): entry for entry in found.walk("VEVENT")}
    assert len(entries) == len(found.walk("VEVENT"))
    return entries


def only(program: Program, *flags: str) -> Any:
    """Return the one entry the calendar has."""
    [entry] = calendar(program, *flags).values()
    return entry


def stands(entry: Any) -> tuple[str, int, date]:
    """Return the status, sequence and first day of an entry."""
    return str(entry["STATUS"]), int(entry["SEQUENCE"]), entry.decoded("DTSTART")


@pytest.mark.parametrize("what", [*DUTIES, *DAYS])
def test_everything_due_is_an_entry(paraph: Program, what: str) -> None:
    """Whatever `due` knows of on 30 June 2025 is an all-day entry of that day, named for what it is."""
    bare(paraph, *setting(*(DUTIES[what][0] if what in DUTIES else DAYS[what])), now="2025-05-01T08:00+00:00")
    days = {str(entry["SUMMARY"]): entry for entry in calendar(paraph).values()}
    [entry] = [found for name, found in days.items() if name.startswith(what.capitalize())]
    assert stands(entry)[0::2] == ("CONFIRMED", date(2025, 6, 30))
    assert entry.decoded("DTEND") == date(2025, 7, 1)
    assert entry["DTSTART"].params["VALUE"] == "DATE"
    assert str(entry["CATEGORIES"].to_ical().decode()) == what


def test_a_moved_deadline_is_the_same_entry_with_a_higher_sequence(paraph: Program) -> None:
    """Each move keeps the UID and counts SEQUENCE up; the day is the new one."""
    bare(paraph, ISSUED, now="2025-07-02T08:00+00:00")
    first = only(paraph)
    assert stands(first) == ("CONFIRMED", 0, date(2025, 9, 30))
    for number, day in enumerate((date(2025, 10, 31), date(2025, 8, 31)), 1):
        paraph.clock.move(days=1)
        told(paraph, f"record instruction joint moved 7 --deadline {day} --on 2025-05-0{number + 1}")
        entry = only(paraph)
        assert (entry["UID"], stands(entry)) == (first["UID"], ("CONFIRMED", number, day))
        assert entry.decoded("DTSTAMP") == paraph.clock.now


def test_a_session_that_is_postponed_and_held(paraph: Program) -> None:
    """A session keeps its entry when its day moves, and stays in the calendar once it was held."""
    bare(paraph, SESSION, now="2025-05-01T08:00+00:00")
    first = only(paraph)
    told(paraph, "record session joint postponed --session 5 --held-on 2025-11-04 --on 2025-05-02")
    assert stands(only(paraph)) == ("CONFIRMED", 1, date(2025, 11, 4))
    told(paraph, "record session joint held --session 5 --on 2025-11-04")
    entry = only(paraph)
    assert (entry["UID"], entry["STATUS"]) == (first["UID"], "CONFIRMED")
    assert str(entry["SUMMARY"]).startswith("Done: ")


@pytest.mark.parametrize(
    ("issued", "end"),
    [
        (ISSUED, "retract joint@2 --reason 'wrong commission'"),
        (ISSUED, "record instruction joint cancelled 7 --on 2025-05-02"),
        (SESSION, "retract joint@2 --reason 'wrong commission'"),
        ("record milestone mill planned roof --due 2025-09-30 --text Roof --on 2025-01-10", "record cancelled mill"),
    ],
)
def test_what_is_taken_back_is_cancelled(paraph: Program, issued: str, end: str) -> None:
    """A retracted or cancelled deadline stays in the file as CANCELLED with a higher SEQUENCE, so calendars drop it."""
    bare(paraph, issued, now="2025-05-01T08:00+00:00")
    first = only(paraph)
    told(paraph, end)
    entry = only(paraph)
    assert (entry["UID"], *stands(entry)) == (first["UID"], "CANCELLED", 1, date(2025, 9, 30))


def test_what_is_taken_back_and_said_again_comes_back(paraph: Program) -> None:
    """A retraction that is withdrawn brings the same entry back, and calendars see that it is newer."""
    bare(paraph, ISSUED, now="2025-05-01T08:00+00:00")
    first = only(paraph)
    told(paraph, "retract joint@2 --reason 'wrong commission'", "retract joint@3 --reason 'it was right'")
    entry = only(paraph)
    assert (entry["UID"], *stands(entry)) == (first["UID"], "CONFIRMED", 2, date(2025, 9, 30))


def test_what_was_done_stays_as_done(paraph: Program) -> None:
    """A closed instruction is no deadline any more; its entry says so and is not cancelled."""
    bare(paraph, ISSUED, now="2025-05-01T08:00+00:00")
    told(paraph, "record instruction joint closed 7 --on 2025-05-02")
    entry = only(paraph)
    assert stands(entry)[:2] == ("CONFIRMED", 1)
    assert str(entry["SUMMARY"]) == "Done: Instruction 7: Report"


def test_an_agreement_that_entered_into_force_on_its_day(paraph: Program) -> None:
    """The day of entry into force, once it came about, is done and not cancelled."""
    bare(paraph, *setting(*DAYS["entry into force"]), now="2025-05-01T08:00+00:00")
    assert stands(only(paraph))[0] == "CONFIRMED"
    paraph.clock.move(days=90)
    told(paraph, "record in-force treaty --on 2025-06-30")
    entry = only(paraph, "--as-of", "2025-06-30")
    assert (str(entry["STATUS"]), str(entry["SUMMARY"])[:5]) == ("CONFIRMED", "Done:")


def test_a_recurring_duty_has_an_entry_for_each_day(paraph: Program) -> None:
    """Each occurrence within the horizon is an entry of its own, and doing one leaves the others."""
    told_ = "record obligation treaty recorded report --text Report --debtor fund --due 2025-06-30 --recurrence P3M"
    bare(paraph, *IN_FORCE, *setting(told_), now="2025-05-01T08:00+00:00")
    days = sorted(entry.decoded("DTSTART") for entry in calendar(paraph, "--within", "200d").values())
    assert days == [date(2025, 6, 30), date(2025, 9, 30)]
    before = set(calendar(paraph, "--within", "200d"))
    told(paraph, "record obligation treaty fulfilled report --on 2025-06-20")
    entries = calendar(paraph, "--within", "200d")
    assert set(entries) == before
    assert sorted(str(entry["SUMMARY"])[:5] for entry in entries.values()) == ["Done:", "Oblig"]


def test_two_exports_of_the_same_head_are_the_same_file(seeded: Program) -> None:
    """The file is a function of the log and the day asked: no clock, no chance."""
    issued = ISSUED.replace("--responsible plant ", "")
    told(seeded, "new commission 'Joint' --slug joint --side Azerbaijan --side China --on 2025-01-01", issued, SESSION)
    calendar(seeded, "--as-of", "2025-07-02")
    first = Path("d.ics").read_bytes()
    seeded.clock.move(hours=5)
    calendar(seeded, "--as-of", "2025-07-02")
    assert Path("d.ics").read_bytes() == first
    assert b"\r\n" in first
    assert first.replace(b"\r\n", b"").count(b"\n") == 0
    assert max(map(len, first.split(b"\r\n"))) <= 75


def test_two_registers_never_share_an_entry(paraph: Program) -> None:
    """The same deadline in another register has another UID."""
    bare(paraph, ISSUED)
    first = only(paraph)
    Path("paraph.db").unlink()
    bare(paraph, ISSUED)
    assert only(paraph)["UID"] != first["UID"]


def test_what_was_known_before(paraph: Program) -> None:
    """With --known-at the calendar is the one of that time, sequence and all."""
    bare(paraph, ISSUED, now="2025-05-01T08:00+00:00")
    position = (paraph.head() or {})["position"]
    told(paraph, "record instruction joint moved 7 --deadline 2025-12-31 --on 2025-05-02")
    assert stands(only(paraph, "--known-at", str(position))) == ("CONFIRMED", 0, date(2025, 9, 30))


def test_text_cannot_break_out(paraph: Program) -> None:
    """Line breaks, semicolons and words of the format in a text stay text."""
    text = "Report; now,\\nEND:VEVENT\nBEGIN:VEVENT\nSUMMARY:forged"
    bare(paraph)
    paraph.ok("record", "instruction", "joint", "issued", "7", "--text", text, "--deadline", "2025-09-30")
    entry = only(paraph)
    assert str(entry["SUMMARY"]).endswith(text)


def test_an_imprecise_deadline_is_its_last_day(paraph: Program) -> None:
    """A deadline of a month lasts to its end, as `due` reckons."""
    bare(paraph, ISSUED.replace("2025-09-30", "2025-09"), now="2025-05-01T08:00+00:00")
    assert only(paraph).decoded("DTSTART") == date(2025, 9, 30)
    assert only(paraph).decoded("DTEND") - only(paraph).decoded("DTSTART") == timedelta(days=1)
