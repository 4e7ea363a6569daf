"""Several schedulers at once, killed and started again: every deadline fires once (P22)."""

# ruff: noqa: S311 - the dice choose moments

import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from eventstore.log import EventStore
from eventstore.verify import verify
from tests.cli.deadlines import FIRST, expected, instruction, opened, told
from tests.cli.program import Program, environment

RUNNERS = 4
Process: TypeAlias = "subprocess.Popen[bytes]"


@dataclass
class Office:
    """Schedulers on one register, with one clock that the test turns."""

    stack: ExitStack
    day: date = FIRST
    runners: list[Process] = field(default_factory=list)
    started: int = 0

    def turn(self, days: int = 0) -> None:
        """Turn the clock, for all of them at once."""
        self.day += timedelta(days=days)
        noon = datetime.combine(self.day, datetime.min.time(), UTC) + timedelta(hours=8)
        Path("clock.new").write_text(noon.isoformat(), encoding="ascii")
        Path("clock.new").replace("clock")

    def start(self, *arguments: str) -> Process:
        """Start a scheduler, each with a file of its own to tell what it did."""
        self.started += 1
        outlet = f"file:{Path.cwd()}/told-{self.started}.txt"
        command = [sys.executable, "-P", "-m", "tests.cli.clocked", "clock", "schedule", *arguments, "--to", outlet]
        process = subprocess.Popen(
            command,
            env=environment(Path.cwd()),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            stdin=subprocess.DEVNULL,
        )
        self.stack.enter_context(process)
        self.stack.callback(process.kill)
        return process

    def fill(self) -> None:
        """Start as many as are missing."""
        while len(self.runners) < RUNNERS:
            self.runners.append(self.start("run"))

    def kill(self, dice: random.Random, count: int) -> None:
        """Kill some of them, as a power cut does."""
        for process in dice.sample(self.runners, count):
            process.kill()
            process.communicate()
            self.runners.remove(process)

    def wait_for_the_day(self) -> None:
        """Wait until the day is done."""
        end = time.monotonic() + 120
        while str(self.day) not in days_done():
            assert time.monotonic() < end, [process.poll() for process in self.runners]
            time.sleep(0.02)


def events(*types: str) -> list[Any]:
    """Return the events of the clock of these types."""
    with EventStore.open("paraph.db") as store, store.reading() as reader:
        return [event for event in reader.stream("clock/register") if event.type in types]


def days_done() -> list[str]:
    """Return the days that are done, in the order of the log."""
    return [event.on for event in events("RoundCompleted")]


def fired() -> Counter[Any]:
    """Return how often each deadline was called to mind on each day."""
    reminders = [event for event in events("ReminderFired") if event.data["job"] == "due"]
    return Counter((event.data["item"], event.data["due"], event.on, event.data["days"]) for event in reminders)


@pytest.fixture
def office(paraph: Program) -> Iterator[Office]:
    """Return schedulers on a register; none outlives its test."""
    opened(paraph)
    with ExitStack() as stack:
        office = Office(stack)
        office.turn()
        yield office


def run_an_office(program: Program, office: Office, *, days: int, deadlines: int, seed: int) -> dict[str, int]:
    """Let four schedulers live through days, kills, restarts and forty days of nobody there; return the figures."""
    dice = random.Random(seed)
    dues = {str(n): FIRST + timedelta(days=dice.randrange(days + 60)) for n in range(deadlines)}
    told(program, *(instruction(item, due) for item, due in dues.items()))
    kills = 0
    for number in range(days):
        office.fill()
        if dice.random() < 0.5:
            office.kill(dice, count := dice.randint(1, RUNNERS - 1))
            kills += count
        office.wait_for_the_day()
        if number == days // 2:
            office.kill(dice, len(office.runners))
            kills += RUNNERS
            office.turn(days=39)
        office.turn(days=1)
    office.fill()
    office.wait_for_the_day()
    wanted, found = expected(dues, office.day), fired()
    assert days_done() == [str(FIRST + timedelta(days=n)) for n in range((office.day - FIRST).days + 1)]
    doubled, missed = found - wanted, wanted - found
    assert (doubled, missed) == (Counter(), Counter())
    figures = {"days": days + 39, "deadlines": deadlines, "fired": found.total(), "kills": kills}
    return figures | {"doubled": doubled.total(), "missed": missed.total()}


