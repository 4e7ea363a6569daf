"""What the tests of the desk's questions share: a bare register with one stream of each kind, told in commands."""

import shlex
from datetime import datetime

from tests.cli.program import Program

_BARE = """
init --timezone Asia/Baku
new party "Wind Fund" --slug fund --country AZ --on 2024-01-01
new party "Turbine Plant" --slug plant --country CN --on 2024-01-01
new agreement "Treaty on wind" --slug treaty --kind treaty --party fund --party plant --on 2024-01-01
new project "Turbine mill" --slug mill --under treaty --on 2024-01-05
new commission "Joint Commission" --slug joint --side Azerbaijan --side China --on 2024-01-01
"""
IN_FORCE = ("record signed treaty --on 2024-01-01", "record in-force treaty --on 2024-01-01")


def told(program: Program, *commands: str) -> None:
    """Run commands as typed; each must succeed."""
    for command in commands:
        program.ok(*shlex.split(command))


def bare(program: Program, *commands: str, now: str | None = None) -> Program:
    """Fill an empty folder with the bare register and what the commands add; `now` (UTC) sets the clock."""
    told(program, *_BARE.strip().splitlines(), *commands)
    if now:
        program.clock.now = datetime.fromisoformat(now)
    return program
