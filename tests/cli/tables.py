"""Tables and maps for the tests of the import: small ones, with what is under test written in."""

from pathlib import Path
from typing import Any

from tests.cli.program import Program

PARTIES = """
[streams.party]
kind = "party"
key = "Party"
[[facts]]
stream = "party"
type = "PartyRegistered"
on = "../{@recorded}"
keep = ["on"]
[facts.data]
name = "{Party}"
"""
PACTS = """
[streams.pact]
kind = "agreement"
key = "No"
[[facts]]
stream = "pact"
type = "AgreementOpened"
on = "../{@recorded}"
keep = ["on"]
[facts.data]
title = "{Title}"
kind = "mou"
"""
ADOPTED = """
[[facts]]
stream = "pact"
type = "TextAdopted"
on = { column = "Signed" }
"""


def put(text: str, name: str = "map.toml", *, encoding: str = "utf-8") -> str:
    """Write a text into a file in the current folder; return its name."""
    Path(name).write_bytes(text.encode(encoding))
    return name


def mapped(*parts: str, head: str = "") -> str:
    """Write a map named pacts, of a head and parts; return its file."""
    return put('name = "pacts"\n' + head + "".join(parts))


def imported(program: Program, name: str, *flags: str) -> dict[str, Any]:
    """Import a file by map.toml; return the answer."""
    answer: dict[str, Any] = program.json("import", name, "--map", "map.toml", *flags)
    return answer


def refused(program: Program, name: str, *flags: str) -> str:
    """Import a file that must be refused before its rows are looked at; return the message and the hint."""
    error = program.refused(4, "import", name, "--map", "map.toml", *flags)
    return f"{error['message']} {error['hint']}"


def dates(program: Program, fact: str = "TextAdopted") -> list[str]:
    """Return the days of a kind of fact as recorded, in the order of the log."""
    return [event["on"] for event in program.json("log")["events"] if event["type"] == fact]


def told(answer: dict[str, Any]) -> list[tuple[str, Any, Any, str]]:
    """Return the changes of an answer: column, before, after, what was done."""
    return [(change["field"], change["before"], change["after"], change["how"]) for change in answer["changes"]]
