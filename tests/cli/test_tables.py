"""Tables by a map: rows into facts, bad rows told, a later table held against what was said before."""

from pathlib import Path

import pytest
import xlsxwriter

from tests.cli.program import Program

MAP = """
name = "ministry"
[defaults]
dates = ["dmy"]
[words.stage]
"TƏSDİQ" = "appraised"
"обоснование" = "justification"
[streams.party]
kind = "party"
key = "Counterpart"
split = ";"
[streams.agreement]
kind = "agreement"
key = "Number"
slug = "{Title}"
[[facts]]
stream = "party"
type = "PartyRegistered"
on = "../{@recorded}"
keep = ["on"]
[facts.data]
name = "{Counterpart}"
[[facts]]
stream = "agreement"
type = "AgreementOpened"
on = "2024"
keep = ["title"]
[facts.data]
title = "{Title}"
kind = "mou"
[[facts]]
stream = "agreement"
type = "PartyAdded"
on = "2024"
[facts.data]
party = { stream = "party" }
[[facts]]
stream = "agreement"
type = "AgreementSigned"
on = { column = "Signed" }
[[facts]]
stream = "agreement"
type = "StatusAsserted"
on = "{@recorded}"
when = "Status"
changed = "record"
[facts.data]
facet = "stage"
value = { column = "Status", words = "stage" }
"""
HEADING = "Number,Title,Counterpart,Signed,Status\n"
FIRST = HEADING + '1,Cardboard,Izia; Vencou,17.04.2025,обоснование\n2,Pipes,"Izia;CMEC",,TƏSDİQ\n'


@pytest.fixture
def desk(empty: Program) -> Program:
    """Return the program beside an empty register and the ministry's map."""
    Path("map.toml").write_text(MAP, encoding="utf-8")
    return empty


def imported(program: Program, text: str, *flags: str, name: str = "list.csv") -> dict[str, int]:
    """Import a table; return how many facts are new, corrected, on record before, and rows rejected."""
    Path(name).write_text(text, encoding="utf-8")
    answer = program.json("import", name, "--map", "map.toml", *flags)
    return {count: answer[count] for count in ("rows", "new", "corrected", "already_recorded", "rejected")}


def test_rows_become_facts(desk: Program) -> None:
    """Parties of a list cell, agreements by their number, a signature only where a day is given."""
    counts = imported(desk, FIRST)
    assert counts == {"rows": 2, "new": 12, "corrected": 0, "already_recorded": 0, "rejected": 0}
    assert [row["slug"] for row in desk.json("list", "parties")["parties"]] == ["cmec", "izia", "vencou"]
    status = desk.json("status", "cardboard")
    assert (status["legal_status"], status["signed"]["on"]) == ("signed", "2025-04-17")
    assert {party["slug"] for party in desk.json("status", "pipes")["parties"]} == {"izia", "cmec"}
    assert desk.json("status", "pipes")["legal_status"] == "opened"


def test_the_same_table_adds_nothing(desk: Program) -> None:
    """Imported twice, under another name too, a table leaves the log as it is."""
    imported(desk, FIRST)
    head = desk.head()
    assert imported(desk, FIRST, name="copy.csv")["new"] == 0
    assert desk.head() == head


def test_a_later_table_adds_what_it_says_otherwise(desk: Program) -> None:
    """A changed day is a correction, a filled one a new fact, a moved status a new fact, a gone row nothing."""
    imported(desk, FIRST)
    desk.clock.move(days=30)
    later = HEADING + "1,CARDBOARD,Izia; Vencou,18.04.2025,TƏSDİQ\n"
    counts = imported(desk, later)
    assert (counts["new"], counts["corrected"]) == (2, 1)
    assert desk.json("status", "cardboard")["signed"]["on"] == "2025-04-18"
    assert [row["value"] for row in desk.json("status", "cardboard")["asserted"]] == ["justification", "appraised"]
    assert len(desk.json("list")["agreements"]) == 2
    assert imported(desk, later)["new"] == 0


def test_a_blanked_cell_is_no_deletion(desk: Program) -> None:
    """Where a later table leaves a day out, the day on record stands."""
    imported(desk, FIRST)
    assert imported(desk, FIRST.replace("17.04.2025", ""))["new"] == 0
    assert desk.json("status", "cardboard")["signed"]["on"] == "2025-04-17"


def test_a_correction_by_hand_stands(desk: Program) -> None:
    """What the desk corrected stays, as long as the table says what it said before."""
    imported(desk, FIRST)
    signed = next(e for e in desk.json("log", "cardboard")["events"] if e["type"] == "AgreementSigned")
    desk.ok("correct", signed["id"], "--on", "2025-04-16", "--reason", "the protocol says so")
    assert imported(desk, FIRST)["new"] == 0
    assert desk.json("status", "cardboard")["signed"]["on"] == "2025-04-16"


