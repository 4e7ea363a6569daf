"""When the primary is gone: its replica answers, takes over, and what was lost on the way is told."""

from tests.cli.program import SEED, Program
from tests.cli.team import ALAT, SEEDED, ZIRA, Team
from tests.postgres_replica import Shared, replicated


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
