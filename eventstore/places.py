"""Where a register may lie: a plain private file, named by a path or a `sqlite:///` URL.

Files are made and looked at here without ever opening one that SQLite may have open: closing it
would drop SQLite's locks on it (RELIABILITY.md decision 9).
"""

import errno
import os
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from eventstore.errors import Missing, Reason, Unavailable

_ERRNOS: Mapping[int, Reason] = {
    errno.EEXIST: "exists",
    errno.EACCES: "read-only",
    errno.EPERM: "read-only",
    errno.EROFS: "read-only",
    errno.ENOSPC: "full",
    errno.EDQUOT: "full",
}


def locate(place: str | os.PathLike[str]) -> Path:
    """Return the file of a path or a `sqlite:///` URL; Unavailable(engine) for any other URL."""
    text = os.fspath(place)
    if "://" not in text:
        return Path(text)
    try:
        url = make_url(text)
    except ArgumentError as fault:
        raise Unavailable(reason="engine") from fault
    plain = url.get_backend_name() == "sqlite" and url.database and not url.query
    if not plain or url.database == ":memory:":
        raise Unavailable(reason="engine", place=url.render_as_string(hide_password=True))
    return Path(str(url.database))


def expect_register_file(path: Path) -> None:
    """Expect a plain file; Missing or Unavailable say what is there instead."""
    kind = _kind_of(path)
    if kind is None:
        raise Missing(str(path))
    if stat.S_ISLNK(kind):  # whoever may write the link would choose where the record goes
        raise Unavailable(reason="symlink", place=str(path))
    if stat.S_ISDIR(kind):
        raise Unavailable(reason="directory", place=str(path))
    if not stat.S_ISREG(kind):
        raise Unavailable(reason="not-a-register", place=str(path))


def _kind_of(path: Path) -> int | None:
    with files_translated(path):
        try:
            return path.lstat().st_mode
        except (FileNotFoundError, NotADirectoryError):
            return None


def reserve(path: Path) -> None:
    """Take the name with an empty private file; O_EXCL follows no link and replaces nothing."""
    if _kind_of(path) is not None:
        expect_register_file(path)
        raise Unavailable(reason="exists", place=str(path))
    if not path.absolute().parent.is_dir():
        raise Missing(str(path.parent), "folder")
    with files_translated(path):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))  # nobody can hold locks on it yet
        path.chmod(0o600)  # a umask may also take away too much


def is_reserved(path: Path) -> bool:
    """Say whether a name was taken by `reserve` and nothing came of it: an empty private file of ours."""
    with files_translated(path):
        try:
            found = path.lstat()
        except (FileNotFoundError, NotADirectoryError):
            return False
    private = stat.S_ISREG(found.st_mode) and stat.S_IMODE(found.st_mode) == 0o600
    return private and found.st_size == 0 and (os.name != "posix" or found.st_uid == os.geteuid())


def sync_folder(folder: Path) -> None:
    """Make the new name itself survive a power cut; Windows has no such call and needs none."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


@contextmanager
def files_translated(place: Path) -> Iterator[None]:
    """Turn the errors of our own file calls into the store's names; never around a caller's code."""
    try:
        yield
    except OSError as fault:
        reason = _ERRNOS.get(fault.errno or 0, "io")
        raise Unavailable(reason=reason, place=str(place), detail=str(fault)) from fault
    except ValueError as fault:  # a NUL in a path
        raise Unavailable(reason="io", detail=str(fault)) from fault