def test_four_schedulers_with_restarts_and_a_gap_fire_each_deadline_once(paraph: Program, office: Office) -> None:
    """Through kills, restarts and forty days of nobody there: none missed, none doubled, none delivered twice."""
    figures = run_an_office(paraph, office, days=8, deadlines=40, seed=22)
    assert figures["fired"] > 60
    delivered = Counter(event.data["reminder"] for event in events("ReminderDelivered"))
    assert set(delivered.values()) == {1}
    with EventStore.open("paraph.db") as store:
        assert verify(store).ok


@pytest.mark.soak
def test_four_schedulers_through_a_year_fire_each_deadline_once(paraph: Program, office: Office) -> None:
    """The same through a hundred and sixty days that somebody was there, with four hundred deadlines."""
    figures = run_an_office(paraph, office, days=160, deadlines=400, seed=23)
    print(f"\n{figures}")  # noqa: T201 - the figures of P22
    assert figures["fired"] > 900


def test_rounds_made_at_the_same_moment_are_one(paraph: Program, office: Office) -> None:
    """Of several rounds for cron that begin together one records, and that one tells."""
    told(paraph, *(instruction(str(n), FIRST + timedelta(days=n)) for n in range(20)))
    for _ in range(2):
        rounds = [office.start("once", "--json") for _ in range(RUNNERS)]
        for process in rounds:
            _, err = process.communicate(timeout=120)
            assert (process.returncode, err) == (0, b"")
        office.turn(days=1)
    dues = {str(n): FIRST + timedelta(days=n) for n in range(20)}
    assert fired() == expected(dues, FIRST + timedelta(days=1))
    said = "".join(path.read_text(encoding="utf-8") for path in Path().glob("told-*.txt"))
    assert said.count("paraph: 20 reminders, 2025-07-01") == 1
    assert said.count("instruction 1:") == 2


def test_what_died_between_recording_and_delivering_is_delivered_on_request(paraph: Program, office: Office) -> None:
    """A scheduler killed while it delivers leaves a reminder that did not arrive; it is never fired again."""
    told(paraph, instruction("1", FIRST))
    process = office.start("once", "--to", "command:sleep 4")
    while not events("ReminderFired"):
        time.sleep(0.02)
    process.kill()
    process.communicate()
    assert events("ReminderDelivered") == []
    assert paraph.ok("schedule", "once").out == ""
    assert "instruction 1" in paraph.ok("schedule", "once", "--redeliver").out
    assert paraph.ok("schedule", "once", "--redeliver").out == ""
    assert len(fired()) == 1


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 0), (signal.SIGINT, 130)])
def test_a_scheduler_ends_when_it_is_asked_to(
    paraph: Program, office: Office, number: signal.Signals, code: int
) -> None:
    """It fires what is due at its start, and ends with 0 on SIGTERM, with 130 on Ctrl-C."""
    told(paraph, instruction("1", FIRST))
    process = office.start("run", "--to", "stdout")
    wait_for(lambda: bool(events("ReminderDelivered")))
    process.send_signal(number)
    out, err = process.communicate(timeout=60)
    assert process.returncode == code, err
    assert b"instruction 1" in out
    assert b"Traceback" not in err


def test_a_round_that_has_begun_is_finished_first(paraph: Program, office: Office) -> None:
    """SIGTERM while a message leaves waits until it has left, and that stands in the log."""
    told(paraph, instruction("1", FIRST))
    process = office.start("run", "--to", "command:sleep 2")
    wait_for(lambda: bool(events("ReminderFired")))
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=60)
    assert process.returncode == 0
    assert len(events("ReminderDelivered")) == 2
    assert events("DeliveryFailed") == []


def test_a_scheduler_outlives_what_goes_wrong(paraph: Program, office: Office) -> None:
    """Where the register is away for a while it says so and tries again."""
    told(paraph, instruction("1", FIRST), instruction("2", FIRST + timedelta(days=1)))
    process = office.start("run")
    wait_for(lambda: bool(events("ReminderDelivered")))
    Path("paraph.db").rename("away.db")
    time.sleep(1)
    Path("away.db").rename("paraph.db")
    office.turn(days=1)
    office.runners.append(process)
    office.wait_for_the_day()
    process.send_signal(signal.SIGTERM)
    _, err = process.communicate(timeout=60)
    assert (process.returncode, b"there is no register" in err) == (0, True)


def test_the_clock_without_a_register_ends(paraph: Program) -> None:
    """There is nothing to wait for."""
    assert paraph.refused(6, "schedule", "run")["code"] == "missing"
    assert list(Path().iterdir()) == []


def wait_for(what: Callable[[], bool]) -> None:
    """Wait until something is so."""
    end = time.monotonic() + 60
    while not what():
        assert time.monotonic() < end
        time.sleep(0.02)
