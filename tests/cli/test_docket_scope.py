"""`docket`: whose matters they are where there are several commissions, what is over, what was known when."""

from datetime import UTC, datetime

import pytest

from tests.cli.desk import IN_FORCE, bare, told
from tests.cli.program import Program

HELD = "record session joint held --session 1 --on 2025-02-01"
SEVERAL = (
    "new commission 'Rail Commission' --slug rail --side Azerbaijan --side Georgia --on 2024-01-01",
    "new party Railway --slug railway --on 2024-01-01",
    "new agreement Rails --slug rails --on 2024-01-01",
    "record party rails fund --side AZERBAIJAN --on 2024-01-02",
    "record party rails railway --side Georgia --on 2024-01-02",
    "new project Line --slug line --under rails --on 2024-01-03",
)


def slugs(program: Program, *arguments: str) -> set[str]:
    """Return the streams before a commission."""
    return {item["slug"] for item in program.json("docket", *arguments)["items"]}


def test_of_several_commissions_one_must_be_named(paraph: Program) -> None:
    """With two commissions on record `docket` exits 3, names both and says how to choose."""
    bare(paraph, *SEVERAL)
    error = paraph.refused(3, "docket")
    assert (error["code"], error["hint"]) == ("ambiguous", "name one with --commission SLUG")
    assert "joint, rail" in error["message"]
    assert paraph.json("docket", "--commission", "rail")["commission"] == "rail"
    assert paraph.json("docket", "--as-of", "2024-01-01", "--commission", "jo")["commission"] == "joint"


def test_each_commission_sees_what_is_between_its_sides(paraph: Program) -> None:
    """Agreements between a commission's sides and the projects under them are before it; others are not."""
    bare(paraph, *SEVERAL)
    assert slugs(paraph, "--commission", "rail") == {"rails", "line"}
    assert slugs(paraph, "--commission", "joint") == set()


@pytest.mark.parametrize(
    "command",
    [
        "record review mill joint --outcome deferred --on 2025-01-01",
        "record fact InstructionIssued joint --set item=1 --set text=x --about project/mill --on 2025-01-01",
    ],
)
def test_a_commission_sees_what_it_dealt_with(paraph: Program, command: str) -> None:
    """What a commission reviewed or gave an instruction on is before it, and not before the other."""
    bare(
        paraph,
        *SEVERAL,
        command,
        "record session joint held --session 1 --on 2025-02-01",
        "record phase mill construction --on 2025-03-01",
    )
    assert slugs(paraph, "--commission", "joint") == {"mill"}
    assert "mill" not in slugs(paraph, "--commission", "rail")


def test_the_sessions_of_one_commission_carry_nothing_over_for_the_other(paraph: Program) -> None:
    """An instruction is carried over by its own commission's sessions only."""
    bare(
        paraph,
        *SEVERAL,
        "record instruction joint issued 1 --text x --on 2025-01-01",
        "record session rail held --session 1 --on 2025-02-01",
    )
    assert "joint" not in slugs(paraph, "--commission", "joint")
    told(paraph, HELD)
    assert "joint" in slugs(paraph, "--commission", "joint")
    assert "joint" not in slugs(paraph, "--commission", "rail")


@pytest.mark.parametrize(
    "end",
    [
        "record dropped mill --on {day}",
        "record cancelled mill --on {day}",
        "record completed mill --on {day}",
        "record terminated treaty --on {day}",
    ],
)
def test_what_ended_is_told_to_the_next_session_and_then_no_more(paraph: Program, end: str) -> None:
    """An end since the last session is news to it; once a session was held after it, it is over."""
    slug = "treaty" if "treaty" in end else "mill"
    bare(paraph, *IN_FORCE, HELD, end.format(day="2025-03-01"))
    assert slug in slugs(paraph)
    told(paraph, "record session joint held --session 2 --on 2025-04-01")
    assert slug not in slugs(paraph)


def test_what_expired_by_the_calendar_drops_out_too(paraph: Program) -> None:
    """A term that ran out before the last session ends the matter as a recorded end does."""
    bare(paraph, *IN_FORCE, "record term treaty --length P1Y --on 2024-01-01")
    assert "treaty" in slugs(paraph)
    told(paraph, HELD)
    assert "treaty" not in slugs(paraph)


def test_what_was_before_it_as_known_then(paraph: Program) -> None:
    """--known-at answers from the records of then: later ones change neither the items nor what changed."""
    bare(paraph, HELD, "record review mill joint --also treaty --on 2025-02-01")
    told(paraph, "record phase mill construction --on 2025-03-01")
    head = paraph.head()
    assert head is not None
    then = paraph.json("docket", "--known-at", str(head["position"]))["items"]
    assert [item["slug"] for item in then] == ["mill"]
    told(paraph, "retract mill@4 --reason misread", "record phase mill operation --on 2025-04-01 --irregular x")
    assert paraph.json("docket", "--known-at", str(head["position"]))["items"] == then
    assert slugs(paraph, "--known-at", str(head["position"] - 1)) == set()


def test_a_late_record_is_news_though_it_speaks_of_an_earlier_day(paraph: Program) -> None:
    """What was recorded after the last session's day has changed since, even where it took effect before it."""
    paraph.clock.now = datetime(2025, 2, 1, 8, tzinfo=UTC)
    bare(paraph, HELD, "record review mill joint --also treaty --on 2025-02-01")
    paraph.clock.move(days=30)
    told(paraph, "record phase mill justification --on 2025-01-15")
    assert slugs(paraph) == {"mill"}
