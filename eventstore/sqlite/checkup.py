"""What may be wrong around a register in a file: where it lies, who may read it, and on what kind of disk."""

import os
import shutil
import sqlite3
import stat
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from shlex import quote
from typing import TypeAlias

from sqlalchemy import Connection

from eventstore.checkup import Finding

MOUNTS = Path("/proc/self/mountinfo")
_AWAY = {"nfs", "nfs4", "cifs", "smb3", "smbfs", "afs", "ceph", "lustre", "9p", "ncpfs", "glusterfs", "davfs", "beegfs"}
_FLEETING = {"tmpfs", "ramfs"}
_LITTLE, _HARDLY_ANY = 200 << 20, 20 << 20

Look: TypeAlias = Callable[[Path], Finding]


def look(path: Path) -> Iterator[Finding]:
    """Yield how things stand around a path, without opening anything."""
    if not path.exists() or not stat.S_ISREG(path.lstat().st_mode):
        return  # opening says what is there instead
    for look_at in LOOKS.values():
        yield look_at(path)


def _permissions(path: Path) -> Finding:
    mode = stat.S_IMODE(path.stat().st_mode)
    if os.name == "posix" and mode & 0o077:
        told = f"others may reach the file (mode {mode:04o})"
        return Finding("permissions", "warn", told, _chmod("600", path))
    return Finding("permissions", "ok", "private to its owner")


def _writable(path: Path) -> Finding:
    folder = path.absolute().parent
    if not _may_write(path):
        told = "the file is read-only: it answers and takes no record"
        return Finding("writable", "warn", told, _chmod("u+w", path))
    if not _may_write(folder):  # the journal of every record is made beside the file
        told = f"the folder {folder} is read-only: no record can be made"
        return Finding("writable", "bad", told, _chmod("u+w", folder))
    return Finding("writable", "ok", "the file and its folder take records")


def _chmod(mode: str, path: Path) -> str:
    return f"chmod {mode} {quote(str(path))}"


def _may_write(path: Path) -> bool:
    return os.access(path, os.W_OK, effective_ids=os.access in os.supports_effective_ids)


def _names(path: Path) -> Finding:
    if (names := path.stat().st_nlink) > 1:
        remedy = "remove the others: by another name its journal is not found, and a record cut off not undone"
        return Finding("names", "warn", f"the file has {names} names", remedy)
    return Finding("names", "ok", "one name, and no link")


def _space(path: Path) -> Finding:
    free = shutil.disk_usage(path.absolute().parent).free
    told = f"{free >> 20} MB free"
    if free < _LITTLE:
        return Finding("space", "bad" if free < _HARDLY_ANY else "warn", told, "make room on the disk")
    return Finding("space", "ok", told)


def _disk(path: Path) -> Finding:
    kind = _kind_of_disk(path.resolve())
    if kind in _AWAY or kind.startswith("fuse."):
        remedy = "move it with paraph copy to a disk of this machine, or to a server"
        return Finding("disk", "bad", f"on another machine's disk ({kind}), where locks do not hold", remedy)
    if kind in _FLEETING:
        return Finding("disk", "warn", f"in memory ({kind}): gone with the power", "paraph copy it to a disk")
    return Finding("disk", "ok", f"a disk of this machine ({kind})" if kind else "of a kind this system does not tell")


def _kind_of_disk(path: Path) -> str:
    """Return the kind of the file system a path is on, as Linux tells it; empty elsewhere."""
    try:
        lines = MOUNTS.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    found = {}
    for line in lines:
        mount, _, rest = line.partition(" - ")
        found[mount.split()[4].replace("\\040", " ")] = rest.split()[0]
    return next((found[str(folder)] for folder in (path, *path.parents) if str(folder) in found), "")


LOOKS: Mapping[str, Look] = {
    "permissions": _permissions,
    "writable": _writable,
    "names": _names,
    "space": _space,
    "disk": _disk,
}


def ask(connection: Connection) -> Iterator[Finding]:
    """Yield how the open database stands."""
    journal = connection.exec_driver_sql("PRAGMA journal_mode").scalar()
    synchronous = connection.exec_driver_sql("PRAGMA synchronous").scalar()
    kept = (journal, synchronous) == ("truncate", 3)
    told = f"journal {journal}, synchronous {'extra' if synchronous == 3 else synchronous}"
    yield Finding("durability", "ok" if kept else "bad", told, "" if kept else "report this: paraph sets both")


def version() -> Finding:
    """Return which SQLite this Python has."""
    return Finding("sqlite", "ok", sqlite3.sqlite_version)
