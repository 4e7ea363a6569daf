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
    """Year 9999 becomes an open end; quotes, tabs and backslashes in a heading do not break the map."""
    map_ = proposed(empty, 'Id,"Ti""tle\\x",End date\n1,Rivers,9999-12-31\n2,Pipes,2030-01-01\n')
    assert map_["defaults"]["open_end"] == ["9999"]
    assert imported(empty, "list.csv")["rejected"] == 0
