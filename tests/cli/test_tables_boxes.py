"""Workbooks as other programs write them, and small ones that reach far: read, or refused before they are parsed."""

import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from tests.cli.oldbooks import SPACES, cell, old_book, open_document, row, rows_of
from tests.cli.program import Program
from tests.cli.tables import ADOPTED, PACTS, dates, imported, mapped, put, refused

HEAD = row(cell("No"), cell("Title"))
WIDE = 'table:number-columns-repeated="2000000000"'
REPEAT = 'table:number-rows-repeated="{}"'


def sheet(xml: str, member: str = "xl/worksheets/sheet1.xml") -> str:
    """Write an .xlsx whose sheet is this XML, under the name of a member; return its name."""
    book = xlsxwriter.Workbook("plain.xlsx")
    book.add_worksheet()
    book.close()
    with zipfile.ZipFile("plain.xlsx") as plain, zipfile.ZipFile("t.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
        for name in plain.namelist():
            said = plain.read(name).replace(b"worksheets/sheet1.xml", member.removeprefix("xl/").encode())
            if name != "xl/worksheets/sheet1.xml":
                archive.writestr(name, said)
        archive.writestr(member, xml)
    return "t.xlsx"


def text(place: str, said: str) -> str:
    """Return a cell of an .xlsx that holds a text; without a place it follows the one before."""
    return f'<c{f" r={chr(34)}{place}{chr(34)}" if place else ""} t="inlineStr"><is><t>{said}</t></is></c>'


@pytest.mark.parametrize(("from_1904", "day"), [(False, 43_891), (True, 42_429)])
def test_an_old_workbook_is_read(empty: Program, *, from_1904: bool, day: int) -> None:
    """Texts and days of an .xls, in either of the two systems by which spreadsheets count days."""
    mapped(PACTS, ADOPTED)
    cells = rows_of(["No", "Title", "Signed"], ["1", "Дороги", day], ["2", "Rivers", "2021-03-04"])
    old_book("t.xls", cells, from_1904=from_1904)
    assert imported(empty, "t.xls")["rejected"] == 0
    assert dates(empty) == ["2020-03-01", "2021-03-04"]
    assert "Дороги" in {agreement["title"] for agreement in empty.json("list")["agreements"]}


def test_a_workbook_of_1904_is_read(empty: Program) -> None:
    """A day of an .xlsx that counts from 1904 is the day that the spreadsheet shows."""
    from datetime import date

    book = xlsxwriter.Workbook("t.xlsx", {"date_1904": True})
    page, form = book.add_worksheet(), book.add_format({"num_format": "yyyy-mm-dd"})
    page.write_row(0, 0, ["No", "Title", "Signed"])
    page.write_row(1, 0, [1, "Rivers"])
    page.write_datetime(1, 2, date(2020, 2, 29), form)
    book.close()
    mapped(PACTS, ADOPTED)
    imported(empty, "t.xlsx")
    assert dates(empty) == ["2020-02-29"]


def test_an_open_document_is_read(empty: Program) -> None:
    """As LibreOffice writes it: a date, merged cells, a formula's value, and a million empty rows below."""
    day = '<table:table-cell office:value-type="date" office:date-value="2020-05-06"/>'
    sum_ = '<table:table-cell table:formula="of:=1+1" office:value-type="float" office:value="2"/>'
    wide = '<table:table-cell table:number-columns-repeated="16000"/>'
    rows = row(cell("No"), cell("Title"), cell("Signed"), wide)
    rows += row(cell("1"), cell("Rivers", 'table:number-rows-spanned="2"'), day)
    rows += row(sum_, "<table:covered-table-cell/>", day)
    open_document("t.ods", rows + row(wide, more=REPEAT.format(1_048_000)))
    put('name = "pacts"\n[table]\nfill = ["Title"]\n' + PACTS + ADOPTED)
    answer = imported(empty, "t.ods")
    assert (answer["rows"], answer["rejected"]) == (2, 0)
    assert [remark.partition(":")[0] for remark in answer["remarks"]] == ["1 cells hold formulas", "1 merged ranges"]
    assert dates(empty) == ["2020-05-06", "2020-05-06"]


def test_formulas_without_a_value_are_told(empty: Program) -> None:
    """A formula that no spreadsheet has reckoned yet is read as empty, and that is said; one with a value is read."""
    mapped(PACTS)
    cells = text("A2", "1") + '<c r="B2"><f>"A"&amp;"B"</f></c>' + '<c r="C2"><f>1+1</f><v>2</v></c>'
    rows = f'<row r="1">{text("A1", "No")}{text("B1", "Title")}</row><row r="2">{cells}</row>'
    sheet(f'<?xml version="1.0"?><worksheet {SPACES}><sheetData>{rows}</sheetData></worksheet>')
    answer = imported(empty, "t.xlsx", "--dry-run", "--partial")
    assert "1 formulas have no value yet" in " ".join(answer["remarks"])
    assert "2 cells hold formulas" in " ".join(answer["remarks"])


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (HEAD + row(cell("1"), cell("A"), more=REPEAT.format(2_000_000_000)), "2,000,000,001 rows by 2 columns"),
        (
            HEAD + row(cell("1"), cell("A", 'table:number-columns-repeated="2000000000"')),
            "2 rows by 2,000,000,001 columns",
        ),
        (HEAD + row(more=REPEAT.format(900_000_000)) + row(cell("1")), "900,000,002 rows by 2 columns"),
    ],
)
def test_an_open_document_that_repeats_itself_without_end(empty: Program, rows: str, said: str) -> None:
    """A row or a cell that is repeated two thousand million times takes eight hundred bytes, and is refused."""
    mapped(PACTS)
    open_document("t.ods", rows)
    assert said in refused(empty, "t.ods")


