"""The Merkle tree equals RFC 6962's definition, its published vectors and an independent library."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pymerkle import InmemoryTree  # type: ignore[import-untyped]  # a test oracle without types

from eventstore.tree import EMPTY_ROOT, Peaks, leaf_hash, node_hash

# Certificate Transparency's reference inputs and roots (google/certificate-transparency, merkletree tests).
INPUTS = [
    b"",
    b"\x00",
    b"\x10",
    b"\x20\x21",
    b"\x30\x31",
    bytes(range(0x40, 0x44)),
    bytes(range(0x50, 0x58)),
    bytes(range(0x60, 0x70)),
]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def recursive_root(leaves: list[bytes]) -> bytes:
    """Compute MTH as RFC 6962 section 2.1 writes it."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    split = 1 << (len(leaves) - 1).bit_length() - 1
    return node_hash(recursive_root(leaves[:split]), recursive_root(leaves[split:]))


def grown(bodies: list[bytes]) -> Peaks:
    """Return the compact range of these bodies."""
    return Peaks().extend(leaf_hash(body) for body in bodies)


def test_an_empty_log_has_the_hash_of_nothing_for_a_root() -> None:
    """The root of no leaves is SHA-256 of the empty string."""
    assert Peaks().root() == EMPTY_ROOT == sha256(b"").digest()


@pytest.mark.parametrize("size", range(1, 9))
def test_the_root_is_the_published_one(size: int) -> None:
    """The reference inputs give the reference roots."""
    assert grown(INPUTS[:size]).root().hex() == ROOTS[size - 1]


@given(st.lists(st.binary(max_size=40), max_size=70))
def test_the_root_equals_the_definition_and_another_library(bodies: list[bytes]) -> None:
    """The compact range gives the root that RFC 6962 defines and that pymerkle computes."""
    oracle = InmemoryTree(algorithm="sha256")
    for body in bodies:
        oracle.append_entry(body)
    root = grown(bodies).root()
    assert root == recursive_root([leaf_hash(body) for body in bodies])
    assert root == oracle.get_root()


@given(st.lists(st.binary(max_size=4), max_size=40), st.lists(st.binary(max_size=4), max_size=40))
def test_a_range_survives_its_bytes_and_grows_on(first: list[bytes], second: list[bytes]) -> None:
    """A range written to the head row and read back grows as if it had never been away."""
    stored = grown(first)
    read = Peaks.from_bytes(stored.size, stored.to_bytes())
    for body in second:
        read = read.add(leaf_hash(body))
    assert read == grown(first + second)


@pytest.mark.parametrize(("size", "data"), [(1, b""), (2, bytes(64)), (0, bytes(32)), (3, bytes(65)), (-1, bytes(32))])
def test_bytes_that_do_not_fit_the_size_are_no_range(size: int, data: bytes) -> None:
    """A head row whose peaks do not belong to its size is refused."""
    with pytest.raises(ValueError, match=str(size)):
        Peaks.from_bytes(size, data)
