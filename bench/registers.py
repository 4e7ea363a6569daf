"""Many registers on one server: `python -m bench.registers`, or `make bench-registers`.

A PostgreSQL of our own on loopback, one register a schema or a database, offices that record and ask at once.
It stops by itself and leaves nothing. Rates depend on the machine and on what else it does: read the ratios,
each of two rates of this run, taken in turns.
"""

import argparse
import os
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from statistics import median

from sqlalchemy import event

from bench.office import Shift, Tally, ask_one, at_once, fact, put, record_one, shared_out
from bench.premises import Server, catalogs, comparing, connections, cost, opening, server, weight
from cli.register import Register
from cli.wiring import open_register

MB = 1024 * 1024


@dataclass(frozen=True)
class Scale:
    """How large a simulation is to be."""

    counts: tuple[int, ...]
    databases: int
    offices: tuple[int, ...]
    seconds: float
    rounds: int
    large: int
    longest: float

    @property
    def most(self) -> int:
        """Return the largest number of offices."""
        return self.offices[-1]


Lines = Iterator[str]


def line(what: str, told: str) -> str:
    """Return one line of the report."""
    return f"  {what:44} {told}"


def milliseconds(seconds: float) -> str:
    """Return a duration for people."""
    return f"{seconds * 1000:.1f} ms"


def making(desk: Server, scale: Scale) -> Lines:
    """Make ever more registers, as schemas of one database; see what one more costs, and what opening one costs."""
    relations, before = catalogs(desk)
    made: list[float] = []
    for count in scale.counts:
        fresh = [desk.make(f"r{number:04}") for number in range(len(made), count)]
        made += fresh
        whole, changed = comparing(desk.place("r0000"))
        known, size = catalogs(desk)
        yield line(
            f"{count} schemas",
            f"made in {milliseconds(median(fresh))}, opened in {milliseconds(opening(desk.place('r0000')))}, "
            f"compared whole {milliseconds(whole)}, asked if changed {milliseconds(changed)}",
        )
    yield line("disk a register, empty but for 6 events", f"{weight(desk, 'r0000') / 1024:.0f} kB")
    yield line(
        "catalogs a register",
        f"{(known - relations) / len(made):.0f} relations, {(size - before) / len(made) / 1024:.0f} kB",
    )
    made = [desk.make("own", f"d{number:04}") for number in range(scale.databases)]
    (size,) = desk.ask("SELECT pg_database_size('d0000')")
    place = desk.place("own", "d0000")
    yield line(
        f"{scale.databases} databases",
        f"made in {milliseconds(median(made))}, opened in {milliseconds(opening(place))}, "
        f"{size / MB:.1f} MB of disk each",
    )


