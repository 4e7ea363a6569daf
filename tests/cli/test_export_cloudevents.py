"""`paraph export --format cloudevents`: valid for the official SDK, and the same facts once imported again."""

import json
from pathlib import Path
from typing import Any

import pytest
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from eventstore.codec import moment
from eventstore.log import EventStore
from tests.cli.program import Program, line, written

YEARS = sorted((Path(__file__).parents[2] / "examples" / "three-years").glob("*.jsonl"))


def exported(program: Program, *flags: str) -> list[bytes]:
    """Return the lines of the export."""
    program.ok("export", "--format", "cloudevents", "-o", "log.ce", "--force", *flags)
    return Path("log.ce").read_bytes().splitlines()


def facts(program: Program, db: str = "paraph.db") -> list[dict[str, Any]]:
    """Return what every event says, without what only a log gives: times, hashes, the batch."""
    kept = ("id", "stream", "version", "type", "on", "about", "data", "sources", "note", "by", "standing")
    return [{name: event[name] for name in kept} for event in program.json("log", "--db", db)["events"]]


def copied(program: Program) -> dict[str, Any]:
    """Import the export into another register and return the answer."""
    program.ok("init", "--db", "copy.db")
    answer: dict[str, Any] = program.json("import", "log.ce", "--db", "copy.db")
    return answer


def test_the_official_sdk_takes_every_line(seeded: Program) -> None:
    """Every line is a CloudEvent 1.0 for the CNCF's SDK, with the attributes documented."""
    with EventStore.open("paraph.db") as store:
        events = list(store.stream_all())
    sources = set()
    for text, event in zip(exported(seeded), events, strict=True):
        found = JSONFormat().read(CloudEvent, text)
        assert found.get_specversion() == "1.0"
        assert (found.get_id(), found.get_subject()) == (event.id, event.stream)
        assert found.get_type() == f"org.paraph.{event.type}.v1"
        assert found.get_time() == moment(event.recorded)
        assert found.get_datacontenttype() == "application/json"
        assert found.get_extension("on") == event.on
        assert found.get_extension("position") == event.position
        data = found.get_data()
        assert isinstance(data, dict)
        assert data["data"] == event.data
        sources.add(found.get_source())
    [source] = sources
    assert source.startswith("urn:uuid:")


@pytest.mark.parametrize("flags", [[], ["--known-at", "7"]])
def test_another_register_gets_the_same_facts_once(told: Program, flags: list[str]) -> None:
    """Imported into an empty register every fact is there with its id; imported again nothing is new."""
    lines = exported(told, *flags)
    assert copied(told)["new"] == len(lines)
    assert facts(told, "copy.db") == facts(told)[: len(lines)]
    again = told.json("import", "log.ce", "--db", "copy.db")
    assert (again["new"], again["already_recorded"]) == (0, len(lines))
    assert told.json("import", "log.ce")["new"] == 0


def test_three_years_of_a_commission_come_out_the_same(empty: Program) -> None:
    """Corrections, merges, keys and sources survive the way through CloudEvents."""
    for path in YEARS:
        empty.ok("import", str(path))
    exported(empty)
    assert copied(empty)["rejected"] == 0
    assert facts(empty, "copy.db") == facts(empty)
    theirs, mine = (empty.json("list", "--db", db)["agreements"] for db in ("paraph.db", "copy.db"))
    assert mine == theirs


def test_what_was_recorded_against_a_rule_is_let_in_again(told: Program) -> None:
    """The waiver in the file says which fact was irregular and why, and both come in with their ids."""
    told.ok("record", "resumed", "khizi-wind", "--irregular", "the ministry says so", "--on", "2025-01-01")
    told.ok("retract", "khizi-wind@3", "--reason", "misread")
    exported(told)
    assert copied(told)["rejected"] == 0
    assert facts(told, "copy.db") == facts(told)


def test_a_register_that_has_facts_of_its_own_gets_the_others_too(told: Program) -> None:
    """Unlike an exported log, CloudEvents go into any register, behind what is there."""
    exported(told)
    told.ok("init", "--db", "copy.db")
    told.ok("new", "party", "Another house", "--slug", "another", "--db", "copy.db")
    assert told.json("import", "log.ce", "--db", "copy.db")["new"] == 19
    assert told.json("verify", "--db", "copy.db")["ok"]


def test_events_that_are_not_facts_are_bad_rows(told: Program) -> None:
    """A CloudEvent of somebody else, or of ours with nothing in it, is refused with its row."""
    good = json.loads(exported(told)[0])
    strange = {**good, "type": "com.example.Ordered"}
    hollow = {name: value for name, value in good.items() if name != "data"}
    unknown = {**good, "type": "org.paraph.PartyDreamt.v1", "id": "00000000-0000-4000-8000-0000000000ff"}
    texts = [json.dumps(event).encode() for event in (good, strange, hollow, unknown)]
    answer = told("import", written(Path("bad.ce"), *texts), "--json")
    assert answer.code == 4
    assert {row["row"] for row in answer.json["problems"]} == {2, 3, 4}


TEXT = st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp", "Zs"]), min_size=1, max_size=40)


@given(name=TEXT, note=TEXT)
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_survives(empty: Program, name: str, note: str) -> None:
    """Whatever letters a name and a note have, they come out of the other register as they went in."""
    for db in ("paraph.db", "copy.db"):
        Path(db).unlink(missing_ok=True)
    empty.ok("init")
    said = line("PartyRegistered", "party/any", "2024", {"note": note}, name=name)
    empty.ok("import", written(Path("a.jsonl"), said))
    exported(empty)
    copied(empty)
    assert facts(empty, "copy.db") == facts(empty)
