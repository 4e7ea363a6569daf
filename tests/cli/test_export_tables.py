"""`paraph export --format csv` and `xlsx`: the state as tables, safe in a spreadsheet, and read back as it was."""

import csv
import itertools
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from projections.exports import sheets, tables
from projections.exports.formulas import neutralised, restored
from projections.exports.iati import status_of
from tests.cli.desk import bare
from tests.cli.program import Program, line, written

HOSTILE = (
    '=HYPERLINK("http://evil","x")',
    "+1+1",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(A1)",
    "'=1+1",
    "''twice",
    "'s-Hertogenbosch",
    "＝1+1",
    'a "quoted", name; with|bars',
    "\u202etxt.exe",
    "中国机械 Ə",
    "=1+1;=2",
    "_x0041_",
    "00123",
    "1E5",
    "http://example.org/",
    "2024-01-01",
)


MAP = """
name = "parties"
[defaults]
source = "{@file}"
[streams.party]
kind = "party"
key = "slug"
slug = "{slug}"
[[facts]]
stream = "party"
type = "PartyRegistered"
on = "../{@recorded}"
[facts.data]
name = "{name}"
"""


def table(program: Program, *flags: str) -> list[dict[str, str]]:
    """Return the rows of a CSV export by heading."""
    program.ok("export", "--format", "csv", "-o", "t.csv", "--force", *flags)
    with Path("t.csv").open(encoding="utf-8-sig", newline="") as opened:
        return list(csv.DictReader(opened))


def book(program: Program, *flags: str) -> dict[str, list[list[Any]]]:
    """Return the sheets of a workbook, as rows of cells."""
    program.ok("export", "--format", "xlsx", "-o", "t.xlsx", "--force", *flags)
    found = CalamineWorkbook.from_path("t.xlsx")
    return {name: found.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in found.sheet_names}


def named(program: Program) -> list[str]:
    """Register a party for each hostile name and return the names."""
    lines = [line("PartyRegistered", f"party/p{n:02}", name=name) for n, name in enumerate(HOSTILE)]
    program.ok("import", written(Path("a.jsonl"), *lines))
    return list(HOSTILE)


def test_a_row_for_each_agreement_as_the_list_has_it(seeded: Program) -> None:
    """The table says of every agreement what `list --json` says, parties and sectors joined in one cell."""
    rows, listed = table(seeded), seeded.json("list")["agreements"]
    assert [row["slug"] for row in rows] == [row["slug"] for row in listed]
    for row, told in zip(rows, listed, strict=True):
        assert row["title"] == restored(neutralised(told["title"]))
        assert row["legal_status"] == told["legal_status"]
        assert row["phase"] == (told["phase"] or "")
        assert row["parties"].split("; ") == [party["slug"] for party in told["parties"]]
        assert row["signed_on"] == (told["signed_on"] or "")


@pytest.mark.parametrize("kind", [name for name in tables.COLUMNS if name != "due"])
def test_the_other_kinds_have_tables_too(seeded: Program, kind: str) -> None:
    """Every kind of stream has its table, with as many rows as the list has, in its order."""
    rows = table(seeded, kind)
    assert [row["slug"] for row in rows] == [row["slug"] for row in seeded.json("list", kind)[kind]]
    assert not rows or list(rows[0]) == tables.heading(kind)


