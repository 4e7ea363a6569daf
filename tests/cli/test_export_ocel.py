"""`paraph export --format ocel`: the rules of OCEL 2.0 in JSON, checked by hand, and what events and objects say."""

import json
import re
import tracemalloc
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from projections.exports import ocel as exported
from tests.cli.program import Program, line, written

YEARS = sorted((Path(__file__).parents[2] / "examples" / "three-years").glob("*.jsonl"))
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_TYPES = {"string", "time", "integer", "float", "boolean"}


def ocel(program: Program, *flags: str) -> dict[str, Any]:
    """Return the export, which must keep every rule of the standard's JSON schema and of its text."""
    program.ok("export", "--format", "ocel", "-o", "log.json", "--force", *flags)
    found: dict[str, Any] = json.loads(Path("log.json").read_text(encoding="utf-8"))
    expect_schema(found)
    return found


def expect_schema(log: dict[str, Any]) -> None:
    """Check the four parts, their members, that every type and attribute is declared and every id is there."""
    assert set(log) == {"eventTypes", "objectTypes", "events", "objects"}
    declared = {}
    for part in ("eventTypes", "objectTypes"):
        for one in log[part]:
            assert set(one) == {"name", "attributes"}
            assert all(set(attribute) == {"name", "type"} for attribute in one["attributes"])
            assert {attribute["type"] for attribute in one["attributes"]} <= _TYPES
            declared[part, one["name"]] = {attribute["name"] for attribute in one["attributes"]}
        assert len(log[part]) == len({one["name"] for one in log[part]})
    ids = [one["id"] for one in (*log["objects"], *log["events"])]
    assert len(ids) == len(set(ids))
    objects = {one["id"] for one in log["objects"]}
    for one in log["objects"]:
        assert set(one) == {"id", "type", "attributes", "relationships"}
        for attribute in one["attributes"]:
            assert set(attribute) == {"name", "time", "value"}
            assert _TIME.fullmatch(attribute["time"])
            assert attribute["name"] in declared["objectTypes", one["type"]]
    for one in log["events"]:
        assert set(one) == {"id", "type", "time", "attributes", "relationships"}
        assert _TIME.fullmatch(one["time"])
        assert {attribute["name"] for attribute in one["attributes"]} <= declared["eventTypes", one["type"]]
        assert all(set(attribute) == {"name", "value"} for attribute in one["attributes"])
        assert one["relationships"]
    for one in (*log["objects"], *log["events"]):
        related = [(relation["objectId"], relation["qualifier"]) for relation in one["relationships"]]
        assert len(related) == len(set(related))
        assert {name for name, _ in related} <= objects


def related(one: dict[str, Any]) -> set[tuple[str, str]]:
    """Return what something is related to, and how."""
    return {(relation["qualifier"], relation["objectId"]) for relation in one["relationships"]}


def test_the_small_story(told: Program) -> None:
    """Agreements, projects, parties, the commission and its session are objects, related as the register says."""
    log = ocel(told)
    objects = {one["id"]: one for one in log["objects"]}
    assert Counter(one["type"] for one in log["objects"]) == {
        "party": 2,
        "occasion": 1,
        "agreement": 2,
        "project": 1,
        "commission": 1,
        "session": 1,
    }
    assert ("under", "agreement/wind-memo") in related(objects["project/khizi-wind"])
    assert {("signatory", "party/fund"), ("signatory", "party/zjgc")} <= related(objects["agreement/wind-memo"])
    assert related(objects["session/joint-commission/4"]) == {("session of", "commission/joint-commission")}
    phases = [a for a in objects["project/khizi-wind"]["attributes"] if a["name"] == "phase"]
    assert [(a["value"], a["time"]) for a in phases] == [
        ("identified", "2024-03-05T00:00:00Z"),
        ("justification", "2024-06-01T00:00:00Z"),
    ]
    signed = next(one for one in log["events"] if one["type"] == "AgreementSigned")
    assert signed["time"] == "2024-03-01T00:00:00Z"
    assert {("subject", "agreement/wind-memo"), ("mentioned", "occasion/baku-forum")} <= related(signed)
    review = next(one for one in log["events"] if one["type"] == "ProjectReviewed")
    assert ("at session", "session/joint-commission/4") in related(review)


def test_three_years_keep_the_standard(empty: Program) -> None:
    """A log with corrections, retractions, merges and sessions is valid OCEL, of any day and known at any point."""
    for path in YEARS:
        empty.ok("import", str(path))
    whole = ocel(empty)
    assert len(whole["events"]) > 500
    for flags in (["--as-of", "2024-06-01"], ["--known-at", "100"], ["--known-at", "0"], ["--as-of", "1990-01-01"]):
        assert len(ocel(empty, *flags)["events"]) < len(whole["events"])


def test_batches_of_any_size_give_the_same_file(seeded: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    """Streams asked for one by one or all at once make the same file to the byte, merged parties too."""
    seeded.ok("record", "merged", "azpromo", "nia-cn", "--on", "2025-05-01")
    found = []
    for size in (1, 7, 1000):
        monkeypatch.setattr(exported, "BATCH", size)
        log = ocel(seeded)
        found.append(Path("log.json").read_bytes())
    assert found[0] == found[1] == found[2]
    assert any(("took in", "party/nia-cn") in related(one) for one in log["objects"])


def test_memory_does_not_grow_with_the_log(empty: Program) -> None:
    """Three times the events take little more memory to export: their places and ids alone are held."""
    peaks = []
    for number in range(2):
        lines = [
            line("PartyRegistered", f"party/p{number}-{n:04}", name=f"{n} {'N' * 450}")
            for n in range(700 + 700 * number)
        ]
        empty.ok("import", written(Path("facts.jsonl"), *lines))
        tracemalloc.start()
        empty.ok("export", "--format", "ocel", "-o", "log.json", "--force")
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] * 1.5, peaks


def test_what_was_retracted_is_no_event_and_what_was_corrected_comes_right(told: Program) -> None:
    """A miner sees what the register holds to be true, with the day a correction gave it."""
    told.ok("retract", "khizi-wind@3", "--reason", "misread")
    told.ok("correct", "wind-memo@4", "--on", "2024-03-02", "--reason", "typing error")
    log = ocel(told)
    assert not [one for one in log["events"] if one["type"] in {"PhaseObserved", "EventRetracted", "EventCorrected"}]
    signed = next(one for one in log["events"] if one["type"] == "AgreementSigned")
    assert signed["time"] == "2024-03-02T00:00:00Z"


def test_a_mention_of_what_is_not_yet_in_effect_leads_somewhere(told: Program) -> None:
    """An agreement may name an occasion that took effect only later: as an object it is there all the same."""
    told.ok("correct", "baku-forum@1", "--on", "2030-01-01", "--reason", "it is yet to come")
    log = ocel(told)
    assert "occasion/baku-forum" in {one["id"] for one in log["objects"]}
