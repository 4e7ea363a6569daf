"""Runs paraph as a person would: on a pseudo-terminal of a given width, in a folder of its own."""

import os
import pty
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent


class Ran(NamedTuple):
    """What a person saw, and the exit code."""

    screen: str
    code: int


def environment(home: Path, **more: str) -> dict[str, str]:
    """Return an environment that knows nothing of the machine's own settings."""
    kept = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "HOME": str(home), "XDG_CONFIG_HOME": str(home)}
    return kept | {"NO_COLOR": "1", "TERM": "xterm", "LANG": "C.UTF-8", "LOGNAME": "officer"} | more


def on_terminal(arguments: list[str], folder: Path, *, width: int = 100) -> Ran:
    """Run `paraph ARGUMENTS` on a terminal so wide; stdout and stderr come as they would appear."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "paraph", *arguments],
        cwd=folder,
        env=environment(folder, COLUMNS=str(width), LINES="50"),
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        close_fds=True,
    )
    os.close(theirs)
    seen = b""
    try:
        while block := os.read(ours, 65536):
            seen += block
    except OSError:
        pass  # Linux ends a pseudo-terminal with EIO once its last writer is gone
    os.close(ours)
    return Ran(seen.decode().replace("\r\n", "\n"), process.wait())
