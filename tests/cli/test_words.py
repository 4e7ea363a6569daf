"""Every short word of `record` records its fact, and no fact of the catalogue is without a way in."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from cli.words import NAMED_BY_ACTION, WORDS
from domain.catalogue import MODELS, kind_of_fact
from domain.corrections import FACTS as ABOUT_THE_RECORD
from domain.deciders import DECIDERS
from domain.streams import kind_of
from tests.cli.program import Program
from tests.domain.samples import DATA

STREAMS = {
    "agreement": "wind-memo",
    "project": "khizi-wind",
    "commission": "joint-commission",
    "occasion": "baku-forum",
    "party": "fund",
    "clock": "register",
}
OTHERS = {**STREAMS, "agreement": "trade-treaty"}
VALUES = {
    "party": "fund",
    "form": "ratification",
    "kind": "denunciation",
    "amount": "5",
    "currency": "USD",
    "commission": "joint-commission",
    "agreement": "trade-treaty",
    "phase": "construction",
    "study": "bankable",
    "decision": "go",
    "item": "7",
    "text": "SOFAZ of Azerbaijan",
    "name": "Oil Fund",
    "rule": "signature",
    "facet": "legal status",
    "value": "signed",
    "milestone": "groundbreaking",
    "absorbed": "zjgc",
    "successor": "zjgc",
}
FLAGS = {
    "AgreementLinked": ["--relation", "parallel to"],
    "SessionScheduled": ["--session", "5"],
    "SessionPostponed": ["--session", "5"],
    "InstructionIssued": ["--text", "build it"],
    "InstructionProgressReported": ["--report", "half done"],
    "InstructionDeadlineMoved": ["--deadline", "2026"],
    "ObligationRecorded": ["--text", "report yearly"],
    "ObligationProgressReported": ["--report", "half done"],
    "ObligationDeadlineMoved": ["--deadline", "2026"],
    "MilestoneRescheduled": ["--due", "2026"],
}
LOOSE = ("--on", "2025-05-01", "--source", "gazette-8", "--irregular", "for the test")


def ways() -> Iterator[tuple[str, str, str, str]]:
    """Yield every word with each kind of stream and action it is for, and the fact it records."""
    for name, word in WORDS.items():
        for kind, by_action in word.facts.items():
            for action, fact in by_action.items():
                yield name, kind, action, fact


@pytest.mark.parametrize(("name", "kind", "action", "fact"), list(ways()))
def test_a_word_records_its_fact(told: Program, name: str, kind: str, action: str, fact: str) -> None:
    """The word, on the stream it is for and with its action, records the fact the table names."""
    values = [VALUES[field] for field in WORDS[name].positional]
    command = ["record", name, STREAMS[kind], *filter(None, [action]), *values, *FLAGS.get(fact, []), *LOOSE]
    first = told.json(*command)["events"][0]
    assert (first["type"], first["stream"]) == (fact, f"{kind}/{STREAMS[kind]}")
    data = told.json("show", first["id"])["event"]["data"]
    assert data.get(NAMED_BY_ACTION.get(fact, ""), action) == action


@pytest.mark.parametrize("name", WORDS)
def test_a_word_explains_itself(paraph: Program, name: str) -> None:
    """The help of a word names its stream, its actions and the flags of every record."""
    shown = paraph.ok("record", name, "--help").out
    for expected in ("STREAM", "--on", "--source", "--irregular", "--dry-run", *WORDS[name].actions):
        assert expected in shown


def test_the_catalogue_of_words_is_the_help_of_record(paraph: Program) -> None:
    """`paraph record --help` lists every word, and the way to every other fact."""
    shown = paraph.ok("record", "--help").out
    assert [name for name in (*WORDS, "fact") if f"\n  {name} " not in shown] == []


def referring(value: Any) -> Any:
    """Return a sample value with its references led to streams of the story."""
    if isinstance(value, str) and kind_of(value) in OTHERS and "/" in value:
        return OTHERS[kind_of(value)]
    return value


@pytest.mark.parametrize("name", [name for name in MODELS if name not in ABOUT_THE_RECORD])
def test_every_fact_can_be_recorded_field_by_field(told: Program, name: str) -> None:
    """`record fact TYPE` records any fact of the catalogue, its fields given as --set."""
    kind = kind_of_fact(name)
    opens = name == DECIDERS[kind].opens[0]
    stream = "brand-new" if opens else STREAMS[kind]
    if kind == "clock" and not opens:
        told.ok("record", "fact", "ClockStarted", stream, "--set=timezone=UTC")
    settings = [f"--set={field}={_typed(referring(value))}" for field, value in DATA.get(name, {}).items()]
    answer = told.json("record", "fact", name, stream, *settings, *LOOSE)
    assert answer["events"][0]["type"] == name
    assert answer["events"][0]["stream"] == f"{kind}/{stream}"


def _typed(value: Any) -> str:
    return json.dumps(value) if isinstance(value, list | dict) else str(value)


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("EventCorrected", ["target=khizi-wind@1", 'changes={"product": "heat"}', "reason=misread"]),
        ("EventRetracted", ["target=khizi-wind@3", "reason=misread"]),
        ("DateRefined", ["target=khizi-wind@3", "on=2024-06-11", "basis=letter"]),
        ("SourceAdded", ["target=khizi-wind@3", 'source={"source": "letter-12"}']),
        ("EventDisputed", ["target=khizi-wind@3", "reason=the Fund says otherwise"]),
        ("NoteRecorded", ["text=seen"]),
    ],
)
def test_facts_about_the_record_can_be_recorded_field_by_field(told: Program, name: str, fields: list[str]) -> None:
    """A fact about another event names it as any command does, by SLUG@VERSION."""
    settings = [f"--set={setting}" for setting in fields]
    answer = told.json("record", "fact", name, "khizi-wind", *settings, "--on", "2025-05-01")
    assert answer["events"][0]["type"] == name


@pytest.mark.parametrize("name", ["study", "financing", "session", "instruction"])
def test_an_unknown_action_names_the_known(told: Program, name: str) -> None:
    """An action the word does not have is a usage error that lists those it has."""
    stream = STREAMS[WORDS[name].kinds[0]]
    values = [VALUES[field] for field in WORDS[name].positional]
    message = told.refused(2, "record", name, stream, "burnt", *values)["message"]
    assert all(action in message for action in next(iter(WORDS[name].facts.values())))


def test_an_action_of_another_kind_is_refused(told: Program) -> None:
    """An action that another kind of stream has is refused for this one."""
    assert "project" in told.refused(4, "record", "financing", "khizi-wind", "mentioned")["message"]


def test_a_fact_told_by_its_word_says_what_else_it_concerns(told: Program) -> None:
    """`--about` ties an instruction to an agreement and a project; they show it; an unknown stream is told."""
    issued = ("record", "instruction", "joint-commission", "issued", "9", "--text", "report", "--on", "2025-05-01")
    told.ok(*issued, "--about", "wind-memo", "--about", "project/khizi-wind")
    for slug in ("wind-memo", "khizi-wind"):
        assert [row["item"] for row in told.json("status", slug)["instructions"]][-1] == "9"
    assert told.refused(3, *issued, "--about", "nowhere")["code"] == "not-found"
