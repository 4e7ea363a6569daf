"""Columns that drift: other names, missing ones, cells that are blank now, rows that do not count."""

import pytest

from tests.cli.program import Program
from tests.cli.tables import ADOPTED, PACTS, dates, imported, mapped, put, refused, told

FIRST = "No,Title,Signed\n1,Cardboard,2025-04-17\n2,Pipes,\n"


def test_a_column_under_another_spelling_is_found_and_said(empty: Program) -> None:
    """Letter case, blanks and signs in a heading make no other column; what was taken for what is told."""
    mapped(PACTS, ADOPTED)
    answer = imported(empty, put("no_,TITLE,_Signed\n1,Cardboard,2025-04-17\n", "a.csv"))
    assert "column '_Signed' is read as 'Signed'" in answer["remarks"]
    assert dates(empty) == ["2025-04-17"]


def test_a_column_under_another_name(empty: Program) -> None:
    """A later file may call a column as the map says it may."""
    mapped(PACTS, ADOPTED, head='[table.columns]\n"Signed" = ["Date of signature", "Unterzeichnet"]\n')
    imported(empty, put(FIRST, "a.csv"))
    answer = imported(empty, put("No,Title,Unterzeichnet\n1,Cardboard,2025-04-17\n2,Pipes,2025-05-01\n", "b.csv"))
    assert told(answer) == [("Signed", None, "2025-05-01", "new")]


def test_a_missing_column_is_an_error_with_the_nearest(empty: Program) -> None:
    """All that are missing are named at once, with what may be meant; what may be missing is a remark."""
    mapped(PACTS, ADOPTED)
    message = refused(empty, put("No,Tittle,Date\n1,Cardboard,2025-04-17\n", "a.csv"))
    assert "no column 'Signed', 'Title' (is it 'Tittle'?)" in message
    mapped(PACTS, ADOPTED, head='[table]\noptional = ["Signed"]\n')
    answer = imported(empty, put("No,Title\n1,Cardboard\n", "b.csv"))
    assert answer["remarks"] == ["there is no column 'Signed': it is read as empty"]


def test_one_column_is_not_read_as_two(empty: Program) -> None:
    """Where two columns of the map come down to one of the table, the table is refused."""
    mapped(PACTS, ADOPTED, head='[table.columns]\n"Signed" = ["Title"]\n')
    assert "would be read as 'Signed' and as 'Title'" in refused(empty, put("No,Title\n1,Cardboard\n", "a.csv"))


def test_columns_not_used_are_told_once(empty: Program) -> None:
    """What the map leaves aside is one remark."""
    mapped(PACTS)
    answer = imported(empty, put("No,Title,Region,Due\n1,Cardboard,East,\n", "a.csv"))
    assert answer["remarks"] == ["not used by the map: 'Region', 'Due'"]


def test_columns_of_one_name_are_numbered(empty: Program) -> None:
    """The second column of a name is called so; a nameless one goes by its place."""
    text = ADOPTED.replace("Signed", "Date (2)") + ADOPTED.replace("Signed", "@5").replace(
        "TextAdopted", "TextInitialled"
    )
    mapped(PACTS, text)
    answer = imported(empty, put("No,Title,Date,Date,\n1,Cardboard,2024,2025,2023\n", "a.csv"))
    assert any("several columns are called 'Date'" in remark for remark in answer["remarks"])
    assert (dates(empty), dates(empty, "TextInitialled")) == (["2025"], ["2023"])


def test_a_blanked_cell_is_told_and_left(empty: Program) -> None:
    """A day said once and empty now stands, and both the day and a blanked field are told."""
    value = """
[[facts]]
stream = "pact"
type = "TextInitialled"
on = "2025"
[facts.data]
place = "{Place}"
"""
    mapped(PACTS, ADOPTED, value)
    imported(empty, put("No,Title,Signed,Place\n1,Cardboard,2025-04-17,Baku\n", "a.csv"))
    answer = imported(empty, put("No,Title,Signed,Place\n1,Cardboard,,\n", "b.csv"))
    assert sorted(told(answer)) == [
        ("Place", "Baku", None, "blanked; left as it is"),
        ("Signed", "2025-04-17", None, "blanked; left as it is"),
    ]
    assert answer["new"] == 0
    assert dates(empty) == ["2025-04-17"]


def test_a_row_that_no_longer_meets_a_condition_is_told(empty: Program) -> None:
    """A fact once given by a status stands when the status is another; that is told, nothing is taken back."""
    dropped = (
        '[[facts]]\nstream = "pact"\ntype = "TextAdopted"\non = "2025"\nwhen = { column = "Status", is = "Adopted" }\n'
    )
    mapped(PACTS, dropped)
    imported(empty, put("No,Title,Status\n1,Cardboard,Adopted\n", "a.csv"))
    answer = imported(empty, put("No,Title,Status\n1,Cardboard,Draft\n", "b.csv"))
    assert told(answer) == [("Status", "2025", None, "no longer said; left as it is")]
    assert dates(empty) == ["2025"]


