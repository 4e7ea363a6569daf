"""What a JSON answer must hold: fields and their types, written once and matched loosely (fields may be added)."""

from typing import Any, TypeAlias

Shape: TypeAlias = Any
"""A type; a tuple of types; a dict of field and shape; a list with the shape of every item."""

NONE = type(None)
HEAD = {"position": int, "root": str}
EVENTS = [{"id": str, "position": int, "stream": str, "version": int, "type": str, "hash": str}]
RECORDED = {
    "events": EVENTS,
    "findings": [{"code": str, "weight": str, "message": str}],
    "already_recorded": bool,
}
ASKED = {"as_of": str, "known_at": (int, NONE), "head": HEAD}
PARTY = {"slug": str, "name": str, "role": str, "country": (str, NONE)}
MISSING = object()


def mismatches(value: Any, shape: Shape, place: str = "answer") -> list[str]:
    """Return where a value is not of a shape; nothing when it is."""
    if isinstance(shape, dict):
        if not isinstance(value, dict):
            return [f"{place} is {value!r}, no object"]
        return [
            wrong
            for name, part in shape.items()
            for wrong in mismatches(value.get(name, MISSING), part, f"{place}.{name}")
        ]
    if isinstance(shape, list):
        if not isinstance(value, list):
            return [f"{place} is {value!r}, no list"]
        return [wrong for n, item in enumerate(value) for wrong in mismatches(item, shape[0], f"{place}[{n}]")]
    kinds = shape if isinstance(shape, tuple) else (shape,)
    nested = [kind for kind in kinds if isinstance(kind, dict)]
    if nested and isinstance(value, dict):
        return mismatches(value, nested[0], place)
    if type(value) in kinds:
        return []
    return [f"{place} is {'missing' if value is MISSING else repr(value)}"]
