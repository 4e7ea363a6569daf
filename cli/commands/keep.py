"""Keeping the register: a backup, the way back from it, and a move to another place."""

from pathlib import Path
from shlex import quote
from typing import Annotated

import typer

from cli.exits import USAGE, Failure
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


def copy(
    places: Annotated[
        list[str],
        typer.Argument(metavar="PLACE", help="DST, or SRC DST: files or URLs; SRC, if not given, is that of --db."),
    ],
    *,
    shown: Shown,
) -> None:
    """The same register at another place, on another engine if you like: every byte, position and the root alike.

    Run it again when it was cut off, or when more was recorded: it goes on where it stopped.
    """
    db = shown.settings["db"]
    if len(places) > 2 or (len(places) == 2 and db.origin == "flag"):
        raise Failure("usage", "one register is copied to one place", USAGE, "paraph copy SRC DST")
    source, target = places if len(places) == 2 else (db.value, places[0])
    _move(source, target, shown, "copied", "both are the same register: from now on record in one of them only")


def restore(
    file: Annotated[str, typer.Argument(metavar="BACKUP", help="A file that paraph backup made.")],
    target: Annotated[
        str | None, typer.Argument(metavar="DST", help="Where to: a file or URL (default: the register of --db).")
    ] = None,
    *,
    shown: Shown,
) -> None:
    """A backup verified, and the register made of it where it is missing, on either engine.

    A place that holds anything else is left alone. Run it again when it was cut off: it goes on where it stopped.
    """
    if "://" in file and not file.startswith("sqlite"):
        raise Failure("usage", "a backup is a file", USAGE, "paraph copy SRC DST is for registers on servers")
    _move(file, target or shown.settings["db"].value, shown, "restored")


def _move(source: str, target: str, shown: Shown, verb: str, *remarks: str) -> None:
    from cli.copying import move
    from cli.screens.moving import MOVED, moved_lines

    screen = shown.screen
    moved = move(source, target, screen)
    answer = moved.as_json()
    screen.answer(answer, [answer], MOVED, lambda _: moved_lines(moved, verb))
    if moved.behind:
        more = counted(moved.behind, "event")
        screen.echo(f"{more} came to {moved.source} meanwhile; run it again to add what is missing")
    screen.say(*remarks)
    screen.hint(f"paraph status --db {quote(inert(moved.target))}")