def in_turns(rounds: int, *kinds: Callable[[], Tally]) -> list[Tally]:
    """Run each kind several times, in turns, so that what else the machine does falls on all; return the medians."""
    found = [[kind() for kind in kinds] for _ in range(rounds)]
    return [sorted(column, key=lambda tally: tally.rate)[len(column) // 2] for column in zip(*found, strict=True)]


def recording(desk: Server, scale: Scale, offices: Sequence[int]) -> Lines:
    """Record into one register, then into one an office: what does the lock of the head cost?"""
    for count in offices:
        if count == 1:
            yield line("1 office", str(record_all(["r0000"], 1, desk, scale)))
            continue
        one, own = in_turns(
            scale.rounds,
            lambda count=count: record_all(["r0000"], count, desk, scale),  # type: ignore[misc]
            lambda count=count: record_all(schemas(count), count, desk, scale),  # type: ignore[misc]
        )
        yield line(f"{count} offices, one register", str(one))
        yield line(f"{count} offices, a register each", f"{own}; {own.rate / one.rate:.2f} times")


def record_all(names: Sequence[str], offices: int, desk: Server, scale: Scale) -> Tally:
    """Return what offices record that share the schemas named."""
    places = [desk.place(name) for name in names]
    return at_once(shared_out("record", places, offices, scale.seconds))[0]


def schemas(count: int) -> list[str]:
    """Return the names of the first so many registers."""
    return [f"r{number:04}" for number in range(count)]


def spread(desk: Server, scale: Scale) -> Lines:
    """Record with the same offices into ever more registers: as schemas, then as databases."""
    first: Tally | None = None
    kinds = [(f"{count} schemas", [desk.place(name) for name in schemas(count)]) for count in scale.counts]
    kinds += [(f"{scale.databases} databases", [desk.place("own", f"d{n:04}") for n in range(scale.databases)])]
    for what, places in kinds:
        memory: list[int] = []
        shifts = shared_out("record", places, scale.most, scale.seconds)
        (tally,) = at_once(shifts, lambda memory=memory: memory.extend(connections(desk)))  # type: ignore[misc]
        first = first or tally
        private = f", {median(memory) / MB:.1f} MB each" if memory else ""
        yield line(what, f"{tally}; {tally.rate / first.rate:.2f} times; {len(memory)} connections{private}")


def asking(desk: Server, scale: Scale) -> Lines:
    """Ask where an agreement stands: alone, by several, and while others record into the same register."""
    place = desk.place("r0000")
    half = max(1, scale.most // 2)
    alone, several = in_turns(
        scale.rounds,
        lambda: at_once(shared_out("ask", [place], 1, scale.seconds))[0],
        lambda: at_once(shared_out("ask", [place], half, scale.seconds))[0],
    )
    yield line("1 office asks", str(alone))
    yield line(f"{half} offices ask", f"{several}; {several.rate / alone.rate:.2f} times")
    asks, records = at_once([Shift("ask", (place,), scale.seconds), Shift("record", (place,), scale.seconds)])
    yield line("1 asks while 1 records: asks", f"{asks}; {asks.rate / alone.rate:.2f} times")
    yield line("1 asks while 1 records: records", str(records))


def commands(desk: Server, scale: Scale) -> Lines:
    """Do what commands of the program do, each with a connection of its own, against a register kept open."""
    place = desk.place("r0000")
    kept, single = in_turns(
        scale.rounds,
        lambda: at_once(shared_out("record", [place], 1, scale.seconds))[0],
        lambda: at_once(shared_out("command", [place], 1, scale.seconds))[0],
    )
    yield line("1 office records, register kept open", str(kept))
    yield line("the same, opened and closed each time", f"{single}; {single.rate / kept.rate:.2f} times")
    for what, work in (("records a fact", record_one), ("asks", ask_one)):
        whole, held = statements(place, work)
        yield line(f"statements when one {what}", f"{whole}, of them with the head held {held}")
        yield line(f"processor when one {what}", processor(desk, place, work))


def processor(desk: Server, place: str, work: Callable[[Register], None]) -> str:
    """Return what a piece of work costs, for people."""
    found = cost(desk, place, work)
    return f"{milliseconds(found[0])} here, {milliseconds(found[1])} on the server" if found else "not to be seen"


def statements(place: str, work: Callable[[Register], None]) -> tuple[int, int]:
    """Return how many statements a piece of work sends, and how many from the lock of the head to the commit."""
    sent: list[str] = []
    with open_register(place, by="bench") as desk:
        work(desk)
        engine = desk.store.engine.engine  # type: ignore[attr-defined] # that of PostgreSQL has one
        event.listen(engine, "before_cursor_execute", lambda *told: sent.append(told[2]))
        event.listen(engine, "begin", lambda _connection: sent.append("BEGIN"))
        event.listen(engine, "commit", lambda _connection: sent.append("COMMIT"))
        work(desk)
    lock = next((at for at, said in enumerate(sent) if "lock_head()" in said), len(sent))
    return len(sent), len(sent[lock:])


def growing(desk: Server, scale: Scale) -> Lines:
    """Let one register grow: does a fact take longer, the more there are?"""
    desk.make("large")
    place = desk.place("large")
    first: float | None = None
    began = time.monotonic()
    with open_register(place, by="bench") as register:
        for size in [scale.large // part for part in (200, 20, 4, 1)]:
            if size <= head(register):
                continue
            while (held := head(register)) < size and time.monotonic() - began < scale.longest:
                put(register, *_facts(held, min(500, size - held)))
            one = record_all(["large"], 1, desk, scale)
            asks = at_once(shared_out("ask", [place], 1, scale.seconds))[0]
            first = first or one.rate
            yield line(
                f"{held} events",
                f"records {one}; {one.rate / first:.2f} times; processor {processor(desk, place, record_one)}; "
                f"asks p50 {milliseconds(asks.middle)}, "
                f"opened in {milliseconds(opening(place))}, {weight(desk, 'large') / held:.0f} bytes an event",
            )


def head(register: Register) -> int:
    """Return how many events a register holds."""
    with register.store.reading() as reader:
        return reader.head().size


def _facts(start: int, count: int) -> list[dict[str, object]]:
    """Return facts of agreements of five facts each."""
    found = []
    for number in range(start, start + max(count, 5), 5):
        stream = f"agreement/a{number:08}"
        found += [
            fact(stream, "AgreementOpened", title=f"Memorandum {number}", kind="mou"),
            fact(stream, "PartyAdded", party="one"),
            fact(stream, "PartyAdded", party="two"),
            fact(stream, "AgreementSigned", place="Baku"),
            fact(stream, "ValueStated", amount=str(number + 1), currency="USD"),
        ]
    return found


def report(scale: Scale) -> Lines:
    """Yield the lines of the report as they come."""
    with server() as desk:
        (version,) = desk.ask("SHOW server_version")
        yield f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, PostgreSQL {version}, {os.cpu_count()} cores, {_load()}"
        yield "Making and opening registers"
        yield from making(desk, scale)
        yield f"Recording, {scale.seconds:g} s each, median of {scale.rounds}"
        yield from recording(desk, scale, scale.offices)
        yield "The same where each flush of the disk takes 5 ms (commit_delay)"
        with desk.slow_disk(5000):
            yield from recording(desk, scale, scale.offices[-1:])
        yield f"{scale.most} offices record into ever more registers"
        yield from spread(desk, scale)
        yield "Asking"
        yield from asking(desk, scale)
        yield "Commands"
        yield from commands(desk, scale)
        yield "One register that grows"
        yield from growing(desk, scale)
        yield f"Done, {_load()}"


def _load() -> str:
    return f"load {os.getloadavg()[0]:.1f}"


def scale_of(words: Sequence[str] | None = None) -> Scale:
    """Read the size of the simulation from the command line."""
    parser = argparse.ArgumentParser(prog="python -m bench.registers", description=__doc__)
    parser.add_argument("--counts", type=int, nargs="+", default=[1, 10, 50, 200], help="registers as schemas")
    parser.add_argument("--databases", type=int, default=50, help="registers as databases")
    parser.add_argument("--offices", type=int, nargs="+", default=[1, 2, 4, 8], help="processes at once")
    parser.add_argument("--seconds", type=float, default=4, help="length of one measurement")
    parser.add_argument("--rounds", type=int, default=3, help="measurements of each kind, in turns")
    parser.add_argument("--large", type=int, default=200_000, help="events of the register that grows")
    parser.add_argument("--longest", type=float, default=600, help="seconds it may take to grow")
    told = parser.parse_args(words)
    counts, offices = tuple(sorted({1, *told.counts, max(told.offices)})), tuple(sorted(told.offices))
    return Scale(counts, told.databases, offices, told.seconds, told.rounds, told.large, told.longest)


def main() -> None:
    """Print the report."""
    for told in report(scale_of()):
        print(told, flush=True)


if __name__ == "__main__":
    main()
