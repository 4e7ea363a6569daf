"""How names are compared when people search: letters alike to a reader are one (İ, I, ı and i; ə and e).

For search only. Stored names keep every letter, and nothing is merged because it folds alike.
"""

import re
import unicodedata

_ALIKE = str.maketrans({"ı": "i", "ə": "e", "Ə": "e", "ß": "ss", "’": "'", "ʼ": "'", "‘": "'"})


_WORD = re.compile(r"[^\W_]+")


def folded(text: str) -> str:
    """Return the text without case, accents, dotted or dotless i, full width, and zero-width characters."""
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKD", text.translate(_ALIKE)).casefold().translate(_ALIKE)
    return "".join([c for c in plain if c.isascii() or unicodedata.category(c) not in {"Mn", "Cf"}])


def words(text: str) -> tuple[str, ...]:
    """Return the folded words of a text, split at everything that is no letter or digit."""
    return tuple(_WORD.findall(folded(text)))
