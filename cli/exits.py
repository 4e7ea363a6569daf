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
