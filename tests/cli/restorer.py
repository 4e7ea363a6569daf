"""A restore in a process of its own that kills itself after some chunks: `python -m tests.cli.restorer FILE EVENTS`."""

import os
import signal
import sys
from io import BufferedReader
from pathlib import Path

from cli.restoring import Restore
from cli.source import source_of
from cli.wiring import open_register
from eventstore import restore as restoring


def main(file: str, events: str) -> None:
    """Restore in chunks of ten; die as by power cut once so many events are written."""
    restoring.CHUNK = 10

    def die(done: int, total: int) -> None:
        if total and done >= int(events):
            os.kill(os.getpid(), signal.SIGKILL)

    with source_of(file) as source, open_register(str(Path("paraph.db"))) as register:
        Restore(register, die).run(BufferedReader(source), dry_run=False)


if __name__ == "__main__":
    main(*sys.argv[1:])
