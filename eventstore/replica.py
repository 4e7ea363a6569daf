"""What a replica of a register says of itself."""

from dataclasses import dataclass
from datetime import datetime, timedelta

_MOMENT = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class Standing:
    """How a streaming replica stands towards its primary, as far as it knows by itself."""

    receiving: bool
    """Whether a primary is sending to it."""
    paused: bool
    """Whether somebody told it to replay nothing for the time being."""
    unplayed: int
    """How many bytes it has received and not replayed yet."""
    replayed: datetime | None
    """When the last change it has replayed was committed on the primary; None where it knows of none."""
    since: timedelta
    """How long ago that was, by its own clock."""

    @property
    def lags(self) -> bool:
        """Say whether it holds back what it has received: on purpose, or for longer than a moment."""
        return self.unplayed > 0 and (self.paused or self.since > _MOMENT)
