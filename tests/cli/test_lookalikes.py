"""Names that cannot be told apart on paper: warned of wherever one is recorded, never taken for one."""

from typing import Any

import pytest

from tests.cli.desk import told as run
from tests.cli.program import Program, line

TRUE = "Baku Steel"
FALSE = "Bаku Stееl"
"""The same to the eye: its а and е are Cyrillic."""


@pytest.fixture
def known(empty: Program) -> Program:
    """Return the program beside a register with a party called Baku Steel and one called Mill."""
    run(empty, f"new party '{TRUE}' --slug steel --on 2025-01-01", "new party Mill --slug mill --on 2025-01-01")
    return empty


def findings(program: Program, *command: str) -> list[str]:
    """Record, and return which likenesses were warned of."""
    found = program.json(*command)["findings"]
    return [finding["code"] for finding in found if finding["code"] in {"looks-like", "resembles"}]


def looks_like(program: Program, slug: str) -> list[str]:
    """Return which parties a party's status says it looks like."""
    found: list[str] = program.json("status", slug)["looks_like"]
    return found


@pytest.mark.parametrize(
    ("name", "code"),
    [
        (FALSE, "looks-like"),
        ("BAKU  STEEL", "resembles"),
        ("Bakü Steel", "resembles"),
        ("Baku-Steel", "resembles"),
        ("Baku Stee1", "looks-like"),
        ("Baku Ste\u200bel", "resembles"),
        ("BakuSteel", "looks-like"),
    ],
)
@pytest.mark.parametrize(
    "command",
    [("new", "party", "{}", "--slug", "other"), ("record", "name", "mill", "{}"), ("record", "renamed", "mill", "{}")],
    ids=["new party", "record name", "record renamed"],
)
def test_a_name_that_looks_like_anothers_is_recorded_with_a_warning(
    known: Program, command: tuple[str, ...], name: str, code: str
) -> None:
    """Opening a file, another name and a new name all warn; the same words resemble, other letters look like them."""
    given = [part.format(name) for part in command]
    assert findings(known, *given) == [code]
    assert looks_like(known, "other" if command[0] == "new" else "mill") == ["steel"]


@pytest.mark.parametrize("name", ["Baku Steal", "Steel Baku", "Steel", "Baku Steel Works", "钢铁"])
def test_a_name_that_can_be_told_apart_is_not_warned_of(known: Program, name: str) -> None:
    """Another word, another order, a word more or less: these are other names."""
    assert findings(known, "new", "party", name, "--slug", "other") == []


def test_the_warning_says_what_to_do_either_way(known: Program) -> None:
    """It names the other file, how to say that they are one, and how to say that they are two; both work."""
    said = known.ok("new", "party", FALSE, "--slug", "other").err
    same, another = "paraph record merged other steel", "record fact MatchRejected other --set match=party/steel"
    assert "looks like 'Baku Steel', a name of steel" in said
    assert "paraph status party/steel" in said
    assert same in said
    assert another in said
    run(known, another, same.removeprefix("paraph "))


def test_an_import_warns_of_each(known: Program) -> None:
    """A line of a file is warned of like a command, against the register and against the lines before it."""
    lines = [
        line("PartyRegistered", "party/one-more", name=FALSE),
        line("PartyRegistered", "party/first-new", name="Port"),
        line("NameVariantRecorded", "party/mill", text="PORT"),
    ]
    warnings: list[dict[str, Any]] = known.json("import", "-", stdin=b"\n".join(lines))["warnings"]
    assert [(row["row"], row["code"]) for row in warnings if row["code"] in {"looks-like", "resembles"}] == [
        (1, "looks-like"),
        (3, "resembles"),
    ]


def test_two_that_look_alike_are_never_taken_for_one(known: Program) -> None:
    """However alike, each keeps its own agreements until somebody says they are one."""
    run(known, f"new party '{TRUE}' --slug twin --on 2025-01-01", "new agreement Deal --slug deal --party twin")
    assert known.json("list", "--party", "steel")["agreements"] == []
    assert (known.json("status", "twin")["one_with"], looks_like(known, "twin")) == ([], ["steel"])


@pytest.mark.parametrize(("rejects", "rejected"), [("other", "steel"), ("steel", "other")])
@pytest.mark.parametrize("written", ["party/{}", "{}"])
def test_a_match_rejected_is_not_spoken_of_again(known: Program, rejects: str, rejected: str, written: str) -> None:
    """Once either file says that the other is another, neither is warned of nor shown as alike."""
    known.ok("new", "party", FALSE, "--slug", "other")
    known.ok("record", "fact", "MatchRejected", rejects, "--set", f"match={written.format(rejected)}")
    assert (looks_like(known, "other"), looks_like(known, "steel")) == ([], [])
    assert findings(known, "record", "name", "other", TRUE) == []
    assert findings(known, "record", "name", "steel", FALSE) == []
    assert findings(known, "record", "name", "mill", TRUE) != []


def test_a_rejection_that_was_struck_silences_nothing(known: Program) -> None:
    """Retracted, it was never said."""
    known.ok("new", "party", FALSE, "--slug", "other")
    known.ok("record", "fact", "MatchRejected", "other", "--set", "match=party/steel")
    known.ok("retract", "other@2", "--reason", "they are one")
    assert findings(known, "record", "name", "other", TRUE) == ["resembles"]
    assert looks_like(known, "other") == ["steel"]


@pytest.mark.parametrize(("one", "other"), [("other", "steel"), ("steel", "other")])
def test_files_that_are_one_are_not_warned_of(known: Program, one: str, other: str) -> None:
    """A merged party may bear the name of its own other file, and looks like nobody but itself."""
    known.ok("new", "party", FALSE, "--slug", "other")
    known.ok("record", "merged", one, other)
    assert (looks_like(known, "other"), looks_like(known, "steel")) == ([], [])
    assert findings(known, "record", "name", "other", TRUE) == []
    assert findings(known, "record", "name", "steel", FALSE) == []


@pytest.mark.parametrize("name", [FALSE, "Ste\u200bel", "Stеel"])
def test_letters_that_deceive_are_flagged_whoever_bears_the_name(empty: Program, name: str) -> None:
    """A word of two scripts or with an invisible letter is flagged even where no other name is like it."""
    found = empty.json("new", "party", name, "--slug", "odd")["findings"]
    assert "strange-letters" in [finding["code"] for finding in found]


def test_a_title_without_a_letter_that_can_be_seen_resembles_nothing(told: Program) -> None:
    """A title of characters that are none is opened like another, whatever else the register holds."""
    answer = told("new", "agreement", "\ufffe\uffff", "--slug", "unseen", "--party", "fund", "--json")
    assert answer.code == 0, answer.err
    assert [finding["code"] for finding in answer.json["findings"]] in ([], ["no-source"])
