"""Why does a facet say what it says? The events that set it, here and in the streams that add to the answer."""

from collections.abc import Iterable, Iterator
from typing import Any

from domain.replay import Replayed
from domain.streams import kind_of, slug_of, stream_name
from domain.tracing import RECKONED, RECORD, Trace, about_record, beginning, why
from projections.answers.history import event_shown
from projections.answers.parties import one_party
from projections.answers.status import status
from projections.answers.streams import asked_of, pointing
from projections.views import links
from projections.world import World

_HEAD = frozenset({"as_of", "known_at", "head", "kind", "slug", "in_effect", "events"})
"""What an answer says of the question and of the stream's name, and nothing of its facets."""

_ALIASES = {"project_phase": "phase", "consent_per_party": "consent", "record_quality": "quality"}
"""What facets are called where they are written about, and not in an answer."""

_OWN_NAMES = {
    ("occasion", "value"): "combined_value",
    **{(kind, f"{kind}_kind"): "kind" for kind in ("agreement", "occasion", "party")},
    **{(kind, "review_scheduled"): "reviews" for kind in ("agreement", "project")},
}
"""Fields of a status that are called otherwise among the facets of the stream."""

_NAMES = ("name", "abbreviation", "country", "variants", "former_names")
_PROJECT = ("agreements", "title", "phase", "wording", "run_state", "since")

_FROM_POINTING: dict[tuple[str, str], tuple[str, tuple[str, ...]]] = {
    ("agreement", "project"): ("under", _PROJECT),
    ("agreement", "projects"): ("under", _PROJECT),
    ("agreement", "occasions"): ("signed there", ("agreements",)),
    **{(kind, "review"): (links.ON_AGENDA, ("sessions",)) for kind in ("agreement", "project")},
    **{(kind, "review_scheduled"): (links.ON_AGENDA, ("sessions",)) for kind in ("agreement", "project")},
    **{(kind, "instructions"): (links.INSTRUCTED_ON, ("instructions",)) for kind in ("agreement", "project")},
    ("party", "predecessors"): ("succeeded by", ("successor",)),
}
"""Fields that streams pointing at this one add: in which relation, and by which of their facets."""

_BESIDES = {("agreement", "occasions"): ("signed",), ("project", "parties"): ("agreements",)}
"""Further facets of the stream's own that a field rests on."""

_BY_THE_DAY = {"agreement": ("entry_into_force",), "project": ("planned_end", "run_state", "phase")}
"""Facets by which the day of asking alone brings a flag."""

_ROLES = (
    "parties", "financings", "obligations", "sponsors", "grants", "milestones", "instructions", "organisers",
    "supporters", "parent", "successor", "absorbed",
)  # fmt: skip
"""Facets in which parties are named with the part they take."""


class NoSuchFacet(Exception):
    """The stream has no facet of that name; fields: the name, and those it has."""

    def __init__(self, name: str, known: Iterable[str]) -> None:
        self.name = name
        self.known = tuple(known)
        super().__init__(name)


def reasons(world: World, stream: str, facet: str) -> dict[str, Any] | None:
    """Return a facet's value and the events it rests on; None: nothing in effect. Raises `NoSuchFacet`.

    Any field of a status can be asked for. A value that no event changed is traced to the one that opened the file.
    """
    shown = status(world, stream)
    replayed = world.replayed(stream)
    if replayed is None:
        return None
    kind = kind_of(stream)
    asked = {"kind": f"{kind}_kind"}.get(facet, _ALIASES.get(facet, facet))
    if asked not in shown or asked in _HEAD:
        raise NoSuchFacet(facet, sorted(shown.keys() - _HEAD))
    own = _OWN_NAMES.get((kind, asked), asked)
    reckoned = asked in RECKONED and shown[asked] != replayed.facets.get(own)
    told = [*_own(world, replayed, asked, own, reckoned=reckoned), *_of_others(world, stream, asked, shown)]
    if asked == "flags" and any(flag["event"] is None for flag in shown["flags"]):
        told += [
            row for facet in _BY_THE_DAY[kind] for row in _told(world, replayed, why(replayed, facet, reckoned=True))
        ]
    if not told and shown[asked] not in (None, "", [], {}):
        told = list(_told(world, replayed, [beginning(replayed, asked, shown[asked])]))
    return {
        **asked_of(world),
        "stream": stream,
        "slug": slug_of(stream),
        "facet": facet if facet != "kind" else asked,
        "value": shown[asked],
        "reckoned": reckoned,
        "events": told,
    }


