"""The seed of `examples/`: seventeen agreements as a press report tells them, and nothing it does not say."""

from collections import Counter, defaultdict
from datetime import date

import pytest

from domain.dates import parse
from domain.entries import Entry
from domain.factline import draft_of
from domain.facts import references
from domain.replay import replay
from tests.examples.seed import (
    ARTICLE,
    DATED,
    LINES,
    PROJECT,
    REFINED,
    STATED,
    TEXT,
    decided,
    event_id,
    importable,
    number,
    of_type,
)


@pytest.fixture(scope="module")
def recorded() -> dict[str, list[Entry]]:
    """Give the streams as they stand after the whole file."""
    streams: dict[str, list[Entry]] = defaultdict(list)
    for _, _, entry in decided():
        streams[entry.stream].append(entry)
    return streams


def test_deciding_line_by_line_finds_nothing_to_warn_of() -> None:
    """Every line is a fact the rules take without a warning, on what the lines before it left."""
    found = [(line["key"], *findings) for line, findings, _ in decided() if findings]
    assert found == []


def test_no_line_leaves_facts_out_of_order() -> None:
    """After every line its stream begins with what opens it, and no fact breaks a rule where it stands."""
    streams: dict[str, list[Entry]] = defaultdict(list)
    for line, _, entry in decided():
        streams[entry.stream].append(entry)
        steps = replay(streams[entry.stream]).steps
        assert steps[0].entry.version == 1, line["key"]
        assert [step.findings for step in steps if step.findings] == [], line["key"]


def test_every_key_is_its_own() -> None:
    """Keys are unique and carry the file's prefix, so that a second import adds nothing."""
    keys = [line["key"] for line in LINES]
    assert len(set(keys)) == len(keys)
    assert all(key.startswith("az-cn-2025/") for key in keys)


def test_lines_read_in_one_order() -> None:
    """Fields stand in the order a reader expects, and the file ends each line with a line feed."""
    order = ("key", "type", "stream", "on", "data", "about", "sources", "note")
    assert all(list(line) == [name for name in order if name in line] for line in LINES)
    assert TEXT.endswith("\n")
    assert "\r" not in TEXT


def test_quotes_are_verbatim() -> None:
    """Every fact rests on words that stand in the report, letter for letter."""
    assert all(line["sources"] for line in LINES)
    for line in LINES:
        for source in line["sources"]:
            assert source["quote"] in ARTICLE, line["key"]
            assert (source["source"], source["lang"]) == ("trend-2025-04-23", "en")


def test_seventeen_agreements_by_kind() -> None:
    """Seven memoranda, one agreement of intent, one cooperation agreement, eight of a kind not named."""
    opened = of_type("AgreementOpened")
    assert {number(line) for line in opened} == {f"A{n:02}" for n in range(1, 18)}
    kinds = Counter(line["data"]["kind"] for line in opened)
    assert kinds == {"mou": 7, "intent": 1, "cooperation": 1, "unknown": 8}
    named = {number(line) for line in opened if line["data"]["kind"] == "mou"}
    assert named == {"A01", "A02", "A03", "A04", "A05", "A08", "A14"}


def test_each_agreement_has_two_sides_and_one_signing() -> None:
    """Each agreement has one signatory of either side, is signed once and attached to that occasion."""
    for line in of_type("AgreementOpened"):
        own = [other for other in LINES if other["stream"] == line["stream"]]
        sides = [other["data"]["side"] for other in own if other["type"] == "PartyAdded"]
        assert sides == ["Azerbaijan", "China"]
        [signed] = [other for other in own if other["type"] == "AgreementSigned"]
        [attached] = [other for other in of_type("AgreementAttached") if other["data"]["agreement"] == line["stream"]]
        assert attached["stream"] == signed["data"]["occasion"]
        at_conference = attached["stream"] == "occasion/beijing-conference-2025"
        assert at_conference == (number(line) > "A04")
        assert signed["data"].get("place") == ("Beijing" if at_conference else None)
        assert signed["on"] == ("XXXX-04-17" if at_conference else "XXXX-04-23")


