"""Where a register may lie, what is refused as one, and what opening it tells."""

import os
import sqlite3
import stat
from contextlib import closing
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import inspect

from eventstore import tables
from eventstore.errors import Damaged, Missing, StoreError, Unavailable
from eventstore.log import EventStore
from eventstore.sqlite import schema
from tests.eventstore.givens import REGISTER
from tests.eventstore.lids import Lid

pytestmark = [pytest.mark.usefixtures("engine"), pytest.mark.parametrize("engine", ["sqlite"], indirect=True)]

NOBODY = 65534


def reason_for_opening(place: Path | str) -> str:
    """Return why a place cannot be opened."""
    with pytest.raises(Unavailable) as refusal:
        EventStore.open(place)
    return refusal.value.reason


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o777])
def test_a_register_is_private_whatever_the_umask(place: Path, umask: int) -> None:
    """The file of a new register is readable and writable by its owner alone."""
    before = os.umask(umask)
    try:
        EventStore.create(place, register_id=REGISTER).close()
    finally:
        os.umask(before)
    assert stat.S_IMODE(place.stat().st_mode) == 0o600


def test_a_register_is_opened_by_path_or_url(place: Path) -> None:
    """A path, the text of a path and a sqlite URL name the same register."""
    EventStore.create(f"sqlite:///{place}", register_id=REGISTER).close()
    for name in (place, str(place), f"sqlite:///{place}", f"sqlite+pysqlite:///{place}"):
        with EventStore.open(name) as store:
            assert store.meta["register"] == REGISTER


def test_a_strange_file_name_is_only_a_name(tmp_path: Path) -> None:
    """Characters that mean something in a URI mean nothing in a path."""
    place = tmp_path / "a?mode=memory#x%20 Ə.db"
    EventStore.create(place, register_id=REGISTER).close()
    assert place.is_file()
    EventStore.open(place).close()


@pytest.mark.parametrize(
    "url",
    [
        "mysql://desk:secret@host/register",
        "postgresql://desk:a@secret@host/register",
        "postgresql://desk:secret/x@host:port/register",
        "postgresql://desk@host/register?password=secret",
        "postgresql://desk:secret@host/register?options=-cfsync%3Doff",
        "postgresql://desk:secret@host/register?schema=No",
        "sqlite://",
        "sqlite:///:memory:",
        "sqlite:////tmp/x.db?mode=rwc",
        "://",
        "nonsense://x",
    ],
)
def test_a_url_of_another_kind_is_refused_without_its_password(url: str) -> None:
    """An engine not spoken here, or an option that would be ignored, is refused; secrets are not repeated."""
    with pytest.raises(Unavailable) as refusal:
        EventStore.open(url)
    assert refusal.value.reason == "engine"
    assert "secret" not in str(refusal.value)


def test_a_missing_register_is_missing_and_stays_so(place: Path) -> None:
    """Opening never creates."""
    with pytest.raises(Missing) as refusal:
        EventStore.open(place)
    assert (refusal.value.what, refusal.value.place) == ("register", str(place))
    with pytest.raises(Missing):
        EventStore.open(place / "below")
    assert not place.exists()


def test_a_register_needs_its_folder(tmp_path: Path) -> None:
    """Creating in a folder that does not exist names the folder."""
    with pytest.raises(Missing) as refusal:
        EventStore.create(tmp_path / "none" / "register.db", register_id=REGISTER)
    assert (refusal.value.what, refusal.value.place) == ("folder", str(tmp_path / "none"))


def test_creating_replaces_nothing(place: Path) -> None:
    """A place that is taken, by whatever, is left as it is."""
    EventStore.create(place, register_id=REGISTER).close()
    with pytest.raises(Unavailable) as refusal:
        EventStore.create(place, register_id=str(uuid4()))
    assert refusal.value.reason == "exists"
    with EventStore.open(place) as store:
        assert store.meta["register"] == REGISTER


