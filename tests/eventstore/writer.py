"""A writer of its own for the tests that race or kill processes.

`python -m tests.eventstore.writer PLACE STREAM EXPECT ID …` says `ready`, waits for a line, then
appends one event for each id and prints `id position` once it is acknowledged. With EXPECT (a
version, or "-") it demands the stream there and prints `id lost` when it is not. `{n}` in STREAM
is the number of the event, so that each is for a stream of its own.
"""

import sys
from datetime import UTC, datetime

from eventstore.envelope import Proposed, StreamAt
from eventstore.errors import Conflict
from eventstore.log import EventStore


def proposal(id: str, stream: str) -> Proposed:  # noqa: A002 - the word of the envelope
    """Return the fact with this id, the same in every process."""
    return Proposed(
        id=id,
        stream=stream,
        type="PhaseObserved",
        schema=1,
        on="2025-04-23",
        earliest="2025-04-23",
        latest="2025-04-23",
        data={"phase": "justification", "wording": id * 10},
        by="writer",
        about=("agreement/a",),
    )


def main(place: str, stream: str, expect: str, *ids: str) -> None:
    """Append and acknowledge, one by one."""
    with EventStore.open(place, patience=60) as store:
        print("ready", flush=True)  # noqa: T201 - the acknowledgements are what is tested
        sys.stdin.readline()
        for number, name in enumerate(ids):
            own = stream.replace("{n}", str(number))
            conditions = [] if expect == "-" else [StreamAt(own, int(expect))]
            try:
                receipt = store.append([proposal(name, own)], now=lambda: datetime.now(UTC), conditions=conditions)
                told = str(receipt.events[0].position)
            except Conflict:
                told = "lost"
            print(name, told, flush=True)  # noqa: T201


if __name__ == "__main__":
    main(*sys.argv[1:])
