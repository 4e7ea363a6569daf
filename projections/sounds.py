"""How a word sounds, as far as its letters tell, whatever script it is written in: Sumqayıt, Сумгаит, Sumgayit.

For finding, never for deciding that two names are one.
"""

import re
from functools import lru_cache

from anyascii import anyascii

_AZERBAIJANI = str.maketrans({"ə": "e", "Ə": "e", "Ğ": "g", "ğ": "g", "ı": "i", "İ": "i"})
# How Latin transliterations of Russian, Azerbaijani and Chinese write one sound, longest first.
_ALIKE = (
    ("dzh", "j"), ("shch", "s"), ("kh", "h"), ("gh", "g"), ("zh", "j"), ("sh", "s"), ("ch", "c"), ("ks", "x"),
    ("ts", "c"), ("ph", "f"), ("q", "g"), ("w", "v"), ("y", "i"),
)  # fmt: skip
_WORD = re.compile(r"[a-z0-9]+")
_TWICE = re.compile(r"([a-z])\1+")


def sounds(text: str) -> tuple[str, ...]:
    """Return the words of a text by their sound, in ASCII."""
    plain = text if text.isascii() else anyascii(text.translate(_AZERBAIJANI))
    return tuple(map(_sound, _WORD.findall(plain.lower().replace("'", ""))))


@lru_cache(maxsize=8192)
def _sound(word: str) -> str:
    for written, heard in _ALIKE:
        word = word.replace(written, heard)
    return _TWICE.sub(r"\1", word)
