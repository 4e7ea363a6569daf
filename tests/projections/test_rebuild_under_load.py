"""A rebuild while others record: what it makes is what they made, and nobody waits long (P14)."""

import json
import statistics
import subprocess
import time
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest

from cli.wiring import create_register
from eventstore.envelope import Proposed
from eventstore.log import EventStore
from projections.rebuild import check
from projections.runner import follow
from tests.cli.program import STARTED, environment
from tests.figures import Figure

EACH = 10
BATCH = 2000


def proposal(number: int) -> Proposed:
    """Return the event of a number: a party, then further names of it."""
    first = number % EACH == 0
    return Proposed(
        id=str(UUID(int=number, version=4)),
        stream=f"party/p{number // EACH}",
        type="PartyRegistered" if first else "NameVariantRecorded",
        schema=1,
        on="2025",
        earliest="2025-01-01",
        latest="2025-12-31",
        data={"name" if first else "text": f"Party {number}"},
        by="desk",
    )


def record(store: EventStore, first: int, count: int) -> float:
    """Record events in one append, the views along; return the seconds it took."""
    begun = time.monotonic()
    store.append([proposal(n) for n in range(first, first + count)], now=datetime.now(UTC), project=follow)
    return time.monotonic() - begun


def rebuilt(place: str, folder: Path, count: int) -> str:
    """Rebuild a register of so many events in another process while this one records; return the figure."""
    command = [*STARTED, "projections", "rebuild", "--db", place, "--json"]
    with create_register(place, timezone="UTC") as store:
        for first in range(0, count, BATCH):
            record(store, first, min(BATCH, count))
        stalls: list[float] = []
        with subprocess.Popen(command, env=environment(folder), stdout=subprocess.PIPE, text=True) as process:
            while process.poll() is None:
                stalls.append(record(store, count + len(stalls), 1))
            assert process.stdout is not None
            told = json.loads(process.stdout.read())
        assert process.returncode == 0
        assert all(view["matches"] for view in told["projections"])
        assert all(view.matches and view.position == count + len(stalls) for view in check(store))
    longest, usual = max(stalls) * 1000, statistics.median(stalls) * 1000
    stalled = f"longest writer stall {longest:.0f} ms (at most 250; median {usual:.0f})"
    return f"{count} events rebuilt under {len(stalls)} appends: rebuilt equals incremental, {stalled}"


def test_a_rebuild_under_appends_equals_them(place: str, tmp_path: Path, figure: Figure) -> None:
    """While one process rebuilds another records; every view ends level and as appending would have left it."""
    figure("P14", rebuilt(place, tmp_path, 500))


@pytest.mark.soak
def test_a_rebuild_of_a_hundred_thousand_events_equals_the_appends(place: str, tmp_path: Path, figure: Figure) -> None:
    """The same over 100,000 events."""
    figure("P14", rebuilt(place, tmp_path, 100_000))
