"""The facts of an import in chunks: while one is written, a second process makes the next ready to be.

It makes the very bytes that will be recorded if nobody else records meanwhile, and from them the rows of views. If
somebody does, the chunk is made anew here, as it is where there is no second process.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, islice

from cli.helper import Gone, Helper
from cli.ledger import Ledger, proposal_of
from domain.deciders import DECIDERS
from domain.streams import kind_of
from eventstore.append import made_ahead
from eventstore.codec import instant
from eventstore.envelope import Entry, Head, Proposed, Recorded
from projections.runner import Made, beginning, fold_here

CHUNK = 5000
"""Facts appended in one transaction, so that an index is rewritten seldom; a broken import leaves whole ones."""

_STEP = 0.05
"""By so much the share of the second process grows or shrinks, according to who waits for whom."""


@dataclass(frozen=True, slots=True)
class Task:
    """Lines of a ledger, the position they are expected to follow, and the time at which they are recorded.

    `share` says of how many of the streams that begin with them the rows are wanted.
    """

    lines: Sequence[bytes]
    after: int
    recorded: str
    asserted: bool
    share: float


@dataclass(frozen=True, slots=True)
class Chunk:
    """Facts to be appended together, and the rows of the first streams that begin with them, as far as made ahead."""

    facts: Sequence[Entry]
    rows: Sequence[Made] = ()

    def fold(self, streams: Sequence[Sequence[Recorded]]) -> Iterable[Made]:
        """Return the rows of streams that were appended; those made ahead, if it was of the same events."""
        ahead = beginning(fact for fact in self.facts if isinstance(fact, Recorded))
        same = len(ahead) == len(streams) and all(
            one is other for one, other in zip(chain(*ahead), chain(*streams), strict=True)
        )
        return chain(self.rows, fold_here(streams[len(self.rows) :])) if same else fold_here(streams)


def make_ready(task: Task) -> Chunk:
    """Make a chunk ready; this is what the second process does."""
    facts = made_ahead(
        map(proposal_of, task.lines), _begins, after=task.after, recorded=task.recorded, asserted=task.asserted
    )
    streams = beginning(fact for fact in facts if isinstance(fact, Recorded))
    return Chunk(facts, list(fold_here(streams[: round(len(streams) * task.share)])))


def _begins(proposal: Proposed) -> bool:
    return proposal.type in DECIDERS[kind_of(proposal.stream)].opens


@dataclass
class Chunks:
    """The chunks of a ledger. `head` is how far the log reaches, to be set after each chunk."""

    ledger: Ledger
    helper: Helper | None
    now: Callable[[], datetime]
    asserted_at: datetime | None
    head: Head
    _task: Task | None = None
    _share: float = 0.5

    def __iter__(self) -> Iterator[Chunk]:
        lines = self.ledger.lines()
        given = list(islice(lines, CHUNK))
        self._begin(given, self.head.size)
        while given:
            chunk = self._ready(given)
            following = list(islice(lines, CHUNK))
            self._begin(following, self.head.size + len(given))
            yield chunk
            given = following

    def _begin(self, lines: Sequence[bytes], after: int) -> None:
        if self.helper and lines:
            recorded = instant(self.asserted_at or self.now())
            self._task = Task(lines, after, recorded, asserted=self.asserted_at is not None, share=self._share)
            try:
                self.helper.begin(make_ready, self._task)
            except Gone:
                self.helper = None

    def _ready(self, lines: Sequence[bytes]) -> Chunk:
        try:
            if self.helper and self._task and not self._fits(self._task):
                self.helper.answer()
                self._begin(lines, self.head.size)
            if self.helper:
                step = _STEP if self.helper.done() else -_STEP
                self._share = min(max(self._share + step, 0.0), 1.0)
                chunk: Chunk = self.helper.answer()
                return chunk
        except Gone:
            self.helper = None
        return Chunk(list(map(proposal_of, lines)))

    def _fits(self, task: Task) -> bool:
        """Say whether what a task makes can still be recorded as it is: nobody else has recorded meanwhile."""
        return task.after == self.head.size and task.recorded >= (self.head.recorded or "")
