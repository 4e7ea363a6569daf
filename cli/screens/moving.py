"""How a register that was moved is told of."""

from collections.abc import Iterator

from cli.copying import Moved
from cli.inert import inert
from cli.screens.words import counted
from cli.table import Column

MOVED = tuple(Column(name, name.upper()) for name in ("from", "to", "position", "root", "new", "behind"))


def moved_lines(moved: Moved, verb: str) -> Iterator[str]:
    """Say from where to where, how much, and the root by which anybody can compare the two."""
    before = moved.head.size - moved.new
    there = f", {before} of them there before" if before else ""
    log = counted(moved.head.size, "event")
    yield f"{verb} and verified: {inert(moved.source)} -> {inert(moved.target)} ({log}{there})"
    yield f"root {moved.head.root.hex()}"
