"""A team's register: the program with a primary, and a streaming replica where its questions go."""

import re
from dataclasses import dataclass

import pytest

from tests.cli.program import SEED, Answer, Program
from tests.postgres_replica import Shared

SEEDED = 256
ALAT = ("new", "party", "Port of Alat", "--slug", "port-alat", "--on", "2025-05-01", "--source", "decree-12")
ZIRA = ("new", "party", "Port of Zira", "--slug", "port-zira", "--on", "2025-05-02", "--source", "decree-13")


@dataclass
class Team:
    """The program with a register on a primary, and the replica of it where questions go."""

    paraph: Program
    shared: Shared

    def __call__(self, *args: str, primary: str | None = None, width: int | None = None) -> Answer:
        """Run a command; the places are called PRIMARY and REPLICA in what comes of it."""
        places = ("--db", primary or self.shared.place, "--read-db", self.shared.copy)
        answer = self.paraph(*args, *places, width=width)
        return Answer(answer.code, self.named(answer.out), self.named(answer.err))

    def ok(self, *args: str, width: int | None = None) -> Answer:
        """Run a command that must succeed."""
        answer = self(*args, width=width)
        assert answer.code == 0, answer
        return answer

    def position(self, *flags: str) -> int:
        """Return how far the register reaches that a question is answered from."""
        found: int = self.ok("status", "--json", *flags).json["head"]["position"]
        return found

    def named(self, text: str) -> str:
        """Return a text with the places by their names, and no moment of the servers' clock."""
        named = text.replace(self.shared.place, "PRIMARY").replace(self.shared.copy, "REPLICA")
        return re.sub(r"last change \S+Z", "last change LATELY", named)


@pytest.fixture
def team(paraph: Program, shared: Shared) -> Team:
    """Return a team's register with the seed, which the replica has too."""
    made = Team(paraph, shared)
    made.ok("init", "--timezone", "Asia/Baku")
    made.ok("import", str(SEED))
    return made
