"""The days of the clock are the register's: one round a day where hours are skipped or come twice."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from cli.firing import next_moment
from cli.schedule import ticks
from tests.cli.deadlines import FIRST, instruction, opened, told
from tests.cli.program import Program

EDGES = {
    "spring, clocks leap from 2 to 3": ("Europe/Berlin", date(2026, 3, 29)),
    "autumn, 2 to 3 comes twice": ("Europe/Berlin", date(2026, 10, 25)),
    "midnight does not exist": ("Africa/Cairo", date(2026, 4, 24)),
    "half an hour": ("Australia/Lord_Howe", date(2026, 4, 5)),
    "no such edge": ("Asia/Baku", date(2026, 3, 29)),
    "far ahead of UTC": ("Pacific/Kiritimati", date(2026, 3, 29)),
    "far behind UTC": ("Pacific/Pago_Pago", date(2026, 3, 29)),
    "a day that never was": ("Pacific/Apia", date(2011, 12, 30)),
}


@pytest.mark.parametrize("at", ["00:00", "02:30", "23:59"])
@pytest.mark.parametrize(("zone", "edge"), EDGES.values(), ids=EDGES.keys())
def test_a_day_has_one_round_also_where_its_hour_is_skipped_or_comes_twice(
    paraph: Program, zone: str, edge: date, at: str
) -> None:
    """Tried every half hour over five days, each day has one round, and its deadline fires on it, once."""
    paraph.clock.now = datetime.combine(edge - timedelta(days=2), time(12), ZoneInfo(zone)).astimezone(UTC)
    opened(paraph, zone)
    days = [edge + timedelta(days=n) for n in range(-2, 4)]
    told(paraph, *(instruction(str(n), day) for n, day in enumerate(days)))
    if not (sooner := list(half_hours(paraph.clock.now, days[-1], ZoneInfo(zone)))):
        pytest.fail("no time passes")
    for moment in sooner:
        paraph.clock.now = moment
        paraph.ok("schedule", "once", "--at", at, "--lead", "0")
    events = paraph.json("log")["events"]
    rounds = [event["on"] for event in events if event["type"] == "RoundCompleted"]
    assert rounds == [str(day) for day in days]
    fired = [event for event in events if event["type"] == "ReminderFired" and event["data"]["job"] == "due"]
    assert [event["data"]["due"] for event in fired] == [event["on"] for event in fired] == rounds


def half_hours(begin: datetime, last: date, zone: ZoneInfo) -> "list[datetime]":
    """Return moments near the edges of days and the small hours, half an hour apart, to the end of a day."""
    moments = []
    while begin.astimezone(zone).date() <= last:
        if begin.astimezone(zone).hour in {0, 2, 3, 23}:
            moments.append(begin)
        begin += timedelta(minutes=30)
    return [*moments, begin - timedelta(minutes=1)]


@pytest.mark.parametrize("at", [time(0), time(2), time(2, 30), time(3), time(8)])
@pytest.mark.parametrize(("zone", "edge"), EDGES.values(), ids=EDGES.keys())
def test_the_scheduler_ticks_at_the_hour_or_soon_after(zone: str, edge: date, at: time) -> None:
    """Over the edge ticks go forward, are never more than an hour apart, and one comes within an hour of each round."""
    place = ZoneInfo(zone)
    begin = datetime.combine(edge - timedelta(days=1), time(12), place)
    trigger, ticked = ticks(place, at), [begin]
    while ticked[-1] - begin < timedelta(days=3):
        ticked.append(trigger.get_next_fire_time(ticked[-1], ticked[-1]))
        assert len(ticked) < 200
    instants = [moment.astimezone(UTC) for moment in ticked]
    assert all(timedelta() < later - sooner <= timedelta(hours=1) for sooner, later in pairwise(instants))


@pytest.mark.parametrize(("zone", "edge"), EDGES.values(), ids=EDGES.keys())
def test_the_next_round_is_in_the_future_of_its_day(zone: str, edge: date) -> None:
    """The moment named is on the day after the last one done, in the zone of the register."""
    place = ZoneInfo(zone)
    now = datetime.combine(edge - timedelta(days=1), time(12), place).astimezone(UTC)
    moment = next_moment(now, place, time(8), edge - timedelta(days=1))
    assert now < moment.astimezone(UTC) <= now + timedelta(hours=24 + 12)


def test_the_day_is_the_registers_whatever_the_machines(paraph: Program) -> None:
    """At 22:00 UTC it is tomorrow in Baku."""
    opened(paraph)
    told(paraph, instruction("1", FIRST + timedelta(days=1)))
    paraph.clock.now = datetime(2025, 7, 1, 22, tzinfo=UTC)
    fired = paraph.json("schedule", "once", "--at", "00:00", "--lead", "0")["fired"]
    assert [row["due"] for row in fired if row["job"] == "due"] == ["2025-07-02"]
    assert Path("paraph.db").exists()
