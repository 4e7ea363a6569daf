"""Maps that mean harm, or are none: refused with exit 4 before the table is read, and nothing of paraph breaks."""

from pathlib import Path

import pytest

from tests.cli.program import Program
from tests.cli.tables import PACTS, mapped, put, refused

TABLE = "No,Title\n1,Rivers\n"


@pytest.mark.parametrize("text", ["x = " + "[" * 100_000, "x = " + "{a=" * 5_000, "a" + ".a" * 20_000 + " = 1"])
def test_a_deep_map_is_no_map(empty: Program, text: str) -> None:
    """Brackets without end are told as a bad map, not as a fault of paraph."""
    put(TABLE, "t.csv")
    put(text)
    assert "map.toml" in refused(empty, "t.csv")


def test_a_large_map_is_not_read(empty: Program) -> None:
    """Of a map no more is read than a map can be, so that a device that never ends is none."""
    put(TABLE, "t.csv")
    put("#" * (2 << 20))
    assert "more than 1,048,576 bytes" in refused(empty, "t.csv")
    assert "no map" in empty.refused(4, "import", "t.csv", "--map", "/dev/zero")["message"]


def test_a_map_as_windows_editors_write_it(empty: Program) -> None:
    """A byte order mark and CR LF make no difference."""
    put(TABLE, "t.csv")
    Path("map.toml").write_bytes(("\ufeff" + 'name = "pacts"\n' + PACTS).replace("\n", "\r\n").encode())
    assert empty.json("import", "t.csv", "--map", "map.toml")["new"] == 1


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (('"../{@recorded}"', '{ column = "No", dates = "%Q" }'), "no pattern of a date"),
        (('"../{@recorded}"', '{ column = "No", dates = "%Y-%Y" }'), "no pattern of a date"),
        (('"../{@recorded}"', '{ column = "No", dates = "%" }'), "no pattern of a date"),
        (('"{Title}"', '{ column = "Title", match = "a{1,99999999999}" }'), "no regular expression"),
        (('"{Title}"', '{ column = "Title", macth = "a" }'), "macth is no part of a map"),
        (("[streams.pact]", '[words.months]\n"x" = "13"\n[streams.pact]'), "words.months gives months numbers"),
        (("[streams.pact]", "[table]\nheader = 1000000000\n[streams.pact]"), "one of the first 1000 rows"),
        (("[streams.pact]", '[table]\nencoding = "rot13"\n[streams.pact]'), "no encoding is called rot13"),
        (("[streams.pact]", '[table]\nencoding = "undefined"\n[streams.pact]'), "no encoding is called undefined"),
    ],
)
def test_a_map_that_cannot_be_meant(empty: Program, change: tuple[str, str], told: str) -> None:
    """A pattern, month, row or encoding that is none is the map's error, whatever the table holds."""
    put(TABLE, "t.csv")
    mapped(PACTS.replace(*change))
    assert told in refused(empty, "t.csv")


def test_a_map_without_facts_is_none(empty: Program) -> None:
    """A map that would record nothing says so before a table is read by it in vain."""
    put(TABLE, "t.csv")
    mapped("facts = []\n", PACTS[: PACTS.index("[[facts]]")])
    assert "gives no facts" in refused(empty, "t.csv")
