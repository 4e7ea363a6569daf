"""`paraph copy` and `paraph restore`: the same register at another place, whatever happens on the way (P20)."""

import os
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import make_url

from eventstore import copying
from eventstore.copying import Copy
from eventstore.envelope import Head
from eventstore.log import EventStore
from projections.catalog import projections
from tests.cli.program import Answer, Program, environment
from tests.eventstore.lids import FileLid
from tests.postgres import Server

Places = Callable[[str], str]


@pytest.fixture
def places(request: pytest.FixtureRequest) -> Places:
    """Return a maker of free places: files of this folder, or schemas that are gone afterwards."""
    used: list[str] = []

    def place(engine: str) -> str:
        used.append(engine)
        if engine == "sqlite":
            return f"copy-{len(used)}.db"
        url: str = request.getfixturevalue("postgres_url")
        return f"{url}_{len(used)}"

    return place


def everything(place: str) -> tuple[Any, ...]:
    """Return all that makes a register the one it is: settings, exact bytes by position, head."""
    with EventStore.open(place) as store, store.reading() as reader:
        events = [(event.position, event.hash, event.body) for event in store.stream_all()]
        return dict(store.meta), events, reader.head()


def exported(paraph: Program, place: str) -> bytes:
    """Return the log of a register as it is exported."""
    return paraph.ok("export", "--db", place).out.encode()


ENGINES = ["sqlite", "postgres"]


@pytest.mark.parametrize("there", ENGINES)
@pytest.mark.parametrize("here", ENGINES)
def test_a_copy_is_the_same_register(seeded: Program, places: Places, here: str, there: str) -> None:
    """From each engine to each: settings, positions, bytes, root and answers are alike, and its views are made."""
    source, target = places(here), places(there)
    seeded.ok("copy", source)
    answer = seeded.json("copy", source, target)
    assert (answer["new"], answer["already_there"], answer["behind"], answer["verified"]) == (256, 0, 0, True)
    assert answer["head"] == seeded.head()
    assert {view["name"]: view["matches"] for view in answer["projections"]} == {v.name: True for v in projections()}
    assert everything(target) == everything("paraph.db")
    for question in (["list"], ["status", "sumgayit-cardboard"], ["projections", "check"], ["verify"], ["board"]):
        assert seeded.json(*question, "--db", target) == seeded.json(*question)
    record = ("record", "phase", "sumgayit-cardboard", "operation", "--on", "2025-06-01", "--db", target)
    assert seeded.json(*record)["events"][0]["position"] == 257


def test_there_and_back_again_the_export_is_the_same(seeded: Program, places: Places) -> None:
    """From a file to a server and back to a file, by copy, backup and restore, every byte is what it was (P20)."""
    before = exported(seeded, "paraph.db")
    server = places("postgres")
    seeded.ok("copy", server)
    seeded.ok("copy", server, "back.db")
    seeded.ok("backup", "kept.db", "--db", server)
    seeded.ok("restore", "kept.db", "restored.db")
    for place in (server, "back.db", "kept.db", "restored.db"):
        assert exported(seeded, place) == before, place
        assert everything(place) == everything("paraph.db")


@pytest.mark.parametrize("there", ENGINES)
def test_what_was_recorded_since_is_added_by_the_same_command(told: Program, places: Places, there: str) -> None:
    """A copy that is behind gets the rest; one that is level is told so and stays as it is."""
    target = places(there)
    told.ok("copy", target)
    told.ok("note", "wind-memo", "seen")
    told.ok("note", "wind-memo", "seen again")
    answer = told.json("copy", target)
    assert (answer["new"], answer["already_there"]) == (2, 19)
    assert told.json("copy", target)["new"] == 0
    assert everything(target) == everything("paraph.db")


def test_an_empty_register_is_copied_too(empty: Program, places: Places) -> None:
    """With nothing recorded the settings are what is copied, and the views are there."""
    target = places("postgres")
    assert empty.json("copy", target)["position"] == 0
    assert everything(target) == everything("paraph.db")
    assert empty.json("projections", "check", "--db", target)["projections"][0]["matches"]


def accident(moment: str, how: str, *arguments: str, server: Server, user: str = "") -> Answer:
    """Run a command in a process of its own that has an accident."""
    more = {"PARAPH_TEST_SERVER": server.url, "PARAPH_TEST_USER": user}
    command = [sys.executable, "-m", "tests.cli.mover", moment, how, *arguments]
    kept = environment(Path.cwd()) | more
    done = subprocess.run(command, env=kept, capture_output=True, text=True, check=False)
    return Answer(done.returncode, done.stdout, done.stderr)