def test_batches_of_any_size_give_the_same_table(seeded: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    """Asked for one by one or all at once, the rows are the same: projects, occasions and merged parties too."""
    seeded.ok("record", "merged", "azpromo", "nia-cn", "--on", "2025-05-01")
    found = []
    for size in (1, 3, 1000):
        monkeypatch.setattr(tables, "BATCH", size)
        found.append({kind: table(seeded, kind) for kind in tables.COLUMNS})
    assert found[0] == found[1] == found[2]


def test_an_earlier_day_and_an_earlier_state_of_knowledge(told: Program) -> None:
    """--as-of and --known-at give the table of another day, and as it was known before."""
    told.ok(
        "import", written(Path("a.jsonl"), line("PartyAdded", "agreement/trade-treaty", "2025-01-15", party="zjgc"))
    )
    told.ok("record", "signed", "trade-treaty", "--on", "2025-03-01")
    told.ok("correct", "wind-memo@1", "--set", "title=Another title", "--reason", "typing error")
    today = {row["slug"]: row for row in table(told)}
    assert (today["trade-treaty"]["legal_status"], today["wind-memo"]["title"]) == ("signed", "Another title")
    before = {row["slug"]: row for row in table(told, "--as-of", "2025-02-01", "--known-at", "19")}
    assert (before["trade-treaty"]["legal_status"], before["wind-memo"]["title"]) == (
        "opened",
        "Memorandum on a wind park",
    )
    assert [row["slug"] for row in table(told, "--as-of", "2024-06-01")] == ["wind-memo"]
    assert table(told, "--known-at", "0") == []


def test_no_cell_is_a_formula(empty: Program) -> None:
    """No cell begins with what a spreadsheet runs, in CSV; in a workbook every cell is text as it was recorded."""
    names = named(empty)
    with_marks = [row["name"] for row in table(empty, "parties")]
    assert not [name for name in with_marks if name.startswith(("=", "+", "-", "@", "\t", "\r", "\n", "＝"))]
    assert [restored(name) for name in with_marks] == names
    sheet = book(empty, "parties")["parties"]
    assert [row[1] for row in sheet[1:]] == names
    assert b"<f>" not in Path("t.xlsx").read_bytes()


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_an_exported_table_is_imported_as_it_was(empty: Program, form: str) -> None:
    """Read with a map into another register, every name is the one that was recorded, to the letter."""
    names = named(empty)
    empty.ok("export", "parties", "--format", form, "-o", f"p.{form}")
    Path("map.toml").write_text(MAP, encoding="utf-8")
    empty.ok("init", "--db", "copy.db")
    empty.ok("import", f"p.{form}", "--map", "map.toml", "--db", "copy.db")
    parties = empty.json("list", "parties", "--db", "copy.db")["parties"]
    assert sorted(party["name"] for party in parties) == sorted(names)


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_what_is_neutralised_is_restored(text: str) -> None:
    """Of any text the apostrophe that was put before it is taken off again, and no other."""
    cell = neutralised(text)
    assert restored(cell) == text
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"))


ROWS = st.lists(
    st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")), min_size=3, max_size=3)
)


@given(ROWS)
def test_any_table_comes_back_from_csv(rows: list[list[str]]) -> None:
    """Commas, quotes, line ends and letters of any script: the reader of CSV finds the cells that were written."""
    data = b"".join(sheets.csv_of(["a", "b", "c"], rows)).decode("utf-8-sig")
    _, *found = csv.reader(data.splitlines(keepends=True) if not rows else _lines(data))
    assert [[restored(cell) for cell in row] for row in found] == rows


def _lines(data: str) -> list[str]:
    """Split at line feeds only: the reader puts quoted cells together again."""
    parts = data.split("\n")
    return [f"{part}\n" for part in parts[:-1]] + ([parts[-1]] if parts[-1] else [])


def test_a_workbook_has_a_sheet_for_each_kind(seeded: Program) -> None:
    """Without a table named the workbook holds all; with one only that; the same register gives the same bytes."""
    sheets_ = book(seeded)
    assert list(sheets_) == list(tables.COLUMNS)
    for kind, rows in sheets_.items():
        assert rows[0] == tables.heading(kind)
    assert [row[0] for row in sheets_["agreements"][1:]] == [row["slug"] for row in table(seeded)]
    first = Path("t.xlsx").read_bytes()
    assert list(book(seeded, "projects")) == ["projects"]
    book(seeded)
    assert Path("t.xlsx").read_bytes() == first


def test_a_cell_too_long_is_cut_and_told(told: Program) -> None:
    """What no cell of a workbook can hold is cut with an ellipsis, and the answer says how many were."""
    lines = [line("PartyRegistered", f"party/p{n:03}", name=f"{n:03}{'N' * 480}") for n in range(100)]
    lines += [line("PartyAdded", "agreement/wind-memo", party=f"p{n:03}") for n in range(100)]
    told.ok("import", written(Path("a.jsonl"), *lines))
    answer = told.json("export", "agreements", "--format", "xlsx", "-o", "t.xlsx")
    assert answer["cut"] == 1
    found = CalamineWorkbook.from_path("t.xlsx").get_sheet_by_index(0).to_python()
    cell = str(next(row for row in found if row[0] == "wind-memo")[6])
    assert (len(cell), cell[-1]) == (32_767, "…")
    assert len(next(row for row in table(told) if row["slug"] == "wind-memo")["party_names"]) > 40_000


def test_deadlines_are_a_table_as_due_has_them(paraph: Program) -> None:
    """The table `due` holds what the command `due` answers, as far ahead as --within says."""
    bare(paraph, "record milestone mill planned blade --text 'First blade' --due 2024-09-01 --on 2024-02-01")
    due = paraph.json("due", "--within", "90d", "--as-of", "2024-08-01")["items"]
    rows = table(paraph, "due", "--within", "90d", "--as-of", "2024-08-01")
    assert [(row["stream"], row["due"], row["late"]) for row in rows] == [
        (item["stream"], item["due"], "yes" if item["late"] else "no") for item in due
    ]
    assert len(rows) == 1
    assert table(paraph, "due", "--within", "3d", "--as-of", "2024-08-01") == []


IATI = {"1", "2", "3", "4", "5", "6"}


@pytest.mark.parametrize(
    ("phase", "run", "code"),
    [
        ("identified", "active", "1"),
        ("financed", "active", "1"),
        ("construction", "active", "2"),
        ("operation", "active", "2"),
        ("completed", "active", "4"),
        ("construction", "suspended", "6"),
        ("construction", "cancelled", "5"),
        ("identified", "dropped", "5"),
        (None, None, ""),
    ],
)
def test_a_project_has_its_code_of_iati(phase: Any, run: Any, code: str) -> None:
    """The codelist ActivityStatus of IATI: how a project runs outweighs the phase it is in."""
    assert status_of(phase, run) == code
    assert code in IATI | {""}


def test_the_code_stands_in_the_tables(told: Program) -> None:
    """Projects have the column, and agreements that of their first project; without one it is empty."""
    assert [row["iati_status"] for row in table(told, "projects")] == ["1"]
    assert {row["slug"]: row["iati_status"] for row in table(told)} == {"wind-memo": "1", "trade-treaty": ""}
    told.ok("record", "suspended", "khizi-wind", "--on", "2025-01-01")
    assert [row["iati_status"] for row in table(told, "projects")] == ["6"]


def test_flags_that_mean_nothing_are_refused(told: Program) -> None:
    """A table csv does not have, a table for a format without any, a binary file on a terminal."""
    for flags in (["fruit", "--format", "csv"], ["agreements"], ["all", "--format", "csv"], ["--format", "xlsx"]):
        width = 80 if "xlsx" in flags else None
        assert told("export", *flags, width=width).code == 2
    for form, within in itertools.product(("csv", "ics"), ("soon", "99999d")):
        assert told("export", "--format", form, "--within", within).code == 2


def test_a_day_that_is_none_leaves_no_beginning_of_a_file(told: Program) -> None:
    """Nothing goes to standard output before it is known that the day asked for is one."""
    answer = told("export", "--format", "csv", "--as-of", "2030-99-99")
    assert (answer.code, answer.out) == (4, "")
