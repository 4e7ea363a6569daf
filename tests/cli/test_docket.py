"""`docket`: what is before a commission at a session: changed, late, carried over, never reviewed."""

from typing import Any

import pytest

from tests.cli.desk import IN_FORCE, bare, told
from tests.cli.program import Program
from tests.cli.shapes import ASKED, NONE, mismatches

HELD = "record session joint held --session 1 --on 2025-02-01"
REVIEWED = "record review mill joint --session 1 --on 2025-02-01"
ISSUED = "record instruction joint issued 1 --text x --responsible plant --session 1 --on 2025-02-01"


def reasons(program: Program, *arguments: str) -> dict[str, list[str]]:
    """Return why each stream is before the commission."""
    return {item["slug"]: item["reasons"] for item in program.json("docket", *arguments)["items"]}


def item_of(program: Program, slug: str, *arguments: str) -> dict[str, Any]:
    """Return the item of one stream."""
    [found] = [item for item in program.json("docket", *arguments)["items"] if item["slug"] == slug]
    assert isinstance(found, dict)
    return found


def test_the_answer_has_the_fields_of_the_contract(paraph: Program) -> None:
    """Commission, session and items are there; of a session not scheduled nothing is made up."""
    bare(paraph, ISSUED + " --deadline 2025-06-01")
    item = {"stream": str, "kind": str, "slug": str, "title": str, "reasons": [str], "new": bool, "changed": list,
            "late": list, "carried_over": int, "never_reviewed": bool, "responsible": (str, NONE)}  # fmt: skip
    answer = paraph.json("docket")
    assert mismatches(answer, ASKED | {"commission": str, "session": NONE, "items": [item]}) == []
    assert (answer["commission"], answer["session"], answer["previous"]) == ("joint", None, None)
    assert paraph.ok("docket", "--format", "jsonl").facts == answer["items"]


def test_next_is_the_session_to_come(paraph: Program) -> None:
    """Of several planned sessions `next` is the earliest; one held or put off without a day is not it."""
    bare(
        paraph,
        HELD,
        "record session joint scheduled --session 3 --held-on 2025-12-01 --on 2025-03-01",
        "record session joint scheduled --session 2 --held-on 2025-09-01 --on 2025-03-02",
    )
    assert paraph.json("docket")["session"].items() >= {"session": "2", "on": "2025-09-01"}.items()
    assert paraph.json("docket", "next") == paraph.json("docket")
    told(paraph, "record session joint postponed --session 2 --on 2025-06-01")
    assert paraph.json("docket")["session"]["session"] == "3"


def test_a_named_session_is_compared_with_the_one_before_it(paraph: Program) -> None:
    """A session held is told what had changed by then since the one before, asked as of its day."""
    bare(
        paraph,
        HELD,
        REVIEWED,
        "record phase mill justification --on 2025-03-01",
        "record session joint held --session 2 --on 2025-04-01",
        "record phase mill construction --on 2025-05-01",
    )
    second = paraph.json("docket", "2", "--as-of", "2025-04-01")
    assert (second["session"]["session"], second["previous"]) == ("2", "2025-02-01")
    [mill] = [item for item in second["items"] if item["slug"] == "mill"]
    assert mill["changed"] == [{"facet": "phase", "before": "identified", "after": "justification"}]
    assert paraph.json("docket", "1")["previous"] is None
    assert paraph.json("docket")["previous"] == "2025-04-01"


def test_a_session_nobody_knows_is_not_found(paraph: Program) -> None:
    """An unknown session exits 3 and names those on record."""
    bare(paraph, HELD)
    assert "on record: 1" in paraph.refused(3, "docket", "9")["message"]
    assert paraph.refused(3, "docket", "1", "--as-of", "2025-01-31")["code"] == "not-found"


@pytest.mark.parametrize("name", ["nobody", "treaty", "party/fund"])
def test_a_commission_nobody_knows_is_not_found(paraph: Program, name: str) -> None:
    """An unknown commission exits 3; so does a stream of another kind."""
    bare(paraph)
    assert paraph.refused(3, "docket", "--commission", name)["code"] == "not-found"


