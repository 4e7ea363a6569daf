"""What this user has seen of a register on its primary, so that the next question to a replica waits for as much.

Nothing is written into a file, so nothing of it can be broken or secret, and commands that run side by side do not
undo each other's notes: in a private folder for each register the name of an empty file is an event seen, the highest
position counts; another's name stands for a place on which the register was found.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Self

from eventstore.log import EventStore

_NAME = re.compile(r"([0-9]{1,18})-([0-9a-f]{16})")


@dataclass(frozen=True, order=True)
class Seen:
    """An event seen on the primary: its position, and how its leaf hash begins. Position 0 is before all."""

    position: int = 0
    leaf: str = ""

    @classmethod
    def last_of(cls, store: EventStore) -> Self:
        """Return the last event of a register."""
        with store.reading() as reader:
            last = reader.at(reader.head().size)
        return cls(last.position, last.hash.hex()[:16]) if last else cls()

    def stands_in(self, store: EventStore) -> bool:
        """Say whether a register has this very event at its position."""
        if not self.position:
            return True
        with store.reading() as reader:
            found = reader.at(self.position)
        return found is not None and found.hash.hex().startswith(self.leaf)

    def __str__(self) -> str:
        return f"{self.position}-{self.leaf}"


@dataclass(frozen=True)
class LastSeen:
    """The notes on one register, by its id. OSError where they cannot be kept; reading them never fails."""

    register: str

    @property
    def last(self) -> Seen:
        """Return the last event seen on the primary."""
        return max(self._events(), default=Seen())

    def note(self, store: EventStore) -> list[int]:
        """Note the last event of the register on its primary; return the positions of what is forgotten as gone."""
        found = Seen.last_of(store)
        if found.position:
            self._mark(str(found))
        gone = self.forget_gone(store)
        for other in self._events():
            if other < found:
                self._forget(other)
        return gone

    def forget_gone(self, store: EventStore) -> list[int]:
        """Forget what is no more on the primary, and return its positions."""
        gone = [seen for seen in self._events() if not seen.stands_in(store)]
        for seen in gone:
            self._forget(seen)
        return [seen.position for seen in gone]

    def _forget(self, seen: Seen) -> None:
        (self._folder / str(seen)).unlink(missing_ok=True)

    def knows(self, place: str) -> bool:
        """Say whether the register was found at a place, and no other since."""
        try:
            return (self._folder / _sign(place)).is_file()
        except OSError:
            return False

    def found_at(self, place: str) -> None:
        """Note that the register was found at a place; another one that was there is there no more."""
        for others in self._folder.parent.glob(f"*/{_sign(place)}"):
            if others.parent != self._folder:
                others.unlink(missing_ok=True)
        self._mark(_sign(place))

    @property
    def _folder(self) -> Path:
        from platformdirs import user_state_path

        return user_state_path("paraph") / "seen" / _digest(self.register)

    def _events(self) -> Iterator[Seen]:
        try:
            names = [path.name for path in self._folder.iterdir()]
        except OSError:
            return
        for name in names:
            if found := _NAME.fullmatch(name):
                yield Seen(int(found[1]), found[2])

    def _mark(self, name: str) -> None:
        self._folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._folder.mkdir(mode=0o700, exist_ok=True)
        (self._folder / name).touch(mode=0o600)


def _sign(place: str) -> str:
    return f"at-{_digest(place)}"


def _digest(text: str) -> str:
    """Return a name any file may have."""
    return sha256(text.encode()).hexdigest()[:32]
