"""What is otherwise between two points, of either time axis or both?"""

from typing import Any

from domain.streams import kind_of, slug_of
from projections.answers.status import status
from projections.world import World

_ASKED = frozenset({"as_of", "known_at", "head", "kind", "slug", "events"})
"""Fields of a status that say what was asked, not where the stream stands."""


def diff(before: World, after: World, stream: str) -> dict[str, Any]:
    """Return the facets of a stream that differ between two worlds, each with its value in both."""
    was, is_ = status(before, stream), status(after, stream)
    names = [name for name in dict.fromkeys((*was, *is_)) if name not in _ASKED]
    return {
        "kind": kind_of(stream),
        "slug": slug_of(stream),
        "from": _point(before),
        "to": _point(after),
        "changes": [
            {"facet": name, "before": was.get(name), "after": is_.get(name)}
            for name in names
            if was.get(name) != is_.get(name)
        ],
    }


def _point(world: World) -> dict[str, Any]:
    known_at = world.head.size if world.known_at is None else world.known_at
    return {"as_of": world.as_of.isoformat(), "known_at": known_at}
