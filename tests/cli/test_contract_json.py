"""The JSON answers of CLI.md section 6: the fields that must be there, and what they say of the seed."""

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from domain.catalogue import MODELS
from tests.cli.program import SEED, Program, line, written
from tests.cli.shapes import ASKED, EVENTS, HEAD, NONE, PARTY, RECORDED, Shape, mismatches

PROJECT = {"slug": str, "phase": str, "wording": (str, NONE), "run_state": str, "since": str}
STATUS = ASKED | {"kind": str, "slug": str, "title": str, "flags": list, "sources": list, "events": int}
AGREEMENT = STATUS | {
    "legal_status": str,
    "parties": [PARTY],
    "signed": ({"on": str, "place": (str, NONE), "occasion": (str, NONE)}, NONE),
    "project": (PROJECT, NONE),
    "financing": str,
    "value": (dict, NONE),
    "term": (dict, NONE),
    "review": str,
    "next": (dict, NONE),
}
OF_PROJECT = STATUS | {"phase": str, "wording": (str, NONE), "run_state": str, "agreements": [{"slug": str}]}
OVERVIEW = ASKED | {
    "counts": dict.fromkeys(("events", "streams", "agreements", "projects"), int),
    "by_legal_status": dict,
    "by_phase": dict,
}
LISTED = ASKED | {
    "agreements": [
        {
            "slug": str,
            "title": str,
            "kind": str,
            "legal_status": str,
            "phase": (str, NONE),
            "run_state": (str, NONE),
            "parties": [PARTY],
            "signed_on": (str, NONE),
            "next": (dict, NONE),
        }
    ]
}
EVENT = {
    **dict.fromkeys(("id", "hash", "stream", "type", "on", "recorded", "by", "standing"), str),
    **dict.fromkeys(("position", "version"), int),
    "about": list,
    "data": dict,
    "sources": list,
    "note": (str, NONE),
}
STEPS = {"steps": [{"event": EVENT, "changes": [{"facet": str}]}], "final": STATUS, "matches_projection": bool}
REPLAYED = {"events": int, "streams": int, "seconds": float, "matches_projection": bool, "head": HEAD}
VERIFIED = {"ok": bool, "events": int, "root": str, "checks": dict, "problems": [{"what": str}]}
VIEWS = {"projections": [{"name": str, "position": int, "matches": bool}]}


@pytest.mark.parametrize(
    ("command", "shape"),
    [
        (["status"], OVERVIEW),
        (["status", "izia-vencou-cardboard"], AGREEMENT),
        (["status", "c4ir-caict"], AGREEMENT),
        (["status", "sumgayit-cardboard"], OF_PROJECT),
        (["list"], LISTED),
        (["log"], {"events": [EVENT]}),
        (["log", "sumgayit-cardboard"], {"events": [EVENT]}),
        (["replay", "sumgayit-cardboard"], STEPS),
        (["replay", "izia-vencou-cardboard"], STEPS),
        (["replay", "--all"], REPLAYED),
        (["verify"], VERIFIED),
        (["projections", "check"], VIEWS),
        (["projections", "rebuild"], VIEWS),
    ],
)
def test_a_question_answers_with_the_fields_of_the_contract(seeded: Program, command: list[str], shape: Shape) -> None:
    """Every question's JSON has the contract's fields with their types."""
    assert mismatches(seeded.json(*command), shape) == []


@pytest.mark.parametrize(
    "command",
    [
        ["record", "phase", "sumgayit-cardboard", "construction"],
        ["new", "party", "Ministry of Energy"],
        ["new", "agreement", "A memorandum", "--party", "izia"],
        ["correct", "sumgayit-cardboard@3", "--set", "phase=appraised", "--reason", "misread"],
        ["retract", "sumgayit-cardboard@3", "--reason", "of another project"],
        ["note", "sumgayit-cardboard", "ask IZIA"],
    ],
)
def test_a_record_answers_with_its_events(seeded: Program, command: list[str]) -> None:
    """Whatever records answers events, findings and whether it was on record, and the log ends with the last event."""
    answer = seeded.json(*command)
    assert mismatches(answer, RECORDED) == []
    head = seeded.head()
    assert head is not None
    assert answer["events"][-1]["position"] == head["position"]
    assert not answer["already_recorded"]


