"""A slug proposed from a title in any script: its telling words, in ASCII."""

import re

from anyascii import anyascii

from domain.streams import is_slug

_LENGTH = 40
_EMPTY = frozenset(["a", "an", "and", "at", "between", "for", "from", "in", "of", "on", "the", "to", "with"])
_AZERBAIJANI = str.maketrans({"ə": "e", "Ə": "E"})


def proposed_slug(title: str, taken: set[str], kind: str) -> str:
    """Return a free slug made of the title's words; numbered where the words alone are taken."""
    ascii_words = re.findall(r"[a-z0-9]+", anyascii(title.translate(_AZERBAIJANI)).lower().replace("'", ""))
    telling = [word for word in ascii_words if word not in _EMPTY] or ascii_words
    base = _joined(telling) or kind
    base = base if is_slug(base) else _joined([kind, base])
    candidates = (base if n == 1 else f"{base[: _LENGTH - 1 - len(str(n))].rstrip('-')}-{n}" for n in range(1, 100_000))
    return next(slug for slug in candidates if slug not in taken)


def _joined(words: list[str]) -> str:
    """Join as many whole words as a slug holds; a first word too long is cut."""
    slug = words[0][:_LENGTH] if words else ""
    for word in words[1:]:
        if len(slug) + 1 + len(word) > _LENGTH:
            break
        slug += f"-{word}"
    return slug
