"""No damage to the file that changes an answer passes `verify`, and none makes it crash."""

# ruff: noqa: S311 - the dice are for damage

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from eventstore.errors import StoreError
from eventstore.log import EventStore
from eventstore.verify import verify

pytestmark = [pytest.mark.usefixtures("engine"), pytest.mark.parametrize("engine", ["sqlite"], indirect=True)]

SHORT_FLIPS = 600


def answers(store: EventStore) -> list[Any]:
    """Return everything a register answers."""
    with store.reading() as reader:
        known = reader.after(0, limit=100)
        names = reader.stream_names()
        return [
            store.meta,
            reader.head(),
            known,
            names,
            [reader.stream(name) for name in (*names, "occasion/beijing")],
            [reader.about(name) for name in (*names, "occasion/beijing")],
            [reader.by_id(event.id) for event in known],
            [reader.by_key(event.key) for event in known if event.key],
            [reader.by_hash_prefix(event.hash.hex()) for event in known],
            [reader.position_at(event.recorded) for event in known],
            [reader.version(name) for name in names],
        ]


def undetected(place: Path, before: list[Any]) -> bool:
    """Whether a damaged register passes `verify` and yet answers otherwise, or not at all."""
    try:
        with EventStore.open(place, examine=True) as store:
            if not verify(store).ok:
                return False
            return answers(store) != before
    except StoreError:
        return False  # refused on opening: found


def flips(image: bytes, chosen: Iterator[tuple[int, int]], place: Path, before: list[Any]) -> list[tuple[int, int]]:
    """Return the (byte, bit) flips of an image that go undetected."""
    missed = []
    for byte, bit in chosen:
        damaged = bytearray(image)
        damaged[byte] ^= 1 << bit
        place.write_bytes(damaged)
        if undetected(place, before):
            missed.append((byte, bit))
    return missed


def test_no_flipped_bit_that_changes_an_answer_passes(filled: EventStore, tmp_path: Path) -> None:
    """Bits flipped at random places in the file are found, or change nothing that can be asked."""
    before, image = answers(filled), Path(filled.place).read_bytes()
    dice = random.Random(16)
    used = [byte for byte in range(len(image)) if image[byte]]  # most of a small file is free space
    chosen = ((dice.choice(used), dice.randrange(8)) for _ in range(SHORT_FLIPS))
    assert flips(image, chosen, tmp_path / "damaged.db", before) == []


@pytest.mark.soak
def test_no_flipped_byte_that_changes_an_answer_passes(filled: EventStore, tmp_path: Path) -> None:
    """The same for a bit in every single byte of the file, free space and all."""
    before, image = answers(filled), Path(filled.place).read_bytes()
    chosen = ((byte, byte % 8) for byte in range(len(image)))
    assert flips(image, chosen, tmp_path / "damaged.db", before) == []


@pytest.mark.parametrize("page", range(1, 13))
def test_a_page_overwritten_is_found_or_was_free(filled: EventStore, tmp_path: Path, page: int) -> None:
    """A whole page of rubbish never passes, nor does it crash the examination."""
    before, image = answers(filled), bytearray(Path(filled.place).read_bytes())
    image[page * 4096 : (page + 1) * 4096] = random.Random(page).randbytes(4096)
    place = tmp_path / "damaged.db"
    place.write_bytes(image)
    assert not undetected(place, before)


@pytest.mark.parametrize("pages", range(1, 13))
def test_a_file_cut_short_is_found(filled: EventStore, tmp_path: Path, pages: int) -> None:
    """A file that lost its end is refused or reported."""
    before, image = answers(filled), Path(filled.place).read_bytes()
    place = tmp_path / "damaged.db"
    place.write_bytes(image[: pages * 4096])
    assert pages * 4096 >= len(image) or not undetected(place, before)
