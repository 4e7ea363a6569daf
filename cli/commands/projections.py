"""The views: how far each has come, whether they are right, and making them anew."""

from collections.abc import Iterator, Sequence
from typing import Any

import typer

from cli.exits import ANSWER_IS_NO
from cli.options import Shown
from cli.output import Screen, cell
from cli.table import Column, lines
from cli.wiring import register_of
from projections.catalog import projections
from projections.rebuild import Compared
from projections.rebuild import check as check_views
from projections.rebuild import rebuild as rebuild_views

COLUMNS = (
    Column("name", "VIEW", fixed=True),
    Column("version", "VERSION"),
    Column("position", "POSITION"),
    Column("matches", "MATCHES"),
    Column("question", "ANSWERS", drop=1),
)


def list_(*, shown: Shown) -> None:
    """The views, their version, and the position of the log each has come to."""
    from projections.books import reached

    with register_of(shown) as register, register.store.reading() as reader:
        size = reader.head().size
        rows = [
            {
                "name": view.name,
                "version": view.version,
                "position": (position := reached(reader.connection, view)),
                "level": position == size,
                "question": view.question,
            }
            for view in projections()
        ]
    columns = tuple(column for column in COLUMNS if column.field != "matches")
    shown.screen.answer({"projections": rows}, rows, columns, lambda screen: _lines(rows, columns, screen))


def check(*, shown: Shown) -> None:
    """Fold the whole log and compare every row of every view; changes nothing. Exit 1: one differs."""
    with register_of(shown) as register, shown.screen.progress("check") as progress:
        compared = check_views(register.store, progress=progress)
    _show(compared, shown.screen)
    if not all(view.matches for view in compared):
        shown.screen.say("paraph projections rebuild makes them anew")
        raise typer.Exit(ANSWER_IS_NO)


def rebuild(*, shown: Shown) -> None:
    """Make every view anew from the log beside the old one, and swap it in; people may go on working."""
    with register_of(shown) as register, shown.screen.progress("rebuild") as progress:
        before, after = rebuild_views(register.store, progress=progress)
    differed = [view.name for view in before if not view.matches]
    if differed:
        shown.screen.say(f"had been other than the log: {', '.join(differed)}")
    _show(after, shown.screen)


def _show(compared: Sequence[Compared], screen: Screen) -> None:
    questions = {view.name: view.question for view in projections()}
    rows = [
        {
            "name": view.name,
            "version": view.version,
            "position": view.position,
            "matches": view.matches,
            "streams": list(view.streams),
            "question": questions[view.name],
        }
        for view in compared
    ]
    screen.answer({"projections": rows}, rows, COLUMNS, lambda s: _lines(rows, COLUMNS, s))


def _lines(rows: list[dict[str, Any]], columns: Sequence[Column], screen: Screen) -> Iterator[str]:
    cells = [{column.field: cell(row.get(column.field)) for column in columns} for row in rows]
    yield from lines(cells, columns, screen.width)