def test_certainty_of_the_day_of_signing() -> None:
    """A signing is as certain as the report makes its day."""
    for line in of_type("AgreementSigned"):
        expected = "stated" if number(line) in STATED else "inferred"
        assert {source["certainty"] for source in line["sources"]} == {expected}, line["key"]


def test_names_are_as_printed() -> None:
    """A party's name as printed, and every other name on record, stands in the words its fact quotes."""
    for line in of_type("PartyAdded", "PartyRegistered", "NameVariantRecorded"):
        data = line["data"]
        for name in (data.get("name_as_printed"), data.get("name"), data.get("text")):
            assert name is None or any(name in source["quote"] for source in line["sources"]), line["key"]
    unprinted = [line["key"] for line in of_type("PartyAdded") if "name_as_printed" not in line["data"]]
    assert unprinted == ["az-cn-2025/A14/party-az"]


def test_whatever_is_referred_to_comes_before() -> None:
    """No fact names a stream, a party among them, that no earlier line opened."""
    known: set[str] = set()
    for line in LINES:
        draft = draft_of(importable(line), new_id=event_id(line["key"]))
        assert set(draft.mentions()) <= known, line["key"]
        known.add(line["stream"])
    parties = {name for name in known if name.startswith("party/")}
    assert parties == {line["stream"] for line in of_type("PartyRegistered")}


def test_every_party_is_needed() -> None:
    """No party is on record that no agreement, occasion or other party refers to."""
    drafts = [draft_of(importable(line), new_id=event_id(line["key"])) for line in DATED]
    named = {name for draft in drafts for name in references(draft.fact)}
    assert {line["stream"] for line in of_type("PartyRegistered")} <= named


def test_every_date_is_refined_once() -> None:
    """Each fact about the world has its date put into 2025 exactly once, at the end of the file."""
    targets = [line["data"]["target"] for line in REFINED]
    assert sorted(targets) == sorted(f"key:{line['key']}" for line in DATED)
    assert LINES == DATED + REFINED
    streams = {f"key:{line['key']}": line["stream"] for line in DATED}
    assert all(line["stream"] == streams[line["data"]["target"]] for line in REFINED)


def test_a_refinement_adds_the_year_and_nothing_else() -> None:
    """A refined date is the printed day in 2025, marked as inferred from the state visit."""
    printed = {f"key:{line['key']}": line["on"] for line in DATED}
    for line in REFINED:
        before, after = printed[line["data"]["target"]], line["data"]["on"]
        if before == "../XXXX-04-16":
            assert after == "[..2025-04-16]"
        else:
            assert after == before.replace("XXXX", "2025") + "?"
        assert line["on"] == "2025-04-23?"
        assert line["data"]["basis"] == "inferred: the April 2025 state visit"
        assert [source["certainty"] for source in line["sources"]] == ["inferred"]


def test_no_year_before_it_is_refined() -> None:
    """The report gives no year, so no fact about the world is recorded with one."""
    assert "2025" not in ARTICLE
    assert {line["on"] for line in DATED} == {"XXXX-04-16", "XXXX-04-17", "XXXX-04-23", "../XXXX-04-16"}


def test_every_date_stands_refined(recorded: dict[str, list[Entry]]) -> None:
    """After the whole file no fact stands on a day without a year."""
    stands = [line.stands for entries in recorded.values() for line in replay(entries).lines]
    dates = {entry.on.text for entry in stands if entry}
    assert dates == {"[..2025-04-16]", "2025-04-16?", "2025-04-17?", "2025-04-23?"}


def test_facts_take_effect_in_the_order_recorded(recorded: dict[str, list[Entry]]) -> None:
    """Refined, an agreement's and a project's facts fold in the order the file has them."""
    for stream, entries in recorded.items():
        if stream.startswith(("agreement/", "project/")):
            positions = [step.entry.position for step in replay(entries).steps]
            assert positions == sorted(positions)


def test_every_agreement_stands_signed(recorded: dict[str, list[Entry]]) -> None:
    """All seventeen are signed and nothing more: none is in force, none has a term or a review."""
    agreements = [entries for stream, entries in recorded.items() if stream.startswith("agreement/")]
    assert len(agreements) == 17
    for entries in agreements:
        facets = replay(entries).facets
        assert facets["legal_status"] == "signed"
        assert facets["bindingness"] is None
        assert (facets["term"], facets["value"], facets["review"]) == (None, None, "never")


