"""`undo`: the last thing I recorded is taken back, and the log still shows it."""

from typing import Any

import pytest

from tests.cli.program import Program
from tests.cli.shapes import RECORDED, mismatches

UNDONE = RECORDED | {
    "undone": {"id": str, "position": int, "stream": str, "version": int, "type": str, "hash": str},
    "changes": [{"facet": str}],
}


def undone(program: Program, *arguments: str) -> tuple[str, str]:
    """Undo, and return the stream and type of what was taken back."""
    answer = program.json("undo", *arguments)
    return answer["undone"]["stream"], answer["undone"]["type"]


def standing(program: Program, slug: str) -> list[tuple[str, str]]:
    """Return the events of a stream with what became of them."""
    return [(event["type"], event["standing"]) for event in program.json("log", slug)["events"]]


def phase(program: Program) -> str:
    """Return the phase of the story's project."""
    return str(program.json("status", "khizi-wind")["phase"])


def test_the_last_fact_is_taken_back_and_the_answer_says_what_that_changes(told: Program) -> None:
    """The answer is that of a record, with the event undone and the facets that change."""
    told.ok("record", "phase", "khizi-wind", "construction", "--on", "2025-06-01")
    answer = told.json("undo")
    assert mismatches(answer, UNDONE) == []
    assert answer["undone"]["type"] == "PhaseObserved"
    assert [event["type"] for event in answer["events"]] == ["EventRetracted"]
    found = {change["facet"]: (change["before"], change["after"]) for change in answer["changes"]}
    assert found["phase"] == ("construction", "justification")
    assert phase(told) == "justification"


def test_the_log_still_shows_all(told: Program) -> None:
    """What was undone is marked, what undid it follows, and the register before it is as it was."""
    told.ok("record", "phase", "khizi-wind", "construction", "--on", "2025-06-01")
    told.ok("undo", "--reason", "wrong project")
    assert standing(told, "khizi-wind")[-2:] == [("PhaseObserved", "retracted"), ("EventRetracted", "standing")]
    assert told.json("show", "khizi-wind@6")["event"]["data"]["reason"] == "wrong project"
    assert told.json("status", "khizi-wind", "--known-at", "20")["phase"] == "construction"
    assert told.json("verify")["ok"]


def test_undone_again_it_goes_further_back(told: Program) -> None:
    """Each undo takes back the one before, and never what an undo did."""
    for name in ("appraised", "construction"):
        told.ok("record", "phase", "khizi-wind", name, "--on", "2025-06-01")
    seen = []
    for _ in range(3):
        told.ok("undo", "khizi-wind")
        seen.append((phase(told), told.json("status", "khizi-wind")["review"]))
    assert seen == [("appraised", "reviewed"), ("justification", "reviewed"), ("justification", "never")]


def test_a_remark_on_an_undo_does_not_make_it_undoable(told: Program) -> None:
    """With a --note of one's own the next undo goes further back all the same."""
    told.ok("record", "phase", "khizi-wind", "appraised", "--on", "2025-06-01")
    told.ok("record", "phase", "khizi-wind", "construction", "--on", "2025-06-02")
    told.ok("undo", "--note", "of another park")
    assert undone(told) == ("project/khizi-wind", "PhaseObserved")
    assert phase(told) == "justification"
    assert "of another park" in told.json("show", "khizi-wind@7")["event"]["note"]


def test_a_fact_noted_as_undo_can_be_undone(told: Program) -> None:
    """Only what an undo recorded is passed over, not a fact that bears the word."""
    told.ok("record", "phase", "khizi-wind", "construction", "--on", "2025-06-01", "--note", "undo")
    assert undone(told) == ("project/khizi-wind", "PhaseObserved")


def test_on_a_stream_only_what_was_recorded_there_is_undone(told: Program) -> None:
    """A slug narrows it; anywhere else nothing is touched."""
    told.ok("note", "fund", "a remark")
    assert undone(told, "khizi-wind") == ("project/khizi-wind", "ProjectReviewed")
    assert standing(told, "fund")[-1] == ("NoteRecorded", "standing")


