"""How a stream is named: `kind/slug`, and which kinds there are (DOMAIN.md section 1; the clock: ADR 10)."""

import re
from typing import Literal, TypeAlias, get_args

Kind: TypeAlias = Literal["agreement", "project", "commission", "occasion", "party", "clock"]
KINDS: tuple[Kind, ...] = get_args(Kind)

SLUG_PATTERN = r"[a-z0-9](?:[a-z0-9-]{1,38})[a-z0-9]"
STREAM_PATTERN = rf"(?:{'|'.join(KINDS)})/{SLUG_PATTERN}"

_slug = re.compile(SLUG_PATTERN)
_stream = re.compile(STREAM_PATTERN)


def is_slug(text: str) -> bool:
    """Say whether the text is a slug: 3 to 40 lower-case ASCII letters, digits and inner hyphens."""
    return _slug.fullmatch(text) is not None


def is_stream(text: str) -> bool:
    """Say whether the text is a full stream name, such as `agreement/izia-vencou-cardboard`."""
    return _stream.fullmatch(text) is not None


def stream_name(kind: str, slug: str) -> str:
    """Join a kind and a slug; a text that already names a stream of that kind stays as it is."""
    return slug if slug.startswith(f"{kind}/") else f"{kind}/{slug}"


def kind_of(stream: str) -> str:
    """Return the kind of a stream name."""
    return stream.partition("/")[0]


def slug_of(stream: str) -> str:
    """Return the slug of a stream name."""
    return stream.partition("/")[2]