def test_the_project_is_in_justification(recorded: dict[str, list[Entry]]) -> None:
    """The cardboard project is in justification on the day of the report, under the agreement of intent."""
    facets = replay(recorded[PROJECT], as_of=date(2025, 4, 23)).facets
    assert facets["phase"] == "justification"
    assert facets["wording"] == "financial and technical justification phase"
    assert facets["since"] == "2025-04-23?"
    assert facets["observed"]
    assert facets["agreements"] == ["izia-vencou-cardboard"]
    assert facets["sponsors"] == []


def test_the_project_in_time(recorded: dict[str, list[Entry]]) -> None:
    """Before the conference nothing of the project is known; between conference and report, no phase."""
    assert replay(recorded[PROJECT], as_of=date(2025, 4, 10)).steps == ()
    assert replay(recorded[PROJECT], as_of=date(2025, 4, 20)).facets["phase"] == "identified"
    assert [stream for stream in recorded if stream.startswith("project/")] == [PROJECT]


def test_before_refinement_all_is_possible(recorded: dict[str, list[Entry]]) -> None:
    """As known before the dates were refined, every fact of the project had possibly taken effect."""
    known = replay(recorded[PROJECT], as_of=date(2025, 4, 10), known_at=len(DATED))
    assert known.possibly == {step.entry.id for step in known.steps}
    assert len(known.steps) == 3
    assert all(parse(step.entry.on.text).earliest.year == 1 for step in known.steps)


def test_the_value_belongs_to_the_conference(recorded: dict[str, list[Entry]]) -> None:
    """The combined value stands on the conference alone, and no agreement has a share of it."""
    [stated] = of_type("CombinedValueStated")
    assert stated["stream"] == "occasion/beijing-conference-2025"
    assert of_type("ValueStated") == []
    value = replay(recorded[stated["stream"]]).facets["combined_value"]
    assert (value["amount"], value["currency"], value["qualifier"]) == ("335000000", "USD", "estimated")
    assert value["scope"] == "the signed investment projects"


def test_the_money_mentioned() -> None:
    """Only the agreement with CMEC mentions money: unnamed Chinese banks, no amount."""
    [financing] = of_type("FinancingStated")
    assert number(financing) == "A17"
    assert financing["data"] == {
        "standing": "mentioned",
        "financier_class": "Chinese banking institutions",
    }


def test_no_review_is_made_up() -> None:
    """The commission met and is about nothing listed; no review, signatory or instruction is on record."""
    [session] = of_type("SessionHeld")
    assert session["data"] == {"place": "Baku"}
    assert "about" not in session
    unsaid = ("AgreementReviewed", "ProjectReviewed", "SignatureAffixed", "InstructionIssued")
    assert of_type(*unsaid) == []


def test_parallel_agreements_are_linked_both_ways() -> None:
    """Cardboard and tractors have two instruments each, linked as parallel; the digital ones stay apart."""
    slugs = {line["stream"]: number(line) for line in of_type("AgreementOpened")}
    links = of_type("AgreementLinked")
    pairs = {(slugs[line["stream"]], slugs[line["data"]["agreement"]]) for line in links}
    assert pairs == {("A13", "A15"), ("A15", "A13"), ("A12", "A16"), ("A16", "A12")}
    assert {line["data"]["relation"] for line in links} == {"parallel to"}
    assert {source["certainty"] for line in links for source in line["sources"]} == {"inferred"}


def test_the_centre_belongs_to_the_commission_it_is_printed_with(recorded: dict[str, list[Entry]]) -> None:
    """The International Cooperation Center is a body of its own, with NDRC as its parent."""
    facets = replay(recorded["party/icc-ndrc"]).facets
    assert facets["parent"] == "ndrc"
    assert replay(recorded["party/ndrc"]).facets["abbreviation"] == "NDRC"


def test_nothing_from_elsewhere() -> None:
    """Names that the report does not print are not in the file."""
    assert not any(name in TEXT for name in ("KOBIA", "EZDA"))