def test_every_bad_row_is_told_at_once(desk: Program) -> None:
    """Row, column, value, problem and suggestion of each; nothing is recorded."""
    bad = HEADING + "1,Cardboard,Izia;Vencou,17.04.25,TƏSDİQ\n2,Pipes,Izia;CMEC,,SNOOZED\n3,Good,Izia;CMEC,,\n"
    Path("list.csv").write_text(bad, encoding="utf-8")
    before = desk.head()
    answer = desk("import", "list.csv", "--map", "map.toml", "--json")
    assert answer.code == 4
    told = [(p["row"], p["column"], p["value"], p["problem"], p["suggestion"]) for p in answer.json["problems"]]
    assert told == [
        (2, "Signed", "17.04.25", "two-digit year", 'dates = "dmy2" in the map'),
        (3, "Status", "SNOOZED", "unknown word", 'words.stage."SNOOZED" = "…"'),
    ]
    assert desk.head() == before


def test_the_good_rows_alone_and_the_others_set_aside(desk: Program) -> None:
    """With --partial the good rows are recorded; the others, mended, can be imported from their own file."""
    bad = HEADING + "1,Cardboard,Izia;Vencou,17.04.25,TƏSDİQ\n3,Good,Izia;CMEC,,\n"
    assert imported(desk, bad, "--partial")["rejected"] == 1
    assert [row["slug"] for row in desk.json("list")["agreements"]] == ["good"]
    aside = Path("list.rejected.csv").read_text(encoding="utf-8")
    mended = imported(desk, aside.replace("17.04.25", "17.04.2025"), name="mended.csv")
    assert mended["rejected"] == 0
    assert {row["slug"] for row in desk.json("list")["agreements"]} == {"cardboard", "good"}


def test_a_row_listed_once_a_party_gives_one_agreement(desk: Program) -> None:
    """Rows of one number are one agreement with the parties of all; a row that differs is told, not chosen."""
    once = HEADING + "1,Cardboard,Izia,17.04.2025,\n1,Cardboard,Vencou,17.04.2025,\n"
    assert imported(desk, once)["rejected"] == 0
    assert len(desk.json("status", "cardboard")["parties"]) == 2
    differing = HEADING + "7,Steel,Izia,17.04.2025,\n7,Steel,Vencou,18.04.2025,\n"
    Path("other.csv").write_text(differing, encoding="utf-8")
    answer = desk("import", "other.csv", "--map", "map.toml", "--json")
    told = {(p["row"], p["column"]): p["problem"] for p in answer.json["problems"]}
    assert told[3, "Signed"] == "says of AgreementSigned otherwise than row 2"


def test_a_workbook_reads_like_a_table(desk: Program) -> None:
    """Real dates of a sheet are dates; what else the workbook holds is said."""
    book = xlsxwriter.Workbook("list.xlsx", {"default_date_format": "dd.mm.yyyy"})
    sheet = book.add_worksheet("2025")
    for number, row in enumerate((HEADING.strip().split(","), ["1", "Cardboard", "Izia; Vencou", "17.04.2025", ""])):
        sheet.write_row(number, 0, row)
    book.add_worksheet("notes").hide()
    book.close()
    answer = desk.json("import", "list.xlsx", "--map", "map.toml")
    assert answer["rejected"] == 0
    assert desk.json("status", "cardboard")["signed"]["on"] == "2025-04-17"
    assert any("hidden" in remark for remark in answer["remarks"])


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("PartyAdded", "PartyJoined"), "no fact type"),
        (('"party" }', '"nobody" }'), "none of party, agreement"),
        (('words = "stage"', 'words = "nowhere"'), "words.nowhere"),
        (('column = "Signed"', 'column = "Sined"'), "no column 'Sined'"),
        (("[facts.data]\nname", "[facts.data]\nnick"), "no field nick"),
        (('kind = "mou"\n', ""), "must say kind"),
        (('kind = "party"', "kind = party"), "map.toml"),
    ],
)
def test_a_map_that_does_not_fit_is_told_at_once(desk: Program, change: tuple[str, str], told: str) -> None:
    """A wrong map is refused before the first row, and the message says where."""
    Path("map.toml").write_text(MAP.replace(*change), encoding="utf-8")
    Path("list.csv").write_text(FIRST, encoding="utf-8")
    assert told in desk.refused(4, "import", "list.csv", "--map", "map.toml")["message"]


def test_a_table_wants_a_map_and_one_is_proposed(desk: Program) -> None:
    """Without a map the way to one is named; what is proposed can be read as a map."""
    Path("list.csv").write_text(FIRST, encoding="utf-8")
    assert "--suggest" in desk.refused(2, "import", "list.csv")["hint"]
    Path("proposed.toml").write_text(desk.ok("import", "list.csv", "--suggest").out, encoding="utf-8")
    assert desk.json("import", "list.csv", "--map", "proposed.toml", "--dry-run")["rows"] == 2


def test_rejected_rows_being_mended_are_not_written_over(desk: Program) -> None:
    """The same table again leaves the file somebody works on, and puts the rejected rows into another."""
    bad = HEADING + "1,Cardboard,Izia,17.04.2025,\n2,Pipes,Izia,31.31.2025,\n"
    imported(desk, bad, "--partial")
    rejected = Path("list.rejected.csv")
    kept = rejected.read_text(encoding="utf-8")
    rejected.write_text("half mended", encoding="utf-8")
    imported(desk, bad, "--partial")
    assert rejected.read_text(encoding="utf-8") == "half mended"
    assert Path("list.rejected-2.csv").read_text(encoding="utf-8") == kept
