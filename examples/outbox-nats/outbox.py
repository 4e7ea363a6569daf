"""Passes every event of a register on to NATS JetStream, each once and in order.

    pip install paraph nats-py
    python outbox.py register.db nats://localhost:4222 [--until-level]

What is safe about it:

- The register is the only store. The outbox keeps no file of its own: how far it came is read from the last
  message of the JetStream stream, which bears the event's position.
- A message's id is the event's id (`Nats-Msg-Id`), so that one sent twice, after a crash between sending and
  being told of it, is dropped by the server within its window of deduplication.
- Each message also says which sequence number it expects before it, so that two outboxes that run at once
  cannot interleave: the slower one ends with an error, and goes on from the right place when started again.
"""

import argparse
import asyncio
import json

import nats
from nats.js import JetStreamContext
from nats.js.api import Header, StreamConfig

from eventstore.envelope import Recorded
from eventstore.log import EventStore
from eventstore.subscribing import subscribe

STREAM = "PARAPH"
POSITION = "Paraph-Position"
WINDOW = 24 * 3600
"""Seconds for which the server remembers ids; a crash is followed by a new start well within it."""


async def last_position(js: JetStreamContext) -> tuple[int, int]:
    """Return the position of the last event passed on, and its sequence number in JetStream; zeros at first."""
    await js.add_stream(StreamConfig(name=STREAM, subjects=["paraph.>"], duplicate_window=WINDOW))
    last = (await js.stream_info(STREAM)).state.last_seq
    if not last:
        return 0, 0
    message = await js.get_msg(STREAM, seq=last)
    return int((message.headers or {})[POSITION]), last


def subject(event: Recorded) -> str:
    """Return where an event is published: `paraph.agreement.SLUG.AgreementSigned`."""
    return f"paraph.{event.stream.replace('/', '.')}.{event.type}"


async def pass_on(register: str, server: str, *, until_level: bool) -> int:
    """Publish what the register holds past the last message, then what comes; return how many were published."""
    published = 0
    client = await nats.connect(server)
    try:
        js = client.jetstream()
        position, sequence = await last_position(js)
        with EventStore.open(register) as store:
            with store.reading() as reader:
                size = reader.head().size
            there = store.stream_all(after=position, upto=size)
            events = there if until_level else subscribe(store, after=position)
            while (event := await asyncio.to_thread(next, events, None)) is not None:
                headers = {
                    Header.MSG_ID.value: event.id,
                    Header.EXPECTED_LAST_SEQUENCE.value: str(sequence),
                    POSITION: str(event.position),
                }
                told = await js.publish(subject(event), event.body, headers=headers)
                sequence = told.seq
                published += 1
    finally:
        await client.close()
    return published


def main() -> None:
    """Read the command line and go."""
    parser = argparse.ArgumentParser(description="Pass every event of a register on to NATS JetStream.")
    parser.add_argument("register", help="a file, or another place `paraph --db` takes")
    parser.add_argument("server", help="nats://HOST:PORT")
    parser.add_argument("--until-level", action="store_true", help="end once all that is recorded now is passed on")
    args = parser.parse_args()
    published = asyncio.run(pass_on(args.register, args.server, until_level=args.until_level))
    print(json.dumps({"published": published}))


if __name__ == "__main__":
    main()