def test_a_failed_creation_leaves_no_file(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the register cannot be laid out, the name is free again."""
    monkeypatch.setattr(schema, "TRIGGERS", ("CREATE NONSENSE",))
    with pytest.raises(sqlite3.OperationalError):
        EventStore.create(place, register_id=REGISTER)
    assert list(place.parent.iterdir()) == []


def test_a_symlink_is_refused(place: Path, tmp_path: Path) -> None:
    """Neither opening nor creating follows a link, whether or not it leads anywhere."""
    link = tmp_path / "link.db"
    link.symlink_to(place)
    for _ in range(2):
        assert reason_for_opening(link) == "symlink"
        with pytest.raises(Unavailable) as refusal:
            EventStore.create(link, register_id=REGISTER)
        assert refusal.value.reason == "symlink"
        place.touch()


def test_a_folder_is_no_register(tmp_path: Path) -> None:
    """A folder is named as such, for opening and for creating."""
    assert reason_for_opening(tmp_path) == "directory"
    with pytest.raises(Unavailable) as refusal:
        EventStore.create(tmp_path, register_id=REGISTER)
    assert refusal.value.reason == "directory"


@pytest.mark.parametrize("content", [b"", b"position\tstream\n" * 100, b"SQLite format 3\0" + bytes(100), bytes(5000)])
def test_a_file_of_another_kind_is_no_register(place: Path, content: bytes) -> None:
    """An empty file, a text and bytes that merely begin as a database are refused and left alone."""
    place.write_bytes(content)
    assert reason_for_opening(place) == "not-a-register"
    assert place.read_bytes() == content


def test_another_database_is_no_register(place: Path, lid: Lid) -> None:
    """Somebody else's SQLite database is refused and not touched, not even its journal mode."""
    lid("PRAGMA journal_mode = WAL", "CREATE TABLE events (position INTEGER)")
    before = place.read_bytes()
    assert reason_for_opening(place) == "not-a-register"
    assert place.read_bytes() == before


def test_a_pipe_is_no_register(tmp_path: Path) -> None:
    """What is no plain file is refused without being opened."""
    os.mkfifo(tmp_path / "pipe")
    assert reason_for_opening(tmp_path / "pipe") == "not-a-register"


def test_a_newer_format_is_refused_untouched(store: EventStore, place: Path, lid: Lid) -> None:
    """A register of a later program is left to it, byte for byte."""
    store.close()
    lid("PRAGMA user_version = 2")
    before = place.read_bytes()
    assert reason_for_opening(place) == "newer-version"
    assert place.read_bytes() == before


def test_an_older_sqlite_is_refused(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A library without STRICT tables cannot keep the promises, and says so."""
    EventStore.create(place, register_id=REGISTER).close()
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 36, 0))
    assert reason_for_opening(place) == "older-sqlite"


def test_an_edited_setting_is_damage(store: EventStore, place: Path, lid: Lid) -> None:
    """The settings of creation are sealed: an edited time zone is not believed."""
    store.close()
    lid.without_triggers("meta", "UPDATE meta SET value = 'UTC' WHERE name = 'timezone'")
    with EventStore.open(place) as opened, pytest.raises(Damaged):
        assert opened.meta


def test_the_tables_of_statements_are_the_tables_of_the_database(store: EventStore) -> None:
    """The Core tables name the columns the database has, in its order, and nothing else."""
    with store.reading() as reader:
        found = inspect(reader.connection)
        for table in tables.store.tables.values():
            assert [column["name"] for column in found.get_columns(table.name)] == [column.name for column in table.c]


def test_every_error_names_itself(place: Path) -> None:
    """An error carries its code and fields, for the edge to make a sentence of."""
    with pytest.raises(StoreError) as refusal:
        EventStore.open(place)
    assert refusal.value.code == "missing"
    assert refusal.value.fields == {"place": str(place), "what": "register"}
    assert str(place) in str(refusal.value)


def test_no_file_is_held_after_closing(store: EventStore, place: Path) -> None:
    """A closed register is let go of: another program may take it whole."""
    store.close()
    with closing(sqlite3.connect(place, timeout=0)) as connection:
        connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        connection.execute("BEGIN EXCLUSIVE")
        connection.execute("ROLLBACK")
