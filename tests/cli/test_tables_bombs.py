"""Files that mean harm, or are not what they seem: refused before they are parsed, each with its reason."""

import io
import zipfile
import zlib
from pathlib import Path

import pytest
import xlsxwriter

from cli.exits import Failure
from cli.tables.limits import Limits, check_file, check_shape
from cli.tables.reading import read_table
from cli.tables.sheets import Layout
from tests.cli.program import Program
from tests.cli.tables import PACTS, imported, mapped, put, refused

SMALL = Limits(size=2_000_000, unpacked=3_000_000, ratio=50, members=5, rows=3, columns=4, cell=10)
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def _archive(name: str, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(name, "w", zipfile.ZIP_DEFLATED) as archive:
        for member, content in members.items():
            archive.writestr(member, content)
    return Path(name)


def _book(name: str = "a.xlsx", rows: int = 2) -> Path:
    book = xlsxwriter.Workbook(name)
    sheet = book.add_worksheet()
    for row, cells in enumerate([["No", "Title"], *([str(n), f"Pact {n}"] for n in range(1, rows))]):
        sheet.write_row(row, 0, cells)
    book.close()
    return Path(name)


def _said(path: Path, limits: Limits = SMALL) -> str:
    with pytest.raises(Failure) as failure:
        check_file(path, limits)
    return failure.value.message


@pytest.mark.usefixtures("empty")
def test_a_file_too_large() -> None:
    """Of a file its size is looked at first."""
    Path("a.csv").write_bytes(b"x" * 2_000_001)
    assert "2,000,001 bytes; at most 2,000,000" in _said(Path("a.csv"))


@pytest.mark.usefixtures("empty")
def test_an_archive_that_unpacks_to_too_much() -> None:
    """What the members say they hold is added up, whether one is large or many are."""
    noise = zlib.compress(bytes(range(256)) * 4000, 0)
    path = _archive("a.xlsx", {f"xl/{n}.xml": noise for n in range(4)})
    assert "unpacks to" in _said(path, Limits(unpacked=3_000_000))


@pytest.mark.usefixtures("empty")
def test_an_archive_packed_too_well() -> None:
    """Megabytes of one letter are no table."""
    path = _archive("a.xlsx", {"xl/sheet.xml": b"a" * 2_500_000})
    assert "times its size" in _said(path)


@pytest.mark.usefixtures("empty")
def test_an_archive_of_too_many_members() -> None:
    """A workbook has a handful of parts."""
    assert "has 6 members; at most 5" in _said(_archive("a.xlsx", {f"{n}.xml": b"" for n in range(6)}))


@pytest.mark.usefixtures("empty")
def test_a_member_larger_than_it_says() -> None:
    """A size that is a lie is found out by unpacking, within what was promised."""
    path = _archive("a.xlsx", {"xl/sheet.xml": bytes(range(256)) * 400})
    raw = bytearray(path.read_bytes())
    told = (256 * 400).to_bytes(4, "little")
    for place in (raw.find(told), raw.rfind(told)):
        raw[place : place + 4] = (256).to_bytes(4, "little")
    path.write_bytes(bytes(raw))
    assert "damaged archive" in _said(path, Limits())


@pytest.mark.usefixtures("empty")
def test_an_archive_cut_short() -> None:
    """Half a workbook is no workbook."""
    path = _book()
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(Failure) as failure:
        read_table(path, Layout())
    assert failure.value.message.startswith("a.xlsx cannot be read")


@pytest.mark.parametrize(
    ("row", "columns", "longest", "said"),
    [(4, 1, 1, "more than 3 rows"), (1, 5, 1, "5 columns"), (1, 1, 11, "a cell of 11 characters")],
)
def test_a_shape_beyond_the_limits(row: int, columns: int, longest: int, said: str) -> None:
    """Rows, columns and cells have their limits, and the row is named."""
    with pytest.raises(Failure) as failure:
        check_shape(Path("a.csv"), row, columns, longest, SMALL)
    assert said in failure.value.message


def test_a_cell_and_a_row_of_a_text_beyond_the_limits(empty: Program) -> None:
    """A cell of 200,000 characters, and a row of 2,000 columns, are refused while they are read."""
    mapped(PACTS)
    assert "100,000 characters" in refused(empty, put("No,Title\n1," + "x" * 200_000 + "\n", "a.csv"))
    assert "2,001 columns" in refused(empty, put("No,Title\n1" + "," * 2000 + "\n", "b.csv"))


def test_a_quotation_mark_that_is_never_closed(empty: Program) -> None:
    """What it swallows is found by the length of the cell, or told by the odd number of marks."""
    mapped(PACTS)
    long = "".join(f"{n},Pact number {n}\n" for n in range(10_000))
    assert '[table] quote = ""' in refused(empty, put('No,Title\n0,"Card\n' + long, "a.csv"))
    answer = imported(empty, put('No,Title\n1,"Card\n2,Pipes\n', "b.csv"))
    assert "quotation marks are odd in number" in answer["remarks"][0]


def test_an_archive_within_an_archive_is_not_opened(empty: Program) -> None:
    """A member that is an archive itself is a member like others: nothing of it is read."""
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/sheet.xml", b"a" * 900_000)
    path = _book()
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/embeddings/inner.zip", inner.getvalue())
    mapped(PACTS)
    assert imported(empty, "a.xlsx")["rows"] == 1


def _with_sheet(xml: bytes) -> None:
    members = {}
    with zipfile.ZipFile(_book("plain.xlsx")) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    _archive("a.xlsx", members | {"xl/worksheets/sheet1.xml": xml})


def test_entities_are_not_expanded(empty: Program) -> None:
    """A sheet that defines letters in terms of letters gives none of them, and takes no memory."""
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">' + b"".join(
        b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9)
    )
    sheet = b'<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>&j;</t></is></c></row></sheetData>'
    space = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    _with_sheet(b'<?xml version="1.0"?>' + bomb + b"]><worksheet " + space + b">" + sheet + b"</worksheet>")
    mapped(PACTS)
    message = refused(empty, "a.xlsx")
    assert len(message) < 500


