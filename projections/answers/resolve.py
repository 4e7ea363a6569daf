"""What a person means by a word on the command line: a stream, or an event (CLI.md section 2)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from domain.folding import words
from domain.streams import KINDS, is_stream, kind_of, slug_of, stream_name
from eventstore.envelope import Recorded
from eventstore.log import Reader
from projections.answers.find import begun
from projections.views import names
from projections.world import World

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_PREFIX = re.compile(r"[0-9a-f]{4,64}")


@dataclass
class NotFound(Exception):
    """Nothing of the kind bears the name; `nearest` look like it, `others` bear it and are of another kind."""

    text: str
    what: str = "stream"
    nearest: tuple[str, ...] = ()
    others: tuple[str, ...] = ()


@dataclass
class Ambiguous(Exception):
    """Several bear the name; `candidates` names them."""

    text: str
    candidates: tuple[str, ...]


def stream_exactly(reader: Reader, text: str, kinds: Sequence[str] = KINDS) -> str:
    """Return the stream of a slug or full name, for writes: exact, or the only one that begins so.

    Raises `NotFound` or `Ambiguous`.
    """
    every = reader.stream_names()
    if is_stream(text):
        return text if kind_of(text) in kinds and text in set(every) else _missing(text, every, kinds)
    ours = [name for name in every if kind_of(name) in kinds]
    exact = [name for name in ours if slug_of(name) == text]
    begun = [name for name in ours if slug_of(name).startswith(text)] if text else []
    return _only(text, exact or begun) or _missing(text, every, kinds)


def stream_meant(world: World, text: str, kinds: Sequence[str] = KINDS) -> str:
    """Return the stream people mean, for reads: as for writes, else the only one named with those words."""
    try:
        return stream_exactly(world.reader, text, kinds)
    except NotFound as missing:
        sought = [begun(word) for word in words(text) if len(word) > 1]
        if not sought:
            raise
        rows = [row for row in world.rows(names.projection) if row["what"] in names.NAMES]
        found = {row["stream"] for row in rows if all(word in row["folded"] for word in sought)}
        meant = _preferred(sorted(name for name in found if kind_of(name) in kinds))
        if (only := _only(text, meant)) is None:
            raise missing from None
        return only


def _preferred(found: list[str]) -> list[str]:
    """Prefer projects and agreements over the parties and occasions that bear the same words."""
    for kind in ("project", "agreement"):
        if chosen := [name for name in found if kind_of(name) == kind]:
            return chosen
    return found


def _only(text: str, found: Sequence[str]) -> str | None:
    if len(found) > 1:
        raise Ambiguous(text, tuple(found))
    return found[0] if found else None


def _missing(text: str, every: Sequence[str], kinds: Sequence[str]) -> str:
    slugs = {slug_of(name) for name in every if kind_of(name) in kinds}
    close = get_close_matches(slug_of(text) or text, slugs, n=3, cutoff=0.6)
    others = tuple(name for name in every if text in {name, slug_of(name)})
    what = "stream" if set(kinds) == set(KINDS) else " or ".join(kinds)
    raise NotFound(text, what, nearest=tuple(close), others=others)


def shortest(reader: Reader, stream: str) -> str:
    """Return what leads to a stream again: its slug, or its full name where streams of two kinds share the slug."""
    slug = slug_of(stream)
    return slug if len(reader.exists(stream_name(kind, slug) for kind in KINDS)) < 2 else stream


def event_meant(reader: Reader, text: str) -> Recorded:
    """Return the event of an id, a prefix of its hash, `SLUG@VERSION`, `key:KEY` or a position.

    Raises `NotFound` or `Ambiguous`.
    """
    found = _event(reader, text)
    if found is None:
        raise NotFound(text, what="event")
    return found


def _event(reader: Reader, text: str) -> Recorded | None:
    slug, at, version = text.rpartition("@")
    if at and version.isdecimal():
        events = reader.stream(stream_exactly(reader, slug))
        return next((event for event in events if event.version == int(version)), None)
    if text.startswith("key:"):
        return reader.by_key(text.removeprefix("key:"))
    if _UUID.fullmatch(text.lower()):
        return reader.by_id(text.lower())
    if text.isdecimal() and len(text) < 6:
        return reader.at(int(text))
    return _by_hash(reader, text.lower())


def _by_hash(reader: Reader, text: str) -> Recorded | None:
    if not _PREFIX.fullmatch(text):
        return None
    found = reader.by_hash_prefix(text)
    if len(found) > 1:
        raise Ambiguous(text, tuple(event.hash.hex()[:12] for event in found))
    return found[0] if found else None


def short_hash(reader: Reader, event: Recorded) -> str:
    """Return the shortest prefix of an event's hash, from six digits on, that no other event shares."""
    digits = event.hash.hex()
    return next(digits[:n] for n in range(6, 65) if len(reader.by_hash_prefix(digits[:n], limit=2)) == 1)
