"""A subscriber that may be killed at any moment: `python -m tests.eventstore.subscriber PLACE FILE`.

Dealing with an event is one line in FILE, which is also where it goes on: a line that a kill cut short is
not yet an event dealt with.
"""

import os
import sys
from pathlib import Path

from eventstore.log import EventStore
from eventstore.subscribing import subscribe


def main(place: str, file: str) -> None:
    """Write `position id` of every event past the last whole line of the file, for ever."""
    path = Path(file)
    whole = path.read_bytes().rpartition(b"\n")[0].splitlines()
    os.truncate(path, sum(len(line) + 1 for line in whole))
    with EventStore.open(place, patience=60) as store, path.open("ab", buffering=0) as dealt:
        for event in subscribe(store, after=len(whole), every=0.05, batch=7):
            dealt.write(f"{event.position} {event.id}\n".encode())


if __name__ == "__main__":
    main(*sys.argv[1:])