def test_a_sheet_nested_a_hundred_thousand_deep(empty: Program) -> None:
    """Depth is no recursion: the sheet is refused or empty, and the program goes on."""
    deep = b"<a>" * 100_000 + b"</a>" * 100_000
    _with_sheet(b'<?xml version="1.0"?><worksheet>' + deep + b"<sheetData/></worksheet>")
    mapped(PACTS)
    answer = empty("import", "a.xlsx", "--map", "map.toml", "--json")
    assert answer.code == 4, answer


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.csv", b"PK\x03\x04....", "by its content it is a workbook"),
        ("a.tsv", OLE, "by its content it is a workbook"),
        ("a.xls", b"<html><table><tr><td>No</td></tr></table></html>", "rather an .html page"),
        ("a.xlsx", b"No,Title\n1,Cardboard\n", "rather .csv"),
        ("a.xlsx", OLE + bytes(512), "protected by a password"),
        ("a.xls", b"PK\x03\x04....", "rather .xlsx or .ods"),
        ("a.xls", OLE + bytes(600), "cannot be read"),
        ("a.ods", b"PK\x03\x04....", "cannot be read"),
        ("a.csv", b"", "is empty"),
        ("a.xlsx", b"", "is empty"),
        ("a.csv", b"\n\n\n", "no heading in row 1"),
        ("a.csv", "No,Title\n1,Договор\n".encode("cp1251"), "cp1251 '"),
        ("a.csv", "No,Title\n".encode("utf-16-le"), 'encoding = "utf-16-le"'),
        ("a.csv", "No,Title\n".encode("utf-16-be"), 'encoding = "utf-16-be"'),
    ],
)
def test_a_file_that_is_not_what_it_seems(empty: Program, name: str, content: bytes, said: str) -> None:
    """Suffix and content must agree; the message says what the file rather is."""
    mapped(PACTS)
    Path(name).write_bytes(content)
    assert said in refused(empty, name)


def test_a_heading_alone_is_an_empty_table(empty: Program) -> None:
    """No rows are no error: nothing is new."""
    mapped(PACTS)
    answer = imported(empty, put("No,Title\n", "a.csv"))
    assert (answer["rows"], answer["new"], answer["rejected"]) == (0, 0, 0)


@pytest.mark.parametrize(
    ("encoding", "declared", "title"),
    [
        ("utf-8-sig", None, "Договор"),
        ("utf-8-sig", "utf-8", "Договор"),
        ("utf-16", None, "Sazişi – müqavilə"),
        ("utf-16-le", "utf-16-le", "协议"),
        ("cp1251", "cp1251", "Договор"),
        ("cp1254", "cp1254", "Anlaşma çğı"),
        ("gb18030", "gb18030", "协议"),
    ],
)
def test_an_encoding(empty: Program, encoding: str, declared: str | None, title: str) -> None:
    """With its mark, or declared in the map, a text reads right from its first column on."""
    mapped(PACTS, head=f'[table]\nencoding = "{declared}"\n' if declared else "")
    imported(empty, put(f"No,Title\n1,{title}\n", "a.csv", encoding=encoding))
    assert [row["title"] for row in empty.json("list")["agreements"]] == [title]


def test_an_encoding_nobody_knows(empty: Program) -> None:
    """A name that is no encoding is the map's error."""
    mapped(PACTS, head='[table]\nencoding = "latin-five"\n')
    assert "no encoding is called latin-five" in refused(empty, put("No,Title\n", "a.csv"))


def test_formulas_and_errors_are_told(empty: Program) -> None:
    """Of a formula the last value is read, an error is read as empty, and both are counted."""
    book = xlsxwriter.Workbook("a.xlsx")
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["No", "Title", "Signed"])
    sheet.write_formula("A2", "=1+1", None, 2)
    sheet.write("B2", "Pipes")
    sheet.write_formula("C2", "=NA()", None, "#N/A")
    book.close()
    mapped(PACTS)
    answer = imported(empty, "a.xlsx")
    assert any("2 cells hold formulas" in remark for remark in answer["remarks"])
    assert any("1 cells hold an error" in remark for remark in answer["remarks"])
    assert answer["new"] == 1
