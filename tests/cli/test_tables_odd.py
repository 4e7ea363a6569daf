"""Three registers of odd make, invented: a ministry's workbook, a Russian list, a list with a row a party."""

from datetime import date
from pathlib import Path

import pytest
import xlsxwriter

from tests.cli.oddmaps import MINISTRY, PER_PARTY, RUSSIAN
from tests.cli.program import Program
from tests.cli.tables import imported, put


@pytest.fixture
def ministry(empty: Program) -> Program:
    """Return the program beside a ministry's workbook: merged titles, a heading in two lines, merged partners."""
    book = xlsxwriter.Workbook("register.xlsx")
    book.add_worksheet("Cover")
    sheet, form = book.add_worksheet("Register"), book.add_format({"num_format": "dd/mm/yyyy"})
    sheet.merge_range("A1:F1", "MINISTRY OF FOREIGN AFFAIRS")
    sheet.merge_range("A2:F2", "Treaty Section: instruments in order of number")
    for place, text in (("A4:A5", "No"), ("B4:B5", "Partner"), ("C4:C5", "Title"), ("D4:E4", "Signature")):
        sheet.merge_range(place, text)
    sheet.merge_range("F4:F5", "Entry into force")
    sheet.write_row("D5", ["Date", "Place"])
    sheet.merge_range("B6:B7", "Kingdom of Sampleland")
    sheet.write_row("A6", [1])
    sheet.write("C6", "Treaty on Rivers")
    sheet.write_datetime("D6", date(1998, 3, 4), form)
    sheet.write_row("E6", ["Sample City", "pending"])
    sheet.write_row("A7", [2])
    sheet.write_row("C7", ["Memorandum of Understanding on Tourism", "12.05.2001", "-", 37056])
    sheet.write_row("A8", [3, "Union of Mockavia", "Exchange of Notes on Visas", "June 2003"])
    sheet.write("A10", "Note: dates of entry into force are those notified.")
    book.close()
    put(MINISTRY)
    return empty


def test_a_ministrys_workbook(ministry: Program) -> None:
    """Titles, a heading in two lines, merged partners, dates of three kinds and a note below: three agreements."""
    answer = imported(ministry, "register.xlsx")
    assert (answer["rows"], answer["rejected"]) == (3, 0)
    rivers = ministry.json("status", "treaty-rivers")
    assert (rivers["legal_status"], rivers["signed"]["on"]) == ("signed", "1998-03-04")
    assert {party["slug"] for party in rivers["parties"]} == {"republic-examplia", "kingdom-sampleland"}
    tourism = ministry.json("status", "memorandum-understanding-tourism")
    assert tourism["legal_status"] == "in force"
    assert {party["slug"] for party in tourism["parties"]} == {"republic-examplia", "kingdom-sampleland"}
    on = {event["on"] for event in ministry.json("log")["events"] if event["type"] == "EnteredIntoForce"}
    assert on == {"2001-06-14"}
    assert ministry.json("status", "exchange-notes-visas")["signed"]["on"] == "2003-06"
    assert imported(ministry, "register.xlsx")["new"] == 0


def test_rejected_rows_of_a_workbook_are_read_by_the_same_map(ministry: Program) -> None:
    """What is set aside has its heading where the map looks for it, and goes in once mended."""
    put(MINISTRY.replace('["dmy", "serial"]', '"dmy"'))
    assert imported(ministry, "register.xlsx", "--partial")["rejected"] == 1
    aside = Path("register.rejected.csv").read_text(encoding="utf-8")
    mended = imported(ministry, put(aside.replace("37056", "14.06.2001"), "mended.csv"))
    assert (mended["rejected"], mended["rows"]) == (0, 1)
    assert ministry.json("status", "memorandum-understanding-tourism")["legal_status"] == "in force"


PERECHEN = (
    "№ п/п;Проект;Стороны;Дата подписания;Сумма, млн;Стадия\r\n"
    "1;Картон;Изия, Венкоу;17 мая 2025 г.;12,5;ТЭО\r\n"
    '2;"Тракторы; сборка";Изия, Чанчжоу;05.01.2025;1 250,75;не начат\r\n'
    "3;Трубы;CMEC;нет;-;\r\n"
)


def test_a_russian_list(empty: Program) -> None:
    """Cyrillic in cp1251, semicolons, decimal commas in millions, months by name, phases by their words."""
    put(RUSSIAN.replace('dates = "dmy"', 'dates = ["dmy", "%d %B %Y г."]'))
    put(PERECHEN, "list.csv", encoding="cp1251")
    answer = imported(empty, "list.csv")
    assert (answer["rows"], answer["rejected"]) == (3, 0)
    log = empty.json("log")["events"]
    amounts = {event["data"]["amount"] for event in log if event["type"] == "ValueStated"}
    assert amounts == {"1250750000", "12500000"}
    assert sorted(event["on"] for event in log if event["type"] == "AgreementSigned") == ["2025-01-05", "2025-05-17"]
    assert [event["data"] for event in log if event["type"] == "PhaseObserved"] == [
        {"phase": "justification", "wording": "ТЭО"}
    ]
    sponsors = [event["data"]["sponsors"] for event in log if event["type"] == "ProjectIdentified"]
    assert sorted(map(len, sponsors)) == [1, 2, 2]
    empty.clock.move(days=30)
    put(PERECHEN.replace("ТЭО", "Строительство").replace("не начат", "тэо"), "later.csv", encoding="cp1251")
    later = imported(empty, "later.csv")
    assert later["new"] == 2
    assert {change["after"] for change in later["changes"]} >= {"construction", "justification"}


BY_PARTY = (
    "Treaty,Adopted,Participant,Signed,Ratified,Acceded\n"
    "Rivers Convention,2001/02/03,Sampleland,2001/02/03,2002/01/01,\n"
    "Rivers Convention,2001/02/04,Mockavia,2001/03/05,,\n"
    "RIVERS CONVENTION,2001/02/03,Examplia,,,2004/07/08\n"
)


def test_a_row_a_party(empty: Program) -> None:
    """One treaty of three rows, each party with its own days; another spelling of a party is the same party."""
    put(PER_PARTY)
    answer = imported(empty, put(BY_PARTY, "a.csv"))
    assert (answer["rejected"], len(empty.json("list")["agreements"])) == (0, 1)
    slug = empty.json("list")["agreements"][0]["slug"]
    steps = dict(empty.json("status", slug)["consent"])
    assert steps == {"sampleland": "consented", "mockavia": "signed", "examplia": "consented"}
    later = BY_PARTY.replace("Sampleland", '"Sampleland (Kingdom of)"').replace(
        "2001/03/05,,", "2001/03/05,2005/05/05,"
    )
    again = imported(empty, put(later, "b.csv"))
    assert [(change["field"], change["after"], change["how"]) for change in again["changes"]] == [
        ("Ratified", "2005-05-05", "new")
    ]
    assert len(empty.json("list", "parties")["parties"]) == 3
