"""Opening files, recording, rehearsing, correcting: what is written, and what is said about it."""

import pytest

from cli.slugs import proposed_slug
from domain.streams import is_slug
from tests.cli.program import Program

PHASE = ("record", "phase", "khizi-wind", "construction", "--on", "2025-05-01", "--source", "gazette-8")
TODAY = "2025-07-02"


def facets(program: Program, slug: str = "khizi-wind") -> dict[str, object]:
    """Return where a stream stands, without what tells when it was asked."""
    answer: dict[str, object] = program.json("status", slug)
    return {name: value for name, value in answer.items() if name not in {"head", "events", "quality"}}


@pytest.mark.parametrize(
    ("kind", "title", "slug"),
    [
        ("agreement", "Su təchizatı haqqında Anlaşma Memorandumu", "su-techizati-haqqinda-anlasma"),
        ("agreement", "Меморандум о взаимопонимании", "memorandum-o-vzaimoponimanii"),
        ("agreement", "关于合作的谅解备忘录", "guanyuhezuodeliangjiebeiwanglu"),
        ("agreement", "Memorandum of Understanding on the Port of Baku", "memorandum-understanding-port-baku"),
        ("party", "AZPROMO", "azpromo"),
        ("party", "Ə", "party-e"),
        ("party", "???", "party"),
        ("project", "A", "project-a"),
        ("occasion", "Визит — 2025", "vizit-2025"),
        ("commission", "The Commission", "commission"),
        ("party", "x" * 300, "x" * 40),
    ],
)
def test_a_slug_is_proposed_from_the_title(empty: Program, kind: str, title: str, slug: str) -> None:
    """`new` makes a slug of the title's telling words in any script, and says which."""
    answer = empty.ok("new", kind, title, "--on", "2025")
    assert f"slug {slug} (--slug says another)" in answer.err
    assert facets(empty, f"{kind}/{slug}")["title"] == title


@pytest.mark.parametrize(
    "title", ["", "-", "!?", "ß", "İIıi", "a" * 41 + " b", "日本", "🙂", "́", "A" * 500, "x" * 39 + " yy"]
)
def test_a_proposed_slug_is_a_slug(title: str) -> None:
    """Whatever the title, the proposal is a slug, and a free one when the first choice is taken."""
    taken: set[str] = set()
    for _ in range(12):
        slug = proposed_slug(title, taken, "agreement")
        assert is_slug(slug)
        assert slug not in taken
        taken.add(slug)


def test_a_slug_is_never_proposed_twice(empty: Program) -> None:
    """The same title again gets a numbered slug, whatever kind of file it opens."""
    kinds = ("party", "project", "occasion")
    streams = [empty.json("new", kind, "Baku Port")["events"][0]["stream"] for kind in kinds]
    assert streams == ["party/baku-port", "project/baku-port-2", "occasion/baku-port-3"]


def test_new_opens_with_parties_agreements_and_organisers(told: Program) -> None:
    """What `new` is given besides the title is recorded along, in one go."""
    told.ok("new", "agreement", "Loan for the wind park", "--kind", "loan", "--party", "fund", "--party", "zjgc")
    answer = facets(told, "loan-wind-park")
    assert [party["slug"] for party in answer["parties"]] == ["fund", "zjgc"]  # type: ignore[attr-defined]  # JSON
    told.ok("new", "project", "Grid", "--under", "loan-wind-park", "--under", "wind-memo", "--sponsor", "zjgc")
    grid = told.json("status", "grid")
    assert [agreement["slug"] for agreement in grid["agreements"]] == ["loan-wind-park", "wind-memo"]
    told.ok("new", "occasion", "Signing day", "--announced", "--place", "Baku")
    assert told.json("status", "signing-day")["stage"] == "announced"


def test_new_with_an_unknown_party_opens_nothing(told: Program) -> None:
    """Where one of the parties is not on record, the agreement is not opened either."""
    told.refused(3, "new", "agreement", "A treaty", "--party", "fund", "--party", "nowhere")
    assert told("status", "treaty").code == 3


def test_a_record_without_a_day_is_of_today(told: Program) -> None:
    """Without --on a fact is of today in the register's own time zone, and that is said on stderr."""
    told.clock.move(hours=12, minutes=30)
    answer = told.ok("record", "phase", "khizi-wind", "construction", "--source", "gazette-8")
    assert "on 2025-07-03 (today; --on says another day)" in answer.err
    assert told.json("status", "khizi-wind")["since"] == "2025-07-03"


