"""Offices at work: processes that record into registers, or ask them, all at once until their time is up."""

import multiprocessing
import os
import time
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from itertools import cycle
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Barrier
from statistics import median
from threading import Thread
from typing import TypeAlias

from cli.planning import record
from cli.register import Register
from cli.wiring import open_register
from domain.factline import draft_of
from projections.answers.status import status

FIRST = "agreement/first"
"""The agreement every register of the simulation has, and the one asked about."""
_LATE = 120.0
"""So many seconds an office may be late before the run is given up."""

Taken: TypeAlias = list[list[list[float]]]
"""How long each piece of work of one office took, in each turn of each round."""


@dataclass(frozen=True)
class Turn:
    """What one office does for a while: one kind of work in its registers, one after the other; in none, nothing."""

    work: str
    places: tuple[str, ...] = ()


Shift: TypeAlias = Sequence[Turn]
"""The turns of one office. All offices have as many, take each at the same time, and all of them again and again:
so what else the machine does falls on every turn alike."""


@dataclass(frozen=True)
class Tally:
    """How much all offices together did a second, round by round, and how long a piece of work took."""

    rates: tuple[float, ...]
    middle: float
    slow: float

    @classmethod
    def of(cls, rounds: Sequence[Sequence[Sequence[float]]]) -> "Tally":
        """Sum up how long each piece of work took, of each office in each round."""
        rates = tuple(sum(len(office) / sum(office) for office in offices) for offices in rounds)
        taken = sorted(seconds for offices in rounds for office in offices for seconds in office)
        return cls(rates, taken[len(taken) // 2], taken[len(taken) * 99 // 100])

    def times(self, other: "Tally") -> str:
        """Return how many times the rate of another turn this is: the median of the rounds."""
        return f"{median(mine / theirs for mine, theirs in zip(self.rates, other.rates, strict=True)):.2f} times"

    def __str__(self) -> str:
        return f"{median(self.rates):4.0f}/s, p50 {self.middle * 1000:4.0f} ms, p99 {self.slow * 1000:4.0f} ms"


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


def at_work(shift: Shift, seconds: float, rounds: int, ready: Barrier, done: "Queue[Taken]") -> None:
    """Open the registers, take the turns with the other offices, and hand in how long each piece of work took."""
    Thread(target=_end_with_the_run, daemon=True).start()
    with ExitStack() as stack:
        desks = {
            place: stack.enter_context(open_register(place, by="bench"))
            for place in dict.fromkeys(place for turn in shift if turn.work != "command" for place in turn.places)
        }
        pieces = [[_piece(turn.work, place, desks) for place in turn.places] for turn in shift]
        for piece in (piece for turn in pieces for piece in turn):
            piece()  # what is loaded and prepared only once is not measured
        turns = [cycle(turn) for turn in pieces]  # each goes on where it was left
        done.put([[_worked(turn, seconds, ready) for turn in turns] for _ in range(rounds)])


def _end_with_the_run() -> None:
    """Wait for the end of the process that started this one, killed or not, and go with it."""
    if run := multiprocessing.parent_process():
        run.join()
        os._exit(1)


def _piece(work: str, place: str, desks: Mapping[str, Register]) -> Callable[[], None]:
    if work == "command":
        return partial(whole_command, place)
    return partial({"record": record_one, "ask": ask_one}[work], desks[place])


def _worked(pieces: Iterator[Callable[[], None]], seconds: float, ready: Barrier) -> list[float]:
    """Wait for the others, work until the time is up, at least once, and return how long each piece took."""
    taken: list[float] = []
    ready.wait(_LATE)
    until = time.perf_counter() + seconds
    for piece in pieces:
        begun = time.perf_counter()
        if taken and begun >= until:
            break
        piece()
        taken.append(time.perf_counter() - begun)
    return taken


def at_once(
    shifts: Sequence[Shift], seconds: float, rounds: int, look: Callable[[], object] | None = None
) -> list[Tally]:
    """Run the offices at once; return a tally of each turn, or of each kind of work in it; `look` when all is open."""
    spawn = multiprocessing.get_context("spawn")
    ready = spawn.Barrier(len(shifts) + 1)
    desks: list[Queue[Taken]] = [spawn.Queue() for _ in shifts]
    offices = [
        spawn.Process(target=at_work, args=(shift, seconds, rounds, ready, done), daemon=True)
        for shift, done in zip(shifts, desks, strict=True)
    ]
    try:
        for office in offices:
            office.start()
        for number in range(rounds * len(shifts[0])):
            ready.wait(_LATE)
            if look and number == 0:
                look()
        handed_in = [done.get(timeout=_LATE) for done in desks]
    finally:
        for office in offices:
            office.kill()
            office.join()
    return list(_tallies(shifts, handed_in))


def _tallies(shifts: Sequence[Shift], handed_in: Sequence[Taken]) -> Iterator[Tally]:
    for turn in range(len(shifts[0])):
        for work in dict.fromkeys(shift[turn].work for shift in shifts if shift[turn].places):
            busy = [taken for shift, taken in zip(shifts, handed_in, strict=True) if _does(shift[turn], work)]
            yield Tally.of([[office[turn] for office in rounds] for rounds in zip(*busy, strict=True)])


def _does(turn: Turn, work: str) -> bool:
    return turn.work == work and bool(turn.places)


def shared_out(work: str, places: Sequence[str], offices: int) -> list[Turn]:
    """Share registers out among offices; where there are fewer registers than offices, several share one."""
    return [Turn(work, tuple(places[number::offices]) or (places[number % len(places)],)) for number in range(offices)]
