"""Flags: what a reader must see, found again by `list --flagged`, counted by the overview and the board."""

from typing import Any

import pytest

from tests.cli.desk import IN_FORCE, bare, told
from tests.cli.program import Program

SKIPPED = ("record operation mill --on 2025-01-01",)
CONTRADICTED = (
    *IN_FORCE,
    "record asserted treaty 'legal status' signed --on 2025-01-01 --source gazette",
)
NOTED = (
    "new agreement Pact --slug pact --on XXXX-04-23",
    "correct pact@1 --refine 2025-04-23 --reason 'inferred: page'",
)


def listed(program: Program, *arguments: str) -> list[str]:
    """Return the slugs a list shows."""
    answer = program.json("list", *arguments)
    [rows] = [rows for name, rows in answer.items() if isinstance(rows, list)]
    return [row["slug"] for row in rows]


def codes(program: Program, slug: str) -> list[str]:
    """Return the flags of a stream."""
    return [flag["code"] for flag in program.json("status", slug)["flags"]]


def test_the_flagged_are_listed_with_their_flags(paraph: Program) -> None:
    """`list --flagged` keeps the agreements with a flag, and has a column for it; without, the column is not there."""
    bare(paraph, *CONTRADICTED, "new agreement Pact --slug pact --on 2024-01-01")
    assert listed(paraph) == ["pact", "treaty"]
    assert listed(paraph, "--flagged") == ["treaty"]
    assert paraph.ok("list", "--flagged").rows[0]["flags"] == "asserted-otherwise"
    assert "flags" not in paraph.ok("list").rows[0]


def test_one_flag_may_be_asked_for(paraph: Program) -> None:
    """`--flag CODE` keeps those with that very flag; a code nobody bears lists nobody."""
    bare(paraph, *CONTRADICTED, *NOTED)
    assert listed(paraph, "--flag", "asserted-otherwise") == ["treaty"]
    assert listed(paraph, "--flag", "inferred-date") == ["pact"]
    assert listed(paraph, "--flag", "phase-skipped") == []
    assert listed(paraph, "--flag", "asserted-otherwise", "--kind", "mou") == []


@pytest.mark.parametrize(
    ("what", "setting", "code"),
    [
        ("projects", SKIPPED, "phase-skipped"),
        ("parties", ("new party 'Bаku' --slug odd --on 2025-01-01",), "strange-letters"),
        ("commissions", ("record fact ProtocolSigned joint --set session=9 --on 2025-01-01",), "unknown-session"),
    ],
)
def test_every_kind_can_be_listed_by_its_flags(paraph: Program, what: str, setting: tuple[str, ...], code: str) -> None:
    """Projects, parties and commissions are listed by their flags too."""
    bare(paraph)
    assert listed(paraph, what, "--flagged") == []
    told(paraph, *setting)
    assert listed(paraph, what, "--flagged") == listed(paraph, what, "--flag", code) != []
    assert code in paraph.ok("list", what, "--flagged").rows[0]["flags"]


def test_other_filters_are_for_agreements(paraph: Program) -> None:
    """Of projects only flags can be asked; anything else is an error of usage that says so."""
    bare(paraph)
    assert "--flagged" in paraph.refused(2, "list", "projects", "--flagged", "--kind", "mou")["message"]


def test_the_overview_and_the_board_count_only_warnings(paraph: Program) -> None:
    """A date inferred is a remark: it can be listed by, but nobody is warned of it."""
    bare(paraph, *NOTED)
    assert codes(paraph, "pact") == ["inferred-date"]
    assert (paraph.json("status")["flagged"], paraph.json("board")["flagged"]) == (0, [])
    assert "Flagged" not in paraph.screen("status")


def test_the_overview_counts_streams_and_the_board_names_them(paraph: Program) -> None:
    """Two flagged streams are two, however many flags each has."""
    bare(paraph, *CONTRADICTED, *SKIPPED, *NOTED)
    flagged: list[dict[str, Any]] = paraph.json("board")["flagged"]
    assert paraph.json("status")["flagged"] == len(flagged) == 2
    assert sorted(row["slug"] for row in flagged) == ["mill", "treaty"]
    assert "mill: phase-skipped" in paraph.screen("board")


@pytest.mark.parametrize(
    ("setting", "slug", "code"),
    [
        (SKIPPED, "mill", "phase-skipped"),
        (CONTRADICTED, "treaty", "asserted-otherwise"),
        (
            (
                "record phase mill construction --on 2025-01-05 --source one",
                "record phase mill appraised --on 2025-01-05 --source two",
            ),
            "mill",
            "sources-disagree",
        ),
        (
            (
                "record value treaty 5 USD --on 2025-01 --source one",
                "record value treaty 6 USD --on 2025-01 --source two",
            ),
            "treaty",
            "sources-disagree",
        ),
        (("record fact EventDisputed mill --set target=mill@1 --set reason=x",), "mill", "disputed"),
        (("correct mill@1 --set planned_end=2025-06-30 --reason x",), "mill", "past-planned-end"),
        (
            ("record signed treaty --on 2025-01-01", "record entry-rule treaty signature --on 2025-01-01"),
            "treaty",
            "entry-into-force-due",
        ),
        (("record phase mill construction --on 2025",), "mill", "possibly"),
    ],
)
def test_a_contradiction_and_a_doubt_are_flagged(
    paraph: Program, setting: tuple[str, ...], slug: str, code: str
) -> None:
    """What is told twice otherwise, skipped, disputed, overdue or possibly so is flagged, and nothing is chosen."""
    bare(paraph)
    assert codes(paraph, slug) == []
    told(paraph, *setting)
    assert codes(paraph, slug) == [code]


def test_a_flag_of_the_calendar_comes_with_its_day(paraph: Program) -> None:
    """A planned end is past on the day after it, and what it says of earlier days stays unflagged."""
    bare(paraph, "correct mill@1 --set planned_end=2025-06-30 --reason x")
    on = {day: listed(paraph, "projects", "--flagged", "--as-of", day) for day in ("2025-06-30", "2025-07-01")}
    assert on == {"2025-06-30": [], "2025-07-01": ["mill"]}


def test_what_was_set_right_is_flagged_no_more(paraph: Program) -> None:
    """Once the cause is struck the flag is gone, and stands where it stood before that was known."""
    bare(paraph, *SKIPPED)
    head = paraph.head()
    assert head is not None
    paraph.ok("undo")
    assert codes(paraph, "mill") == []
    assert listed(paraph, "projects", "--flagged", "--known-at", str(head["position"])) == ["mill"]
