"""Questions to a streaming replica: answered from what this user has seen recorded, or not without a word."""

import subprocess
from pathlib import Path

import pytest

from cli.wiring import open_register
from tests.cli.program import STARTED, Program, environment
from tests.cli.team import ALAT, SEEDED, Team
from tests.postgres import Server
from tests.postgres_replica import await_that

LOOKING = """SELECT count(*) FROM pg_stat_activity
WHERE application_name = 'paraph' AND state_change > backend_start + interval '1 second'"""
"""How many sessions still look at the register a second after they began."""


def test_what_was_recorded_is_in_the_next_answer(team: Team) -> None:
    """On a replica late by half a second each record is in the answer to the next question, without a flag."""
    with team.shared.pair.late("500ms"):
        for number in range(1, 9):
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
