"""Once is enough: retries, look-alikes, and facts that are on record already."""

import json
import shlex
from typing import Any

from tests.cli.program import Program


def only(answer: Any) -> Any:
    """Return the one event of an answer."""
    [event] = answer["events"]
    return event


def test_an_agreement_like_an_open_one_is_warned_about(told: Program) -> None:
    """The same title and parties as an open file are told, and recorded all the same."""
    answer = told.json("new", "agreement", "memorandum on a WIND park", "--party", "fund", "--slug", "again")
    assert [finding["code"] for finding in answer["findings"]] == ["resembles"]


def test_a_retry_with_the_same_id_records_once(told: Program) -> None:
    """The same command with the same id gives the first receipt, also where a slug was proposed."""
    command = ["new", "agreement", "Port treaty", "--party", "fund", "--on", "2025-01-01"]
    command += ["--id", "00000000-0000-4000-8000-0000000000aa"]
    first, second = told.json(*command), told.json(*command)
    assert second == {**first, "already_recorded": True}


def test_a_file_can_be_opened_as_any_fact(empty: Program) -> None:
    """`record fact` with an opening fact opens the stream it names."""
    empty.ok("record", "fact", "PartyRegistered", "party/izia", "--set", "name=IZIA")
    assert empty.json("status", "izia")["title"] == "IZIA"


def test_the_same_fact_again_is_on_record_and_says_how_to_add_a_source(told: Program) -> None:
    """A fact said twice is answered with its first event; the hint it prints works as printed."""
    command = ["record", "decision", "khizi-wind", "go", "--on", "2025-01-01", "--source"]
    first = told.json(*command, "one")
    again = told.ok(*command, "two")
    assert json.loads(told.ok(*command, "two", "--json").out)["events"] == first["events"]
    [hint] = [text.strip() for text in again.err.splitlines() if "paraph source" in text]
    told.ok(*shlex.split(hint)[1:])
    assert len(told.json("show", only(first)["hash"][:12])["touched_by"]) == 1