MOMENTS = ["created", "0", "10", "130", "256"]


@pytest.mark.parametrize("moment", ["reserved", "laying-out", *MOMENTS])
def test_a_copy_to_a_file_killed_at_any_moment_goes_on(seeded: Program, postgres: Server, moment: str) -> None:
    """Killed with -9 before, while and after the register is made there, the same command again finishes it."""
    arguments = ("copy", "copy.db")
    assert accident(moment, "SIGKILL", *arguments, server=postgres).code == -9
    answer = seeded.json(*arguments)
    assert answer["already_there"] == (int(moment) if moment.isdecimal() else 0)
    assert everything("copy.db") == everything("paraph.db")
    assert seeded.json("projections", "check", "--db", "copy.db")["projections"][0]["matches"]
    assert stat.S_IMODE(Path("copy.db").stat().st_mode) == 0o600


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_copy_to_a_server_killed_at_any_moment_goes_on(
    seeded: Program, postgres: Server, places: Places, moment: str
) -> None:
    """The same on a server, where what was not committed is undone."""
    target = places("postgres")
    assert accident(moment, "SIGKILL", "copy", target, server=postgres).code == -9
    assert seeded.json("copy", target)["already_there"] == (int(moment) if moment.isdecimal() else 0)
    assert everything(target) == everything("paraph.db")


@pytest.mark.parametrize("verb", ["copy", "restore"])
def test_an_interrupted_copy_says_how_to_go_on(seeded: Program, postgres: Server, verb: str) -> None:
    """Ctrl-C ends with 130 and leaves whole batches; the same again adds the rest."""
    stopped = accident("50", "SIGINT", verb, "paraph.db", "copy.db", server=postgres)
    assert (stopped.code, stopped.out) == (130, "")
    assert "run it again" in stopped.err
    assert seeded.json(verb, "paraph.db", "copy.db")["already_there"] == 50
    assert everything("copy.db") == everything("paraph.db")


@pytest.mark.parametrize("away", ["to", "from"])
def test_a_server_lost_on_the_way_ends_with_6(seeded: Program, postgres: Server, places: Places, away: str) -> None:
    """To a server or from one: a session cut off at its work ends it with 6, and the same again goes on."""
    schema = str(make_url(places("postgres")).query["schema"])
    user = f"{schema}_mover"
    postgres(f"CREATE ROLE {user} LOGIN CREATEROLE", f"GRANT CREATE ON DATABASE postgres TO {user}")
    server = postgres.named(schema, user=user)
    if away == "from":
        seeded.ok("copy", server)
    source, target = ("paraph.db", server) if away == "to" else (server, "copy.db")
    cut = accident("70", "cut", "copy", source, target, server=postgres, user=user)
    assert (cut.code, cut.out) == (6, "")
    assert seeded.json("copy", source, target)["already_there"] == (60 if away == "to" else 0)
    assert everything(target) == everything("paraph.db")


