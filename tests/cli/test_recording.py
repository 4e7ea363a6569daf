"""Every short word records its fact; opening, correcting, striking and remarking do what they say."""

import json
import shlex
from typing import Any

import pytest

from cli.words import WORDS
from tests.cli.program import Program

EXAMPLES = {
    "party": ["wind-memo fund --role beneficiary"],
    "signature": ["wind-memo cmec --signatory 'Li Wei' --office Director"],
    "signed": ["trade-treaty --place Baku --irregular 'copy lost'"],
    "consent": ["wind-memo fund ratification --depositary 'Ministry of Foreign Affairs'"],
    "in-force": ["wind-memo"],
    "term": ["wind-memo --length P3Y --renewal none"],
    "renewed": ["wind-memo --until 2030-01-01"],
    "notice": ["wind-memo fund denunciation --takes-effect 2026-01-01"],
    "amended": ["wind-memo --provisions 'article 3'"],
    "terminated": ["wind-memo --ground 'by agreement'"],
    "lapsed": ["wind-memo --reason 'never ratified'"],
    "value": ["wind-memo 100.50 EUR --kind pledged", "baku-forum 1 USD --qualifier about"],
    "financing": [
        *(f"wind-memo {s} --financier fund" for s in ("mentioned", "pledged", "committed", "closed", "disbursing")),
        "wind-memo completed",
        "wind-memo withdrawn",
        *(f"khizi-wind {s} --amount 5 --currency USD" for s in ("pledged", "committed", "closed", "disbursing")),
        "khizi-wind withdrawn",
    ],
    "suspended": ["wind-memo --reason review", "khizi-wind --reason money"],
    "resumed": ["wind-memo --irregular 'suspension not on record'", "khizi-wind --irregular 'as above'"],
    "review": ["wind-memo joint-commission --outcome noted", "khizi-wind joint-commission --finding delayed"],
    "link": ["khizi-wind trade-treaty", "wind-memo trade-treaty --relation implements", "baku-forum trade-treaty"],
    "phase": ["khizi-wind appraised --wording approved"],
    "study": [
        f"khizi-wind {step} bankable" for step in ("commissioned", "started", "submitted", "returned", "accepted")
    ],
    "decision": ["khizi-wind go"],
    "construction": ["khizi-wind"],
    "operation": ["khizi-wind"],
    "completed": ["khizi-wind"],
    "dropped": ["khizi-wind --reason wind"],
    "cancelled": ["khizi-wind --reason wind"],
    "session": [f"joint-commission {step} --session 5" for step in ("scheduled", "postponed", "held")],
    "instruction": [
        "joint-commission issued 2 --text Write --responsible fund",
        "joint-commission progress 1 --report 'half done'",
        "joint-commission moved 1 --deadline 2026-01-01",
        "joint-commission reported 1 --report done",
        "joint-commission closed 1",
        "joint-commission reopened 1 --irregular 'closed on paper'",
        "joint-commission cancelled 1",
    ],
    "name": ["fund --language az 'Dövlət Neft Fondu'"],
    "renamed": ["cmec 'China Machinery'"],
}


def test_every_word_and_action_has_an_example() -> None:
    """The examples of this file leave out no word, no kind of stream and no action."""
    assert EXAMPLES.keys() == WORDS.keys()
    for name, word in WORDS.items():
        wanted = sum(len(actions) for actions in word.facts.values())
        assert len(EXAMPLES[name]) >= wanted, name


@pytest.mark.parametrize(
    ("name", "arguments"), [(name, example) for name, examples in EXAMPLES.items() for example in examples]
)
def test_a_word_records_its_fact(told: Program, name: str, arguments: str) -> None:
    """A word with its flags records the fact it stands for, and the views follow."""
    split = shlex.split(arguments)
    answer = told.json("record", name, *split, "--on", "2025-06-01", "--source", "s")
    word = WORDS[name]
    kinds = {event["stream"].partition("/")[0] for event in answer["events"]}
    [kind] = kinds
    action = split[1] if word.actions else ""
    assert answer["events"][0]["type"] == word.facts[kind][action]
    assert not answer["already_recorded"]
    assert told.json("projections", "check")
    assert told.json("replay", split[0])["matches_projection"]


def only(answer: Any) -> Any:
    """Return the one event of an answer."""
    [event] = answer["events"]
    return event


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Sumqayıt Kimya Sənaye Parkı", "sumqayit-kimya-senaye-parki"),
        ("Торговое соглашение", "torgovoe-soglashenie"),
        ("The Port of Alat", "port-alat"),
        ("x" * 60, "x" * 40),
        ("!!!", "party"),
        ("A", "party-a"),
    ],
)
def test_a_slug_is_proposed_from_the_title(empty: Program, title: str, slug: str) -> None:
    """A title in any script gives a slug of its telling words; it is said which."""
    answer = empty("new", "party", title)
    assert answer.code == 0
    assert f"slug {slug}" in answer.err
    assert empty.json("list", "parties")["parties"][0]["slug"] == slug


def test_a_proposed_slug_never_takes_one_that_is_there(empty: Program) -> None:
    """A second file of the same title gets a number."""
    for place in ("Baku", "Ganja"):
        empty.ok("new", "project", "Wind park", "--location", place)
    assert [row["slug"] for row in empty.json("list", "projects")["projects"]] == ["wind-park", "wind-park-2"]


def test_chinese_titles_give_ascii_slugs(empty: Program) -> None:
    """A Chinese title is transliterated."""
    empty.ok("new", "party", "中国机械工程公司")
    [party] = empty.json("list", "parties")["parties"]
    assert party["slug"].isascii()
    assert len(party["slug"]) > 5


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


