"""The doorbell of a server: it wakes who follows, and losing it loses nothing (ADR 23)."""

import threading
import time
from collections.abc import Callable
from itertools import islice

import pytest

from eventstore.log import EventStore
from eventstore.postgres import doorbell
from eventstore.subscribing import subscribe
from eventstore.verify import verify
from tests.eventstore.givens import Clock, Propose, positions
from tests.eventstore.lids import ServerLid
from tests.figures import Figure

pytestmark = [pytest.mark.usefixtures("engine"), pytest.mark.parametrize("engine", ["postgres"], indirect=True)]

NEVER = 3600.0


def listeners(lid: ServerLid) -> list[int]:
    """Return the backends that listen for this register's bell."""
    query = "SELECT pid FROM pg_stat_activity WHERE query = 'LISTEN \"{}_bell\"'"
    return [pid for (pid,) in lid(query.format(lid.schema))]


def until(true: Callable[[], object]) -> None:
    """Wait for something that takes a moment."""
    end = time.monotonic() + 60
    while not true():
        assert time.monotonic() < end
        time.sleep(0.01)


def following(store: EventStore) -> Callable[[], list[int]]:
    """Follow in a thread, by the bell alone; return how to hear what came of it."""
    seen: list[int] = []

    def follow() -> None:
        seen.extend(positions([*islice(subscribe(store, after=5, every=NEVER), 1)]))

    thread = threading.Thread(target=follow, daemon=True)
    thread.start()

    def heard() -> list[int]:
        thread.join(60)
        return seen

    return heard


def test_an_append_wakes_who_follows(
    filled: EventStore, lid: ServerLid, propose: Propose, clock: Clock, figure: Figure
) -> None:
    """A subscriber that would look only every hour sees an event as soon as it is committed."""
    heard = following(filled)
    until(lambda: listeners(lid))
    filled.append([propose()], now=clock)
    assert heard() == [6]
    figure("P9", "the doorbell alone wakes a subscriber that looks once an hour")


def test_a_bell_whose_wire_was_cut_is_put_up_again(
    filled: EventStore, lid: ServerLid, propose: Propose, clock: Clock
) -> None:
    """Cut off by the server, the subscriber listens anew, and looks in case it slept through something."""
    heard = following(filled)
    until(lambda: listeners(lid))
    (pid,) = listeners(lid)
    lid(f"SELECT pg_terminate_backend({pid}, 5000)")
    until(lambda: [found for found in listeners(lid) if found != pid])
    filled.append([propose()], now=clock)
    assert heard() == [6]


def test_what_was_recorded_while_nobody_listened_is_seen(
    filled: EventStore, lid: ServerLid, propose: Propose, clock: Clock
) -> None:
    """A bell that rang between the look and the listening is made up for by one more look."""
    with filled.engine.listening() as wait:
        filled.append([propose()], now=clock)
        seen = subscribe(filled, after=5, wait=lambda: wait(NEVER))
        assert positions([*islice(seen, 1)]) == [6]
        wait(NEVER)  # puts the bell up, and returns for that one look
        assert listeners(lid)


def _mute(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doorbell, "ring", lambda *_: None)


def _deaf(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doorbell, "_behind_a_pooler", lambda _: True)


def _broken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doorbell, "_channel", lambda _: 'no"channel')


@pytest.mark.parametrize("lost", [_mute, _deaf, _broken], ids=["never rung", "behind a pooler", "refused"])
def test_without_any_bell_nothing_is_missed(
    filled: EventStore,
    propose: Propose,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
    figure: Figure,
    lost: Callable[[pytest.MonkeyPatch], None],
) -> None:
    """However the bell fails, appends are acknowledged and a subscriber sees each event once, by looking."""
    lost(monkeypatch)
    seen = subscribe(filled, after=0, every=0.02)
    assert positions([*islice(seen, 5)]) == [1, 2, 3, 4, 5]
    for position in range(6, 16):
        (event,) = filled.append([propose()], now=clock).events
        assert (event.position, next(seen).position) == (position, position)
    assert verify(filled).ok
    figure("P9", "every notification lost, 3 ways: 0 missed, 0 repeated")