def test_who_records_in_the_source_meanwhile_is_not_waited_for(told: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    """What comes while the source is read is copied too; what comes later is counted, and added by running it again."""
    run = Copy.run

    def slowly(job: Copy, **more: Any) -> Iterator[Head]:
        def progress(done: int, _total: int) -> None:
            if done == 7:
                told.ok("note", "wind-memo", "while it is read")

        job.progress = progress
        for head in run(job, **more):
            yield head
            if head.size == 0:
                told.ok("note", "wind-memo", "while it is written")

    monkeypatch.setattr(copying, "_BATCH", 7)
    monkeypatch.setattr(Copy, "run", slowly)
    answer = told("copy", "copy.db")
    assert "1 event came to paraph.db meanwhile; run it again" in answer.err
    [row] = answer.rows
    assert (row["position"], row["new"], row["behind"]) == ("20", "20", "1")
    assert told.json("copy", "copy.db")["new"] == 1
    assert everything("copy.db") == everything("paraph.db")


def refused(paraph: Program, code: int, *arguments: str, target: str) -> dict[str, Any]:
    """Return the error of a copy that must be refused with its target as it was."""
    before = Path(target).read_bytes() if Path(target).exists() else everything(target)
    error = paraph.refused(code, *arguments)
    assert before == (Path(target).read_bytes() if Path(target).exists() else everything(target))
    return error


@pytest.mark.parametrize("there", ENGINES)
@pytest.mark.parametrize("verb", ["copy", "restore"])
def test_another_register_is_left_alone(told: Program, places: Places, verb: str, there: str) -> None:
    """A place with another register, with other events, or with more of them, is refused with 4 and not touched."""
    target, other = places(there), places("sqlite")
    told.ok("init", "--db", target)
    assert refused(told, 4, verb, "paraph.db", target, target=target)["code"] == "another-register"
    told.ok("copy", other)
    told.ok("note", "wind-memo", "mine", "--db", other)
    assert refused(told, 4, verb, "paraph.db", other, target=other)["code"] == "not-a-prefix"
    told.ok("note", "wind-memo", "yours")
    told.ok("note", "wind-memo", "yours again")
    error = refused(told, 4, verb, "paraph.db", other, target=other)
    assert (error["code"], "another event at position 20" in error["message"]) == ("not-a-prefix", True)


def test_what_is_no_register_is_left_alone(told: Program, postgres: Server, places: Places) -> None:
    """A file of another kind, an empty one of somebody's, a folder, a link, somebody's schema: 6 and as it was."""
    Path("text.db").write_text("agreements\n")
    Path("empty.db").touch(mode=0o644)
    Path("link.db").symlink_to("elsewhere.db")
    FileLid(Path("other.db"))("CREATE TABLE events (position INTEGER)")
    for place in ("text.db", "empty.db", "other.db"):
        assert refused(told, 6, "copy", place, target=place)["code"] == "not-a-register"
    server = places("postgres")
    schema = make_url(server).query["schema"]
    postgres(f"CREATE SCHEMA {schema}", f"CREATE TABLE {schema}.mine (x int)")
    assert told.refused(6, "copy", server)["code"] == "not-a-register"
    codes = {place: told.refused(6, "copy", place)["code"] for place in (".", "link.db", "no/where.db")}
    assert codes == {".": "directory", "link.db": "symlink", "no/where.db": "missing"}
    assert told.refused(6, "copy", postgres.named("x").replace("/postgres?", "/nowhere?"))["code"] == "missing"
    assert told.refused(6, "copy", "mysql://host/x")["code"] == "engine"


@pytest.mark.parametrize("verb", ["copy", "restore"])
def test_a_damaged_register_is_not_carried_on(told: Program, verb: str) -> None:
    """The source is verified first: 7, the position named, and no register made of it."""
    told.ok("backup", "kept.db")
    FileLid(Path("kept.db")).without_triggers("events", "UPDATE events SET type = 'Other' WHERE position = 3")
    error = told.refused(7, verb, "kept.db", "copy.db")
    assert (error["code"], "kept.db is damaged at position 3" in error["message"]) == ("damaged", True)
    assert not Path("copy.db").exists()


def test_a_register_is_not_copied_onto_itself(told: Program) -> None:
    """Whatever it is called, and more places than two, and a source named twice, are a matter of usage."""
    os.link("paraph.db", "same.db")
    for places in (["paraph.db"], ["./paraph.db"], ["same.db"], ["a", "b", "c"], ["a", "b", "--db", "c"]):
        assert told.refused(2, "copy", *places)["code"] == "usage"


def test_a_backup_is_restored_to_where_the_register_was(told: Program, places: Places) -> None:
    """Without a place it is that of --db, in a file or on a server; what stands there already is not touched."""
    before = everything("paraph.db")
    told.ok("backup", "kept.db")
    assert told.json("restore", "kept.db")["new"] == 0
    Path("paraph.db").unlink()
    assert told.json("restore", "kept.db")["to"] == "paraph.db"
    server = places("postgres")
    told.ok("restore", "kept.db", "--db", server)
    assert everything("paraph.db") == everything(server) == before
    assert told.refused(2, "restore", server, "copy.db")["code"] == "usage"


def test_a_backup_on_a_medium_that_is_read_only_is_restored(told: Program) -> None:
    """Nothing is written to the backup."""
    told.ok("backup", "kept.db")
    before = Path("kept.db").read_bytes()
    Path("kept.db").chmod(0o400)
    told.ok("restore", "kept.db", "copy.db")
    assert Path("kept.db").read_bytes() == before


def test_a_person_is_told_what_was_copied(told: Program) -> None:
    """From where to where, how much, the root, and how to go on."""
    screen = told.screen("copy", "copy.db")
    assert "copied and verified: paraph.db -> copy.db (19 events)\nroot #" in screen
    assert "Next: paraph status --db copy.db" in screen
    assert "19 of them there before" in told.screen("restore", "paraph.db", "copy.db")
    assert "record in one of them only" in told("copy", "copy.db").err
