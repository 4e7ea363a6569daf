"""The Merkle tree over the log (RFC 6962 section 2.1): position p is leaf p - 1.

Kept as a compact range, the roots of the full subtrees from left to right, so that an append
needs nothing old but these few hashes.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from hashlib import sha256

EMPTY_ROOT = sha256(b"").digest()
HASH_SIZE = 32


def leaf_hash(body: bytes) -> bytes:
    """Hash one event's exact bytes; the 0x00 keeps a leaf from passing for a node (RFC 6962 section 2.1)."""
    return sha256(b"\x00" + body).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash two subtrees into their parent (RFC 6962 section 2.1)."""
    return sha256(b"\x01" + left + right).digest()


@dataclass(frozen=True, slots=True)
class Peaks:
    """The compact range of `size` leaves: one hash for each set bit of `size`, the largest subtree first."""

    size: int = 0
    hashes: tuple[bytes, ...] = ()

    def __post_init__(self) -> None:
        if self.size < 0 or len(self.hashes) != self.size.bit_count():
            raise ValueError(self.size, len(self.hashes))

    def add(self, leaf: bytes) -> "Peaks":
        """Return the range with one more leaf hash at its end."""
        return self.extend((leaf,))

    def extend(self, leaves: Iterable[bytes]) -> "Peaks":
        """Return the range with these leaf hashes at its end, in order."""
        size, hashes = self.size, list(self.hashes)
        for leaf in leaves:
            node, full = leaf, size
            while full & 1:  # two subtrees of one height become one, as in a binary carry
                node = node_hash(hashes.pop(), node)
                full >>= 1
            hashes.append(node)
            size += 1
        return Peaks(size, tuple(hashes))

    def root(self) -> bytes:
        """Return the root of the whole tree (RFC 6962 section 2.1)."""
        if not self.hashes:
            return EMPTY_ROOT
        return reduce(lambda right, left: node_hash(left, right), reversed(self.hashes))

    def to_bytes(self) -> bytes:
        """Return the hashes in a row, as the head row keeps them beside the size."""
        return b"".join(self.hashes)

    @classmethod
    def from_bytes(cls, size: int, data: bytes) -> "Peaks":
        """Rebuild from the head row; ValueError when the bytes do not fit the size."""
        if len(data) != size.bit_count() * HASH_SIZE:
            raise ValueError(size, len(data))
        cuts = range(0, len(data), HASH_SIZE)
        return cls(size, tuple(data[cut : cut + HASH_SIZE] for cut in cuts))
