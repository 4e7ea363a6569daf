"""`due`: what is late and what is coming, reckoned for the day asked."""

from typing import Any

import pytest

from tests.cli.desk import IN_FORCE, bare, told
from tests.cli.program import Program
from tests.cli.shapes import ASKED, NONE, mismatches

TERM = "record term treaty --start 'entry into force' --length"
DUTIES: dict[str, tuple[tuple[str, ...], dict[str, Any]]] = {
    "instruction": (
        ("record instruction joint issued 7 --text Report --responsible plant --deadline 2025-06-30 --on 2025-01-10",),
        {"stream": "commission/joint", "item": "7", "text": "Report", "responsible": "plant"},
    ),
    "obligation": (
        (*IN_FORCE, "record obligation treaty recorded 'art. 5' --text Pay --debtor fund --due 2025-06-30"),
        {"stream": "agreement/treaty", "item": "art. 5", "text": "Pay", "responsible": "fund"},
    ),
    "milestone": (
        ("record milestone mill planned roof --due 2025-06-30 --text 'Roof on' --responsible plant",),
        {"stream": "project/mill", "item": "roof", "text": "Roof on", "responsible": "plant"},
    ),
    "study": (
        ("record study mill commissioned justification --author 'Institute 3' --due 2025-06-30",),
        {"stream": "project/mill", "item": "justification", "responsible": "Institute 3"},
    ),
    "session": (
        ("record session joint scheduled --session 5 --held-on 2025-06-30 --place Baku",),
        {"stream": "commission/joint", "item": "5", "text": "Baku", "responsible": None},
    ),
}
"""What can be late: the commands that set it up for 30 June 2025, and what is said of it."""

DAYS: dict[str, tuple[str, ...]] = {
    "notice": (*IN_FORCE, f"{TERM} P2Y --notice P6M"),
    "end of term": (*IN_FORCE, f"{TERM} P18M --on 2024-01-01"),
    "obligations end": (*IN_FORCE, "record terminated treaty --sunset-until 2025-06-30 --on 2024-12-31"),
    "entry into force": ("record signed treaty", "record entry-rule treaty date --date 2025-06-30"),
}
"""Days of the calendar to know of: the commands that bring them to 30 June 2025."""


def setting(*commands: str) -> list[str]:
    """Return the commands with 10 January 2025 as the day of those that name none."""
    return [command if "--on" in command else f"{command} --on 2025-01-10" for command in commands]


def items(program: Program, *flags: str) -> list[dict[str, Any]]:
    """Return what is due."""
    found: list[dict[str, Any]] = program.json("due", *flags)["items"]
    return found


@pytest.mark.parametrize("what", DUTIES)
def test_what_somebody_is_to_do_is_late_on_the_day_after_and_not_on_the_day(paraph: Program, what: str) -> None:
    """On its day a deadline is due in no days and not late; on the next it is one day late."""
    commands, said = DUTIES[what]
    bare(paraph, *setting(*commands))
    for day, days, late in (("2025-06-29", 1, False), ("2025-06-30", 0, False), ("2025-07-01", -1, True)):
        [item] = items(paraph, "--as-of", day)
        assert item.items() >= {**said, "what": what, "due": "2025-06-30", "days": days, "late": late}.items()


@pytest.mark.parametrize("what", DAYS)
def test_a_day_of_the_calendar_is_told_beforehand_and_is_never_late(paraph: Program, what: str) -> None:
    """A notice day, an end and an entry into force are told up to their day; the day after they are gone."""
    bare(paraph, *setting(*DAYS[what]))
    assert [(item["what"], item["due"], item["late"]) for item in items(paraph, "--as-of", "2025-06-30")] == [
        (what, "2025-06-30", False)
    ]
    assert what not in [item["what"] for item in items(paraph, "--as-of", "2025-07-01", "--within", "0")]


@pytest.mark.parametrize(
    ("now", "late"),
    [("2025-06-30T19:59:59Z", False), ("2025-06-30T20:00:00Z", True), ("2025-07-01T00:00:00Z", True)],
)
def test_a_deadline_lasts_to_the_end_of_its_day_in_the_registers_time_zone(
    paraph: Program,
    now: str,
    late: bool,  # noqa: FBT001 - a case of the table
) -> None:
    """In Baku a day ends at 20:00 UTC, and with it what was due that day is late."""
    bare(paraph, *setting(*DUTIES["instruction"][0]), now=now)
    assert [item["late"] for item in items(paraph)] == [late]


def test_the_answer_has_the_fields_of_the_contract(paraph: Program) -> None:
    """Every sort of item has the contract's fields with their types, the latest first."""
    bare(paraph, *setting(*(command for commands, _ in DUTIES.values() for command in commands), *DAYS["notice"][2:]))
    answer = paraph.json("due", "--as-of", "2025-06-30")
    item = {"stream": str, "what": str, "due": str, "days": int, "late": bool, "responsible": (str, NONE)}
    assert mismatches(answer, ASKED | {"items": [item]}) == []
    assert sorted(item["what"] for item in answer["items"]) == sorted([*DUTIES, "notice"])
    assert paraph.ok("due", "--as-of", "2025-06-30", "--format", "jsonl").facts == answer["items"]