def test_what_is_taken_for_granted_is_said(told: Program) -> None:
    """Without a date it is today, in the register's zone, and that is said; a missing source is remarked."""
    answer = told.ok("record", "phase", "khizi-wind", "appraised")
    assert "on 2025-07-02 (today" in answer.err
    assert "no source given" in answer.err
    assert told.json("log", "--last", "1")["events"][0]["on"] == "2025-07-02"


def test_a_rehearsal_records_nothing(told: Program) -> None:
    """--dry-run prints the fact as a JSON line and leaves the log as it was; a refusal is told too."""
    head = told.head()
    [fact] = told.ok("record", "phase", "khizi-wind", "appraised", "--on", "2025-06-01", "--dry-run").facts
    assert (fact["type"], fact["data"]) == ("PhaseObserved", {"phase": "appraised"})
    assert told("record", "resumed", "khizi-wind", "--dry-run").code == 4
    assert told.head() == head


def test_a_refusal_teaches_and_a_reason_overrides_it(told: Program) -> None:
    """A refusal says rule and alternatives; --irregular records the fact, and the skip stays visible."""
    error = told.refused(4, "record", "resumed", "khizi-wind")
    assert error["code"] == "out-of-order"
    assert "ProjectSuspended" in error["hint"]
    answer = told.json("record", "resumed", "khizi-wind", "--irregular", "suspended by letter")
    assert [event["type"] for event in answer["events"]] == ["ProjectResumed", "RuleWaived"]
    [flag] = told.json("status", "khizi-wind", "--as-of", "2025-07-02")["flags"]
    assert (flag["code"], "suspended by letter" in flag["message"]) == ("out-of-order", True)


def test_any_fact_can_be_recorded_field_by_field(told: Program) -> None:
    """`record fact` takes any type: slugs completed, lists by repetition or as JSON, other streams named."""
    told.ok("record", "fact", "AgendaAdopted", "joint-commission", "--set", "session=4", "--set", 'items=["One","Two"]')
    sets = ["--set", "agreement=trade-treaty", "--set", "relation=implements"]
    answer = told.json("record", "fact", "AgreementLinked", "wind-memo", *sets, "--about", "khizi-wind")
    event = told.json("show", only(answer)["hash"][:10])["event"]
    assert event["data"]["agreement"] == "agreement/trade-treaty"
    assert set(event["about"]) == {"agreement/trade-treaty", "project/khizi-wind"}


def test_a_file_can_be_opened_as_any_fact(empty: Program) -> None:
    """`record fact` with an opening fact opens the stream it names."""
    empty.ok("record", "fact", "PartyRegistered", "party/izia", "--set", "name=IZIA")
    assert empty.json("status", "izia")["title"] == "IZIA"


def test_a_correction_shows_beside_what_was_recorded(told: Program) -> None:
    """Correct replaces fields, takes them away, changes or refines the date; what was recorded stays."""
    event = "khizi-wind@3"
    told.ok("correct", event, "--set", "phase=appraised", "--unset", "wording", "--reason", "misread")
    told.ok("correct", event, "--on", "2024-07-01", "--reason", "misdated")
    status = told.json("status", "khizi-wind")
    assert (status["phase"], status["wording"], status["since"]) == ("appraised", None, "2024-07-01")
    told.ok("correct", event, "--refine", "2024-07-01?", "--reason", "a diary")
    shown = told.json("show", event)
    assert (shown["event"]["on"], shown["event"]["on_as_recorded"]) == ("2024-07-01?", "2024-06")
    assert shown["event"]["standing"] == "corrected"
    assert [touch["type"] for touch in shown["touched_by"]] == ["EventCorrected", "EventCorrected", "DateRefined"]


def test_what_was_struck_stays_and_can_be_restored(told: Program) -> None:
    """Retract strikes a fact; retracting the retraction restores it; the log keeps all three."""
    struck = only(told.json("retract", "khizi-wind@3", "--reason", "another park"))
    assert told.json("status", "khizi-wind")["phase"] == "identified"
    restored = only(told.json("retract", struck["id"], "--reason", "it was this one"))
    assert (struck["type"], restored["type"]) == ("EventRetracted", "CorrectionWithdrawn")
    assert told.json("status", "khizi-wind")["phase"] == "justification"
    standings = [event["standing"] for event in told.json("log", "khizi-wind")["events"] if event["type"] != "x"]
    assert standings[-2:] == ["retracted", "standing"]


def test_remarks_and_sources_are_added(told: Program) -> None:
    """Note leaves a remark on a stream or event; source makes a fact rest on more than one."""
    told.ok("note", "khizi-wind", "ask for the map")
    told.ok("note", "khizi-wind@3", "page 2 is missing")
    told.ok("source", "khizi-wind@3", "--source", "report-9", "--quote", "under way", "--lang", "en")
    status = told.json("status", "khizi-wind")
    assert {row["source"] for row in status["sources"]} == {"gazette-7", "report-9"}
    assert status["quality"]["rating"] == "corroborated"
    notes = [e["data"] for e in told.json("log", "khizi-wind")["events"] if e["type"] == "NoteRecorded"]
    assert [note["text"] for note in notes] == ["ask for the map", "page 2 is missing"]


def test_the_same_fact_again_is_on_record_and_says_how_to_add_a_source(told: Program) -> None:
    """A fact said twice is answered with its first event; the hint it prints works as printed."""
    command = ["record", "decision", "khizi-wind", "go", "--on", "2025-01-01", "--source"]
    first = told.json(*command, "one")
    again = told.ok(*command, "two")
    assert json.loads(told.ok(*command, "two", "--json").out)["events"] == first["events"]
    [hint] = [text.strip() for text in again.err.splitlines() if "paraph source" in text]
    told.ok(*shlex.split(hint)[1:])
    assert len(told.json("show", only(first)["hash"][:12])["touched_by"]) == 1
