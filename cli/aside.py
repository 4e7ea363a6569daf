"""Rejected rows beside the file they come from, to be mended there: what somebody mended is never written over."""

from itertools import count
from pathlib import Path

from cli.exits import UNAVAILABLE, Failure
from cli.output import Screen


def set_aside(file: Path, suffix: str, content: bytes, screen: Screen, *, recorded: str) -> None:
    """Write rejected rows to FILE.rejected, or to the next such name where that holds others already.

    Raises Failure where that cannot be done, saying what is `recorded` all the same.
    """
    for number in count(1):
        target = file.with_name(f"{file.stem}.rejected{f'-{number}' if number > 1 else ''}{suffix}")
        try:
            if target.exists() and target.read_bytes() != content:
                continue
            target.write_bytes(content)
        except OSError as error:
            message = f"{recorded}, but {target} cannot be written: {error.strerror}"
            hint = "make it writable and run the import again: nothing is recorded twice"
            raise Failure("io", message, UNAVAILABLE, hint) from None
        screen.say(f"rejected rows are in {target}: mend them and import that file")
        return
