"""What an examination of the register found, while it goes on and when it is done."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from eventstore.errors import Damaged
from eventstore.tree import EMPTY_ROOT

PROBLEMS_SHOWN = 100


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing amiss, with the position of the event it concerns where there is one."""

    position: int | None
    what: str


@dataclass(frozen=True, slots=True)
class Report:
    """What `verify` found: the first problems, how many `more` there are, and the root of the bytes read.

    `checks` says for each check whether it was made and passed.
    """

    events: int
    root: bytes
    checks: Mapping[str, bool]
    problems: tuple[Problem, ...]
    more: int = 0

    @property
    def ok(self) -> bool:
        """Whether every check was made and passed."""
        return all(self.checks.values())


@dataclass(slots=True)
class Findings:
    """The notebook of one examination: which checks were begun, which failed, and why."""

    begun: set[str] = field(default_factory=set)
    failed: set[str] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)
    more: int = 0

    def add(self, check: str, what: str, position: int | None = None) -> None:
        """Note a problem; the list is capped, the count is not."""
        self.failed.add(check)
        if len(self.problems) < PROBLEMS_SHOWN:
            self.problems.append(Problem(position, what))
        else:
            self.more += 1

    @contextmanager
    def checking(self, *checks: str) -> Iterator[None]:
        """Begin checks; damage that stops them becomes a problem of each.

        Damaged pages may yield values of any type in any column, so those errors are damage too.
        """
        self.begun.update(checks)
        try:
            yield
        except Damaged as damage:
            self.failed.update(checks)
            self.add(checks[0], damage.what, damage.position)
        except (TypeError, ValueError, AttributeError) as fault:
            self.failed.update(checks)
            self.add(checks[0], f"unreadable: {type(fault).__name__}")

    def report(self, checks: tuple[str, ...], *, events: int = 0, root: bytes = EMPTY_ROOT) -> Report:
        """Return the finished report; a check never begun has not passed."""
        passed = self.begun - self.failed
        told = {check: check in passed for check in checks}
        return Report(events, root, told, tuple(self.problems), self.more)
