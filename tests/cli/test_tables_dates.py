"""Dates of tables: every order a map may state, what a column proves of it, kinds mixed, damaged ones kept."""

from datetime import date
from pathlib import Path

import pytest
import xlsxwriter

from cli.tables.cells import BadCell, amount_of, date_of
from tests.cli.program import Program
from tests.cli.tables import ADOPTED, PACTS, dates, imported, mapped, put, refused


@pytest.mark.parametrize(
    ("order", "text", "day"),
    [
        ("dmy", "17.04.2025", "2025-04-17"),
        ("dmy", "17/4/2025 12:30:00", "2025-04-17"),
        ("dmy", "17 April 2025", "2025-04-17"),
        ("dmy", "17-Apr-2025", "2025-04-17"),
        ("dmy", "17.IV.2025", "2025-04-17"),
        ("dmy", "April 17th, 2025", "2025-04-17"),
        ("dmy", "17th April 2025", "2025-04-17"),
        ("%Y年%m月%d日", "2025年4月17日", "2025-04-17"),
        ("dmy", "04.2025", "2025-04"),
        ("dmy", "2025", "2025"),
        ("dmy", "00.04.2025", "2025-04"),
        ("dmy", "00.00.2025", "2025"),
        ("dmy", "2025-04-17", "2025-04-17"),
        ("mdy", "4/17/2025 12:00:00 AM", "2025-04-17"),
        ("mdy", "17 April 2025", "2025-04-17"),
        ("ymd", "2025/4/17", "2025-04-17"),
        ("ymd", "2025.04", "2025-04"),
        ("dmy2", "17.04.25", "2025-04-17"),
        ("dmy2", "17.04.69", "1969-04-17"),
        ("serial", "45764", "2025-04-17"),
        ("ranges", "1981-09..1981-10", "[1981-09..1981-10]"),
        ("%Y%m%d", "20250417", "2025-04-17"),
        ("%d de %B de %Y", "17 de April de 2025", "2025-04-17"),
        ("%B %Y", "April 2025", "2025-04"),
        ("iso", "1964-XX-16", "1964-XX-16"),
        ("iso", "2025-04-17T00:00:00Z", "2025-04-17"),
    ],
)
def test_a_date_in_its_order(order: str, text: str, day: str) -> None:
    """Each order reads what it says it reads, and as that."""
    assert date_of(text, [order]) == day


@pytest.mark.parametrize(
    ("order", "text", "said"),
    [
        ("dmy", "04/17/2025", 'dates = "mdy"'),
        ("mdy", "17.04.2025", 'dates = "dmy"'),
        ("dmy", "17.04.25", 'dates = "dmy2"'),
        ("iso", "1953-05-5", "1953-05-05"),
        ("iso", "1976-06-31", "1976-06-30"),
        ("iso", "45764", 'dates = "serial"'),
        ("dmy", "31.02.2025", ""),
        ("dmy", "17 апреля 2025", 'words.months."апреля"'),
        ("dmy", "17.04.2025 г.", 'match = "^.*[0-9]"'),
        ("dmy", "17 April 2025 года", 'match = "^.*[0-9]"'),
        ("dmy", "2025年4月17日", 'dates = "%Y年%m月%d日"'),
        ("dmy", "20250417", 'dates = "%Y%m%d"'),
        ("dmy", "31.12.9999", "open_end"),
        ("iso", "soon", ""),
    ],
)
def test_a_date_in_no_order_of_the_map(order: str, text: str, said: str) -> None:
    """What no order reads is refused, with the order or the day that may be meant."""
    with pytest.raises(BadCell) as bad:
        date_of(text, [order])
    assert said in bad.value.suggestion


def test_months_in_another_language(empty: Program) -> None:
    """A word map of months' names makes dates of them; letter case makes no difference."""
    mapped('[words.months]\n"Апреля" = "4"\n', PACTS, ADOPTED, head='[defaults]\ndates = "dmy"\n')
    imported(empty, put("No,Title,Signed\n1,Cardboard,17 апреля 2025\n", "a.csv"))
    assert dates(empty) == ["2025-04-17"]


