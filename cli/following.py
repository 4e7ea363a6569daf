"""Following the log: each event once and in order, as it is recorded."""

from collections.abc import Iterator, Sequence
from itertools import chain, islice

import orjson

from cli.inert import inert_json
from cli.output import Screen, expect_reader, flush
from cli.screens import history as screens
from domain.reading import read_all
from domain.record import resolve
from eventstore.envelope import Recorded
from eventstore.log import EventStore, Reader
from eventstore.subscribing import looks
from projections.answers.history import event_shown


def follow(store: EventStore, screen: Screen, *, after: int | None, count: int | None, every: float) -> None:
    """Print events past a position (None: the present end) as they come, at most `count`."""
    if screen.format == "tsv":
        screen.lines([screens.TAIL])
    for event in islice(_events(store, after, every), count):
        if screen.json:
            screen.lines([inert_json(orjson.dumps(event).decode())])
        else:
            screen.lines([screens.tail_line(event)])
        flush()


def _events(store: EventStore, after: int | None, every: float) -> Iterator[dict[str, object]]:
    if after is None:
        with store.reading() as reader:
            after = reader.head().size
    with store.engine.listening() as listen:

        def wait() -> None:
            expect_reader()
            listen(every)

        yield from chain.from_iterable(looks(store, _shown, after=after, wait=wait))


def _shown(reader: Reader, fresh: Sequence[Recorded]) -> list[dict[str, object]]:
    """Return events as the log shows them, with what has become of them."""
    streams = reader.streams({event.stream for event in fresh})
    lines = {line.entry.id: line for told in streams.values() for line in resolve(read_all(tuple(told)))}
    return [event_shown(event, lines[event.id]) for event in fresh]
