"""Registers of other shapes: parties in several columns, marks behind dates, keys with a part left blank."""

import pytest

from tests.cli.program import Program
from tests.cli.tables import ADOPTED, PARTIES, dates, imported, mapped, put, refused, told
from tests.cli.tables import PACTS as NUMBERED

PACTS = NUMBERED.replace('key = "No"\n', 'key = "No"\nslug = "{Title}"\n')
ADDED = """
[[facts]]
stream = "pact"
type = "PartyAdded"
on = "../{@recorded}"
keep = ["on"]
[facts.data]
party = { stream = "party" }
"""
EACH = PARTIES.replace('key = "Party"\n', 'key = "Party"\neach = ["Party 1", "Party 2", "Other *"]\n')


def parties(program: Program, slug: str) -> set[str]:
    """Return the names of an agreement's parties."""
    return {party["name"] for party in program.json("status", slug)["parties"]}


def test_parties_in_several_columns_are_one_kind_of_stream(empty: Program) -> None:
    """A party named in another column is the same party; a column may be named by a pattern, and others are not."""
    mapped(EACH, PACTS, ADDED)
    put(
        "No,Title,Party 1,Party 2,Other a,Other b,Others\n1,Rivers,Izia,CMEC,,Avesta,x\n2,Pipes,cmec,,Izia,,x\n",
        "t.csv",
    )
    answer = imported(empty, "t.csv")
    assert [row["title"] for row in empty.json("list", "parties")["parties"]] == ["Avesta", "CMEC", "Izia"]
    assert (parties(empty, "rivers"), parties(empty, "pipes")) == ({"Izia", "CMEC", "Avesta"}, {"CMEC", "Izia"})
    assert answer["remarks"] == ["not used by the map: 'Others'"]
    assert imported(empty, "t.csv")["new"] == 0


def test_columns_known_together_have_to_be_there(empty: Program) -> None:
    """A pattern that fits no column is a missing column; a name for several must be no column and no condition."""
    mapped(EACH, PACTS, ADDED)
    put("No,Title,Party 1,Party 2\n1,Rivers,Izia,CMEC\n", "t.csv")
    assert "no column 'Other *'" in refused(empty, "t.csv")
    put("No,Title,Party,Party 1,Party 2,Other a\n1,Rivers,x,Izia,CMEC,y\n", "t.csv")
    assert "has a column 'Party'" in refused(empty, "t.csv")
    mapped(EACH, PACTS, ADDED.replace("keep", 'when = "Party"\nkeep'))
    assert "'Party' stands for several columns" in refused(empty, "t.csv")


def test_two_streams_may_share_their_key(empty: Program) -> None:
    """With `same` a buyer and a seller of one name are one party, and each keeps facts of its own."""
    seller = '\n[streams.seller]\nkind = "party"\nkey = "Seller"\nsame = "party"\n'
    opened = PARTIES[PARTIES.index("[[facts]]") :].replace('"party"', '"seller"').replace("{Party}", "{Seller}")
    role = ADDED.replace('type = "PartyAdded"', 'id = "seller"\ntype = "PartyAdded"').replace('"party" }', '"seller" }')
    mapped(PARTIES, seller, opened, PACTS, ADDED, role, '\nrole = "financier"\n')
    put("No,Title,Party,Seller\n1,Rivers,Izia,CMEC\n2,Pipes,CMEC,Izia\n", "t.csv")
    imported(empty, "t.csv")
    assert [row["slug"] for row in empty.json("list", "parties")["parties"]] == ["cmec", "izia"]
    roles = {party["slug"]: party["role"] for party in empty.json("status", "pipes")["parties"]}
    assert roles["izia"] == "financier" != roles["cmec"]


@pytest.mark.parametrize("said", ['same = "pact"', 'same = "nobody"'])
def test_the_same_is_another_stream_of_its_kind(empty: Program, said: str) -> None:
    """A stream can be the same only as one of its kind that the map has."""
    put("No,Title,Party\n1,Rivers,Izia\n", "t.csv")
    mapped(PARTIES.replace('key = "Party"\n', f'key = "Party"\n{said}\n'), PACTS)
    assert "which is no other party of the map" in refused(empty, "t.csv")


def test_a_cell_may_be_divided_by_several_signs(empty: Program) -> None:
    """Each of the separators divides; a text that divides nothing is the map's error."""
    mapped(PARTIES.replace('key = "Party"\n', 'key = "Party"\nsplit = [";", " and "]\n'), PACTS, ADDED)
    put("No,Title,Party\n1,Rivers,Izia; CMEC and Rolandia\n", "t.csv")
    imported(empty, "t.csv")
    assert parties(empty, "rivers") == {"Izia", "CMEC", "Rolandia"}
    mapped(PARTIES.replace('key = "Party"\n', 'key = "Party"\nsplit = ""\n'), PACTS)
    assert "divides nothing" in refused(empty, "t.csv")


CONSENTS = """
[words.form]
"A" = "acceptance"
"a" = "accession"
"d" = "succession"
[[facts]]
stream = "pact"
type = "ConsentExpressed"
on = { column = "Consent", match = "^[0-9]+ [A-Za-z]+ [0-9]+", dates = "dmy" }
[facts.data]
party = { stream = "party" }
form = { column = "Consent", match = " ([A-Za-z])$", words = "form", default = "ratification" }
"""


