"""A backup is the register of one moment, verified before it has a name, and private (P20, P25)."""

import stat
import threading
from pathlib import Path
from uuid import UUID

import pytest

import eventstore.backup
from eventstore.backup import backup
from eventstore.errors import Damaged, Missing, Unavailable
from eventstore.log import EventStore
from eventstore.verify import verify
from tests.eventstore.givens import Clock, Propose
from tests.eventstore.lids import Lid
from tests.eventstore.test_processes import Start, start
from tests.eventstore.writer import proposal

pytestmark = [pytest.mark.usefixtures("engine"), pytest.mark.parametrize("engine", ["sqlite"], indirect=True)]

__all__ = ["start"]


def leftovers(folder: Path) -> list[str]:
    """Return the files of a folder that are no register."""
    return sorted(path.name for path in folder.iterdir() if path.suffix != ".db" and "journal" not in path.name)


def test_a_backup_is_the_register(filled: EventStore, tmp_path: Path, propose: Propose, clock: Clock) -> None:
    """The copy has the same events, head, root, zone and id, verifies, and takes records like its original."""
    target = tmp_path / "copy.db"
    made = backup(filled, target)
    with EventStore.open(target) as copy, filled.reading() as reader, copy.reading() as other:
        assert (made.head, made.path, made.bytes) == (reader.head(), target, target.stat().st_size)
        assert other.head() == reader.head()
        assert list(copy.stream_all()) == list(filled.stream_all())
        assert copy.meta == filled.meta
    with EventStore.open(target) as copy:
        copy.append([propose(id=str(UUID(int=99)))], now=clock)
        assert verify(copy).ok
    assert verify(filled).ok
    assert leftovers(tmp_path) == []


def test_a_backup_is_private(filled: EventStore, tmp_path: Path) -> None:
    """Its owner alone may read it."""
    assert stat.S_IMODE(backup(filled, tmp_path / "copy.db").path.stat().st_mode) == 0o600


def test_a_backup_replaces_nothing_unless_told(filled: EventStore, tmp_path: Path) -> None:
    """A file of that name stays as it is; told to replace, it is replaced whole; the register never."""
    target = tmp_path / "copy.db"
    target.write_bytes(b"mine")
    with pytest.raises(Unavailable, match="exists"):
        backup(filled, target)
    assert target.read_bytes() == b"mine"
    assert backup(filled, target, replace=True).head.size == 5
    with pytest.raises(Unavailable, match="exists"):
        backup(filled, Path(filled.place), replace=True)
    assert verify(filled).ok


def test_a_name_taken_meanwhile_is_not_replaced(
    filled: EventStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What somebody puts there while the copy is made stays."""
    target = tmp_path / "copy.db"
    synced = eventstore.backup._synced

    def somebody_else(draft: Path) -> int:
        target.write_bytes(b"mine")
        return synced(draft)

    monkeypatch.setattr(eventstore.backup, "_synced", somebody_else)
    with pytest.raises(Unavailable, match="exists"):
        backup(filled, target)
    assert target.read_bytes() == b"mine"
    assert leftovers(tmp_path) == []


def test_a_backup_goes_nowhere_odd(filled: EventStore, tmp_path: Path) -> None:
    """A link, a folder, a name with what is left of another database, a folder that is not there: refused."""
    (tmp_path / "link.db").symlink_to(tmp_path / "elsewhere.db")
    (tmp_path / "folder.db").mkdir()
    (tmp_path / "used.db-journal").write_bytes(b"left to undo")
    for name, reason in {"link": "symlink", "folder": "directory", "used": "exists"}.items():
        with pytest.raises(Unavailable, match=reason):
            backup(filled, tmp_path / f"{name}.db", replace=True)
    with pytest.raises(Missing):
        backup(filled, tmp_path / "nowhere" / "copy.db")
    assert not (tmp_path / "elsewhere.db").exists()
    assert leftovers(tmp_path) == []


def test_a_damaged_register_leaves_no_backup(filled: EventStore, tmp_path: Path, lid: Lid) -> None:
    """A copy that does not verify gets no name, and the older one keeps its own."""
    target = tmp_path / "copy.db"
    backup(filled, target)
    before = target.read_bytes()
    lid.without_triggers("events", "UPDATE events SET type = 'Other' WHERE position = 3")
    with pytest.raises(Damaged) as damaged:
        backup(filled, target, replace=True)
    assert damaged.value.position == 3
    assert target.read_bytes() == before
    assert leftovers(tmp_path) == []


def test_a_full_disk_leaves_no_backup(filled: EventStore, tmp_path: Path) -> None:
    """Where the copy cannot be written whole, nothing bears its name."""
    resource = pytest.importorskip("resource")
    limit = resource.getrlimit(resource.RLIMIT_FSIZE)
    signal = pytest.importorskip("signal")
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, limit[1]))
    try:
        with pytest.raises(Unavailable):
            backup(filled, tmp_path / "copy.db")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limit)
        signal.signal(signal.SIGXFSZ, before)
    assert not (tmp_path / "copy.db").exists()
    assert leftovers(tmp_path) == []


def test_backups_made_while_others_record_are_each_of_one_moment(
    store: EventStore, start: Start, tmp_path: Path
) -> None:
    """Under writers in processes of their own every copy verifies and is a beginning of the log; none is refused."""
    writers = [start("project/plant", "-", [str(UUID(int=n * 1000 + k)) for k in range(1, 151)]) for n in range(3)]
    for writer in writers:
        writer.go()
    heads = [backup(store, tmp_path / f"copy-{n}.db").head for n in range(10)]
    told = sum(len(writer.acknowledged()) for writer in writers)
    assert told == 450
    everything = [(event.position, event.hash) for event in store.stream_all()]
    assert heads[0].size < heads[-1].size < len(everything)
    for number, head in enumerate(heads):
        with EventStore.open(tmp_path / f"copy-{number}.db") as copy:
            report = verify(copy)
            assert (report.ok, report.events, report.root) == (True, head.size, head.root)
            assert [(event.position, event.hash) for event in copy.stream_all()] == everything[: head.size]


def test_a_backup_in_the_same_process_disturbs_no_writer(store: EventStore, tmp_path: Path, clock: Clock) -> None:
    """The writers of this process lose no lock by it."""
    done = threading.Event()

    def copies() -> None:
        number = 0
        while not done.is_set():
            backup(store, tmp_path / f"copy-{number % 3}.db", replace=True)
            number += 1

    thread = threading.Thread(target=copies)
    thread.start()
    try:
        for number in range(1, 101):
            store.append([proposal(str(UUID(int=number)), "project/plant")], now=clock)
    finally:
        done.set()
        thread.join()
    assert verify(store).events == 100
