"""`import --suggest`: a map for a table nobody has seen, which can be used as it is and says what it guesses."""

import shutil
import tomllib
from typing import Any

import pytest

from tests.cli.program import ROOT, Program
from tests.cli.tables import imported, put


def proposed(program: Program, table: str, name: str = "list.csv") -> dict[str, Any]:
    """Write a table, and the map proposed for it into map.toml; return the map."""
    put(table, name)
    return tomllib.loads(put_map(program, name))


def put_map(program: Program, name: str) -> str:
    """Write the map proposed for a file into map.toml; return its text."""
    text = program.ok("import", name, "--suggest").out
    put(text)
    return text


def types(map_: dict[str, Any]) -> list[str]:
    """Return the types of the facts of a map."""
    return [rule["type"] for rule in map_["facts"]]


TREATIES = (
    "Ref;Short title;Party 1;Party 2;Date of signature;Entry into force;Expiry date;Status\n"
    "1801;On Rivers;Avesta;Rolandia;18/03/1993;01/07/1995;31.12.2030;In force\n"
    "1802;On Pipes;Rolandia;Mockavia;12/09/1985;;;Signed\n"
)


def test_what_is_proposed_is_imported(empty: Program) -> None:
    """Of a list of treaties: the number, both parties, the days of signature, force and end, and the status."""
    map_ = proposed(empty, TREATIES)
    assert (map_["streams"]["agreement"]["key"], map_["defaults"]["dates"]) == ("Ref", ["dmy"])
    assert map_["streams"]["party"]["each"] == ["Party 1", "Party 2"]
    assert types(map_)[2:] == ["PartyAdded", "AgreementSigned", "EnteredIntoForce", "TermSet", "StatusAsserted"]
    assert imported(empty, "list.csv")["rejected"] == 0
    rivers = empty.json("status", "rivers")
    assert (rivers["legal_status"], rivers["signed"]["on"]) == ("in force", "1993-03-18")
    assert {party["name"] for party in rivers["parties"]} == {"Avesta", "Rolandia"}
    assert imported(empty, "list.csv")["new"] == 0


def test_a_list_of_a_row_a_party(empty: Program) -> None:
    """WIPO's table, of which nothing is known: the treaty is the agreement, and days are each party's own."""
    shutil.copyfile(ROOT / "examples" / "wipo-membership" / "as-recorded-2025-04-01.csv", "wipo.csv")
    put_map(empty, "wipo.csv")
    answer = imported(empty, "wipo.csv", "--dry-run")
    assert (answer["rows"], answer["rejected"]) == (1487, 0)
    assert answer["new"] > 3000


def test_a_title_that_each_party_repeats_is_the_key(empty: Program) -> None:
    """The first column may be title and key at once; a status that is the same in every row is neither."""
    rows = "".join(f"{pact};{land};0{day}.03.2020;active\n" for pact in "AB" for day, land in enumerate("XYZ", 1))
    map_ = proposed(empty, f"Treaty;Country;Signed;Status\n{rows}")
    assert map_["streams"]["agreement"]["key"] == "Treaty"
    assert imported(empty, "list.csv")["rejected"] == 0
    assert {pact["title"] for pact in empty.json("list")["agreements"]} == {"A", "B"}


@pytest.mark.parametrize(
    ("table", "dates"),
    [
        ("Id,Title,Year\n4015,Rivers,1351\n3945,Pipes,2003\n", ["Year"]),
        ("Id,Title,Amount\n1739,Rivers,100\n864,Pipes,2003\n", []),
    ],
)
def test_numbers_are_years_only_where_all_may_be(empty: Program, table: str, dates: list[str]) -> None:
    """A column of numbers is one of years where each is of a likely century; others are no dates."""
    map_ = proposed(empty, table)
    on = map_["facts"][0]["on"]
    assert (on["columns"] if dates else []) == dates
    assert map_["streams"]["agreement"]["key"] == "Id"
    assert imported(empty, "list.csv")["rejected"] == 0


def test_a_note_in_few_rows_is_no_title(empty: Program) -> None:
    """Long texts of a column that is mostly blank do not make it the title; a name in Azerbaijani or Russian does."""
    rows = (
        "1,О реках,Avesta; Rolandia,",
        "2,О трубах,Mockavia; Avesta,Длинное примечание",
        "3,О хлебе,Mockavia;A,",
    )
    map_ = proposed(empty, "\n".join(["№,Название,Сторона,Примечание", *rows]))
    assert map_["facts"][1]["data"]["title"]["columns"][0] == "Название"
    assert (map_["streams"]["party"]["key"], map_["streams"]["party"]["split"]) == ("Сторона", ";")
    assert imported(empty, "list.csv")["rejected"] == 0


