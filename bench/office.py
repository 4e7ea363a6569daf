"""Offices at work: processes that record into registers, or ask them, all at once until their time is up."""

import multiprocessing
import time
import uuid
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from itertools import cycle
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Barrier

from cli.planning import record
from cli.register import Register
from cli.wiring import open_register
from domain.factline import draft_of
from projections.answers.status import status

FIRST = "agreement/first"
"""The agreement every register of the simulation has, and the one asked about."""
_LATE = 120.0
"""So many seconds an office may be late before the run is given up."""


@dataclass(frozen=True)
class Shift:
    """What one office does: one kind of work in its registers, one after the other, for so many seconds."""

    work: str
    places: tuple[str, ...]
    seconds: float


@dataclass(frozen=True)
class Tally:
    """How much was done a second, by all offices together, and how long a piece of work took."""

    rate: float
    middle: float
    slow: float

    @classmethod
    def of(cls, offices: Sequence[Sequence[float]]) -> "Tally":
        """Sum up how long each piece of work of each office took."""
        taken = sorted(seconds for office in offices for seconds in office)
        rate = sum(len(office) / sum(office) for office in offices)
        return cls(rate, taken[len(taken) // 2], taken[len(taken) * 99 // 100])

    def __str__(self) -> str:
        return f"{self.rate:7.0f}/s, p50 {self.middle * 1000:6.1f} ms, p99 {self.slow * 1000:6.1f} ms"


def fact(stream: str, named: str, /, **data: str) -> dict[str, object]:
    """Return a fact as people write it."""
    return {"stream": stream, "type": named, "on": "2021-01-01", "data": data}


def put(desk: Register, *facts: dict[str, object]) -> None:
    """Decide on facts and record them in one transaction, as `paraph record` does."""
    record(desk, [draft_of(said, new_id=desk.new_id(), by="bench") for said in facts])


def record_one(desk: Register) -> None:
    """Record one fact in a stream of its own: read, decide, append, bring the views level."""
    own = uuid.uuid4().hex[:16]  # a name of its own too, or it would be held against all that look like it
    put(desk, fact(f"party/p-{own}", "PartyRegistered", name=own))


def ask_one(desk: Register) -> None:
    """Ask where an agreement stands, as `paraph status` does."""
    with desk.world() as world:
        if not status(world, FIRST)["parties"]:
            raise LookupError(FIRST)


def whole_command(place: str) -> None:
    """Do on the server what one `paraph record` does: connect, compare the schema, record, leave."""
    with open_register(place, by="bench") as desk:
        record_one(desk)


def work_of(shift: Shift, stack: ExitStack) -> list[Callable[[], None]]:
    """Return the pieces of work of a shift, with the registers open that stay open."""
    if shift.work == "command":
        return [partial(whole_command, place) for place in shift.places]
    work = {"record": record_one, "ask": ask_one}[shift.work]
    return [partial(work, stack.enter_context(open_register(place, by="bench"))) for place in shift.places]


def at_work(shift: Shift, ready: Barrier, done: "Queue[list[float]]") -> None:
    """Open the registers, wait for the other offices, work, and hand in how long each piece took."""
    taken: list[float] = []
    with ExitStack() as stack:
        pieces = work_of(shift, stack)
        for piece in pieces:
            piece()  # what is loaded and prepared only once is not measured
        ready.wait(_LATE)
        until = time.perf_counter() + shift.seconds
        for piece in cycle(pieces):
            begun = time.perf_counter()
            if taken and begun >= until:
                break
            piece()
            taken.append(time.perf_counter() - begun)
    done.put(taken)


def at_once(shifts: Sequence[Shift], look: Callable[[], object] = lambda: None) -> list[Tally]:
    """Run the shifts at once; return a tally for each kind of work, in the order named; `look` at half time."""
    spawn = multiprocessing.get_context("spawn")
    ready = spawn.Barrier(len(shifts) + 1)
    desks: list[Queue[list[float]]] = [spawn.Queue() for _ in shifts]
    offices = [
        spawn.Process(target=at_work, args=(shift, ready, done), daemon=True)
        for shift, done in zip(shifts, desks, strict=True)
    ]
    try:
        for office in offices:
            office.start()
        ready.wait(_LATE)
        time.sleep(shifts[0].seconds / 2)
        look()
        handed_in = [done.get(timeout=_LATE) for done in desks]
    finally:
        for office in offices:
            office.kill()
            office.join()
    kinds = dict.fromkeys(shift.work for shift in shifts)
    return [
        Tally.of([taken for shift, taken in zip(shifts, handed_in, strict=True) if shift.work == kind])
        for kind in kinds
    ]


def shared_out(work: str, places: Sequence[str], offices: int, seconds: float) -> list[Shift]:
    """Share registers out among offices; where there are fewer registers than offices, several share one."""
    return [Shift(work, _share(places, offices, number), seconds) for number in range(offices)]


def _share(places: Sequence[str], offices: int, number: int) -> tuple[str, ...]:
    own: Iterable[str] = places[number::offices]
    return tuple(own) or (places[number % len(places)],)