def test_a_template_of_one_column_is_that_column(empty: Program) -> None:
    """A day written "{Signed}" is read in the orders of the map, or as EDTF, and its column proves the order too."""
    mapped(PACTS, ADOPTED.replace('{ column = "Signed" }', '"{Signed}"'), head='[defaults]\ndates = "dmy"\n')
    imported(empty, put("No,Title,Signed\n1,Cardboard,17.04.2025\n2,Pipes,2024-05\n3,Steel,\n", "a.csv"))
    assert sorted(dates(empty)) == ["2024-05", "2025-04-17"]
    put("No,Title,Signed\n" + "".join(f"{n},T{n},0{n - 3}/17/2025\n" for n in range(4, 9)), "b.csv")
    answer = empty("import", "b.csv", "--map", "map.toml", "--json")
    assert (answer.code, answer.error["message"]) == (4, "the order of Signed is not the map's; nothing was recorded")


def test_an_order_that_the_column_disproves(empty: Program) -> None:
    """Three dates that only the other order reads, and none for the stated one: even the good rows stay out."""
    mapped(PACTS, ADOPTED, head='[defaults]\ndates = "dmy"\n')
    rows = ["04/17/2025", "05/20/2025", "06/30/2025", "01/02/2025"]
    put("No,Title,Signed\n" + "".join(f"{n},T{n},{day}\n" for n, day in enumerate(rows)), "a.csv")
    answer = empty("import", "a.csv", "--map", "map.toml", "--partial", "--json")
    assert (answer.code, answer.error["message"]) == (4, "the order of Signed is not the map's; nothing was recorded")
    assert "3 of its dates are mdy (such as 04/17/2025), 0 are dmy, and 1 may be either" in answer.json["remarks"][0]
    assert dates(empty) == []
    assert not Path("a.rejected.csv").exists()


def test_a_damaged_date_of_several_facts_is_told_once(empty: Program) -> None:
    """A column that two facts come from costs its row once: one problem a cell is all there is to mend."""
    mapped(PACTS, ADOPTED, ADOPTED.replace("TextAdopted", "TextInitialled"))
    put("No,Title,Signed\n1,Cardboard,soon\n2,Pipes,soon\n", "a.csv")
    answer = empty("import", "a.csv", "--map", "map.toml", "--dry-run", "--json")
    assert [(told["row"], told["value"]) for told in answer.json["problems"]] == [(2, "soon"), (3, "soon")]


def test_one_date_the_wrong_way_round_is_a_bad_row(empty: Program) -> None:
    """Where others prove the order, one that does not fit is rejected alone, and told."""
    mapped(PACTS, ADOPTED, head='[defaults]\ndates = "dmy"\n')
    put("No,Title,Signed\n1,Cardboard,17.04.2025\n2,Pipes,04.25.2025\n", "a.csv")
    answer = imported(empty, "a.csv", "--partial")
    assert (answer["rejected"], dates(empty)) == (1, ["2025-04-17"])
    assert any("1 of its dates are mdy" in remark for remark in answer["remarks"])


def test_kinds_of_dates_mixed_in_a_sheet(empty: Program) -> None:
    """True dates, texts and serial numbers in one column are each read as what they are, and that is said."""
    mapped(PACTS, ADOPTED, head='[defaults]\ndates = ["dmy", "serial"]\n')
    book = xlsxwriter.Workbook("a.xlsx")
    sheet, form = book.add_worksheet(), book.add_format({"num_format": "dd.mm.yyyy"})
    sheet.write_row(0, 0, ["No", "Title", "Signed"])
    for row, title in enumerate(("Cardboard", "Pipes", "Steel"), 1):
        sheet.write_row(row, 0, [row, title])
    sheet.write_datetime(1, 2, date(2025, 4, 17), form)
    sheet.write(2, 2, "18.04.2025")
    sheet.write(3, 2, 45766)
    book.close()
    answer = imported(empty, "a.xlsx")
    assert "column 'Signed' holds numbers and texts and true dates: each is read as what it is" in answer["remarks"]
    assert dates(empty) == ["2025-04-17", "2025-04-18", "2025-04-19"]


def test_the_text_of_a_date_is_kept(empty: Program) -> None:
    """A date that is recorded otherwise than it stands there is quoted; one that is not needs no quote."""
    mapped(PACTS, ADOPTED, head='[defaults]\ndates = ["iso", "dmy", "ranges"]\n')
    rows = "1,Cardboard,17.04.2025\n2,Pipes,2025-04\n3,Steel,1981-09..1981-10\n"
    imported(empty, put(f"No,Title,Signed\n{rows}", "a.csv"))
    said = [event for event in empty.json("log")["events"] if event["type"] == "TextAdopted"]
    assert {event["on"]: event["sources"][0].get("quote") for event in said} == {
        "[1981-09..1981-10]": "1981-09..1981-10",
        "2025-04": None,
        "2025-04-17": "17.04.2025",
    }


