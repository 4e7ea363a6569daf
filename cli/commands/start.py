"""Making a register, and where settings come from."""

from dataclasses import asdict
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import typer

from cli.exits import USAGE, Failure
from cli.options import Common, Shown
from cli.output import cell
from cli.table import Column, lines

Zone = Annotated[
    str,
    typer.Option("--timezone", metavar="ZONE", help="Where the register's days begin and end, such as Asia/Baku."),
]


def init(
    timezone: Zone = "UTC",
    *,
    common: Common,
) -> None:
    """Make a new, empty register. Its time zone is settled for good."""
    from cli.wiring import create_register

    _expect_zone(timezone)
    setting = common.settings["db"]
    place = setting.shown
    with create_register(setting.value, timezone=timezone) as store:
        answer = {"register": store.meta["register"], "place": place, "timezone": timezone}
        alone = store.engine.alone
    rows = [{"name": name, "value": value} for name, value in answer.items()]
    screen = common.screen
    screen.answer(
        answer,
        rows,
        (Column("name", "NAME"), Column("value", "VALUE")),
        lambda _: [f"register made: {place}"],
    )
    if alone:
        screen.say("made for you alone, as you may not create roles; to share one: paraph db init --sql")
    screen.hint("paraph new party NAME", "paraph new agreement TITLE", "paraph import FILE.jsonl")


def db_init(
    timezone: Zone = "UTC",
    sql: Annotated[bool, typer.Option("--sql", help="Print the script for whoever keeps the server; run nothing.")] = (
        False
    ),
    of: Annotated[
        str | None,
        typer.Option("--of", metavar="PLACE", help="With --sql: for a copy of this register, to be filled by it."),
    ] = None,
    *,
    common: Common,
) -> None:
    """Make a register on a PostgreSQL server, or print how: schemas, roles, tables, functions, triggers.

    Where others run the script and you move a register there: db init --sql --of PLACE, then paraph copy PLACE URL.
    """
    place = common.settings["db"]
    if not place.value.startswith(("postgresql:", "postgresql+")):
        hint = "paraph init makes a register in a file; for a server say --db postgresql://user@host/database"
        raise Failure("usage", f"{place.shown} is no place on a PostgreSQL server", USAGE, hint)
    if of and not sql:
        raise Failure("usage", "--of is for the script of --sql", USAGE, "paraph copy makes the register by itself")
    if not sql:
        init(timezone, common=common)
        return
    from cli.wiring import script_of_register

    _expect_zone(timezone)
    common.screen.lines(script_of_register(place.value, timezone=timezone, of=of).splitlines())


def _expect_zone(timezone: str) -> None:
    try:
        ZoneInfo(timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Failure("usage", f"{timezone!r} is no time zone", USAGE, "write one such as Asia/Baku or UTC") from None


_SETTINGS = (Column("name", "SETTING", fixed=True), Column("value", "VALUE"), Column("origin", "FROM"))


def config_show(*, shown: Shown) -> None:
    """Every setting, and where it was said: flag, environment, file or default."""
    settings = shown.settings
    rows = [{"name": name, "value": s.shown, "origin": s.origin} for name, s in settings.items()]
    answer = {"settings": rows}
    cells = [{name: cell(value) for name, value in row.items()} for row in rows]
    shown.screen.answer(answer, rows, _SETTINGS, lambda screen: lines(cells, _SETTINGS, screen.width))


def doctor(*, shown: Shown) -> None:
    """Look at everything a register depends on; each thing is ok, warn or bad, with what to do.

    Exit 1 where something is bad, 6 where the register cannot be opened; a warning is no failure.
    """
    from cli.checkup import examined
    from cli.screens.checkup import CHECKS, check_lines
    from cli.wiring import clock

    findings, code = examined(shown.settings, now=clock())
    rows = [asdict(finding) for finding in findings]
    counts = {verdict: sum(row["verdict"] == verdict for row in rows) for verdict in ("ok", "warn", "bad")}
    answer = {"ok": code == 0, "counts": counts, "checks": rows}
    shown.screen.answer(answer, rows, CHECKS, lambda screen: check_lines(findings, counts, screen))
    if code:
        raise typer.Exit(code)