@pytest.mark.parametrize(
    ("within", "dues"),
    [
        ("0", ["2025-07-01"]),
        ("1", ["2025-07-01", "2025-07-02"]),
        ("30d", ["2025-07-01", "2025-07-02", "2025-07-31"]),
        ("P30D", ["2025-07-01", "2025-07-02", "2025-07-31"]),
        ("6w", ["2025-07-01", "2025-07-02", "2025-07-31", "2025-08-12"]),
        ("P6W", ["2025-07-01", "2025-07-02", "2025-07-31", "2025-08-12"]),
        (None, ["2025-07-01", "2025-07-02", "2025-07-31"]),
    ],
)
def test_within_says_how_far_ahead_to_look(paraph: Program, within: str | None, dues: list[str]) -> None:
    """The last day counted is told, the day after it is not; 30 days are looked ahead unless said otherwise."""
    days = ("2025-07-01", "2025-07-02", "2025-07-31", "2025-08-12", "2025-08-13")
    bare(paraph, *(f"record instruction joint issued {n} --text x --deadline {day} --on 2025-01-01"
                   for n, day in enumerate(days)))  # fmt: skip
    assert [item["due"] for item in items(paraph, *(("--within", within) if within else ()))] == dues


@pytest.mark.parametrize("within", ["soon", "-1", "", "1.5", "3m", "P1M", "P6M", "6ww", "999999", "3661d", "523w"])
def test_a_number_of_days_that_is_none_is_an_error_of_usage(paraph: Program, within: str) -> None:
    """What is no number of days or weeks, or more than ten years, is refused with exit 2, never cut short silently."""
    bare(paraph)
    assert paraph.refused(2, "due", f"--within={within}")["code"] == "usage"


def test_looking_ten_years_ahead_shows_all_of_them(paraph: Program) -> None:
    """The longest look reaches its last day."""
    bare(paraph, "record instruction joint issued 1 --text x --deadline 2035-07-09 --on 2025-01-01")
    assert [item["days"] for item in items(paraph, "--within", "3660d")] == [3660]


def test_check_says_by_its_exit_code_whether_anything_is_late(paraph: Program) -> None:
    """`due --check` exits 0 while nothing is late, 1 as soon as something is, and prints the same."""
    bare(paraph, *setting(*DUTIES["instruction"][0]), now="2025-06-30T08:00:00Z")
    assert paraph("due", "--check", "--json").code == 0
    paraph.clock.move(days=1)
    checked = paraph("due", "--check", "--json")
    assert (checked.code, checked.json, checked.err) == (1, paraph.json("due"), "")


def test_what_was_due_on_a_past_day_is_answered_as_it_was(paraph: Program) -> None:
    """--as-of asks of that day: before it was issued, before and after it was moved, and once it was closed."""
    bare(
        paraph,
        "record instruction joint issued 1 --text x --deadline 2025-03-01 --on 2025-01-10",
        "record instruction joint moved 1 --deadline 2025-05-01 --on 2025-02-20",
        "record instruction joint closed 1 --on 2025-04-20",
    )
    asked = {day: [item["due"] for item in items(paraph, "--as-of", day)] for day in
             ("2025-01-09", "2025-02-19", "2025-04-19", "2025-04-20")}  # fmt: skip
    assert asked == {
        "2025-01-09": [],
        "2025-02-19": ["2025-03-01"],
        "2025-04-19": ["2025-05-01"],
        "2025-04-20": [],
    }


def test_what_the_register_knew_then_is_what_was_due_then(paraph: Program) -> None:
    """--known-at leaves out what was recorded later, even of earlier days."""
    bare(paraph, "record instruction joint issued 1 --text x --deadline 2025-06-30 --on 2025-01-10")
    head = paraph.head()
    assert head is not None
    told(paraph, "record instruction joint closed 1 --on 2025-02-01")
    assert items(paraph) == []
    assert [item["item"] for item in items(paraph, "--known-at", str(head["position"]))] == ["1"]
    assert items(paraph, "--known-at", str(head["position"] - 1)) == []


@pytest.mark.parametrize(
    ("stated", "due"),
    [("2025-06", "2025-06-30"), ("2025", "2025-12-31"), ("2025-06-20?", "2025-06-20"), ("2025-06-01/2025-06-15", None)],
)
def test_an_imprecise_deadline_is_late_only_after_the_last_day_it_may_mean(
    paraph: Program, stated: str, due: str | None
) -> None:
    """June is over after 30 June, 2025 after 31 December; the words of the source are kept beside the day."""
    due = due or "2025-06-15"
    bare(paraph, f"record instruction joint issued 1 --text x --deadline {stated} --on 2024-12-01")
    on_the_day, after = (items(paraph, "--as-of", day)[0] for day in (due, f"{int(due[:4]) + 1}-01-01"))
    assert (on_the_day["due"], on_the_day["stated"], on_the_day["late"]) == (due, stated, False)
    assert (after["due"], after["late"]) == (due, True)


def test_every_missed_occurrence_of_a_recurring_instruction_is_late_by_itself(paraph: Program) -> None:
    """Of a quarterly report the two missed are late and the next one is coming; one done leaves the others."""
    bare(
        paraph,
        "record instruction joint issued 2 --text x --deadline 2025-01-31 --recurrence P3M --until 2025-12-31"
        " --on 2024-12-01",
    )
    assert [(item["due"], item["late"]) for item in items(paraph)] == [
        ("2025-01-31", True),
        ("2025-04-30", True),
        ("2025-07-31", False),
    ]
    told(paraph, "record instruction joint closed 2 --on 2025-07-01")
    assert [item["due"] for item in items(paraph)] == ["2025-04-30", "2025-07-31"]
    told(paraph, "record instruction joint closed 2 --due 2025-07-31 --on 2025-07-01")
    assert [item["due"] for item in items(paraph, "--within", "200d")] == ["2025-04-30", "2025-10-31"]