def test_a_record_without_a_source_is_warned_about(told: Program) -> None:
    """Without --source the fact is recorded, and stderr asks where it comes from; --quiet does not ask."""
    unsourced = PHASE[:-2]
    assert "no source given" in told.ok(*unsourced, "--dry-run").err
    assert "no source given" not in told.ok(*PHASE, "--dry-run").err
    assert told.ok(*unsourced, "--quiet").err == ""


def test_the_envelope_is_recorded_whole(told: Program) -> None:
    """Sources, quote, language, certainty, who recorded and a note stand in the event."""
    told.ok(
        *PHASE, "--quote", "tikinti başladı", "--lang", "az", "--certainty", "inferred", "--by", "Leyla", "--note", "n"
    )
    event = told.json("show", "khizi-wind@5")["event"]
    assert event["sources"] == [
        {"source": "gazette-8", "quote": "tikinti başladı", "lang": "az", "certainty": "inferred"}
    ]
    assert (event["by"], event["note"], event["on"]) == ("Leyla", "n", "2025-05-01")


def test_several_sources_are_kept(told: Program) -> None:
    """--source may be repeated, and each is kept."""
    told.ok(*PHASE, "--source", "letter-12")
    sources = told.json("show", "khizi-wind@5")["event"]["sources"]
    assert [source["source"] for source in sources] == ["gazette-8", "letter-12"]


@pytest.mark.parametrize("flags", [["--json"], [], ["--quiet"]])
def test_a_rehearsal_prints_lines_an_import_accepts(told: Program, flags: list[str]) -> None:
    """--dry-run records nothing and prints on stdout just the fact lines that would record it."""
    before = told.head()
    rehearsed = told.ok("new", "agreement", "Pipes", "--party", "fund", "--on", "2025-05-01", "--dry-run", *flags)
    assert told.head() == before
    assert [fact["type"] for fact in rehearsed.facts] == ["AgreementOpened", "PartyAdded"]
    assert told.json("import", "-", stdin=rehearsed.out.encode())["new"] == 2
    assert told.json("status", "pipes")["parties"][0]["slug"] == "fund"


def test_a_rehearsed_refusal_is_refused(told: Program) -> None:
    """What would be refused is refused in a rehearsal too."""
    told.refused(4, "record", "resumed", "wind-memo", "--on", "2025-01-01", "--dry-run")


def test_what_a_rule_refuses_is_recorded_for_a_reason(told: Program) -> None:
    """--irregular records the fact and beside it the waiver with its reason, and the skip shows as a flag."""
    command = ("record", "resumed", "wind-memo", "--on", "2025-01-01", "--source", "gazette-8")
    told.refused(4, *command)
    answer = told.json(*command, "--irregular", "the gazette says so")
    assert [event["type"] for event in answer["events"]] == ["SuspensionLifted", "RuleWaived"]
    waiver = told.json("show", answer["events"][1]["id"])["event"]
    assert waiver["data"]["reason"] == "the gazette says so"
    assert told.json("status", "wind-memo")["flags"] != []
    again = told.json(*command, "--irregular", "the gazette says so", "--id", answer["events"][0]["id"])
    assert again["already_recorded"]


def test_no_reason_waives_an_unknown_stream(told: Program) -> None:
    """--irregular waives rules, not that a stream must be there."""
    told.refused(3, "record", "party", "wind-memo", "nowhere", "--irregular", "in a hurry")


@pytest.mark.parametrize("as_settings", [["--set", "phase=appraised"], ["--set", 'phase="appraised"']])
def test_a_correction_replaces_fields(told: Program, as_settings: list[str]) -> None:
    """`correct --set` replaces a field; what was recorded stays in the event."""
    told.ok("correct", "khizi-wind@3", *as_settings, "--reason", "misread")
    assert told.json("status", "khizi-wind")["phase"] == "appraised"
    event = told.json("show", "khizi-wind@3")["event"]
    assert event["data"]["phase"] == "justification"
    assert event["corrected_data"] == {"phase": "appraised", "wording": "feasibility under way"}
    assert event["standing"] == "corrected"


def test_a_correction_takes_a_field_away(told: Program) -> None:
    """`correct --unset` takes an optional field away."""
    told.ok("correct", "khizi-wind@3", "--unset", "wording", "--reason", "other words")
    assert told.json("status", "khizi-wind")["wording"] is None


def test_a_correction_moves_a_date(told: Program) -> None:
    """`correct --on` says the right date of the event; the correction itself is of today."""
    told.ok("correct", "khizi-wind@3", "--on", "2024-07-07", "--reason", "misread")
    event = told.json("show", "khizi-wind@3")["event"]
    assert (event["on"], event["on_as_recorded"]) == ("2024-07-07", "2024-06")
    assert told.json("show", "khizi-wind@5")["event"]["on"] == TODAY


