"""How many connections a command takes: a server has few, and each costs it a process."""

from collections.abc import Iterator

import pytest
from sqlalchemy import event
from sqlalchemy.pool import Pool

from tests.cli.program import Program
from tests.cli.test_postgres import EXAMPLE


@pytest.fixture
def made() -> Iterator[list[object]]:
    """Return the connections made meanwhile."""
    found: list[object] = []

    def connected(driver: object, _record: object) -> None:
        found.append(driver)

    event.listen(Pool, "connect", connected)
    yield found
    event.remove(Pool, "connect", connected)


def test_a_command_takes_one_connection(paraph: Program, postgres_url: str, made: list[object]) -> None:
    """Whatever it asks or records, it asks for nothing in a second snapshot beside the one it has open."""
    place = ["--db", postgres_url]
    paraph.ok("init", "--timezone", "Asia/Baku", *place)
    paraph.ok("import", EXAMPLE, *place)
    for command in (
        ["status"],
        ["status", "sumgayit-cardboard", "--as-of", "2025-05-01"],
        ["docket"],
        ["due"],
        ["log", "sumgayit-cardboard"],
        ["new", "party", "IZIA", "--slug", "izia-two"],
        ["record", "phase", "sumgayit-cardboard", "operation", "--on", "2025-06-01"],
    ):
        made.clear()
        paraph.ok(*command, *place)
        assert len(made) == 1, command
