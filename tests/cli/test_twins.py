"""An agreement with the title and the parties of an open file is warned of, whichever way it comes in."""

import json
from typing import Any

from tests.cli.program import Program, line


def opened(slug: str, title: str, *parties: str) -> list[bytes]:
    """Return the lines that open an agreement with its parties."""
    added = [line("PartyAdded", f"agreement/{slug}", party=f"party/{party}") for party in parties]
    return [line("AgreementOpened", f"agreement/{slug}", title=title, kind="mou"), *added]


def imported(program: Program, *lines: list[bytes]) -> list[tuple[int, str]]:
    """Import lines; return the rows warned of, each with what it is told to be the same as."""
    told = program.json("import", "-", stdin=b"\n".join(each for some in lines for each in some))
    assert told["rejected"] == 0
    return [(found["row"], found["message"].split()[0]) for found in told["warnings"] if found["code"] == "resembles"]


def codes(answer: Any) -> list[str]:
    """Return the codes of what an answer found."""
    return [found["code"] for found in answer["findings"]]


def test_an_import_warns_at_the_party_that_completes_the_set(told: Program) -> None:
    """The second of two files of one title is warned of where its parties are those of the first, in any order."""
    first = opened("port-one", "Port at Alat", "fund", "zjgc")
    same = opened("port-two", "PORT at  Alat", "zjgc", "fund")
    assert imported(told, first, same) == [(6, "port-one")]


def test_an_import_warns_of_what_was_recorded_before(told: Program) -> None:
    """What is on record is compared with as well; told again, the file adds nothing and warns of nothing."""
    assert imported(told, opened("port-one", "Port at Alat", "fund", "zjgc")) == []
    same = opened("port-two", "Port at Alat", "fund", "zjgc")
    assert imported(told, same) == [(3, "port-one")]
    assert imported(told, same) == []


def test_other_parties_or_another_title_are_no_twin(told: Program) -> None:
    """A common title between other parties is none, nor other titles between the same, nor one set within another."""
    found = imported(
        told,
        [line("PartyRegistered", "party/sofaz", name="SOFAZ")],
        opened("one", "Memorandum of understanding", "fund", "zjgc"),
        opened("two", "Memorandum of understanding", "fund", "sofaz"),
        opened("three", "Memorandum on trade", "fund", "zjgc"),
        opened("four", "Memorandum of understanding", "fund"),
    )
    assert found == []


def test_a_second_part_of_a_party_is_not_told_again(told: Program) -> None:
    """A party that takes another part too leaves the set as it was, and nothing is said twice."""
    twins = (opened("one", "Port", "fund", "zjgc"), opened("two", "Port", "fund", "zjgc"))
    again = [line("PartyAdded", "agreement/two", party="party/zjgc", role="implementer")]
    assert imported(told, *twins, again) == [(6, "one")]


def test_a_twin_that_grew_is_compared_as_it_is_now(told: Program) -> None:
    """An agreement compared with once and then given another party is compared with that party from then on."""
    grown = [line("PartyAdded", f"agreement/{slug}", party="party/zjgc") for slug in ("one", "two")]
    found = imported(told, opened("one", "Port", "fund"), opened("two", "Port", "fund"), grown)
    assert found == [(4, "one"), (6, "one")]


def test_recording_fact_by_fact_warns_too(told: Program) -> None:
    """Opened with `record fact` and completed with `record party`, the twin is told at its last party."""
    imported(told, opened("port-one", "Port at Alat", "fund", "zjgc"))
    told.ok("record", "fact", "AgreementOpened", "port-two", "--set", "title=Port at Alat", "--set", "kind=mou")
    assert codes(told.json("record", "party", "port-two", "fund")) == []
    assert codes(told.json("record", "party", "port-two", "zjgc")) == ["resembles"]


def test_opening_a_twin_tells_it_once(told: Program) -> None:
    """`new` with all parties says so once, not once for the title and once for the party."""
    imported(told, opened("port-one", "Port at Alat", "fund", "zjgc"))
    answer = told.json("new", "agreement", "Port at Alat", "--slug", "port-two", "--party", "fund", "--party", "zjgc")
    assert codes(answer) == ["resembles"]
    assert json.dumps(answer).count("port-one has the same title and parties") == 1
