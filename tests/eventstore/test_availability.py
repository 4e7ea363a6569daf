"""What a register does when it cannot be written, is locked, or fails at the commit."""

import os
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from eventstore.errors import Unavailable
from eventstore.log import EventStore
from eventstore.verify import verify
from tests.eventstore.givens import REGISTER, Clock, Propose

pytestmark = [pytest.mark.usefixtures("engine"), pytest.mark.parametrize("engine", ["sqlite"], indirect=True)]

NOBODY = 65534


@contextmanager
def as_nobody() -> Iterator[None]:
    """Give up root's power to write everything, when we have it."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


@contextmanager
def folder_for_all(folder: Path) -> Iterator[None]:
    """Let anybody into a test's folder, whose parents pytest keeps private."""
    ways = [folder, *folder.parents][:4]
    modes = [way.stat().st_mode for way in ways]
    for way in ways:
        way.chmod(0o755)
    try:
        yield
    finally:
        for way, mode in zip(ways, modes, strict=True):
            way.chmod(stat.S_IMODE(mode))


def test_every_connection_has_the_durable_settings(store: EventStore) -> None:
    """The settings measured to lose nothing are in force for reading and writing alike."""
    due = {
        "journal_mode": "truncate",
        "synchronous": 3,
        "foreign_keys": 1,
        "trusted_schema": 0,
        "busy_timeout": 5000,
    }
    with store.reading() as reader:
        found = {name: reader.connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in due}
    assert found == due


def test_a_write_protected_register_can_be_read(
    filled: EventStore, place: Path, propose: Propose, clock: Clock
) -> None:
    """With the file write-protected every question is answered, and an append says why it is not."""
    filled.close()
    place.chmod(0o444)
    with folder_for_all(place.parent), as_nobody(), EventStore.open(place) as store:
        assert verify(store).ok
        assert len(list(store.stream_all())) == 5
        with pytest.raises(Unavailable) as refusal:
            store.append([propose()], now=clock)
    assert refusal.value.reason == "read-only"


def test_a_write_protected_folder_takes_no_register(tmp_path: Path) -> None:
    """Where nothing may be created, creating says so."""
    with folder_for_all(tmp_path), as_nobody():
        tmp_path.chmod(0o555) if os.geteuid() != NOBODY else None
        with pytest.raises(Unavailable) as refusal:
            EventStore.create(tmp_path / "register.db", register_id=REGISTER)
    assert refusal.value.reason == "read-only"


def test_a_reader_in_the_way_of_a_commit_leaves_nothing_half_done(
    filled: EventStore, place: Path, propose: Propose, clock: Clock
) -> None:
    """When a long read outlasts a writer's patience the append is undone, and the next one goes through."""
    proposal = propose()
    with EventStore.open(place, patience=0.05) as hurried:
        reading = filled.reading()
        assert reading.__enter__().head().size == 5
        with pytest.raises(Unavailable) as refusal:
            hurried.append([proposal], now=clock)
        reading.__exit__(None, None, None)
        assert refusal.value.reason == "locked"
        assert len(list(filled.stream_all())) == 5
        assert hurried.append([proposal], now=clock).events[0].position == 6


def test_a_commit_of_unknown_outcome_is_named(
    store: EventStore, propose: Propose, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the commit itself fails the caller is told to ask again with the same id, and that works."""
    proposal = propose()

    def fail(_: object) -> None:
        cause = sqlite3.OperationalError("disk I/O error")
        cause.sqlite_errorcode = sqlite3.SQLITE_IOERR_FSYNC
        raise cause

    with store.reading() as reader:
        dialect = reader.connection.dialect
    with monkeypatch.context() as broken:
        broken.setattr(dialect, "do_commit", fail)
        with pytest.raises(Unavailable) as refusal:
            store.append([proposal], now=clock)
    assert refusal.value.reason == "unknown-outcome"
    assert store.append([proposal], now=clock).events[0].position == 1