def test_open_ends_and_odd_names_are_written_as_toml(empty: Program) -> None:
    """A day of year 9999 becomes an open end; quotes, tabs and backslashes in a heading do not break the map."""
    map_ = proposed(empty, 'Id,"Ti""tle\\x",End date\n1,Rivers,9999-12-31\n2,Pipes,2030-01-01\n')
    assert map_["defaults"]["open_end"] == ["9999-12-31"]
    assert imported(empty, "list.csv")["rejected"] == 0


def test_a_number_9999_is_no_open_end(empty: Program) -> None:
    """Only days that will not come stand for no end, in any order: the row numbered 9999 is an agreement too."""
    map_ = proposed(empty, "Id,Title,End date\n9999,Rivers,31.12.9999\n2,Pipes,01.02.2030\n")
    assert (map_["defaults"]["open_end"], map_["defaults"]["dates"]) == (["31.12.9999"], ["dmy"])
    assert imported(empty, "list.csv")["rejected"] == 0
    assert len(empty.json("list")["agreements"]) == 2


def test_what_a_map_says_of_the_file_is_heeded(empty: Program) -> None:
    """A file in cp1251 is suggested a map for with a map of two lines, which the proposal keeps."""
    put("№;Название\n1;О реках\n", "list.csv", encoding="cp1251")
    assert "--map" in empty.refused(4, "import", "list.csv", "--suggest")["hint"]
    put('[table]\nencoding = "cp1251"\n', "begun.toml")
    text = empty.ok("import", "list.csv", "--suggest", "--map", "begun.toml").out
    put(text)
    assert tomllib.loads(text)["table"] == {"encoding": "cp1251"}
    assert imported(empty, "list.csv")["new"] == 1


def test_a_map_of_which_the_table_is_wrong(empty: Program) -> None:
    """What is wrong in the part that is heeded is told; the rest of the map need not be there."""
    put('[table]\nheader = "two"\n', "begun.toml")
    put("No,Title\n1,Rivers\n", "list.csv")
    assert "table.header" in empty.refused(4, "import", "list.csv", "--suggest", "--map", "begun.toml")["message"]


@pytest.mark.parametrize(
    ("above", "header"),
    [
        ("List of agreements,,\n,,\nNo,Title,Party\n", 3),
        ("No,Title,Party\n", None),
        ("Agreements,,,\nNo,Concluded,,Title\n,Country,Place,\n", [2, 3]),
    ],
)
def test_the_heading_is_looked_for(empty: Program, above: str, header: Any) -> None:
    """Titles above the table are none of its columns; words under merged cells belong to the heading."""
    row = "1,Avesta,Baku,Rivers\n" if isinstance(header, list) else "1,Rivers,Avesta\n"
    map_ = proposed(empty, above + row)
    assert map_.get("table", {}).get("header") == header
    assert imported(empty, "list.csv", "--dry-run")["rejected"] == 0


def test_a_proposal_as_json(empty: Program) -> None:
    """With --json stdout holds JSON and nothing else: the map is a text in it."""
    put("No,Title\n1,Rivers\n", "list.csv")
    assert tomllib.loads(empty.json("import", "list.csv", "--suggest")["map"])["name"] == "list"


def test_a_table_without_its_suffix(empty: Program) -> None:
    """A table called by no suffix is not taken for JSON lines: it is told what names a table."""
    put("No,Title\n1,Rivers\n", "list")
    error = empty.refused(2, "import", "list", "--map", "map.toml")
    assert ".csv" in error["message"]
    assert "suffix" in error["hint"]


def test_a_name_that_is_none(empty: Program) -> None:
    """The name of a map that is too short or in other letters is told what it may be, in no expression."""
    put('name = "Я"\nfacts = []\n[streams]\n')
    put("No,Title\n1,Rivers\n", "list.csv")
    message = empty.refused(4, "import", "list.csv", "--map", "map.toml")["message"]
    assert "name is 3 to 40 of a-z, 0-9 and -, not 'Я'" in message


def test_what_to_type_next_can_be_typed(empty: Program) -> None:
    """A file's name with blanks is quoted in the advice."""
    put("No,Title\n1,Rivers\n", "my list.csv")
    assert "import 'my list.csv' --suggest" in empty.refused(2, "import", "my list.csv")["hint"]
