"""Hostile values are refused whole or come back byte for byte, with the same verdict on both engines (P16)."""

import random
from typing import Any

import pytest

from eventstore.codec import LONGEST, canonical
from eventstore.errors import Unstorable
from eventstore.log import EventStore
from eventstore.verify import verify
from tests.eventstore.givens import Clock, Propose
from tests.eventstore.hostile import STORABLE, UNSTORABLE, nested
from tests.figures import Figure

VALUES = {**STORABLE, "32 lists deep": nested(30)}  # an event and its data are two levels themselves

TEXTS = [value for value in STORABLE.values() if isinstance(value, str)]
NO_TEXTS = [value for value in UNSTORABLE.values() if isinstance(value, str)]
FIELDS = ("by", "note", "key", "batch")


def test_what_can_be_stored_comes_back_and_the_rest_is_refused_whole(
    store: EventStore, propose: Propose, clock: Clock, figure: Figure
) -> None:
    """Each value in an event of its own: read back it has the bytes it came with, or nothing was recorded."""
    for value in VALUES.values():
        (event,) = store.append([propose(data={"value": value})], now=clock).events
        with store.reading() as reader:
            found = reader.at(event.position)
        assert found is not None
        assert canonical(dict(found.data)) == canonical({"value": value})
        assert found.body == event.body
    for value in UNSTORABLE.values():
        with pytest.raises(Unstorable):
            store.append([propose(), propose(data={"value": value})], now=clock)
    assert verify(store).events == len(VALUES)
    assert verify(store).ok
    figure("P16", f"{len(VALUES)} hostile values came back byte for byte, {len(UNSTORABLE)} were refused whole")


@pytest.mark.parametrize("field", FIELDS)
def test_the_same_goes_for_the_columns_beside_the_bytes(
    store: EventStore, propose: Propose, clock: Clock, field: str
) -> None:
    """Texts that are indexed or copied beside the bytes are those of the bytes, or refused whole."""
    taken: list[Any] = []
    for text in TEXTS:
        try:
            (event,) = store.append([propose(**{field: text})], now=clock).events
        except Unstorable:
            assert len(text) > LONGEST
            continue
        taken.append(text)
        assert getattr(event, field) == text
    for text in NO_TEXTS:
        with pytest.raises(Unstorable):
            store.append([propose(), propose(**{field: text})], now=clock)
    assert [getattr(event, field) for event in store.stream_all()] == taken
    assert verify(store).ok


@pytest.mark.parametrize("longest", [True, False])
def test_what_is_looked_up_is_as_long_as_any_index_takes(
    store: EventStore, propose: Propose, clock: Clock, *, longest: bool
) -> None:
    """The longest names and keys, letters of four bytes that compress badly, are taken; longer ones refused."""
    dice = random.Random(3)  # noqa: S311 - noise
    size = LONGEST if longest else LONGEST + 1
    key = "".join(chr(dice.randrange(0x20000, 0x2A000)) for _ in range(size))
    stream = "party/" + "".join(dice.choice("abcdefghij0123456789") for _ in range(size - 6))
    for proposal in (propose(key=key), propose(stream), propose(about=(stream,))):
        if longest:
            assert store.append([proposal], now=clock).fresh
        else:
            with pytest.raises(Unstorable):
                store.append([proposal], now=clock)
    assert verify(store).ok