def test_a_refinement_names_the_day(told: Program) -> None:
    """`correct --refine` makes a date better known, once."""
    told.ok("correct", "khizi-wind@3", "--refine", "2024-06-11", "--reason", "letter")
    assert told.json("status", "khizi-wind")["since"] == "2024-06-11"
    told.refused(4, "correct", "khizi-wind@3", "--refine", "2024-06-11", "--reason", "another letter")


def test_a_retracted_fact_counts_no_more_until_that_is_withdrawn(told: Program) -> None:
    """`retract` strikes a fact; retracting the retraction puts everything back."""
    before = facets(told)
    told.ok("retract", "khizi-wind@3", "--reason", "of another project")
    assert told.json("status", "khizi-wind")["phase"] == "identified"
    told.ok("retract", "khizi-wind@5", "--reason", "it was this one")
    assert facets(told) == before
    assert told.json("show", "khizi-wind@3")["event"]["standing"] == "standing"


def test_a_correction_is_taken_back(told: Program) -> None:
    """Retracting a correction restores what was before it."""
    before = facets(told)
    told.ok("correct", "khizi-wind@3", "--set", "phase=appraised", "--reason", "misread")
    answer = told.json("retract", "khizi-wind@5", "--reason", "was right")
    assert answer["events"][0]["type"] == "CorrectionWithdrawn"
    assert facets(told) == before


def test_a_retracted_event_is_not_retracted_again(told: Program) -> None:
    """A second retraction of the same event is refused, or found on record."""
    told.ok("retract", "khizi-wind@3", "--reason", "of another project")
    told.refused(4, "retract", "khizi-wind@3", "--reason", "still of another project")


@pytest.mark.parametrize("event", ["khizi-wind@3", "project/khizi-wind@3", "13", "{hash}", "{id}", "{ID}"])
def test_an_event_is_named_in_many_ways(told: Program, event: str) -> None:
    """SLUG@VERSION, a position, the beginning of the hash and the id all name the same event."""
    shown = told.json("show", "13")["event"]
    name = event.format(hash=shown["hash"][:8], id=shown["id"], ID=shown["id"].upper())
    told.ok("correct", name, "--set", "phase=appraised", "--reason", "misread")
    assert told.json("status", "khizi-wind")["phase"] == "appraised"


def test_a_note_changes_nothing_but_the_log(told: Program) -> None:
    """A note on a stream or on an event is in its log and leaves its status as it was."""
    before = facets(told)
    told.ok("note", "khizi-wind", "ask\nthe Fund")
    told.ok("note", "khizi-wind@3", "which plant?")
    assert facets(told) == before
    texts = [event["data"]["text"] for event in told.json("log", "khizi-wind")["events"][-2:]]
    assert texts == ["ask\nthe Fund", "which plant?"]


def test_an_added_source_supports_the_fact(told: Program) -> None:
    """`source` adds to the sources of an earlier event, and the quality of the record rises."""
    told.ok("source", "khizi-wind@3", "--source", "letter-12", "--quote", "in June", "--certainty", "inferred")
    answer = told.json("status", "khizi-wind")
    assert sorted(source["source"] for source in answer["sources"]) == ["gazette-7", "letter-12"]


def test_writes_need_the_slug_and_reads_take_words(told: Program) -> None:
    """A read finds a project by words of its name in any case; a write does not guess."""
    assert told.json("status", "WIND PARK")["slug"] == "khizi-wind"
    assert told.json("status", "соглашение")["slug"] == "trade-treaty"
    told.refused(3, "record", "phase", "wind park", "construction")


def test_a_setting_may_be_json_text_or_repeated(told: Program) -> None:
    """--set takes JSON where it looks like it, text otherwise, and a list from a field named twice."""
    told.ok("record", "fact", "AgendaAdopted", "joint-commission", "--set", "session=5", "--set", "items=a")
    told.ok(
        "record",
        "fact",
        "AgendaAdopted",
        "joint-commission",
        "--set",
        "session=6",
        "--set",
        "items=a",
        "--set",
        "items=b",
    )
    told.ok("record", "fact", "AgendaAdopted", "joint-commission", "--set", "session=7", "--set", 'items=["c"]')
    agendas = [
        e["data"]["items"] for e in told.json("log", "joint-commission")["events"] if e["type"] == "AgendaAdopted"
    ]
    assert agendas == [["a"], ["a", "b"], ["c"]]


def test_a_receipt_names_what_is_on_disk(told: Program) -> None:
    """The receipt's hash and position are those another process finds in the log."""
    event = told.json(*PHASE)["events"][0]
    logged = told.json("show", event["id"])["event"]
    assert {name: logged[name] for name in event} == event
