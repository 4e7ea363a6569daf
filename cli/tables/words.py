"""Word maps: a file's words and the register's; a word as it stands there comes before its other letter cases."""

import re
from collections.abc import Iterator, Mapping, Sequence

from domain.folding import folded


class Words:
    """What the words of one word map mean. `A` and `a` may differ; then other spellings of them mean nothing."""

    def __init__(self, meanings: Mapping[str, str]) -> None:
        self._exact = {" ".join(word.split()): meaning for word, meaning in meanings.items()}
        alike: dict[str, set[str]] = {}
        for word, meaning in self._exact.items():
            alike.setdefault(folded(word), set()).add(meaning)
        self._folded = {word: next(iter(found)) for word, found in alike.items() if len(found) == 1}

    def get(self, text: str) -> str | None:
        """Return what a text means; None where the map does not say, or says two things."""
        found = self._exact.get(text)
        return self._folded.get(folded(text)) if found is None else found


def divided(text: str, separators: Sequence[str]) -> Iterator[str]:
    """Yield what stands between the separators, each of which divides; what is blank is left out."""
    parts = re.split("|".join(map(re.escape, separators)), text) if separators else [text]
    yield from (plain for part in parts if (plain := part.strip()))
