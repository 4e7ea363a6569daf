"""Where things stand: status, list, board."""

from typing import Annotated

import typer

from cli.exits import USAGE, Failure
from cli.options import Reading
from cli.screens import listing as lists
from cli.screens import status as screens
from cli.wiring import world_of
from projections.answers.listing import PLURALS, Filters, agreements, others
from projections.answers.resolve import shortest, stream_exactly, stream_meant
from projections.answers.status import overview
from projections.answers.status import status as status_of
from projections.world import World


def status(
    slug: Annotated[
        str | None, typer.Argument(metavar="[SLUG]", help="A slug, its beginning, or words of a name.")
    ] = None,
    *,
    asked: Reading,
) -> None:
    """Where one agreement, project or other stands; without a slug, the register as a whole."""
    screen = asked.screen
    with world_of(asked) as world:
        say_when(world, asked)
        if slug is None:
            answer = overview(world)
            screen.answer(answer, screens.rows(answer), screens.COLUMNS, lambda s: screens.overview_lines(answer, s))
            screen.hint("paraph list", "paraph board", "paraph status SLUG")
            return
        stream = stream_meant(world, slug)
        found = status_of(world, stream)
        screen.answer(found, screens.rows(found), screens.COLUMNS, lambda s: screens.lines(found, s))
        name = shortest(world.reader, stream)
        screen.hint(f"paraph log {name}", f"paraph replay {name}")


def say_when(world: World, asked: Reading) -> None:
    """Say from which point of the log the answer is, where that is not its end."""
    if world.known_at is None:
        return
    last = world.reader.at(world.known_at)
    moment = f", {last.recorded[:10]}" if last else ""
    unused = world.head.size - world.known_at
    asked.screen.echo(f"As the register stood at position {world.known_at}{moment} ({unused} later records not used)")


def list_(
    what: Annotated[str, typer.Argument(help=f"One of {', '.join(PLURALS)}.")] = "agreements",
    kind: Annotated[str | None, typer.Option("--kind", help="Only of this kind: mou, intent, treaty …")] = None,
    legal: Annotated[str | None, typer.Option("--legal", help="Only of this legal status: signed, in-force …")] = None,
    phase: Annotated[str | None, typer.Option("--phase", help="Only with a project in this phase.")] = None,
    party: Annotated[str | None, typer.Option("--party", help="Only with this party (slug).")] = None,
    sector: Annotated[str | None, typer.Option("--sector", help="Only with a sector of these words.")] = None,
    occasion: Annotated[str | None, typer.Option("--occasion", help="Only signed at this occasion (slug).")] = None,
    *,
    asked: Reading,
) -> None:
    """Agreements that pass every filter given; or the projects, commissions, occasions, parties."""
    if what not in PLURALS:
        raise Failure("usage", f"{what!r} is none of {', '.join(PLURALS)}", USAGE, "paraph list --help")
    screen = asked.screen
    with world_of(asked) as world:
        say_when(world, asked)
        filters = Filters(
            kind=kind,
            legal=_spaced(legal),
            phase=phase,
            party=_slug(world, party, "party"),
            sector=sector,
            occasion=_slug(world, occasion, "occasion"),
        )
        if what != "agreements" and filters != Filters():
            raise Failure("usage", f"filters are for agreements, not for {what}", USAGE, "paraph list --help")
        answer = agreements(world, filters) if what == "agreements" else others(world, what)
        columns = lists.OTHERS.get(what, lists.AGREEMENTS)
        rows = [lists.flat(row) for row in answer[what]]
        screen.answer(answer, answer[what] if screen.json else rows, columns, lambda s: lists.table(rows, columns, s))
        screen.hint("paraph status SLUG", "paraph board")


def _spaced(value: str | None) -> str | None:
    from domain.vocabulary import LEGAL_STATUSES

    if value is None:
        return None
    known: dict[str, str] = {status.replace(" ", "-"): status for status in LEGAL_STATUSES}
    if (spaced := value.replace(" ", "-")) not in known:
        raise Failure("usage", f"{value!r} is no legal status: {', '.join(known)}", USAGE, "paraph lifecycle show")
    return known[spaced]


def _slug(world: World, text: str | None, kind: str) -> str | None:
    return None if text is None else stream_exactly(world.reader, text, (kind,)).partition("/")[2]


def board(*, asked: Reading) -> None:
    """One page for the head of department: projects by phase, agreements by status, what is flagged."""
    from projections.answers.board import board as board_of

    screen = asked.screen
    with world_of(asked) as world:
        say_when(world, asked)
        answer = board_of(world)
        screen.answer(answer, lists.board_rows(answer), lists.BOARD, lambda s: lists.board_lines(answer, s))
        screen.hint("paraph list --phase PHASE", "paraph status SLUG")
