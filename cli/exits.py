"""Exit codes, and what each error says to a person (CLI.md section 3, a contract)."""

from dataclasses import dataclass
from typing import Any

DONE = 0
ANSWER_IS_NO = 1
USAGE = 2
NOT_FOUND = 3
REFUSED = 4
CONFLICT = 5
UNAVAILABLE = 6
DAMAGED = 7
UNEXPECTED = 70
INTERRUPTED = 130


@dataclass
class Failure(Exception):
    """An error as it is shown: a code for programs, a sentence for people, a hint what to do, an exit code."""

    code: str
    message: str
    exit: int
    hint: str = ""
    details: dict[str, Any] | None = None

    def as_json(self) -> dict[str, Any]:
        """Return the error as it goes to stderr with --json."""
        shown = {"code": self.code, "message": self.message, "hint": self.hint, "exit": self.exit}
        return {"error": {**shown, **(self.details or {})}}


def failure_of(error: BaseException) -> Failure | None:
    """Return what an error of the inner layers says to a person; None for an error nobody expects."""
    if isinstance(error, Failure):
        return error
    if isinstance(error, KeyboardInterrupt):
        return Failure("interrupted", "interrupted", INTERRUPTED, "whole batches are recorded; run it again to go on")
    from cli import explaining

    return explaining.failure_of(error)