def test_an_import_answers_with_its_counts(empty: Program) -> None:
    """An import says how many facts were new, known and rejected, and where the log ends."""
    answer = empty.json("import", str(SEED))
    shape = {"new": int, "already_recorded": int, "rejected": int, "events": EVENTS, "head": HEAD}
    assert mismatches(answer, shape) == []
    assert (answer["new"], answer["already_recorded"], answer["rejected"]) == (256, 0, 0)
    assert answer["head"] == empty.head()


def test_an_import_repeated_adds_nothing(seeded: Program) -> None:
    """The same file imported again adds nothing and leaves the root as it was."""
    before = seeded.head()
    answer = seeded.json("import", str(SEED))
    assert (answer["new"], answer["already_recorded"], answer["rejected"], answer["events"]) == (0, 256, 0, [])
    assert answer["head"] == before


def test_the_seed_holds_seventeen_agreements_by_the_words_of_the_article(seeded: Program) -> None:
    """The list gives exactly 17 agreements: 7 memoranda, 1 of intent, 1 of cooperation, 8 of a kind not stated."""
    kinds = Counter(row["kind"] for row in seeded.json("list")["agreements"])
    assert kinds == {"mou": 7, "intent": 1, "cooperation": 1, "unknown": 8}


def test_the_cardboard_project_is_in_justification(seeded: Program) -> None:
    """The project stands in justification, in the article's words, under its agreement of intent."""
    answer = seeded.json("status", "sumgayit-cardboard")
    assert (answer["kind"], answer["phase"], answer["run_state"]) == ("project", "justification", "active")
    assert answer["wording"] == "financial and technical justification phase"
    assert [agreement["slug"] for agreement in answer["agreements"]] == ["izia-vencou-cardboard"]


def test_before_the_conference_there_is_no_project(seeded: Program) -> None:
    """As of a day before the conference the project has no phase, no agreement and no title."""
    answer = seeded.json("status", "sumgayit-cardboard", "--as-of", "2025-04-10")
    assert answer["as_of"] == "2025-04-10"
    assert [answer[name] for name in ("phase", "run_state", "title", "agreements")] == [None, None, None, []]


def test_the_combined_value_is_of_the_conference_alone(seeded: Program) -> None:
    """The 335 million stand on the conference and on no agreement."""
    conference = seeded.json("status", "beijing-conference-2025")
    assert (conference["value"]["amount"], conference["value"]["currency"]) == ("335000000", "USD")
    agreements = seeded.json("list")["agreements"]
    assert {row["value"] for row in agreements} == {None}
    details = [seeded.json("status", row["slug"]) for row in agreements]
    assert [detail["slug"] for detail in details if detail["value"] or detail["values"]] == []


def test_no_agreement_was_reviewed(seeded: Program) -> None:
    """The session of 16 April is on record, and no agreement has a review."""
    assert {row["review"] for row in seeded.json("list")["agreements"]} == {"never"}
    assert len(seeded.json("status", "az-cn-trade")["sessions"]) == 1


def test_a_status_names_project_and_signing(seeded: Program) -> None:
    """An agreement's answer holds its project as the project's own answer gives it, and where it was signed."""
    agreement = seeded.json("status", "izia-vencou-cardboard")
    project = seeded.json("status", "sumgayit-cardboard")
    assert agreement["project"] == {name: project[name] for name in agreement["project"]}
    assert agreement["signed"]["occasion"] == "beijing-conference-2025"
    assert [party["slug"] for party in agreement["parties"]] == ["izia", "vencou-vanhong"]


@pytest.mark.parametrize(
    ("filters", "count"),
    [
        (["--kind", "mou"], 7),
        (["--kind", "treaty"], 0),
        (["--legal", "signed"], 17),
        (["--legal", "in-force"], 0),
        (["--phase", "justification"], 1),
        (["--party", "azpromo"], 7),
        (["--party", "vencou-vanhong"], 2),
        (["--sector", "Metallurgy"], 1),
        (["--occasion", "beijing-conference-2025"], 13),
        (["--occasion", "state-visit-2025"], 4),
        (["--kind", "mou", "--occasion", "state-visit-2025"], 4),
        (["--kind", "intent", "--party", "azpromo"], 0),
    ],
)
def test_a_filter_lets_through_what_it_names(seeded: Program, filters: list[str], count: int) -> None:
    """Each filter keeps the agreements it names, and filters add up."""
    assert len(seeded.json("list", *filters)["agreements"]) == count


