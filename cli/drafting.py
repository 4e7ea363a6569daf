"""From what a person typed to a draft: slugs completed, values shaped as the fact's fields want them."""

from collections.abc import Mapping, Sequence
from typing import Any, get_args, get_origin

import orjson

from cli.exits import USAGE, Failure
from cli.options import Writing
from cli.register import Register
from domain.catalogue import MODELS, UnknownFact, model_named
from domain.entries import Draft
from domain.factline import BadFact, draft_of
from domain.facts import EventId, Fact, referred_kind
from domain.streams import stream_name
from eventstore.log import Reader
from projections.answers.resolve import event_meant, stream_exactly

Values = Mapping[str, Any]


def draft(
    register: Register, writing: Writing, fact: str, stream: str, data: Values, *, about: Sequence[str] = ()
) -> Draft:
    """Return the draft of one fact with the envelope the flags give; raises `BadFact` with every problem."""
    line = {
        "type": fact,
        "stream": stream,
        "on": writing.on or register.today().isoformat(),
        "data": dict(data),
        "about": list(about),
        "sources": writing.sources(),
        "id": writing.id.lower() if writing.id else None,
        "key": writing.key,
        "note": writing.note,
    }
    return draft_of(line, new_id=register.new_id(), by=register.by)


def model_of(name: str) -> type[Fact]:
    """Return a fact's model; raises `BadFact` naming the nearest types where there is none."""
    from difflib import get_close_matches

    try:
        return model_named(name)
    except UnknownFact:
        folded = {known.casefold(): known for known in MODELS}
        close = [folded[near] for near in get_close_matches(name.casefold(), folded, n=3, cutoff=0.5)]
        nearest = f"; nearest: {', '.join(close)}" if close else ""
        raise BadFact(("type", f"{name!r} is no fact type{nearest}; paraph facts list names them")) from None


def shaped(reader: Reader, fact: str, given: Values) -> dict[str, Any]:
    """Return values as the fact's fields want them: slugs and events resolved, single values of lists wrapped.

    Fields the fact does not have stay, to be refused by name. Raises `NotFound` or `Ambiguous`.
    """
    fields = model_of(fact).model_fields
    return {name: _shaped(reader, fields[name], value) if name in fields else value for name, value in given.items()}


def _shaped(reader: Reader, info: Any, value: Any) -> Any:
    if is_many(info):
        items = value if isinstance(value, list) else [value]
        return [_one(reader, info, item) for item in items]
    return _one(reader, info, value[-1] if isinstance(value, list) and len(value) == 1 else value)


def _one(reader: Reader, info: Any, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    if kind := referred_kind(info):
        return stream_exactly(reader, stream_name(kind, value) if "/" in value else value, (kind,))
    if _names_event(info):
        return event_meant(reader, value).id
    return value


def is_many(info: Any) -> bool:
    """Say whether a field takes several values."""
    return get_origin(info.annotation) is tuple


def _names_event(info: Any) -> bool:
    pattern = get_args(EventId)[1].metadata[0]
    return pattern in info.metadata


def parse_settings(settings: Sequence[str]) -> dict[str, Any]:
    """Return `field=value` pairs as data: JSON where the value looks like it, else text; a field twice is a list."""
    found: dict[str, Any] = {}
    for setting in settings:
        name, equals, text = setting.partition("=")
        if not equals or not name:
            raise Failure("usage", f"{setting!r} is not field=value", USAGE, "--set field=value")
        value = _value(text)
        if name in found:
            before = found[name] if isinstance(found[name], list) else [found[name]]
            found[name] = [*before, value]
        else:
            found[name] = value
    return found


def _value(text: str) -> Any:
    if text[:1] not in {"[", "{", '"'}:
        return text
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return text
