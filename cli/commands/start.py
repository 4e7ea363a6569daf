"""Making a register, and where settings come from."""

from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import typer

from cli.exits import USAGE, Failure
from cli.options import Common, Shown
from cli.output import cell
from cli.table import Column, lines


def init(
    timezone: Annotated[
        str,
        typer.Option("--timezone", metavar="ZONE", help="Where the register's days begin and end, such as Asia/Baku."),
    ] = "UTC",
    *,
    common: Common,
) -> None:
    """Make a new, empty register. Its time zone is settled for good."""
    from cli.wiring import create_register

    try:
        ZoneInfo(timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Failure("usage", f"{timezone!r} is no time zone", USAGE, "write one such as Asia/Baku or UTC") from None
    place = common.settings["db"].value
    with create_register(place, timezone=timezone) as store:
        answer = {"register": store.meta["register"], "place": place, "timezone": timezone}
    rows = [{"name": name, "value": value} for name, value in answer.items()]
    screen = common.screen
    screen.answer(
        answer,
        rows,
        (Column("name", "NAME"), Column("value", "VALUE")),
        lambda _: [f"register made: {place}"],
    )
    screen.hint("paraph new party NAME", "paraph new agreement TITLE", "paraph import FILE.jsonl")


_SETTINGS = (Column("name", "SETTING", fixed=True), Column("value", "VALUE"), Column("origin", "FROM"))


def config_show(*, shown: Shown) -> None:
    """Every setting, and where it was said: flag, environment, file or default."""
    settings = shown.settings
    rows = [{"name": name, "value": s.value, "origin": s.origin} for name, s in settings.items()]
    answer = {"settings": rows}
    cells = [{name: cell(value) for name, value in row.items()} for row in rows]
    shown.screen.answer(answer, rows, _SETTINGS, lambda screen: lines(cells, _SETTINGS, screen.width))