def _own(world: World, replayed: Replayed, asked: str, own: str, *, reckoned: bool) -> Iterator[dict[str, Any]]:
    """Yield the events of the stream itself that a field rests on."""
    if asked in RECORD:
        yield from _told(world, replayed, about_record(replayed, asked))
        return
    yield from _told(world, replayed, why(replayed, own, reckoned=reckoned))
    for facet in _BESIDES.get((kind_of(replayed.stream), asked), ()):
        yield from _told(world, replayed, why(replayed, facet))


def _of_others(world: World, stream: str, asked: str, shown: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the events of other streams that a field rests on."""
    kind = kind_of(stream)
    if (kind, asked) in _FROM_POINTING:
        relation, facets = _FROM_POINTING[kind, asked]
        naming = {stream} if facets in (("instructions",), ("sessions",)) else set()
        yield from _of_streams(world, pointing(world, stream).get(relation, ()), facets, naming)
    elif (kind, asked) == ("project", "agreements"):
        named = [stream_name("agreement", line["slug"]) for line in shown["agreements"]]
        yield from _of_streams(world, named, ("title", "kind", "legal_status", "signed"))
    elif (kind, asked) == ("occasion", "agreements"):
        named = [stream_name("agreement", slug) for slug in shown["agreements"]]
        yield from _of_streams(world, named, ("signed",), {stream})
    elif asked == "parties":
        yield from _of_parties(world, shown)
    elif kind == "party":
        yield from _of_party(world, stream, asked, shown)


def _of_parties(world: World, shown: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the events that say who an agreement's or a project's parties are, and what they are called."""
    agreements = [stream_name("agreement", line["slug"]) for line in shown.get("agreements", ())]
    yield from _of_streams(world, agreements, ("parties",))
    slugs = [slug for line in shown["parties"] for slug in (line["slug"], line["merged_into"]) if slug]
    parties = dict.fromkeys(stream_name("party", slug) for slug in slugs)
    yield from _of_streams(world, parties, (*_NAMES[:3], "absorbed"))


def _of_party(world: World, stream: str, asked: str, shown: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the events of a party's other files, of those that look like it, and of what it takes part in."""
    same = one_party(world, stream)
    match asked:
        case "merged_into" | "one_with":
            yield from _of_streams(world, sorted(same), ("absorbed",))
        case "looks_like":
            alike = (stream_name("party", slug) for slug in shown["looks_like"])
            yield from _of_streams(world, [*sorted(same), *alike], _NAMES)
        case "roles" | "agreements":
            named = dict.fromkeys(stream_name(row["kind"], row["slug"]) for row in shown["roles"])
            wanted = named if asked == "roles" else (name for name in named if kind_of(name) == "agreement")
            yield from _of_streams(world, wanted, _ROLES, same)


def _of_streams(
    world: World, streams: Iterable[str], facets: Iterable[str], naming: Iterable[str] = ()
) -> Iterator[dict[str, Any]]:
    """Yield the events that set facets of some streams; with `naming`, those that name one of these streams."""
    wanted = set(naming)
    for stream in streams:
        if (found := world.replayed(stream)) is None:
            continue
        traces = (trace for facet in facets for trace in why(found, facet))
        yield from _told(world, found, (t for t in traces if not wanted or _names(t, wanted)))


def _names(trace: Trace, streams: set[str]) -> bool:
    """Say whether an event names one of the streams, or is about a duty that does."""
    if streams & set(trace.entry.about):
        return True
    return any(streams & set(row.get("about", ())) for row in _changed_rows(trace.before, trace.after))


def _changed_rows(before: Any, after: Any) -> list[dict[str, Any]]:
    if not isinstance(before, list) or not isinstance(after, list):
        return []
    rows = [row for row in after if row not in before] + [row for row in before if row not in after]
    return [row for row in rows if isinstance(row, dict)]


def _told(world: World, replayed: Replayed, traces: Iterable[Trace]) -> Iterator[dict[str, Any]]:
    events = {event.id: event for event in world.reader.stream(replayed.stream)}
    lines = {line.entry.id: line for line in replayed.lines}
    for trace in traces:
        shown = event_shown(events[trace.entry.id], lines[trace.entry.id])
        yield {"facet": trace.facet, "before": trace.before, "after": trace.after, "event": shown}
