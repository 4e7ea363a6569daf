"""Questions to a replica: is it one of this register, has it come far enough, what to say where it lags."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

from cli.exits import UNAVAILABLE, USAGE, Failure
from cli.lastseen import LastSeen, Seen
from cli.options import Asked
from cli.output import Screen
from cli.screens.replica import Told
from cli.settings import Setting
from eventstore.engines import on_a_server
from eventstore.errors import Missing, StoreError, Unavailable
from eventstore.log import EventStore

PRIMARY = "primary"
"""What to say for `--read-db` to have a question answered by the register itself, whatever the settings say."""


def replica_named(settings: Mapping[str, Setting]) -> Setting | None:
    """Return the place of the replica the settings name, None where questions go to the register itself."""
    primary, replica = settings["db"], settings.get("read_db")
    if replica is None or replica.value in {PRIMARY, primary.value}:
        return None
    for setting, hint in ((replica, "ask a copy in a file with --db"), (primary, f"add --read-db {PRIMARY}")):
        if not on_a_server(setting.value):
            message = f"a replica is one of a register on a PostgreSQL server; {setting.shown} is none"
            raise Failure("usage", message, USAGE, hint)
    return replica


@contextmanager
def pointing_to_the_primary() -> Iterator[None]:
    """Say of a replica that cannot answer that the question may go to the register itself."""
    try:
        yield
    except (Missing, Unavailable) as fault:
        from cli.explaining import failure_of

        failure = failure_of(fault)
        assert failure is not None  # noqa: S101 - every error of the store has its sentence
        before = "" if isinstance(fault, Missing) else f"{failure.hint}; "  # nobody makes a register on a replica
        failure.hint = f"{before}--read-db {PRIMARY} asks the register itself"
        raise failure from fault


@contextmanager
def noting_what_was_seen(store: EventStore, primary: Setting, screen: Screen) -> Iterator[None]:
    """Note, however the block ends, how far the register reaches: the next question is answered from there on."""
    try:
        yield
    except Unavailable:
        raise  # who did not answer is not asked again
    except BaseException:
        with suppress(StoreError, OSError):
            _note(store, primary)
        raise
    try:
        gone = _note(store, primary)
    except (StoreError, OSError) as fault:
        screen.say(f"paraph: what you saw cannot be kept in mind ({fault}); ask the replica with --wait POSITION")
    else:
        screen.say(*(f"paraph: {primary.shown} {_gone(position)}" for position in gone))


def _note(store: EventStore, primary: Setting) -> list[int]:
    seen = LastSeen(store.meta["register"])
    gone = seen.note(store)
    seen.found_at(primary.shown)
    return gone


def _gone(position: int) -> str:
    why = "a backup was restored, or a replica promoted that had not received it"
    return f"has no more what you saw there at position {position}: {why}"


@dataclass(frozen=True)
class Question:
    """A question about to be put to an open store: the register itself, or the replica of a primary."""

    store: EventStore
    asked: Asked
    primary: Setting | None

    def prepare(self) -> None:
        """Expect a store fit for the question; Failure where it is another's or too far behind, a word if it lags."""
        if self.primary:
            self._expect_same_register(self.primary)
        reached = self._caught_up()
        told = self._told(reached)
        if told.standing or self.primary:
            self._remark(told.as_json(), told.sentence())

    @property
    def _notes(self) -> LastSeen:
        return LastSeen(self.store.meta["register"])

    @property
    def _seen(self) -> Seen:
        return self._notes.last if self.primary else Seen()

    def _told(self, reached: int) -> Told:
        return Told(self.store.standing(), reached, self._seen.position)

    def _remark(self, fields: dict[str, Any], sentence: str) -> None:
        """Say a thing about the answer: in it, where it is one JSON value, else beside it."""
        self.asked.remarks.setdefault("replica", {}).update(fields)
        if sentence and self.asked.screen.format != "json":
            self.asked.screen.say(f"paraph: {self.store.place} {sentence}")

    def _expect_same_register(self, primary: Setting) -> None:
        """Compare with the register on the primary, which is asked only until the answer is known."""
        if self._notes.knows(primary.shown):
            return
        try:
            with self._open_primary(primary), suppress(OSError):
                self._notes.found_at(primary.shown)
        except Unavailable as fault:
            doubt = f"may be of another register: the primary cannot be asked ({fault.reason})"
            self._remark({"unchecked": fault.reason}, doubt)

    @contextmanager
    def _open_primary(self, primary: Setting) -> Iterator[EventStore]:
        with EventStore.open(primary.value) as store:
            if store.meta["register"] != self.store.meta["register"]:
                message = f"{self.store.place} is no replica of {primary.shown}: it is another register"
                raise Failure("other-register", message, UNAVAILABLE, "paraph config show tells where each was said")
            yield store

    def _caught_up(self) -> int:
        """Return how far the store has come: as far as asked for, else as far as this user has seen the primary."""
        wanted = self._seen.position if self.asked.wait is None else self.asked.wait
        reached = self.store.wait_for(wanted, patience=self.asked.patience)
        if reached < wanted or not self._agrees(reached):
            known = self._size_of_primary()
            if self.asked.wait is None:
                wanted = self._seen.position  # less than before, where the primary has lost it
            if reached < wanted:
                raise self._behind(reached, wanted, known)
            if not self._agrees(reached):
                raise self._other_history()
        return reached

    def _agrees(self, reached: int) -> bool:
        """Say whether the store holds what was seen on the primary, where it has come so far."""
        return reached < self._seen.position or self._seen.stands_in(self.store)

    def _size_of_primary(self) -> int | None:
        """Return how far the primary reaches, None where it does not answer; what it has lost is forgotten."""
        if self.primary is None:
            return None
        try:
            with self._open_primary(self.primary) as store:
                for position in self._notes.forget_gone(store):
                    self._remark({"gone": position}, f"is a replica of one that {_gone(position)}")
                return store.size
        except (StoreError, OSError):
            return None

    def _behind(self, reached: int, wanted: int, known: int | None) -> Failure:
        message = f"{self.store.place} has come to position {reached}, not to {wanted}"
        if self.asked.wait is None:
            message += ", where you saw the primary"
        if (told := self._told(reached)).standing and told.state != "streaming":
            message += f"; it {told.why}"
        if known is not None:
            message += f"; the primary is at {known}"
        hint = "--patience SECONDS waits longer; --wait 0 has it answer as it is"
        return Failure("behind", message, UNAVAILABLE, hint, {"position": reached, "wanted": wanted})

    def _other_history(self) -> Failure:
        position = self._seen.position
        message = f"{self.store.place} has another event at position {position} than you saw on the primary"
        hint = "one of the two was promoted or restored: ask whoever keeps them, and --db for the one that counts"
        return Failure("other-history", message, UNAVAILABLE, hint, {"position": position})
