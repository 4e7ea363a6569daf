"""Questions to a streaming replica: answered from what this user has seen recorded, or not without a word."""

import re
import subprocess
from dataclasses import dataclass
from importlib import import_module
from inspect import isfunction
from pathlib import Path
from typing import get_type_hints

import pytest

from cli.lazy import Entry
from cli.main import COMMANDS
from cli.options import Asked
from cli.wiring import open_register
from tests.cli.program import SEED, STARTED, Answer, Program, environment
from tests.postgres import Server
from tests.postgres_replica import Shared, await_that, replicated

SEEDED = 256
ALAT = ("new", "party", "Port of Alat", "--slug", "port-alat", "--on", "2025-05-01", "--source", "decree-12")
ZIRA = ("new", "party", "Port of Zira", "--slug", "port-zira", "--on", "2025-05-02", "--source", "decree-13")


LOOKING = """SELECT count(*) FROM pg_stat_activity
WHERE application_name = 'paraph' AND state_change > backend_start + interval '1 second'"""
"""How many sessions still look at the register a second after they began."""


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


def test_what_was_recorded_is_in_the_next_answer(team: Team) -> None:
    """Twenty records, each followed by a question to the replica: every one is in the answer, without a flag."""
    for number in range(1, 21):
        recorded = team.ok("note", "sumgayit-cardboard", f"remark {number}", "--json").json
        assert recorded["events"][0]["position"] == SEEDED + number
        answer = team.ok("log", "sumgayit-cardboard", "--last", "1", "--json").json
        assert answer["events"][0]["data"]["text"] == f"remark {number}"
        assert answer["replica"]["state"] == "streaming"


def test_a_question_waits_until_the_replica_has_what_was_recorded(team: Team) -> None:
    """While the replica replays nothing the question is not answered; once it goes on, the answer has the record."""
    team.shared.pair.pause()
    team.ok(*ALAT)
    command = [*STARTED, "status", "port-alat", "--patience", "60", "--json"]
    more = {"PARAPH_DB": team.shared.place, "PARAPH_READ_DB": team.shared.copy}
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment(Path.cwd(), **more), text=True) as asking:
        replica = Server(team.shared.pair.replica.url)
        await_that(lambda: replica(LOOKING) == [(1,)])
        assert asking.poll() is None
        team.shared.pair.resume()
        out, _ = asking.communicate(timeout=60)
    assert asking.returncode == 0
    assert '"title": "Port of Alat"' in out


def test_a_question_the_replica_cannot_answer_yet_says_how_far_it_has_come(team: Team) -> None:
    """With its patience at an end the question ends with 6, and names where the replica and the primary are."""
    team.shared.pair.pause()
    team.ok(*ALAT)
    await_that(lambda: '"state": "behind"' in team("status", "--wait", "0", "--json").out)
    answer = team("status", "port-alat", "--patience", "0")
    assert (answer.code, answer.out) == (6, "")
    assert answer.err == (
        "paraph: REPLICA has come to position 256, not to 257, where you saw the primary; it has not replayed all that "
        "it received; the primary is at 257\n"
        "        --patience SECONDS waits longer; --wait 0 has it answer as it is\n"
    )
    error = team("status", "port-alat", "--patience", "0", "--json").error
    assert (error["code"], error["exit"], error["position"], error["wanted"]) == ("behind", 6, 256, 257)


def test_an_answer_from_before_what_was_seen_says_so(team: Team) -> None:
    """`--wait 0` takes the replica as it is: the answer is older than the record, and says how much."""
    team.shared.pair.pause()
    team.ok(*ALAT)
    await_that(lambda: '"state": "behind"' in team("status", "--wait", "0", "--json").out)
    answer = team.ok("find", "Alat", "--wait", "0")
    assert answer.out.splitlines() == ["kind\tslug\twhat\ttext\tmatch"]
    assert answer.err == (
        "paraph: REPLICA has not replayed all that it received; this is as of position 256, last change LATELY; "
        "you saw the primary at 257\n"
    )
    told = team.ok("status", "--wait", "0", "--json").json["replica"]
    assert (told["state"], told["position"], told["seen"]) == ("behind", 256, 257)


