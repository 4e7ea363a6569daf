"""Runs a server for as long as the tests run: `python -m tests.postgres_guard PID USER FOLDER COMMAND …`.

The server is a child of this process, which looks whether the tests (PID) are still there: however they
end, killed or not, the server stops at once and its folder goes. Should this process be killed itself, the
kernel stops the server (Linux).
"""

import ctypes
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

_PR_SET_PDEATHSIG = 1
_LOOK_EVERY = 0.2


def begun(pid: int) -> str | None:
    """Return when a process began, as far as can be told, None when it is gone: numbers are used again."""
    try:
        os.kill(pid, 0)
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[19]
    except ProcessLookupError:
        return None
    except OSError:
        return ""


def die_with_the_guard() -> None:
    """Ask the kernel to stop the server when this process goes."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGQUIT)


def main(watched: str, user: str, folder: str, *command: str) -> int:
    """Run the command until it ends or the tests do."""
    pid = int(watched)
    first = begun(pid)
    server = subprocess.Popen(command, user=user or None, preexec_fn=die_with_the_guard)  # noqa: PLW1509
    while server.poll() is None:
        if first is None or begun(pid) != first:
            server.send_signal(signal.SIGQUIT)  # an immediate shutdown
            server.wait()
            shutil.rmtree(folder, ignore_errors=True)
            break
        time.sleep(_LOOK_EVERY)
    return server.returncode


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