@pytest.mark.parametrize(
    ("plural", "count"), [("projects", 1), ("commissions", 1), ("occasions", 2), ("parties", 23), ("agreements", 17)]
)
def test_every_kind_can_be_listed(seeded: Program, plural: str, count: int) -> None:
    """`list` answers each kind under its own name, as many as the overview counts."""
    answer = seeded.json("list", plural)
    assert len(answer[plural]) == seeded.json("status")["counts"][plural] == count


def test_the_log_tells_what_became_of_an_event(seeded: Program) -> None:
    """An event stands, is corrected or is retracted, and the log says which."""
    seeded.ok("retract", "sumgayit-cardboard@2", "--reason", "another project")
    events = seeded.json("log", "sumgayit-cardboard")["events"]
    standing = {event["version"]: event["standing"] for event in events}
    assert (standing[1], standing[2], standing[4]) == ("corrected", "retracted", "standing")


def test_the_last_step_of_a_replay_is_the_present(seeded: Program) -> None:
    """A replay ends where the status stands, and says the stored view agrees."""
    answer = seeded.json("replay", "sumgayit-cardboard")
    assert answer["final"] == seeded.json("status", "sumgayit-cardboard")
    assert answer["matches_projection"]
    changes = [change for step in answer["steps"] for change in step["changes"] if change["facet"] == "phase"]
    assert changes == [{"facet": "phase", "before": "identified", "after": "justification"}]


def test_the_whole_log_folded_afresh_equals_the_views(seeded: Program) -> None:
    """`replay --all` folds all 256 events and finds every stored view right."""
    answer = seeded.json("replay", "--all")
    assert (answer["events"], answer["streams"], answer["matches_projection"]) == (256, 44, True)
    assert answer["head"] == seeded.head()


def test_verify_finds_the_seed_sound(seeded: Program) -> None:
    """`verify` recomputes the root that every answer names."""
    answer = seeded.json("verify")
    head = seeded.head()
    assert head is not None
    assert (answer["ok"], answer["events"], answer["root"]) == (True, 256, head["root"])
    assert answer["problems"] == []
    assert set(answer["checks"].values()) == {True}


def test_a_list_as_json_lines_is_the_list(seeded: Program) -> None:
    """With --format jsonl every agreement is a line, as whole as in the JSON answer."""
    assert seeded.ok("list", "--format", "jsonl").facts == seeded.json("list")["agreements"]


def test_facts_and_lifecycles_are_told_as_json(paraph: Program) -> None:
    """The catalogue and the lifecycles need no register; each type's schema closes its fields."""
    names = [fact["type"] for fact in paraph.json("facts", "list")["facts"]]
    assert len(names) == len(set(names)) > 90
    schema = paraph.json("facts", "show", "PhaseObserved")
    assert schema["required"] == ["phase"]
    assert schema["additionalProperties"] is False
    assert "PhaseObserved" in [move["fact"] for move in paraph.json("lifecycle", "show", "project-phase")["moves"]]


@pytest.mark.parametrize("name", MODELS)
def test_a_schema_describes_every_field_and_its_examples_hold(paraph: Program, name: str) -> None:
    """`facts show TYPE --json` describes each field; the examples are data the fact accepts, one of them whole."""
    schema = paraph.json("facts", "show", name)
    assert [field for field, said in schema["properties"].items() if not said.get("description")] == []
    least, every = schema["examples"]
    assert set(schema.get("required", ())) <= set(least) <= set(every) == set(schema["properties"])
    for example in (least, every):
        MODELS[name].model_validate(example)


@pytest.mark.parametrize("index", range(0, 100, 9))
def test_the_example_of_a_schema_is_a_line_the_import_can_read(empty: Program, index: int, tmp_path: Path) -> None:
    """The example a schema gives is of the right shape: an import refuses it for its stream at most."""
    facts: list[dict[str, Any]] = empty.json("facts", "list")["facts"]
    name = facts[index % len(facts)]["type"]
    example = empty.json("facts", "show", name)["x-example"]
    file = written(tmp_path / "example.jsonl", line(name, example["stream"], example["on"], **example["data"]))
    columns = {problem["column"] for problem in empty("import", file, "--dry-run", "--json").json["problems"]}
    assert columns <= {"type"}