def test_spelling_is_no_change(empty: Program) -> None:
    """Letter case, accents and blanks drift from file to file; a value that is a default is none either."""
    term = (
        '[[facts]]\nstream = "pact"\ntype = "TermSet"\non = "2025"\n[facts.data]\nstart = "signature"\nend = "{End}"\n'
    )
    mapped(PACTS, term)
    imported(empty, put("No,Title,End\n1,Société  Générale,2030-01-01\n", "a.csv"))
    answer = imported(empty, put("No,Title,End\n1,SOCIETE GENERALE,2030-01-01\n", "b.csv"))
    assert (answer["new"], answer["changes"]) == (0, [])


def test_rows_that_do_not_count_and_cells_that_stand_for_those_above(empty: Program) -> None:
    """A note below the table is left out and counted; an empty cell under a merged one means what is above it."""
    mapped(PACTS, ADOPTED, head='[table]\nfill = ["Signed"]\nwhen = { column = "No", like = "[0-9]*" }\n')
    answer = imported(empty, put("No,Title,Signed\n1,Cardboard,2025\n2,Pipes,\nTotal,2,\n", "a.csv"))
    assert "1 rows do not meet [table] when, and do not count" in answer["remarks"]
    assert (answer["rows"], dates(empty)) == (2, ["2025", "2025"])


def test_a_table_without_heading(empty: Program) -> None:
    """With header = 0 the columns go by their places."""
    mapped(PACTS.replace('"No"', '"@1"').replace("{Title}", "{@2}"), head="[table]\nheader = 0\n")
    assert imported(empty, put("1,Cardboard\n2,Pipes\n", "a.csv"))["new"] == 2


def test_rows_of_other_widths(empty: Program) -> None:
    """A row with more cells than the heading is rejected, a shorter one read and told."""
    mapped(PACTS, ADOPTED)
    put("No,Title,Signed\n1,Cardboard, brown,2025\n2,Pipes\n", "a.csv")
    answer = imported(empty, "a.csv", "--partial")
    assert [(p["row"], p["problem"]) for p in answer["problems"]] == [(2, "has more cells than the heading, by 1")]
    assert any("1 rows have fewer cells" in remark for remark in answer["remarks"])


def test_a_heading_elsewhere_is_pointed_out(empty: Program) -> None:
    """An empty first row is no heading; the row that looks like one is named."""
    mapped(PACTS)
    assert "[table] header = 3" in refused(empty, put(" \n\nNo,Title\n1,Cardboard\n", "a.csv"))


@pytest.mark.parametrize(
    ("part", "said"),
    [
        ("[table]\nheader = [3, 2]\n", "header"),
        ('[defaults]\ndates = ["dym"]\n', "'dym' is none of"),
        ('[words.months]\n"март" = "third"\n', "words.months"),
        ('[streams.other]\nkind = "party"\n', "needs a key, or a fixed name"),
        ('[streams.other]\nkind = "party"\nkey = "No"\nwords = "none"\n', "words.none"),
        ('[table]\nwhen = { column = "No", blank = true, is = ["1"] }\n', "blank"),
    ],
)
def test_a_map_that_cannot_be_meant_is_refused(empty: Program, part: str, said: str) -> None:
    """Each wrong part of a map is told with its place."""
    mapped(PACTS, head=part)
    assert said in refused(empty, put(FIRST, "a.csv"))


def test_words_no_field_knows_are_told_before_the_first_row(empty: Program) -> None:
    """A word map that leads to a word the fact does not have is the map's error, not each row's."""
    kinds = '[words.kind]\n"Vertrag" = "contrakt"\n'
    mapped(kinds, PACTS.replace('"mou"', '{ column = "Title", words = "kind" }'))
    assert "from words.kind, is mou or" in refused(empty, put(FIRST, "a.csv"))


def test_lists_in_cells_do_not_tell_what_separates_columns(empty: Program) -> None:
    """Without a heading the sign counts that every row has as often; within quotation marks none does."""
    mapped(PACTS.replace('"No"', '"@1"').replace("{Title}", "{@2}"), head="[table]\nheader = 0\n")
    imported(empty, put("1,Cardboard; steel; pipes\n2,Salt\n3,Bread\n", "a.csv"))
    mapped(PACTS)
    imported(empty, put('No,Title,"Parties; ours; theirs"\n4,Rivers,A\n', "b.csv"))
    titles = {pact["title"] for pact in empty.json("list")["agreements"]}
    assert titles == {"Bread", "Cardboard; steel; pipes", "Rivers", "Salt"}
