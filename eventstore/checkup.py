"""What a look at a register's surroundings found: one line a thing, with what to do where it is not well."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

Verdict: TypeAlias = Literal["ok", "warn", "bad"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: how it is, and what to type or set where it should be otherwise. Never a secret."""

    check: str
    verdict: Verdict
    found: str
    remedy: str = ""