def test_what_another_recorded_is_left_alone(told: Program) -> None:
    """Mine is undone though a colleague recorded after me; with --by the colleague's is, under that name."""
    told.ok("record", "phase", "khizi-wind", "construction", "--on", "2025-06-01")
    told.ok("note", "khizi-wind", "a remark", "--by", "colleague")
    assert undone(told) == ("project/khizi-wind", "PhaseObserved")
    assert undone(told, "--by", "colleague") == ("project/khizi-wind", "NoteRecorded")
    assert told.json("log", "khizi-wind")["events"][-1]["by"] == "colleague"


@pytest.mark.parametrize("by", ["nobody", "Desk"])
def test_where_nothing_is_left_it_is_refused(told: Program, by: str) -> None:
    """Who recorded nothing has nothing to undo: exit 4, and nothing is recorded."""
    error = told.refused(4, "undo", "--by", by)
    assert (error["code"], by in error["message"]) == ("nothing-to-undo", True)


def test_all_that_was_recorded_can_be_undone_one_by_one_and_then_no_more(empty: Program) -> None:
    """Going back to the first event the stream is empty; then exit 4."""
    empty.ok("new", "agreement", "Pact", "--slug", "pact", "--on", "2025-01-01")
    empty.ok("record", "value", "pact", "5", "USD", "--on", "2025-01-02")
    assert [undone(empty)[1], undone(empty)[1]] == ["ValueStated", "AgreementOpened"]
    assert not empty.json("status", "pact")["in_effect"]
    empty.refused(4, "undo")


def test_undoing_a_correction_brings_back_what_it_corrected(told: Program) -> None:
    """A correction is withdrawn, not struck, and the first reading stands again."""
    told.ok("correct", "khizi-wind@3", "--set", "phase=appraised", "--reason", "misread")
    answer = told.json("undo")
    assert [event["type"] for event in answer["events"]] == ["CorrectionWithdrawn"]
    assert phase(told) == "justification"


def test_undoing_a_retraction_brings_back_what_it_struck(told: Program) -> None:
    """A retraction by hand is undone like any other act; what it struck stands again."""
    told.ok("retract", "khizi-wind@3", "--reason", "misread")
    assert phase(told) == "identified"
    assert undone(told) == ("project/khizi-wind", "EventRetracted")
    assert phase(told) == "justification"


def test_a_fact_that_waived_a_rule_goes_with_its_waiver(told: Program) -> None:
    """The waiver is not undone by itself: the fact it let in is."""
    told.ok("record", "phase", "khizi-wind", "construction", "--on", "2025-06-01")
    told.ok("record", "signed", "trade-treaty", "--on", "2025-02-01", "--irregular", "one party known")
    assert standing(told, "trade-treaty")[-1] == ("RuleWaived", "standing")
    assert undone(told) == ("agreement/trade-treaty", "AgreementSigned")
    answer = told.json("status", "trade-treaty")
    assert (answer["legal_status"], answer["flags"]) == ("opened", [])
    assert undone(told) == ("project/khizi-wind", "PhaseObserved")


def test_a_rehearsal_writes_nothing(told: Program) -> None:
    """--dry-run prints the fact that would undo and leaves the head where it was."""
    before = told.head()
    [fact] = told.ok("undo", "--dry-run", "--json").facts
    assert (fact["type"], fact["stream"]) == ("EventRetracted", "agreement/trade-treaty")
    assert told.head() == before
    assert undone(told) == ("agreement/trade-treaty", "PartyAdded")


@pytest.mark.parametrize("flag", [("--id", "6d4b1b3e-0d6f-4a53-9e4e-1f3c6d8c9a01"), ("--key", "undo-1")])
def test_a_retry_undoes_once(told: Program, flag: tuple[str, str]) -> None:
    """Run again with the same id or key, an undo whose outcome was unknown takes back nothing more."""
    first = told.json("undo", *flag)
    again = told.json("undo", *flag)
    assert (again["already_recorded"], again["events"]) == (True, first["events"])
    assert again["undone"] == first["undone"]
    assert standing(told, "trade-treaty") == [
        ("AgreementOpened", "standing"),
        ("PartyAdded", "retracted"),
        ("EventRetracted", "standing"),
    ]


@pytest.mark.parametrize(("arguments", "code"), [(["nobody"], 3), (["fund", "--expect", "9"], 5)])
def test_an_undo_that_cannot_be_is_refused(told: Program, arguments: list[str], code: int) -> None:
    """An unknown stream exits 3, a stream that moved on 5; nothing is recorded."""
    error: dict[str, Any] = told.refused(code, "undo", *arguments)
    assert error["exit"] == code
