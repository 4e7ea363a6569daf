"""`find`: words in any script, spelt well or nearly, wherever a text of the register holds them."""

from typing import Any

import pytest

from tests.cli.desk import bare
from tests.cli.program import Program, line


def found(program: Program, *words: str) -> list[str]:
    """Return the streams with the words, as kind/slug."""
    return [row["stream"] for row in program.json("find", *words)["found"]]


def match(program: Program, *words: str) -> tuple[str, str]:
    """Return where the only match is and how well it matches."""
    [row] = program.json("find", *words)["found"]
    return row["what"], row["match"]


@pytest.mark.parametrize("name", ["İqtisadiyyat Nazirliyi", "IQTISADIYYAT NAZIRLIYI", "ıqtısadıyyat nazırlıyı"])
@pytest.mark.parametrize("asked", ["iqtisadiyyat", "İQTİSADİYYAT", "Iqtisadiyyat", "ıqtısadıyyat", "nazirliyi"])
def test_the_four_letters_i_are_one(empty: Program, name: str, asked: str) -> None:
    """İ, I, ı and i find each other, by their letters and not only by their sound."""
    empty.ok("new", "party", name, "--slug", "economy")
    assert match(empty, asked) == ("name", "letters")


@pytest.mark.parametrize("asked", ["Azərbaycan", "AZƏRBAYCAN", "azerbaycan", "Azerbaijan", "Азербайджан"])
def test_a_schwa_is_found_by_those_who_have_none(empty: Program, asked: str) -> None:
    """Ə is found as e, and the country by its names in English and in Cyrillic letters."""
    empty.ok("new", "project", "Zavod", "--slug", "zavod", "--location", "Azərbaycan")
    assert found(empty, asked) == ["project/zavod"]


@pytest.mark.parametrize("name", ["Sumqayıt", "Sumgayit", "Сумгаит", "SUMQAYIT", "Sumgait"])
@pytest.mark.parametrize("asked", ["Sumqayıt", "Sumgayit", "Сумгаит", "sumqayit", "Sumgait"])
def test_one_name_in_latin_and_cyrillic_finds_itself(empty: Program, name: str, asked: str) -> None:
    """Every spelling of the town finds every other."""
    empty.ok("new", "party", f"{name} park", "--slug", "park")
    assert found(empty, asked) == ["party/park"]


@pytest.mark.parametrize(("asked", "hits"), [("中国", 1), ("工程", 1), ("机械工程公司", 1), ("日本", 0)])
def test_chinese_is_found_by_any_part_of_it(told: Program, asked: str, hits: int) -> None:
    """A script without blanks is found by any of its characters in order."""
    assert len(found(told, asked)) == hits


@pytest.mark.parametrize("asked", ["memorandm", "memorandun", "Memmorandum"])
def test_what_is_nearly_spelt_so_is_found_where_nothing_is_spelt_so(told: Program, asked: str) -> None:
    """One letter wrong, missing or doubled finds the memorandum, and says how well it matched."""
    [row] = told.json("find", asked)["found"]
    assert (row["stream"], row["match"] in {"nearly", "sound"}) == ("agreement/wind-memo", True)


def test_near_spellings_are_left_out_where_something_is_spelt_so(empty: Program) -> None:
    """Who types a name as it is written is not shown others that look like it."""
    for name in ("Vencou", "Venkou", "Vendou"):
        empty.ok("new", "party", name, "--slug", name.lower())
    assert found(empty, "vencou") == ["party/vencou"]
    assert found(empty, "venzou") == ["party/vencou", "party/vendou", "party/venkou"]


def test_all_words_must_be_there_in_one_text_in_any_order(told: Program) -> None:
    """Several words narrow the search, whether given as one argument or several."""
    assert found(told, "wind") == ["agreement/wind-memo", "project/khizi-wind"]
    assert found(told, "park", "memorandum") == found(told, "memorandum park") == ["agreement/wind-memo"]
    assert found(told, "memorandum", "khizi") == []


def test_a_word_is_found_by_its_beginning_and_not_by_its_middle(told: Program) -> None:
    """`mem` finds Memorandum; `orandum` does not."""
    assert found(told, "mem") == ["agreement/wind-memo"]
    assert found(told, "orandum") == []


@pytest.mark.parametrize("asked", ["quantum", "---", "?", " "])
def test_nothing_found_is_said_and_is_no_error(told: Program, asked: str) -> None:
    """What occurs nowhere, and what holds no letter, finds nothing: exit 0, `none`; for programs a heading."""
    assert told.ok("find", "--json", "--", asked).json["found"] == []
    assert told.ok("find", "--", asked, width=80).out.splitlines()[0] == "none"
    assert told.ok("find", "--", asked).out == "kind\tslug\twhat\ttext\tmatch\n"


