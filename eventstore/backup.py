"""A copy of the register, whole and of one moment, while others go on recording.

SQLite copies, never we: opening the live file ourselves would drop its locks (RELIABILITY.md decision 9).
"""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from eventstore.envelope import Head
from eventstore.errors import Damaged, Missing, Unavailable
from eventstore.log import EventStore
from eventstore.places import expect_register_file, files_translated, sync_folder
from eventstore.verify import verify


@dataclass(frozen=True, slots=True)
class Backup:
    """A copy that was made and verified: where it lies, how far its log reaches, how large it is."""

    path: Path
    head: Head
    bytes: int


def backup(store: EventStore, target: Path, *, replace: bool = False) -> Backup:
    """Copy the register to a private file, verify the copy, and only then give it its name.

    Unavailable(exists) where something bears the name, unless it may be replaced; never the register
    itself. Damaged where the copy does not verify. Whatever fails leaves no file behind.
    """
    _expect_room(store.engine.path, target, replace=replace)
    with _draft(target) as draft:
        head = _copied(store, draft)
        _expect_verified(draft, head)
        size = _synced(draft)
        # Looked at again: copying takes its time, and not every file system can rename without replacing.
        _expect_room(store.engine.path, target, replace=replace)
        with files_translated(target):
            draft.replace(target)
            sync_folder(target.parent)
    return Backup(target, head, size)


def _expect_room(source: Path | None, target: Path, *, replace: bool) -> None:
    with files_translated(target):
        if not target.absolute().parent.is_dir():
            raise Missing(str(target.parent), "folder")
        journal = target.with_name(target.name + "-journal")
        if journal.exists() and journal.stat().st_size:
            # SQLite would take it for what is left to undo in the copy.
            raise Unavailable(reason="exists", place=str(journal))
        taken = os.path.lexists(target)
        own = taken and source is not None and target.exists() and target.samefile(source)
    if taken:
        expect_register_file(target)
    if own or (taken and not replace):
        raise Unavailable(reason="exists", place=str(target))


@contextmanager
def _draft(target: Path) -> Iterator[Path]:
    """Yield an empty private file in the folder of the target; it is gone afterwards, unless renamed."""
    with files_translated(target):
        handle, name = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".part", dir=target.absolute().parent)
        os.close(handle)
    draft = Path(name)
    try:
        yield draft
    finally:
        for path in (draft, draft.with_name(draft.name + "-journal")):
            path.unlink(missing_ok=True)


def _copied(store: EventStore, draft: Path) -> Head:
    """Copy within one snapshot, and return its head."""
    with store.reading() as reader:
        head = reader.head()
        store.engine.copy_into(reader.connection, draft)
    return head


def _expect_verified(draft: Path, head: Head) -> None:
    with EventStore.open(draft) as copy:
        report = verify(copy)
    if not report.ok:
        raise Damaged(what=report.problems[0].what, position=report.problems[0].position)
    if (report.events, report.root) != (head.size, head.root):
        raise Damaged(what="the copy is not what was copied")


def _synced(draft: Path) -> int:
    with files_translated(draft), draft.open("rb+") as file:
        os.fsync(file.fileno())
        return os.fstat(file.fileno()).st_size