def test_without_a_commission_there_is_no_docket(empty: Program) -> None:
    """With no commission on record, or none yet on the day asked, it exits 3 and says how to open one."""
    assert "paraph new commission" in empty.refused(3, "docket")["hint"]
    told(empty, "new commission Joint --slug joint --on 2025-01-01")
    for flags in ([], ["--commission", "joint"]):
        assert empty.refused(3, "docket", "--as-of", "2024-12-31", *flags)["code"] == "not-found"


def test_what_changed_since_the_last_session_is_told_with_both_values(paraph: Program) -> None:
    """Phase, legal status and financing are held against the last session; what was so then is not told."""
    bare(
        paraph,
        *IN_FORCE,
        HELD,
        REVIEWED,
        "record review treaty joint --session 1 --on 2025-02-01",
        "record phase mill construction --on 2025-03-01",
        "record financing treaty pledged --on 2025-03-02",
        "record suspended treaty --on 2025-03-03",
    )
    assert reasons(paraph) == {"mill": ["changed"], "treaty": ["changed"]}
    assert item_of(paraph, "treaty")["changed"] == [
        {"facet": "legal_status", "before": "in force", "after": "suspended"},
        {"facet": "financing", "before": "none", "after": "pledged"},
    ]
    assert reasons(paraph, "--as-of", "2025-02-28") == {}


def test_what_was_opened_since_is_new(paraph: Program) -> None:
    """A project that the last session could not know is new; one it reviewed is not."""
    bare(paraph, HELD, REVIEWED, "new project Quarry --slug quarry --on 2025-03-01")
    assert item_of(paraph, "quarry")["new"]
    assert item_of(paraph, "quarry")["reasons"] == ["changed", "never reviewed"]
    assert "mill" not in reasons(paraph)
    assert not item_of(paraph, "treaty")["new"]


def test_what_is_late_stands_first_with_who_answers_for_it(paraph: Program) -> None:
    """The latest comes first; an instruction about a project counts with the project, not with the commission."""
    bare(
        paraph,
        ISSUED + " --deadline 2025-06-01",
        "record fact InstructionIssued joint --set item=2 --set text=x --set responsible=party/fund"
        " --set deadline=2025-05-01 --about project/mill --on 2025-02-01",
    )
    items = paraph.json("docket")["items"]
    assert [(item["slug"], item["responsible"]) for item in items] == [
        ("mill", "fund"),
        ("joint", "plant"),
        ("treaty", None),
    ]
    assert [[(late["item"], late["days"]) for late in item["late"]] for item in items] == [
        [("2", -61)],
        [("1", -30)],
        [],
    ]


def test_what_is_open_after_another_session_is_carried_over(paraph: Program) -> None:
    """Open at its own session it is not carried over; after the next once, after one more twice; closed no more."""
    bare(paraph, HELD, ISSUED)
    seen = []
    for day in ("2025-03-01", "2025-04-01"):
        seen.append(reasons(paraph).get("joint"))
        told(paraph, f"record session joint held --session {day} --on {day}")
        seen.append(item_of(paraph, "joint")["carried_over"])
    assert seen == [None, 1, ["carried over"], 2]
    told(paraph, "record instruction joint closed 1 --on 2025-04-02")
    assert "joint" not in reasons(paraph)


def test_what_was_put_off_is_carried_over_until_it_is_dealt_with(paraph: Program) -> None:
    """A matter deferred is carried over, once more by each session since, and no more once one dealt with it."""
    bare(
        paraph,
        "record review treaty joint --on 2025-01-15",
        HELD,
        REVIEWED + " --outcome deferred",
        "record session joint held --session 2 --on 2025-03-01",
    )
    assert item_of(paraph, "mill")["carried_over"] == 2
    told(
        paraph,
        "record review mill joint --session 2 --outcome deferred --on 2025-03-01",
        "record session joint held --session 3 --on 2025-04-01",
    )
    assert item_of(paraph, "mill")["carried_over"] == 3
    told(paraph, "record review mill joint --session 3 --outcome endorsed --on 2025-04-01")
    assert reasons(paraph) == {}


def test_what_no_session_ever_saw_is_never_reviewed(paraph: Program) -> None:
    """An agreement and a project are told until somebody reviewed them; parties and occasions never are."""
    bare(paraph, "new occasion Forum --slug forum --on 2024-05-01")
    assert reasons(paraph) == {"mill": ["changed", "never reviewed"], "treaty": ["changed", "never reviewed"]}
    told(paraph, HELD, REVIEWED + " --also treaty")
    assert reasons(paraph) == {}
