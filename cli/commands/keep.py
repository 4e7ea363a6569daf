"""Keeping the register: a backup."""

from pathlib import Path
from typing import Annotated

import typer

from cli.inert import inert
from cli.options import Shown
from cli.screens.words import counted
from cli.table import Column
from cli.wiring import register_of

_BACKUP = tuple(Column(name, name.upper()) for name in ("backup", "position", "root", "bytes"))


def backup(
    path: Annotated[str, typer.Argument(metavar="PATH", help="The file to make.")],
    replace: Annotated[bool, typer.Option("--replace", help="Replace the file, if there is one.")] = False,
    *,
    shown: Shown,
) -> None:
    """A copy of the whole register, verified, while others go on working. The copy is itself a register."""
    from eventstore.backup import backup as back_up

    screen = shown.screen
    with register_of(shown) as register:
        made = back_up(register.store, Path(path), replace=replace)
    head = {"position": made.head.size, "root": made.head.root.hex()}
    answer = {"backup": str(made.path), **head, "head": head, "bytes": made.bytes}
    told = f"backup made and verified: {inert(str(made.path))} ({counted(made.head.size, 'event')})"
    screen.answer(answer, [answer], _BACKUP, lambda _: [told, f"root {made.head.root.hex()}"])
    screen.hint(f"paraph verify --db {inert(str(made.path))}")
