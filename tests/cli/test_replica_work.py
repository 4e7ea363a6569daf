"""Which commands a replica serves: every question, and nothing else."""

from importlib import import_module
from inspect import isfunction
from typing import get_type_hints

import pytest

from cli.lazy import Entry
from cli.main import COMMANDS
from cli.options import Asked
from tests.cli.program import SEED
from tests.cli.team import ALAT, SEEDED, Team

QUESTIONS = {
    "status": ["status", "izia"],
    "list": ["list"],
    "board": ["board"],
    "due": ["due"],
    "docket": ["docket"],
    "find": ["find", "IZIA"],
    "funnel": ["funnel"],
    "log": ["log"],
    "show": ["show", "1"],
    "replay": ["replay", "--all"],
    "diff": ["diff", "izia"],
    "export": ["export"],
}


def test_every_question_there_is_is_asked_below() -> None:
    """A command that takes the flags of a question is among those tried on a replica."""
    asking = {name for name, entry in COMMANDS.items() if entry.target.startswith("cli.commands.") and _asks(entry)}
    assert asking == set(QUESTIONS)


def _asks(entry: Entry) -> bool:
    module, _, name = entry.target.partition(":")
    called = getattr(import_module(module), name)
    hints = get_type_hints(called).values() if isfunction(called) else ()
    return any(isinstance(hint, type) and issubclass(hint, Asked) for hint in hints)


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=QUESTIONS)
def test_a_question_needs_no_primary(team: Team, question: list[str]) -> None:
    """With a primary that does not answer every question is answered by the replica."""
    away = "postgresql://desk@127.0.0.1:1/register"
    answer = team(*question, primary=away)
    assert (answer.code, answer.out == "") == (0, False), answer
    assert answer.err.startswith(
        "paraph: REPLICA may be of another register: the primary cannot be asked (unreachable)"
    )


def test_a_doubt_is_in_the_json_answer(team: Team) -> None:
    """What a person is told on stderr a program finds in the answer, or in the error, and nowhere else."""
    answer = team("board", "--json", primary="postgresql://desk@127.0.0.1:1/register")
    assert (answer.code, answer.err) == (0, "")
    assert answer.json["replica"]["unchecked"] == "unreachable"
    refused = team("status", "nobody", "--json", primary="postgresql://desk@127.0.0.1:1/register").error
    assert (refused["code"], refused["replica"]["unchecked"]) == ("not-found", "unreachable")


WORK = [
    ["new", "party", "IZIA"],
    ["undo"],
    ["import", str(SEED)],
    ["tail", "--from", "0", "--count", "1"],
    ["verify"],
    ["backup", "copy.db"],
    ["projections", "check"],
    ["schedule", "list"],
    ["schedule", "once"],
]


@pytest.mark.parametrize("work", WORK, ids=" ".join)
def test_work_is_done_on_the_primary(team: Team, work: list[str]) -> None:
    """What records, follows, verifies or keeps the register never turns to the replica in its place."""
    answer = team(*work, "--json", primary="postgresql://desk@127.0.0.1:1/register")
    assert (answer.code, answer.out) == (6, "")
    assert '"unreachable"' in answer.err


def test_what_is_followed_is_the_primary_and_said_to_be(team: Team) -> None:
    """`tail` shows what the replica does not have yet, and says whom it follows."""
    team.shared.pair.pause()
    team.ok(*ALAT)
    answer = team.ok("tail", "--from", "256", "--count", "1")
    assert answer.err == "paraph: what is followed is the primary, never the replica of --read-db\n"
    assert [row["stream"] for row in answer.rows] == ["party/port-alat"]


WRITES = [ALAT, ("note", "izia", "text"), ("schedule", "once", "--at", "00:00"), ("projections", "rebuild")]


@pytest.mark.parametrize("work", WRITES, ids=lambda work: work[0])
def test_a_replica_takes_no_record(team: Team, work: tuple[str, ...]) -> None:
    """Writing to a replica ends with 6 and says where to record; nothing is changed."""
    team.shared.pair.level()
    answer = team.paraph(*work, "--quiet", "--db", team.shared.copy)
    assert (answer.code, answer.out) == (6, "")
    assert team.named(answer.err).endswith(
        "paraph: REPLICA: this is a replica; record, and follow the log, on the primary\n"
        "        name the primary with --db; questions may go to a replica with --read-db\n"
    )
    assert team.position() == SEEDED


def test_a_replica_is_not_followed_and_makes_no_register(team: Team) -> None:
    """`tail` and `init` on a replica are refused with 6 likewise."""
    for work in (["tail", "--from", "0", "--json"], ["init", "--json"]):
        answer = team.paraph(*work, "--db", team.shared.copy)
        assert (answer.code, answer.error["code"], answer.out) == (6, "replica", "")


def test_a_replica_can_be_verified_by_its_own_name(team: Team) -> None:
    """Named with --db a replica is verified like any register, and backed up."""
    team.shared.pair.level()
    told = team.paraph.json("verify", "--db", team.shared.copy)
    assert (told["ok"], told["events"]) == (True, SEEDED)
    assert team.paraph.json("backup", "copy.db", "--db", team.shared.copy)["position"] == SEEDED