def test_no_end_and_no_word(empty: Program) -> None:
    """An end in year 9999 is none, a blank one says nothing: three kinds of term from one column."""
    term = '[[facts]]\nstream = "pact"\nid = "{0}"\ntype = "TermSet"\non = "2025"\nwhen = {1}\n[facts.data]\n{2}\n'
    ends = term.format("ends", '"End"', 'end = { column = "End", as = "date" }')
    on = term.replace("{1}", '{{ column = "End", open = true }}').format("open", "", 'notice = "P6M"')
    mapped(PACTS, ends, on, head='[defaults]\nopen_end = ["9999"]\n')
    imported(empty, put("No,Title,End\n1,A,2030-01-01\n2,B,9999-12-01\n3,C,NA\n", "a.csv"))
    terms = [event["data"] for event in empty.json("log")["events"] if event["type"] == "TermSet"]
    assert sorted(terms, key=str) == [{"end": "2030-01-01"}, {"notice": "P6M"}]


def test_a_damaged_date_as_a_note(empty: Program) -> None:
    """With damaged = "note" the row goes on, its text is kept as a note and told, and again adds nothing."""
    mapped(PACTS, ADOPTED, head='[defaults]\ndamaged = "note"\n')
    put("No,Title,Signed\n1,Cardboard,1976-06-31\n", "a.csv")
    answer = imported(empty, "a.csv")
    assert (answer["rejected"], [problem["value"] for problem in answer["noted"]]) == (0, ["1976-06-31"])
    note = next(event for event in empty.json("log")["events"] if event["type"] == "NoteRecorded")
    assert note["data"]["text"].startswith("Signed: 1976-06-31 – is no date: June has 30 days")
    assert note["sources"][0]["quote"] == "1976-06-31"
    assert imported(empty, "a.csv")["new"] == 0


def test_what_opens_a_stream_cannot_be_a_note(empty: Program) -> None:
    """A damaged day of opening rejects its row all the same: there is no stream to put a note into."""
    opened = PACTS.replace('"../{@recorded}"', '{ column = "Signed" }')
    mapped(opened, head='[defaults]\ndamaged = "note"\n')
    put("No,Title,Signed\n1,Cardboard,1976-06-31\n", "a.csv")
    assert empty("import", "a.csv", "--map", "map.toml").code == 4


@pytest.mark.parametrize(
    ("cell", "decimal", "times", "amount"),
    [
        ("1 250 000,50", ",", 1, "1250000.5"),
        ("1.250.000", ",", 1, "1250000"),
        ("1,250,000.00", ".", 1, "1250000"),
        (1234.5, ",", 1, "1234.5"),
        ("12,5", ",", 1_000_000, "12500000"),
        ("0.1", ".", 3, "0.3"),
    ],
)
def test_an_amount(cell: str | float, decimal: str, times: int, amount: str) -> None:
    """Groups, decimals and millions as the map says; a number of a sheet has its own point."""
    assert amount_of(cell, decimal, times) == amount


def test_an_amount_with_the_other_sign_is_not_taken_for_groups() -> None:
    """12,5 under a decimal point is no 125."""
    with pytest.raises(BadCell) as bad:
        amount_of("12,5", ".")
    assert bad.value.suggestion == 'decimal = "," in the map'


def test_an_amount_out_of_a_text(empty: Program) -> None:
    """A regular expression takes the value out of a cell; a cell it does not fit is a bad row."""
    value = """
[[facts]]
stream = "pact"
type = "ValueStated"
on = "2025"
[facts.data]
amount = { column = "Worth", match = "([0-9.]+) mln", as = "amount", times = 1000000 }
currency = { column = "Worth", match = "^[A-Z]{3}" }
"""
    mapped(PACTS, value)
    answer = imported(empty, put("No,Title,Worth\n1,A,USD 2.5 mln\n2,B,USD plenty\n", "a.csv"), "--partial")
    assert [problem["row"] for problem in answer["problems"]] == [3]
    stated = next(event for event in empty.json("log")["events"] if event["type"] == "ValueStated")
    assert stated["data"] == {"amount": "2500000", "currency": "USD"}


def test_a_map_with_a_broken_expression(empty: Program) -> None:
    """A regular expression that is none is the map's error."""
    mapped(PACTS, ADOPTED.replace('"Signed" }', '"Signed", match = "(" }'))
    assert "regular expression" in refused(empty, put("No,Title,Signed\n", "a.csv"))