def test_a_position_may_be_waited_for(team: Team) -> None:
    """A receipt's position given with --wait is what the answer contains at least, on either of the two places."""
    position = team.ok(*ALAT, "--json").json["events"][0]["position"]
    for place in (team.shared.copy, team.shared.place):
        told = team.paraph.json("status", "port-alat", "--wait", str(position), "--db", place)
        assert told["title"] == "Port of Alat"
    refused = team.paraph.refused(6, "status", "--wait", "999", "--patience", "0", "--db", team.shared.place)
    assert team.named(refused["message"]) == "PRIMARY has come to position 257, not to 999"


def test_a_register_in_a_file_can_be_waited_for(paraph: Program) -> None:
    """Waiting is for any register: what is reached is answered, what is not ends with 6."""
    paraph.ok("init")
    paraph.ok(*ALAT)
    assert paraph.json("status", "port-alat", "--wait", "1")["title"] == "Port of Alat"
    refused = paraph.refused(6, "status", "--wait", "2", "--patience", "0")
    assert (refused["code"], refused["message"]) == ("behind", "paraph.db has come to position 1, not to 2")


def test_a_conflict_is_seen_in_the_next_answer(team: Team) -> None:
    """Who was refused because another was quicker then reads what the other recorded, not an older state."""
    with open_register(team.shared.place) as register:
        assert register.store.size == SEEDED
    team.paraph.ok("note", "izia", "by another", "--db", team.shared.place)
    team.shared.pair.pause()
    team.paraph.ok("note", "izia", "by another, later", "--db", team.shared.place)
    assert team("note", "izia", "mine", "--expect", "1").code == 5
    assert team("log", "izia", "--patience", "0").code == 6
    team.shared.pair.resume()
    assert team.ok("log", "izia", "--last", "1", "--json").json["events"][0]["data"]["text"] == "by another, later"


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


def test_a_replica_of_another_register_is_refused(team: Team) -> None:
    """Another register's answers are never taken for this one's, also after this one was asked before."""
    team.ok("status")
    with Server(team.shared.pair.primary.url).fresh_schema() as schema:
        other = team.shared.pair.place(schema)
        team.paraph.ok("init", "--db", other)
        team.shared.pair.level()
        read = team.shared.pair.copy(schema)
        for _ in range(2):
            error = team.paraph("status", "--db", team.shared.place, "--read-db", read, "--json").error
            assert (error["code"], error["exit"]) == ("other-register", 6)
            message = team.named(error["message"]).replace(read, "OTHER")
            assert message == "OTHER is no replica of PRIMARY: it is another register"


def test_a_replica_that_does_not_answer_is_not_passed_over(team: Team) -> None:
    """Down, or without the register, it ends the question with 6, and one is told how to ask the primary instead."""
    away = "postgresql://desk@127.0.0.1:1/register"
    nothing = team.shared.pair.copy("nowhere")
    for read, code in ((away, "unreachable"), (nothing, "missing")):
        error = team.paraph("status", "--db", team.shared.place, "--read-db", read, "--json").error
        assert (error["code"], error["exit"]) == (code, 6)
        assert error["hint"].endswith("--read-db primary asks the register itself")
        assert "init" not in error["hint"]


@pytest.mark.parametrize(
    ("db", "read_db", "hint"),
    [
        ("postgresql://desk@127.0.0.1:1/r", "copy.db", "ask a copy in a file with --db"),
        ("paraph.db", "postgresql://desk@127.0.0.1:1/r", "add --read-db primary"),
    ],
)
def test_a_copy_in_a_file_is_no_replica(paraph: Program, db: str, read_db: str, hint: str) -> None:
    """Nothing keeps a file level with a register: such a pair is an error of usage, for questions and for records."""
    for command in (["status"], ["note", "izia", "text"]):
        answer = paraph(*command, "--db", db, "--read-db", read_db, "--json")
        assert (answer.code, answer.error["hint"]) == (2, hint)


