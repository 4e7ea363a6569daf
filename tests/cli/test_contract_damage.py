"""Exit 7 and its kin: what was tampered with is found, named, and told apart from a wrong view."""

from pathlib import Path

from tests.cli.program import Program
from tests.eventstore.givens import Lid

FORGED = "UPDATE events SET body = CAST(replace(CAST(body AS TEXT), '50000000', '90000000') AS BLOB) WHERE position = 8"


def test_damage_is_found_and_its_position_named(told: Program) -> None:
    """A changed byte ends `verify` with 7 and its position, in the answer and on the screen."""
    Lid(Path("paraph.db")).without_triggers("events", FORGED)
    answer = told("verify", "--json")
    assert (answer.code, answer.json["ok"]) == (7, False)
    assert 8 in [problem["position"] for problem in answer.json["problems"]]
    shown = told("verify", width=100)
    assert (shown.code, "position 8" in shown.out, "DAMAGED" in shown.out) == (7, True, True)


def test_a_wrong_view_is_named_and_made_right(told: Program) -> None:
    """A changed view ends `projections check` and a replay with 1, `verify` with 7, until it is rebuilt."""
    Lid(Path("paraph.db"))("UPDATE view_register SET title = 'forged' WHERE slug = 'khizi-wind'")
    checked = told("projections", "check", "--json")
    assert checked.code == 1
    assert [view["name"] for view in checked.json["projections"] if not view["matches"]] == ["register"]
    assert told("replay", "khizi-wind", "--json").json["matches_projection"] is False
    codes = [told(*command).code for command in (["replay", "khizi-wind"], ["replay", "--all"], ["verify"])]
    assert codes == [1, 1, 7]
    told.ok("projections", "rebuild")
    assert told.ok("verify", "--json").json["ok"]
