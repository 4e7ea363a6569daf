"""A desk with a deadline of today, and what became of its reminder at an outlet."""

import pytest

from tests.cli.deadlines import FIRST, instruction, opened, told
from tests.cli.program import Program

CANARY = "c4n4ry-p4ssw0rd"


@pytest.fixture
def desk(paraph: Program) -> Program:
    """Return the program beside a register with a deadline of today, named in three scripts."""
    opened(paraph)
    told(paraph, instruction("1", FIRST, text="Hesabat: отчёт, 报告"))
    return paraph


def undelivered(program: Program) -> list[tuple[str, str | None]]:
    """Return what did not arrive, and why."""
    return [(row["item"] or row["job"], row["problem"]) for row in program.json("schedule", "list")["undelivered"]]


def failing(program: Program, outlet: str) -> str:
    """Return why an outlet took nothing; the round must end with 1, and the reminder wait on record."""
    answer = program("schedule", "once", "--to", outlet)
    assert (answer.code, answer.out) == (1, "")
    [(item, problem)] = undelivered(program)
    assert item == "instruction 1"
    assert problem
    assert problem in answer.err
    return problem
