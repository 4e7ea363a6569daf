"""A writer that commits late and undoes one append in ten: `python -m tests.eventstore.late_writer PLACE SEED ID …`.

A server that goes is waited for: what may have been recorded is said again with the same id.
"""

import random
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import Connection

from eventstore.envelope import Recorded
from eventstore.errors import Unavailable
from eventstore.log import EventStore
from tests.eventstore.writer import proposal


class Undone(Exception):
    """Stands for whatever goes wrong after the events were numbered."""


def main(place: str, seed: str, *ids: str) -> None:
    """Append each id until it is recorded; print it once it is acknowledged, and `undone` for each try undone."""
    dice = random.Random(seed)  # noqa: S311 - the dice choose moments

    def late(_connection: Connection, _fresh: Sequence[Recorded]) -> None:
        time.sleep(dice.random() * 0.01)
        if dice.random() < 0.1:
            raise Undone

    with EventStore.open(place, patience=60) as store:
        for name in ids:
            while True:
                try:
                    store.append([proposal(name, f"project/p{seed}")], now=lambda: datetime.now(UTC), project=late)
                except Undone:
                    print("undone", flush=True)  # noqa: T201
                    continue
                except Unavailable as fault:
                    if fault.reason not in {"unreachable", "unknown-outcome"}:
                        raise
                    time.sleep(0.05)
                    continue
                print(name, flush=True)  # noqa: T201 - the acknowledgements are what is tested
                break


if __name__ == "__main__":
    main(*sys.argv[1:])
