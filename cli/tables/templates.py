"""Templates of texts: what stands in braces is a column, or a constant of the table."""

import re
from collections.abc import Callable, Mapping, Sequence

from cli.tables.sheets import Cell

_PIECES = re.compile(r"\{([^{}]+)\}")


def joined(template: str, constants: Mapping[str, str]) -> list[str]:
    """Return the literals of a template and its columns in turn, constants taken for literals."""
    pieces = _PIECES.split(template)
    found = [pieces[0]]
    for name, literal in zip(pieces[1::2], pieces[2::2], strict=True):
        if name in constants:
            found[-1] += constants[name] + literal
        else:
            found += [name, literal]
    return found


def unended(fill: Callable[[Sequence[Cell]], str]) -> Callable[[Sequence[Cell]], str]:
    """Return what fills a date of several columns: a day or month that is blank leaves no sign at its ends."""
    return lambda cells: fill(cells).strip("./- ,")
