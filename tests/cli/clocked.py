"""The program with a clock of the test's: `python -m tests.cli.clocked FILE ARGUMENT …`.

The time is what FILE holds whenever it is asked for; the scheduler tries a round five times a second.
"""

import sys
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import cli.schedule
import cli.wiring
from cli.main import run


def main(file: str, *arguments: str) -> None:
    """Run a command at the time the file holds."""

    def now() -> datetime:
        return datetime.fromisoformat(Path(file).read_text(encoding="ascii"))

    cli.schedule.CATCH_UP = timedelta(seconds=0.2)
    cli.wiring.open_register = partial(cli.wiring.open_register, now=now)
    run(list(arguments))


if __name__ == "__main__":
    main(*sys.argv[1:])