@pytest.mark.parametrize(
    ("asked", "stream", "what"),
    [
        ("turbines", "agreement/treaty", "obligation 5"),
        ("hectares", "commission/joint", "instruction 7"),
        ("groundbreaking", "project/mill", "milestone groundbreaking"),
        ("scaffolding", "project/mill", "milestone roof"),
        ("hydrogen", "agreement/treaty", "sector"),
        ("turbogenerator", "project/mill", "product"),
        ("xinjiang", "party/plant", "also"),
        ("kombinat", "party/plant", "formerly"),
        ("fundazer", "agreement/treaty", "as printed"),
        ("unhurried", "project/mill", "remarks"),
    ],
)
def test_every_text_of_the_register_is_searched(paraph: Program, asked: str, stream: str, what: str) -> None:
    """Duties, milestones, sectors, products, other and former names, names as printed and remarks are found."""
    bare(
        paraph,
        "record obligation treaty recorded 5 --text 'Deliver turbines' --on 2024-02-01",
        "record instruction joint issued 7 --text 'Allot 40 hectares' --on 2024-02-01",
        "record milestone mill planned groundbreaking --on 2024-02-01",
        "record milestone mill planned roof --text 'Scaffolding down' --on 2024-02-01",
        "correct treaty@1 --set sectors=Hydrogen --reason x",
        "correct mill@1 --set product=turbogenerator --reason x",
        "record name plant 'Xinjiang Works' --on 2024-02-01",
        "correct plant@1 --set name=Kombinat --reason x",
        "record renamed plant 'Turbine Plant' --on 2024-03-01",
        "record party treaty fund --name-as-printed 'FundAzer Ltd' --on 2024-02-01",
        "record review mill joint --remarks 'unhurried pace' --on 2024-02-01",
    )
    assert [(row["stream"], row["what"]) for row in paraph.json("find", asked)["found"]] == [(stream, what)]


def test_what_was_corrected_away_is_found_only_where_it_was_known(told: Program) -> None:
    """A name struck since is found as known then, and a name of tomorrow only from tomorrow on."""
    told.ok("correct", "khizi-wind@1", "--set", "name=Solar park", "--reason", "misread")
    assert found(told, "solar") == ["project/khizi-wind"]
    assert told.json("find", "solar", "--known-at", "19")["found"] == []
    told.ok("record", "renamed", "fund", "Green Bank", "--on", "2025-08-01")
    assert found(told, "green") == []
    assert [row["slug"] for row in told.json("find", "green", "--as-of", "2025-08-01")["found"]] == ["fund"]


@pytest.mark.parametrize("form", ["json", "jsonl"])
def test_what_is_no_unicode_is_repeated_escaped(told: Program, form: str) -> None:
    """Bytes of an argument that are no Unicode are no fault: nothing bears them, and JSON repeats them escaped."""
    answer = told("find", "\udc80", "--format", form)
    assert (answer.code, answer.err) == (0, "")
    assert "\udc80" not in answer.out


def test_of_equal_matches_a_name_comes_before_other_texts(empty: Program) -> None:
    """A word that a project's title and its milestone hold alike is shown where the title has it."""
    empty.ok("new", "project", "Weir", "--slug", "weir-project")
    empty.ok("record", "milestone", "weir-project", "planned", "a weir", "--due", "2031-01-01")
    assert match(empty, "weir") == ("title", "letters")


def test_the_best_match_of_a_stream_is_shown_once(told: Program) -> None:
    """A stream that bears a word in several texts is one row; the rows by kind within one goodness of match."""
    rows: list[dict[str, Any]] = told.json("find", "wind")["found"]
    assert [set(row) >= {"stream", "kind", "slug", "title", "what", "text", "match"} for row in rows] == [True, True]
    assert len({row["stream"] for row in rows}) == len(rows)


@pytest.mark.parametrize("mark", ["\x1b[31m", "\u202e", "\u2066", "\x07", "\u009b"])
def test_control_characters_asked_for_or_found_are_inert(empty: Program, mark: str) -> None:
    """What would steer a terminal is printed escaped, in a table, in columns and in JSON."""
    data = line("PartyRegistered", "party/odd-one", name="Oddly Named")
    empty.ok("import", "-", stdin=data)
    for flags, width in (((), 80), ((), None), (("--json",), None)):
        shown = empty.ok("find", f"oddly{mark} named", *flags, width=width).out
        assert mark[0] not in shown.replace("\x1b[2m", "").replace("\x1b[0m", "")
