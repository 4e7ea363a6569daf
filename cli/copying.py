"""A register moved to another place: its events copied, its views made there, all of it verified before and after."""

from contextlib import ExitStack
from dataclasses import dataclass, replace
from shlex import quote

from cli.exits import DAMAGED, REFUSED, USAGE, Failure
from cli.explaining import failure_of
from cli.output import Screen
from eventstore.copying import Copy, are_one, existing, made
from eventstore.envelope import Head
from eventstore.errors import Refused, Unavailable
from eventstore.log import EventStore
from eventstore.report import Problem
from eventstore.verify import verify
from projections.rebuild import Compared, check, rebuild
from projections.runner import follow

_ELSEWHERE = "name a free place, or one that holds the beginning of this register"


@dataclass(frozen=True, slots=True)
class Moved:
    """What came of a copy: from where, to where, how far the log reaches there, how much of it is new."""

    source: str
    target: str
    register: str
    timezone: str
    head: Head
    new: int
    behind: int
    views: tuple[Compared, ...]

    def as_json(self) -> dict[str, object]:
        """Return what the command answers."""
        head = {"position": self.head.size, "root": self.head.root.hex()}
        return {
            "from": self.source,
            "to": self.target,
            "register": self.register,
            "timezone": self.timezone,
            "new": self.new,
            "already_there": self.head.size - self.new,
            **head,
            "head": head,
            "behind": self.behind,
            "verified": True,
            "projections": [{"name": v.name, "position": v.position, "matches": v.matches} for v in self.views],
        }


def move(source: str, target: str, screen: Screen) -> Moved:
    """Copy a register to another place and verify it there; the same again goes on where it was cut off.

    Failure where the source is damaged, or the place holds anything else; then nothing was written.
    """
    with ExitStack() as opened:
        original = opened.enter_context(EventStore.open(source, examine=True))
        found = _found(target, original)
        if found:
            opened.enter_context(found)
        _expect_whole(original, screen)
        copy = found or opened.enter_context(_made(target, original))
        return _copied(original, copy, screen)


def _found(target: str, original: EventStore) -> EventStore | None:
    try:
        found = existing(target, original.meta)
    except Refused as fault:
        raise Failure(fault.reason, fault.what, REFUSED, _ELSEWHERE) from None
    if found and are_one(original, found):
        found.close()
        raise Failure("usage", f"{found.place} is the register itself", USAGE, "name another place")
    return found


def _made(target: str, original: EventStore) -> EventStore:
    try:
        return made(target, original.meta)
    except Unavailable as fault:
        failure = failure_of(fault)
        if fault.reason != "roles" or failure is None:
            raise
        hint = f"give whoever keeps the server what this prints: paraph db init --sql --of {quote(original.place)}"
        raise replace(failure, hint=hint) from None


def _copied(source: EventStore, target: EventStore, screen: Screen) -> Moved:
    """Write what is missing, then look at all of it."""
    with screen.progress("copy") as progress:
        job = Copy(source, target, progress)
        try:
            first, *rest = job.run(project=follow)
        except Refused as fault:
            raise Failure(fault.reason, fault.what, REFUSED, _ELSEWHERE) from None
    head = rest[-1] if rest else first
    _expect_whole(target, screen, head)
    told = source.meta["register"], source.meta["timezone"]
    views = _level_views(target, screen)
    return Moved(source.place, target.place, *told, head, head.size - first.size, job.behind(), views)


def _expect_whole(store: EventStore, screen: Screen, head: Head | None = None) -> None:
    """Expect every byte as it was written and, of a copy, the root that was copied; Failure names what is not."""
    with screen.progress("verify") as progress:
        report = verify(store, progress=lambda done: progress(done, 0))
    found = report.problems[0] if report.problems else None
    if head and (report.events, report.root) != (head.size, head.root):
        found = found or Problem(None, "it is not what was copied")
    if found:
        where = f" at position {found.position}" if found.position else ""
        message = f"{store.place} is damaged{where}: {found.what}"
        raise Failure("damaged", message, DAMAGED, f"paraph verify --db {quote(store.place)}")


def _level_views(store: EventStore, screen: Screen) -> tuple[Compared, ...]:
    """Compare every view with the log, and make them anew where one is not as the log says."""
    with screen.progress("views") as progress:
        compared = check(store, progress=progress)
        if all(view.matches for view in compared):
            return compared
        return rebuild(store, progress=progress)[1]
