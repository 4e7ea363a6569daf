"""`due`: what is done, given up or over asks for nothing any more."""

import pytest

from tests.cli.desk import IN_FORCE, bare, told
from tests.cli.program import Program

INSTRUCTED = "record instruction joint issued 1 --text x --deadline 2025-06-01 --on 2025-01-10"
OBLIGED = "record obligation treaty recorded 5 --text x --due 2025-06-01 --on 2025-01-10"
PLANNED = "record milestone mill planned roof --due 2025-06-01 --on 2025-01-10"
STUDIED = "record study mill started justification --due 2025-06-01 --on 2025-01-10"
SCHEDULED = "record session joint scheduled --session 5 --held-on 2025-06-01 --on 2025-01-10"


def dues(program: Program, *flags: str) -> list[tuple[str, str]]:
    """Return what is due, and by when."""
    return [(item["what"], item["due"]) for item in program.json("due", *flags)["items"]]


@pytest.mark.parametrize(
    ("set_up", "done"),
    [
        (INSTRUCTED, "record instruction joint closed 1"),
        (INSTRUCTED, "record instruction joint cancelled 1"),
        (OBLIGED, "record obligation treaty fulfilled 5"),
        (OBLIGED, "record obligation treaty waived 5"),
        (PLANNED, "record milestone mill met roof"),
        (PLANNED, "record dropped mill"),
        (PLANNED, "record cancelled mill"),
        (PLANNED, "record completed mill"),
        (STUDIED, "record study mill submitted justification"),
        (STUDIED, "record dropped mill"),
        (SCHEDULED, "record session joint held --session 5"),
        (SCHEDULED, "record session joint postponed --session 5"),
        (INSTRUCTED, "retract joint@2 --reason misread"),
    ],
)
def test_what_is_done_or_given_up_is_due_no_more(paraph: Program, set_up: str, done: str) -> None:
    """It is late until the act that ends it, and then asks for nothing."""
    bare(paraph, *IN_FORCE, set_up)
    assert [day for _, day in dues(paraph)] == ["2025-06-01"]
    told(paraph, done)
    assert dues(paraph) == []


@pytest.mark.parametrize(
    ("set_up", "said"),
    [
        (INSTRUCTED, "record instruction joint reported 1"),
        (INSTRUCTED, "record instruction joint progress 1 --report half"),
        (OBLIGED, "record obligation treaty reported 5"),
        (OBLIGED, "record obligation treaty breached 5"),
        (PLANNED, "record milestone mill missed roof"),
        (PLANNED, "record suspended mill"),
        (STUDIED, "record study mill returned justification"),
    ],
)
def test_what_is_only_spoken_of_stays_due(paraph: Program, set_up: str, said: str) -> None:
    """A report not confirmed, a breach, a missed milestone, a standstill: it is still to be done."""
    bare(paraph, *IN_FORCE, set_up)
    before = dues(paraph)
    told(paraph, said)
    assert dues(paraph) == before != []


@pytest.mark.parametrize(
    ("closed", "again"),
    [
        ((INSTRUCTED, "record instruction joint closed 1"), "record instruction joint reopened 1"),
        ((OBLIGED, "record obligation treaty fulfilled 5"), "record obligation treaty reopened 5"),
        ((STUDIED, "record study mill submitted justification"), "record study mill returned justification"),
        ((PLANNED, "record milestone mill missed roof"), "record milestone mill rescheduled roof --due 2025-06-02"),
    ],
)
def test_what_is_opened_again_is_due_again(paraph: Program, closed: tuple[str, str], again: str) -> None:
    """Reopened, returned or rescheduled it is due as before, or by its new day."""
    bare(paraph, *IN_FORCE, *closed)
    told(paraph, again)
    assert [day for _, day in dues(paraph)] == ["2025-06-02" if "rescheduled" in again else "2025-06-01"]


def test_what_fell_due_before_an_agreement_ended_stays_due_after_it(paraph: Program) -> None:
    """An ended agreement owes what fell due by its end, and nothing that would fall due after it."""
    bare(
        paraph,
        *IN_FORCE,
        "record obligation treaty recorded before --text x --due 2025-03-31 --on 2024-02-01",
        "record obligation treaty recorded after --text x --due 2025-04-01 --on 2024-02-01",
        "record terminated treaty --on 2025-03-31",
    )
    assert dues(paraph) == [("obligation", "2025-03-31")]


def test_what_survives_the_end_is_owed_until_it_does_not(paraph: Program) -> None:
    """Obligations that outlive the agreement fall due until they end."""
    bare(
        paraph,
        *IN_FORCE,
        "record obligation treaty recorded yearly --text x --due 2024-12-31 --recurrence P1Y --on 2024-02-01",
        "record obligation treaty fulfilled yearly --due 2024-12-31 --on 2025-01-05",
        "record terminated treaty --sunset-until 2026-12-31 --on 2025-03-31",
    )
    assert dues(paraph, "--within", "3000d") == [
        ("obligation", "2025-12-31"),
        ("obligation", "2026-12-31"),
        ("obligations end", "2026-12-31"),
    ]


def test_an_expired_agreement_owes_what_fell_due_in_its_term(paraph: Program) -> None:
    """A term that ran out by the calendar ends what is owed as a termination does."""
    bare(
        paraph,
        *IN_FORCE,
        "record term treaty --length P1Y --on 2024-01-01",
        "record obligation treaty recorded yearly --text x --due 2024-06-30 --recurrence P1Y --on 2024-02-01",
    )
    assert dues(paraph) == [("obligation", "2024-06-30")]


def test_a_notice_day_that_is_past_gives_way_to_the_next_one(paraph: Program) -> None:
    """A tacitly renewed term tells the notice day of the coming end, not one that is over."""
    bare(
        paraph, *IN_FORCE, "record term treaty --length P1Y --renewal tacit --notice P6M --on 2024-01-01",
    )  # fmt: skip
    asked = (("2024-06-30", "0"), ("2024-07-01", "180d"), ("2024-07-01", "364d"))
    found = [[day for what, day in dues(paraph, "--as-of", on, "--within", n) if what == "notice"] for on, n in asked]
    assert found == [["2024-06-30"], [], ["2025-06-30"]]
