"""Merged parties read as one, whatever way the merges run; nothing of their files is rewritten."""

from typing import Any

import pytest

from tests.cli.desk import told as run
from tests.cli.program import Program

FOUR = [
    f"new party 'Company {letter.upper()}' --slug company-{letter} --country AZ --on 2024-01-01" for letter in "abcd"
]
DEALS = [
    f"new agreement 'Deal {letter.upper()}' --slug deal-{letter} --party company-{letter} --on 2024-02-01"
    for letter in "abcd"
]


@pytest.fixture
def four(empty: Program) -> Program:
    """Return the program beside a register of four companies, each with a deal of its own."""
    run(empty, *FOUR, *DEALS)
    return empty


def merge(program: Program, *pairs: str, on: str = "2024-03-01") -> None:
    """Merge companies, each pair of letters the one that goes on and the one it takes in."""
    run(program, *(f"record merged company-{pair[0]} company-{pair[1]} --on {on}" for pair in pairs))


def who(program: Program, letter: str, *flags: str) -> dict[str, Any]:
    """Return a company's status."""
    status: dict[str, Any] = program.json("status", f"company-{letter}", *flags)
    return status


def deals(program: Program, letter: str) -> list[str]:
    """Return the agreements listed with a company."""
    return [row["slug"] for row in program.json("list", "--party", f"company-{letter}")["agreements"]]


def test_two_files_of_one_party_are_listed_together(four: Program) -> None:
    """Whichever of the two is asked for, the agreements of both are listed, and nobody else's."""
    merge(four, "ab")
    assert deals(four, "a") == deals(four, "b") == ["deal-a", "deal-b"]
    assert deals(four, "c") == ["deal-c"]


def test_the_status_of_each_says_who_goes_on(four: Program) -> None:
    """The one taken in goes on as the other, and each names its fellow; an outsider names nobody."""
    merge(four, "ab")
    assert [(who(four, x)["merged_into"], who(four, x)["one_with"]) for x in "abc"] == [
        (None, ["company-b"]),
        ("company-a", ["company-a"]),
        (None, []),
    ]


def test_both_show_what_either_is_in_and_under_which_file(four: Program) -> None:
    """The roles are the same from both sides; the file that says so is named."""
    merge(four, "ab")
    shown = [[(role["slug"], role["role"], role["as"]) for role in who(four, x)["roles"]] for x in "ab"]
    assert shown == [[("deal-a", "signatory", "company-a"), ("deal-b", "signatory", "company-b")]] * 2


def test_an_agreement_names_the_party_that_goes_on(four: Program) -> None:
    """The line keeps the slug it was recorded with and shows the name that goes on."""
    merge(four, "ab")
    [line] = four.json("status", "deal-b")["parties"]
    assert (line["slug"], line["name"], line["merged_into"]) == ("company-b", "Company A", "company-a")


def test_nothing_of_either_file_is_rewritten(four: Program) -> None:
    """The events of the one taken in are what they were, and its agreements hold what they held."""
    before = four.json("log", "deal-b")["events"], four.json("log", "party/company-b")["events"]
    merge(four, "ab")
    after = four.json("log", "deal-b")["events"], four.json("log", "party/company-b")["events"]
    assert after[0] == before[0]
    assert [event for event in after[1] if event["type"] != "PartiesMerged"] == before[1]


def test_a_merge_undone_parts_them_again(four: Program) -> None:
    """Two parties after all: each has its own agreements and its own name, and on the days between they were one."""
    merge(four, "ab")
    run(four, "record unmerged company-a company-b --reason namesakes --on 2024-05-01")
    assert (deals(four, "a"), deals(four, "b")) == (["deal-a"], ["deal-b"])
    assert who(four, "b")["merged_into"] is None
    assert who(four, "b", "--as-of", "2024-04-01")["merged_into"] == "company-a"
    four.refused(4, "record", "unmerged", "company-a", "company-b")


def test_a_merge_counts_from_its_day_on(four: Program) -> None:
    """Asked of an earlier day, or of what was known before, the two are two."""
    head = four.head()
    assert head is not None
    merge(four, "ab")
    for flags in (["--as-of", "2024-02-28"], ["--known-at", str(head["position"])]):
        assert (who(four, "b", *flags)["merged_into"], who(four, "a", *flags)["one_with"]) == (None, [])


@pytest.mark.parametrize(
    ("pairs", "goes_on"),
    [
        (("ab", "bc"), "a"),
        (("bc", "ab"), "a"),
        (("ba", "cb", "dc"), "d"),
        (("ab", "ac"), "a"),
        (("ac", "bc"), "a"),
        (("ab", "cd", "bc"), "a"),
        (("ab", "ba"), "a"),
        (("ba", "cb", "ac"), "a"),
        (("bc", "cb", "ab"), "a"),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, tuple) else value,
)
def test_chains_forks_and_circles_of_merges_are_one_party(four: Program, pairs: tuple[str, ...], goes_on: str) -> None:
    """However the merges run, all of them are one party, and everybody says the same who goes on."""
    merge(four, *pairs)
    whole = {letter for pair in pairs for letter in pair}
    for letter in "abcd":
        said = who(four, letter)
        ours = whole if letter in whole else {letter}
        assert {"company-" + x for x in ours - {letter}} == set(said["one_with"])
        assert said["merged_into"] == (f"company-{goes_on}" if letter in whole - {goes_on} else None)
        assert deals(four, letter) == [f"deal-{x}" for x in sorted(ours)]
        [line] = four.json("status", f"deal-{letter}")["parties"]
        assert line["name"] == f"Company {(goes_on if letter in whole else letter).upper()}"


def test_a_party_does_not_take_in_itself(four: Program) -> None:
    """A file is not merged into itself: refused with exit 4."""
    assert four.refused(4, "record", "merged", "company-a", "company-a")["code"] == "itself"


@pytest.mark.parametrize(
    ("command", "slug", "role"),
    [
        ("new project Mill --slug mill --sponsor company-b --on 2024-02-01", "mill", "sponsor"),
        ("new occasion Forum --slug forum --organiser company-b --on 2024-02-01", "forum", "organiser"),
        ("new occasion Forum --slug forum --supporter company-b --on 2024-02-01", "forum", "supporter"),
        ("record obligation deal-a recorded 5 --text x --debtor company-b --on 2024-02-01", "deal-a", "debtor"),
        ("record party deal-c company-b --role guarantor --on 2024-02-01", "deal-c", "guarantor"),
        ("record fact ParentRecorded company-d --set parent=company-b --on 2024-02-01", "company-d", None),
    ],
)
def test_a_role_of_any_sort_is_told_with_what_it_stands_in(
    four: Program, command: str, slug: str, role: str | None
) -> None:
    """Sponsor, organiser, supporter, debtor, guarantor: each is a role of the party; a tie of parties is none."""
    run(four, command)
    found = [found["role"] for found in who(four, "b")["roles"] if found["slug"] == slug]
    assert found == ([role] if role else [])


def test_a_successor_names_whom_it_followed(four: Program) -> None:
    """Who took another's place in law names it as predecessor; they are two parties still."""
    run(four, "record succeeded company-a company-b --on 2024-06-01")
    assert who(four, "b")["predecessors"] == ["company-a"]
    assert who(four, "a")["successor"] == "company-b"
    assert (who(four, "b")["one_with"], deals(four, "b")) == ([], ["deal-b"])
