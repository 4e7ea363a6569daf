"""What an answer says of the replica it comes from."""

from dataclasses import dataclass
from datetime import UTC
from typing import Any

from eventstore.replica import Standing


@dataclass(frozen=True)
class Told:
    """How the place stands that an answer comes from, how far it has come, and how far its primary was seen to be."""

    standing: Standing | None
    reached: int
    seen: int

    @property
    def state(self) -> str:
        """Return a word for programs."""
        if self.standing is None:
            return "primary"
        if not self.standing.receiving:
            return "cut-off"
        return "behind" if self.standing.lags else "streaming"

    @property
    def why(self) -> str:
        """Return that word as a sentence goes on after the name of the place."""
        return _WHY[self.state]

    def as_json(self) -> dict[str, Any]:
        """Return what a JSON answer says of it."""
        return {"state": self.state, "position": self.reached, "seen": self.seen, "last_change": self._last_change()}

    def sentence(self) -> str:
        """Return how to go on after its name; nothing where the answer is as fresh as a replica's can be."""
        if self.state == "primary":
            return self.why
        if self.state == "streaming" and self.reached >= self.seen:
            return ""
        last = self._last_change()
        told = f"{self.why}; this is as of position {self.reached}" + (f", last change {last}" if last else "")
        return told + (f"; you saw the primary at {self.seen}" if self.seen > self.reached else "")

    def _last_change(self) -> str | None:
        last = self.standing.replayed if self.standing else None
        return last.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z") if last else None


_WHY = {
    "primary": "is no replica, it takes records itself; if it was promoted, name it with --db",
    "cut-off": "is cut off from its primary",
    "behind": "has not replayed all that it received",
    "streaming": "was not waited for",
}
