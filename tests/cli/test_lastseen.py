"""What a user has seen of a register is kept in private, harms nothing when it is broken, and holds no secret."""

import stat
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import make_url

from cli.lastseen import LastSeen, Seen
from eventstore.log import EventStore
from tests.cli.program import Program
from tests.eventstore.givens import REGISTER, Clock, Propose
from tests.postgres import PASSWORD, Server
from tests.postgres_replica import Shared

NOTES = Path(".local/state/paraph/seen")


@pytest.fixture
def store(paraph: Program) -> Iterator[EventStore]:
    """Return a register with three events, in a folder where nothing was seen yet."""
    assert paraph.head() is None
    with EventStore.create("seen.db", register_id=REGISTER) as created:
        propose = Propose()
        created.append([propose(f"party/p{n}") for n in range(3)], now=Clock())
        yield created


def test_the_last_event_is_kept_in_mind(store: EventStore) -> None:
    """What was noted is what counts, one note for each register however often it grows."""
    seen = LastSeen(REGISTER)
    assert seen.last == Seen()
    assert seen.note(store) == []
    assert (seen.last.position, seen.last.stands_in(store)) == (3, True)
    store.append([Propose()("party/p9", id=str(UUID(int=9)))], now=Clock())
    assert seen.note(store) == []
    assert (seen.last.position, len(list(NOTES.rglob("*-*")))) == (4, 1)
    assert LastSeen("another").last == Seen()


def test_a_slower_command_does_not_undo_what_a_quicker_one_noted(store: EventStore) -> None:
    """Of two commands that end side by side the one that saw more counts, in whatever order they end."""
    seen = LastSeen(REGISTER)
    seen.note(store)
    with store.reading() as reader:
        second = reader.at(2)
    assert second is not None
    folder = next(NOTES.iterdir())
    (folder / str(Seen(2, second.hash.hex()[:16]))).touch()
    assert seen.last.position == 3


def test_what_is_no_more_on_the_primary_is_forgotten(store: EventStore) -> None:
    """A note past the end, or of another event, is named once and gone."""
    seen = LastSeen(REGISTER)
    seen.note(store)
    folder = next(NOTES.iterdir())
    (folder / str(Seen(99, "0" * 16))).touch()
    (folder / str(Seen(2, "0" * 16))).touch()
    assert sorted(seen.note(store)) == [2, 99]
    assert (seen.last.position, seen.note(store)) == (3, [])


def test_the_notes_are_private_and_empty(store: EventStore) -> None:
    """Nobody else may look into the folders, and no file holds anything."""
    LastSeen(REGISTER).note(store)
    LastSeen(REGISTER).found_at("postgresql://desk@db1/office")
    files = [path for path in NOTES.rglob("*") if path.is_file()]
    assert len(files) == 2
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
    assert {stat.S_IMODE(path.stat().st_mode) for path in (NOTES, *NOTES.iterdir())} == {0o700}
    assert {path.read_bytes() for path in files} == {b""}


@pytest.mark.parametrize(
    "name", ["x", "-", "12", "0x1-0123456789abcdef", "1" * 40 + "-0123456789abcdef", "٣-0123456789abcdef"]
)
def test_a_strange_file_among_the_notes_is_passed_over(store: EventStore, name: str) -> None:
    """What is no note of ours is neither an error nor taken for a position."""
    seen = LastSeen(REGISTER)
    seen.note(store)
    (next(NOTES.iterdir()) / name).write_bytes(b"\xff")
    assert seen.last.position == 3


def test_a_place_is_of_the_register_found_there_last(store: EventStore) -> None:
    """When another register is found at a place, the first is known to be there no more."""
    one, two = LastSeen(REGISTER), LastSeen("another")
    assert not one.knows(store.place)
    one.found_at(store.place)
    assert one.knows(store.place)
    two.found_at(store.place)
    assert (one.knows(store.place), two.knows(store.place)) == (False, True)


def test_a_record_stands_where_nothing_can_be_kept_in_mind(paraph: Program, shared: Shared) -> None:
    """Without a folder for notes the record is made all the same, and one is told to give the position."""
    paraph.ok("init", "--db", shared.place)
    Path(".local").write_text("in the way", encoding="utf-8")
    places = ("--db", shared.place, "--read-db", shared.copy)
    answer = paraph.ok("new", "party", "IZIA", *places)
    assert "ask the replica with --wait POSITION" in answer.err
    assert paraph.ok("status", "izia", "--wait", "1", *places).err == ""


def test_no_note_and_no_answer_has_the_password(paraph: Program, shared: Shared) -> None:
    """Recording and asking with passwords in both places leaves them in no file, answer or error (P26)."""
    server = Server(shared.pair.primary.url)
    schema = str(make_url(shared.place).query["schema"])
    paraph.ok("init", "--db", shared.place)
    server(f"CREATE ROLE {schema}_canary LOGIN PASSWORD '{PASSWORD}'", f"GRANT {schema}_append TO {schema}_canary")
    shared.pair.level()
    urls = [
        make_url(place).set(username=f"{schema}_canary", password=PASSWORD) for place in (shared.place, shared.copy)
    ]
    db, read = (url.render_as_string(hide_password=False) for url in urls)
    away = urls[1].set(port=1).render_as_string(hide_password=False)
    told = [
        paraph("new", "party", "IZIA", "--db", db, "--read-db", read),
        paraph("status", "--db", db, "--read-db", read),
        paraph("status", "--db", db, "--read-db", read, "--wait", "99", "--patience", "0"),
        paraph("status", "--db", db, "--read-db", away, "--json"),
        paraph("new", "party", "Other", "--db", read, "--read-db", db),
        paraph("status", "--db", "paraph.db", "--read-db", read),
        paraph("tail", "--db", read, "--read-db", db, "--count", "1"),
        paraph("config", "show", "--db", db, "--read-db", read),
    ]
    assert [answer.code for answer in told] == [0, 0, 6, 6, 6, 2, 6, 0]
    assert not [answer for answer in told if PASSWORD in answer.out + answer.err]
    assert not [path for path in Path().rglob("*") if path.is_file() and PASSWORD.encode() in path.read_bytes()]
    assert not [path for path in Path().rglob("*") if PASSWORD in str(path)]
