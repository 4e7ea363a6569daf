"""`paraph backup`: a verified copy that is a register itself."""

from pathlib import Path

from tests.cli.program import Program


def test_a_backup_answers_like_its_original(told: Program) -> None:
    """The copy verifies and answers the same; the answer names its head."""
    answer = told.json("backup", "copy.db")
    assert (answer["backup"], answer["head"]) == ("copy.db", told.head())
    assert told.json("verify", "--db", "copy.db")["ok"]
    assert told.json("list", "--db", "copy.db") == told.json("list")
    assert answer["bytes"] == Path("copy.db").stat().st_size


def test_a_backup_is_not_replaced_unless_told(told: Program) -> None:
    """The second of the same name is refused with 6, and made with --replace."""
    told.ok("backup", "copy.db")
    assert told.refused(6, "backup", "copy.db")["code"] == "exists"
    told.ok("note", "wind-memo", "seen")
    assert told.json("backup", "copy.db", "--replace")["position"] == 20
    assert told.refused(6, "backup", "paraph.db", "--replace")["code"] == "exists"
    assert told.refused(6, "backup", "nowhere/copy.db")["code"] == "missing"


def test_a_person_is_told_what_was_made(told: Program) -> None:
    """The name, how many events, the root, and how to look at it."""
    screen = told.screen("backup", "copy.db")
    assert "backup made and verified: copy.db (19 events)" in screen
    assert "Next: paraph verify --db copy.db" in screen