def test_the_settings_may_name_the_replica(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    """paraph.toml and PARAPH_READ_DB name it as the flag does; `--read-db primary` overrules them."""
    Path("paraph.toml").write_text(f'db = "{team.shared.place}"\nread_db = "{team.shared.copy}"', encoding="utf-8")
    assert team.paraph.json("status")["replica"]["state"] == "streaming"
    assert "replica" not in team.paraph.json("status", "--read-db", "primary")
    monkeypatch.setenv("PARAPH_READ_DB", "primary")
    assert "replica" not in team.paraph.json("status")


def test_the_settings_are_shown_without_the_password(paraph: Program) -> None:
    """`config show` has a row for the replica, its password masked."""
    shown = paraph.ok("config", "show", "--read-db", "postgresql://bob:canary@db2/office")
    assert shown.rows[1] == {"name": "read_db", "value": "postgresql://bob:***@db2/office", "origin": "flag"}


def test_what_was_lost_in_a_takeover_is_not_passed_over(paraph: Program) -> None:
    """A replica promoted without the last record: the two servers differ from then on, and nobody is told otherwise."""
    with replicated() as pair:
        team = Team(paraph, Shared(pair, pair.place(), pair.copy()))
        team.ok("init")
        team.ok("import", str(SEED))
        team.ok("status")
        pair.stop_receiving()
        team.ok(*ALAT)
        assert team("board", "--patience", "0").err.splitlines()[0] == (
            "paraph: REPLICA has come to position 256, not to 257, where you saw the primary; "
            "it is cut off from its primary; the primary is at 257"
        )
        pair.promote()
        _seen_and_gone(team)
        _another_event_in_its_place(team)


def _seen_and_gone(team: Team) -> None:
    """With the promoted one as the primary: what was seen is gone, which is said once and waited for no more."""
    again = team.shared.copy.replace("127.0.0.1", "localhost")
    flags = ("--db", team.shared.copy, "--read-db", again, "--patience", "0")
    said = [team.paraph.ok("status", *flags).err.splitlines() for _ in range(2)]
    assert said[0][0].endswith(
        "is a replica of one that has no more what you saw there at position 257: "
        "a backup was restored, or a replica promoted that had not received it"
    )
    assert said[0][1:] == said[1]


def _another_event_in_its_place(team: Team) -> None:
    """With the old one as the primary: the promoted one has gone another way and is no replica any more."""
    team.ok("note", "port-alat", "seen on the old primary")
    team.paraph.ok(*ZIRA, "--db", team.shared.copy)
    team.paraph.ok("note", "port-zira", "on the new one", "--db", team.shared.copy)
    answer = team("status")
    assert (answer.code, answer.out) == (6, "")
    assert answer.err == (
        "paraph: REPLICA has another event at position 258 than you saw on the primary\n"
        "        one of the two was promoted or restored: ask whoever keeps them, and --db for the one that counts\n"
    )
    moved = team.paraph(*ALAT, "--db", team.shared.copy, "--read-db", team.shared.place)
    assert "PRIMARY" not in moved.err
    assert "REPLICA has no more what you saw there at position 258" in team.named(moved.err)


def test_a_primary_that_dies_leaves_its_replica_answering_and_then_taking_over(paraph: Program) -> None:
    """Old answers go on and say what they are; promoted, the replica is the register, with all that it had received."""
    with replicated() as pair:
        team = Team(paraph, Shared(pair, pair.place(), pair.copy()))
        team.ok("init")
        team.ok("import", str(SEED))
        before = team.ok("export", "--quiet").out
        pair.cut_off()
        _answers_alone(team, before)
        pair.promote()
        _takes_over(team, before)


def _answers_alone(team: Team, before: str) -> None:
    assert team(*ALAT).code == 6
    answer = team.ok("export")
    assert answer.out == before
    assert answer.err.splitlines()[0] == (
        "paraph: REPLICA is cut off from its primary; this is as of position 256, last change LATELY"
    )
    assert team.ok("status", "--json").json["replica"]["state"] == "cut-off"


def _takes_over(team: Team, before: str) -> None:
    answer = team.ok("export")
    assert answer.out == before
    assert answer.err.splitlines()[0] == (
        "paraph: REPLICA is no replica, it takes records itself; if it was promoted, name it with --db"
    )
    promoted = ("--db", team.shared.copy)
    team.paraph.ok(*ALAT, *promoted)
    assert team.paraph.ok("export", "--quiet", "--known-at", "256", *promoted).out == before
    told = team.paraph.json("verify", *promoted)
    assert (told["ok"], told["events"]) == (True, SEEDED + 1)
