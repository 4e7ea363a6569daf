"""Where does a word occur? In names, titles and texts, in any script, spelt well or nearly."""

from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from typing import Any

from domain.folding import words
from domain.streams import kind_of, slug_of
from projections.answers.streams import asked_of, standings
from projections.projection import Row
from projections.sounds import sounds
from projections.views import names
from projections.world import World

HOW = ("letters", "sound", "nearly")
"""How well a text matches, best first."""
_NEAR = 0.8
_OWN = frozenset({"title", "name"})
"""What a stream is itself called."""


def find(world: World, text: str) -> dict[str, Any]:
    """Return the streams with a text that holds all the words, the best match of each, best first."""
    best: dict[str, tuple[int, Row]] = {}
    for match in _matches(world.rows(names.projection), words(text), sounds(text)):
        stream = match[1]["stream"]
        best[stream] = min(best.get(stream, match), match, key=_order)
    if any(rank < len(HOW) - 1 for rank, _ in best.values()):
        # What is spelt nearly so is only of use where nothing is spelt so.
        best = {stream: match for stream, match in best.items() if match[0] < len(HOW) - 1}
    titles = standings(world, best)
    found = sorted(best.items(), key=lambda match: (match[1][0], kind_of(match[0]), match[0]))
    return {**asked_of(world), "text": text, "found": [_shown(row, rank, titles) for _, (rank, row) in found]}


def _order(match: tuple[int, Row]) -> tuple[int, bool, bool, str, str]:
    """Return what puts the best match first, of equal ones its title, then other names; rows have no order."""
    rank, row = match
    what = row["what"]
    return rank, what not in _OWN, what not in names.NAMES, what, row["text"]


def _shown(row: Row, rank: int, titles: dict[str, Any]) -> dict[str, Any]:
    stream = row["stream"]
    title = titles[stream].title if stream in titles else ""
    told = {"stream": stream, "kind": kind_of(stream), "slug": slug_of(stream), "title": title}
    return {**told, "what": row["what"], "text": row["text"], "match": HOW[rank]}


def _matches(rows: Iterable[Row], letters: Sequence[str], heard: Sequence[str]) -> Iterator[tuple[int, Row]]:
    for row in rows:
        if (rank := _rank(row, letters, heard)) is not None:
            yield rank, row


def _rank(row: Row, letters: Sequence[str], heard: Sequence[str]) -> int | None:
    if letters and all(begun(word) in row["folded"] for word in letters):
        return 0
    if heard and all(f" {word}" in row["sounds"] for word in heard):
        return 1
    told = row["sounds"].split()
    return 2 if heard and all(any(_near(word, other) for other in told) for word in heard) else None


def begun(word: str) -> str:
    """Return what to look for in folded text: the beginning of a word, or in scripts without blanks any part."""
    return f" {word}" if word.isascii() else word


def _near(word: str, other: str) -> bool:
    """Say whether a word of some length is spelt nearly like another."""
    if len(word) < 4 or abs(len(word) - len(other)) > 2 or word[0] != other[0]:
        return False
    matcher = SequenceMatcher(None, word, other)
    return matcher.quick_ratio() >= _NEAR and matcher.ratio() >= _NEAR
