"""Exit codes 6 and 7: what lies at the place is no register, cannot be written, or is not as it was written."""

from pathlib import Path

import pytest

from tests.cli.program import Program
from tests.eventstore.lids import FileLid
from tests.eventstore.test_availability import as_nobody, folder_for_all

FORGED = "UPDATE events SET body = CAST(replace(CAST(body AS TEXT), '50000000', '90000000') AS BLOB) WHERE position = 8"
PHASE = ("record", "phase", "khizi-wind", "construction", "--on", "2025-05-01")


@pytest.mark.parametrize(
    ("place", "code"),
    [
        (".", "directory"),
        ("missing.db", "missing"),
        ("no/such/folder.db", "missing"),
        ("text.txt", "not-a-register"),
        ("empty.db", "not-a-register"),
        ("other.db", "not-a-register"),
        ("link.db", "symlink"),
        ("mysql://host/register", "engine"),
        ("postgresql://127.0.0.1:1/register", "unreachable"),
    ],
)
@pytest.mark.parametrize("command", [["status"], ["new", "party", "A"], ["verify"], ["import", "facts.jsonl"]])
def test_a_place_that_is_no_register_is_unavailable(told: Program, place: str, code: str, command: list[str]) -> None:
    """A place that holds no register ends with 6 and is left as it was."""
    Path("text.txt").write_text("agreements\n")
    Path("empty.db").touch()
    Path("facts.jsonl").touch()
    Path("link.db").symlink_to("paraph.db")
    FileLid(Path("other.db"))("CREATE TABLE events (position INTEGER)")
    files = {path: path.read_bytes() for path in Path().iterdir() if path.is_file()}
    assert told.refused(6, *command, "--db", place)["code"] == code
    assert {path: path.read_bytes() for path in Path().iterdir() if path.is_file()} == files


def test_a_place_in_use_is_not_made_anew(told: Program) -> None:
    """`init` ends with 6 where something lies, and leaves it."""
    assert told.refused(6, "init")["code"] == "exists"


def test_a_read_only_register_answers_and_records_nothing(told: Program, tmp_path: Path) -> None:
    """With the file write-protected questions are answered, and a record ends with 6."""
    Path("paraph.db").chmod(0o444)
    with folder_for_all(tmp_path), as_nobody():
        assert told.json("status", "khizi-wind")["phase"] == "justification"
        assert told.json("verify")["ok"]
        assert told.refused(6, *PHASE)["code"] == "read-only"


def test_damage_is_found_and_its_position_named(told: Program) -> None:
    """A changed byte ends `verify` with 7 and its position, in the answer and on the screen."""
    FileLid(Path("paraph.db")).without_triggers("events", FORGED)
    answer = told("verify", "--json")
    assert (answer.code, answer.json["ok"]) == (7, False)
    assert 8 in [problem["position"] for problem in answer.json["problems"]]
    shown = told("verify", width=100)
    assert (shown.code, "position 8" in shown.out, "DAMAGED" in shown.out) == (7, True, True)


def test_a_wrong_view_is_named_and_made_right(told: Program) -> None:
    """A changed view ends `projections check` and a replay with 1, `verify` with 7, until it is rebuilt."""
    FileLid(Path("paraph.db"))("UPDATE view_register SET title = 'forged' WHERE slug = 'khizi-wind'")
    checked = told("projections", "check", "--json")
    assert checked.code == 1
    assert [view["name"] for view in checked.json["projections"] if not view["matches"]] == ["register"]
    assert told("replay", "khizi-wind", "--json").json["matches_projection"] is False
    codes = [told(*command).code for command in (["replay", "khizi-wind"], ["replay", "--all"], ["verify"])]
    assert codes == [1, 1, 7]
    told.ok("projections", "rebuild")
    assert told.ok("verify", "--json").json["ok"]