FAR = '<row r="1048576">' + text("XFD1048576", "x") + "</row>"
MANY = "<row>" + text("", "1") + "</row>"


@pytest.mark.parametrize(
    ("xml", "member", "said"),
    [
        (FAR, "xl/worksheets/sheet1.xml", "1,048,576 rows by 16,384 columns"),
        (FAR, "xl/media/picture.png", "1,048,576 rows by 16,384 columns"),
        (FAR.replace("<row", "<x:row").replace("</row", "</x:row"), "xl/worksheets/sheet1.xml", "1,048,576 rows"),
        (
            '<row r="2">' + text("ZZ9000000", "x") + "</row>",
            "xl/worksheets/sheet1.xml",
            "9,000,000 rows by 702",
        ),
        (
            MANY * 9_000 + "<row>" + text("", "x") * 500 + "</row>",
            "xl/worksheets/sheet1.xml",
            "9,001 rows by 445",
        ),
        (FAR + "&broken;", "xl/worksheets/sheet1.xml", "1,048,576 rows"),
        ("&broken;" + FAR, "xl/worksheets/sheet1.xml", "is no XML"),
    ],
)
def test_a_sheet_that_reaches_far(empty: Program, xml: str, member: str, said: str) -> None:
    """One cell in the last row and column, wherever the sheet lies and however it is written, is refused."""
    mapped(PACTS)
    space = SPACES + " " + SPACES.replace("xmlns", "xmlns:x")
    sheet(f'<?xml version="1.0"?><worksheet {space}><sheetData>{xml}</sheetData></worksheet>', member)
    assert said in refused(empty, "t.xlsx")


def test_a_sheet_that_is_no_xml_at_its_beginning(empty: Program) -> None:
    """What a lenient parser would skip before the sheet does not hide it."""
    mapped(PACTS)
    sheet(f"rubbish & <worksheet {SPACES}><sheetData>{FAR}</sheetData></worksheet>")
    assert "is no XML" in refused(empty, "t.xlsx")


def test_a_row_of_text_without_end(empty: Program) -> None:
    """A row of five million cells, in one line or with a line end in each, is refused while it is read."""
    mapped(PACTS)
    Path("t.csv").write_text("No,Title\n" + "1," * 5_000_000, encoding="utf-8")
    assert "a row has more than 4,194,304 characters" in refused(empty, "t.csv")
    Path("t.csv").write_text("No,Title\n" + '"1\n",' * 1_000_000, encoding="utf-8")
    assert "a row has more than 4,194,304 characters" in refused(empty, "t.csv")


def test_many_rows_may_be_more_than_one_may(empty: Program) -> None:
    """The limit is of a row: sixty rows with long notes come to more, and are read."""
    mapped(PACTS)
    rows = "".join(f"{number},Pact {number},{'x' * 90_000}\n" for number in range(60))
    put("No,Title,Note\n" + rows, "t.csv")
    assert imported(empty, "t.csv", "--dry-run")["rows"] == 60