def test_words_that_differ_in_letter_case_alone(empty: Program) -> None:
    """As depositaries write: A is acceptance and a accession; another spelling of what has one meaning is known."""
    mapped(PARTIES, PACTS, ADDED, CONSENTS)
    rows = ("Izia,7 Sep 2006 A", "CMEC,7 Jun 2004 a", "Avesta,21 Aug 2002", "Mock,9 May 2001 D")
    put("No,Title,Party,Consent\n" + "".join(f"1,Rivers,{row}\n" for row in rows), "t.csv")
    assert imported(empty, "t.csv")["rejected"] == 0
    said = [event for event in empty.json("log")["events"] if event["type"] == "ConsentExpressed"]
    assert {event["data"]["party"]: (event["on"], event["data"]["form"]) for event in said} == {
        "party/izia": ("2006-09-07", "acceptance"),
        "party/cmec": ("2004-06-07", "accession"),
        "party/avesta": ("2002-08-21", "ratification"),
        "party/mock": ("2001-05-09", "succession"),
    }


def test_a_day_in_three_columns(empty: Program) -> None:
    """Year, month and day are put together; where the day or the month is blank the date is as exact as the rest."""
    day = ADOPTED.replace('{ column = "Signed" }', '{ text = "{Y}-{M}-{D}", dates = "ymd" }')
    mapped(PACTS, day)
    put("No,Title,Y,M,D\n1,A,1995,8,1\n2,B,2003,3,\n3,C,1993,,\n4,D,,,\n5,E,1993,13,\n", "t.csv")
    answer = imported(empty, "t.csv", "--partial")
    assert dates(empty) == ["1995-08-01", "2003-03", "1993"]
    assert [problem["row"] for problem in answer["problems"]] == [6]


def test_half_a_key_is_told(empty: Program) -> None:
    """A row with one part of a key blank is rejected and not passed over; a template leaves blanks out."""
    mapped(PACTS.replace('key = "No"', 'key = ["No", "Part"]'))
    put("No,Title,Part\n1,A,x\n1,B,\n", "t.csv")
    error = imported(empty, "t.csv", "--partial")["problems"]
    assert [(problem["row"], problem["column"]) for problem in error] == [(3, "Part")]
    assert error[0]["suggestion"] == 'key = "{No} {Part}" if it may be blank'
    mapped(PACTS.replace('key = "No"', 'key = "{No} {Part}"'))
    assert imported(empty, "t.csv")["rejected"] == 0
    assert len(empty.json("list")["agreements"]) == 3


def test_rows_that_name_no_stream_are_counted(empty: Program) -> None:
    """A row without its key is a remark, with the text that was taken for missing: NA is Namibia's code."""
    mapped(PARTIES, PACTS, ADDED)
    put("No,Title,Party\n1,A,NO\n1,A,NA\n1,A,\n", "t.csv")
    answer = imported(empty, "t.csv")
    assert answer["remarks"] == ["no party in 2 rows: the first is row 3, where 'NA' is read as missing"]
    mapped(PARTIES.replace('key = "Party"\n', 'key = "Party"\nwhen = "Party"\n'), PACTS, ADDED)
    assert imported(empty, "t.csv")["remarks"] == []


def test_an_agreement_that_no_row_opens_is_told(empty: Program) -> None:
    """A blank day of opening rejects its row, unless another row of the agreement has the day, or an earlier file."""
    mapped(PACTS.replace('"../{@recorded}"', '{ column = "Signed" }'))
    put("No,Title,Signed\n1,A,\n1,A,2020-01-01\n2,B,\n", "t.csv")
    answer = imported(empty, "t.csv", "--partial")
    assert [(problem["row"], problem["column"]) for problem in answer["problems"]] == [(4, "Signed")]
    assert "is not opened" in answer["problems"][0]["problem"]
    put("No,Title,Signed\n1,A,\n", "t.csv")
    assert imported(empty, "t.csv")["rejected"] == 0


def test_an_agreement_is_known_again_whatever_its_opening_is_called(empty: Program) -> None:
    """Where the rule that opens a stream has an id, or the key is long, a later file still finds the stream."""
    mapped(PACTS.replace('type = "A', 'id = "opening"\ntype = "A').replace('key = "No"', 'key = "Title"'), ADOPTED)
    title = "Rivers " * 60
    put(f"No,Title,Signed\n1,{title},\n", "t.csv")
    imported(empty, "t.csv")
    put(f"No,Title,Signed\n1,{title},2020-01-01\n", "t.csv")
    answer = imported(empty, "t.csv")
    assert told(answer) == [("Signed", None, "2020-01-01", "new")]
    assert (len(empty.json("list")["agreements"]), dates(empty)) == (1, ["2020-01-01"])


def test_a_value_that_is_too_long_is_told_in_brief(empty: Program) -> None:
    """A title of 700 characters is cut on the screen, kept whole for programs, and the map's remedy is named."""
    mapped(PACTS)
    put(f"No,Title\n1,{'x' * 700}\n", "t.csv")
    answer = imported(empty, "t.csv", "--partial")
    assert [problem["suggestion"] for problem in answer["problems"]] == ['match = "^.{1,500}" in the map']
    assert len(answer["problems"][0]["value"]) > 600
    said = empty("import", "t.csv", "--map", "map.toml", "--dry-run").err
    assert "x" * 79 + "…" in said
    assert "x" * 80 not in said


def test_a_word_that_may_mean_two_things_is_unknown(empty: Program) -> None:
    """Where the map has AA and aa, Aa is neither of them: the row is told, and nothing is chosen."""
    words = '[words.form]\n"AA" = "approval"\n"aa" = "accession"\n'
    mapped(PARTIES, PACTS, ADDED, words, CONSENTS[CONSENTS.index("[[facts]]") :].replace("[A-Za-z])", "[A-Za-z]+)"))
    put("No,Title,Party,Consent\n1,Rivers,Izia,7 Sep 2006 Aa\n", "t.csv")
    problems = imported(empty, "t.csv", "--partial")["problems"]
    assert [(problem["problem"], problem["suggestion"]) for problem in problems] == [
        ("unknown word", 'words.form."Aa" = "…"')
    ]
