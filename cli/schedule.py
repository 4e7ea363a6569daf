"""The scheduler: only a clock. What is due and what was done stands in the log (ADR 10), nothing in its jobs.

The one file that knows APScheduler.
"""

import logging
import signal
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from types import FrameType
from zoneinfo import ZoneInfo

from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.schedulers.blocking import BlockingScheduler
from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.combining import OrTrigger
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

CATCH_UP = timedelta(hours=1)
"""How often a round is tried besides: the machine may have slept, the clock may have leapt over the hour."""


class Ended(Exception):
    """Somebody asked the clock to end."""


def ticks(zone: ZoneInfo, at: time) -> BaseTrigger:
    """Return when rounds are tried: daily at a time of the register's zone, and between."""
    daily = CronTrigger(hour=at.hour, minute=at.minute, second=at.second, timezone=zone)
    # In UTC: of two times of one zone Python compares the hands of the clock, also where they leap.
    between = IntervalTrigger(seconds=CATCH_UP.total_seconds(), timezone=UTC)
    return OrTrigger([daily, between])


def run(work: Callable[[], None], *, zone: ZoneInfo, at: time) -> None:
    """Work at once and at every tick, until SIGTERM; a round that has begun is finished first.

    Ctrl-C ends it as a KeyboardInterrupt.
    """
    # Whatever a round has to say it says itself; without a handler the library's words would go to stderr.
    logging.getLogger("apscheduler").addHandler(logging.NullHandler())
    scheduler = BlockingScheduler(jobstores={"default": MemoryJobStore()}, timezone=zone)
    scheduler.add_job(
        work, ticks(zone, at), next_run_time=datetime.now(zone), coalesce=True, max_instances=1, misfire_grace_time=None
    )
    before = signal.signal(signal.SIGTERM, _end)
    try:
        scheduler.start()
    except Ended:
        pass
    finally:
        if scheduler.running:
            scheduler.shutdown(wait=True)
        signal.signal(signal.SIGTERM, before)


def _end(_number: int, _frame: FrameType | None) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # who asks twice does not want to wait
    raise Ended
