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

from bench.office import Tally, Turn, ask_one, at_once, fact, put, record_one, shared_out
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

    def run(self, turns: Sequence[Sequence[Turn]], look: Callable[[], object] | None = None) -> list[Tally]:
        """Let offices take these turns, each named office by office."""
        return at_once([*zip(*turns, strict=True)], self.seconds, self.rounds, look)

    @property
    def most(self) -> int:
        """Return the largest number of offices."""
        return self.offices[-1]


Lines = Iterator[str]


def line(what: str, answer: str) -> str:
    """Return one line of the report."""
    return f"  {what:44} {answer}"


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
            f"made in {milliseconds(min(fresh))}, opened in {milliseconds(opening(desk.place('r0000')))}, "
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
        f"made in {milliseconds(min(made))}, opened in {milliseconds(opening(place))}, {size / MB:.1f} MB of disk each",
    )


def schemas(desk: Server, count: int) -> list[str]:
    """Return where the first so many registers are."""
    return [desk.place(f"r{number:04}") for number in range(count)]


def recording(desk: Server, scale: Scale, offices: Sequence[int]) -> Lines:
    """Record into one register, then into one an office: what does the lock of the head cost?"""
    for count in offices:
        turns = [shared_out("record", schemas(desk, number), count) for number in dict.fromkeys((1, count))]
        one, *own = scale.run(turns)
        yield line(f"{count} {'office' if count == 1 else 'offices'}, one register", str(one))
        if own:
            yield line(f"{count} offices, a register each", f"{own[0]}; {own[0].times(one)}")


def spread(desk: Server, scale: Scale) -> Lines:
    """Record with the same offices into ever more registers: as schemas, then as databases."""
    kinds = {f"{count} schemas": schemas(desk, count) for count in scale.counts}
    kinds[f"{scale.databases} databases"] = [desk.place("own", f"d{number:04}") for number in range(scale.databases)]
    memory: list[int] = []
    turns = [shared_out("record", places, scale.most) for places in kinds.values()]
    tallies = scale.run(turns, lambda: memory.extend(connections(desk)))
    for what, tally in zip(kinds, tallies, strict=True):
        yield line(what, f"{tally}; {tally.times(tallies[0])}")
    if memory:
        yield line(f"{len(memory)} connections", f"{median(memory) / MB:.1f} MB of its own each")


def asking(desk: Server, scale: Scale) -> Lines:
    """Ask where an agreement stands: alone, all at once, and while another records into the same register."""
    place = desk.place("r0000")
    idle = [Turn("ask")] * (max(2, scale.most) - 2)
    ask, record = Turn("ask", (place,)), Turn("record", (place,))
    turns = [[ask, Turn("ask"), *idle], shared_out("ask", [place], len(idle) + 2), [ask, record, *idle]]
    turns += [[Turn("record"), record, *idle]]
    alone, several, asks, records, records_alone = scale.run(turns)
    yield line("1 office asks", str(alone))
    yield line(f"{len(idle) + 2} offices ask", f"{several}; {several.times(alone)}")
    yield line("1 asks while 1 records: asks", f"{asks}; {asks.times(alone)}")
    yield line("1 asks while 1 records: records", f"{records}; {records.times(records_alone)}")


def commands(desk: Server, scale: Scale) -> Lines:
    """Do what commands of the program do, each with a connection of its own, against a register kept open."""
    place = desk.place("r0000")
    kept, single = scale.run([[Turn("record", (place,))], [Turn("command", (place,))]])
    yield line("1 office records, register kept open", str(kept))
    yield line("the same, opened and closed each time", f"{single}; {single.times(kept)}")
    for what, work in (("records a fact", record_one), ("asks", ask_one)):
        whole, held = statements(place, work)
        yield line(f"statements when one {what}", f"{whole}, of them with the head held {held}")
        yield line(f"processor when one {what}", told(cost(desk, place, work)))


def told(found: tuple[float, float]) -> str:
    """Return for people what a piece of work costs."""
    return f"{milliseconds(found[0])} here, {milliseconds(found[1])} on the server"


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
    first: tuple[float, float] | None = None
    began = time.monotonic()
    with open_register(place, by="bench") as register:
        for size in [scale.large // part for part in (200, 20, 4, 1)]:
            if size <= head(register):
                continue
            while (held := head(register)) < size and time.monotonic() - began < scale.longest:
                put(register, *_facts(held, min(500, size - held)))
            found = [cost(desk, place, work) for work in (record_one, ask_one)]
            first = first or found[0]
            yield line(
                f"{held} events",
                f"records: processor {told(found[0])}, {sum(found[0]) / sum(first):.2f} times; asks: {told(found[1])}; "
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
        yield "Making and opening registers, the best of several"
        yield from making(desk, scale)
        yield f"Recording, {scale.rounds} turns of {scale.seconds:g} s each, medians"
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
    parser.add_argument("--seconds", type=float, default=1.5, help="length of one turn")
    parser.add_argument("--rounds", type=int, default=7, help="turns of each kind")
    parser.add_argument("--large", type=int, default=200_000, help="events of the register that grows")
    parser.add_argument("--longest", type=float, default=600, help="seconds it may take to grow")
    said = parser.parse_args(words)
    counts, offices = tuple(sorted({1, *said.counts, max(said.offices)})), tuple(sorted(said.offices))
    return Scale(counts, said.databases, offices, said.seconds, said.rounds, said.large, said.longest)


def main() -> None:
    """Print the report."""
    for said in report(scale_of()):
        print(said, flush=True)


if __name__ == "__main__":
    main()
