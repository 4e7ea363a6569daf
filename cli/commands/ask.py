"""Where things stand: status, list, board, find."""

from typing import Annotated

import typer

from cli.exits import NOT_FOUND, USAGE, Failure
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
    why: Annotated[
        str | None, typer.Option("--why", metavar="FACET", help="Which events make a facet what it is: legal_status …")
    ] = None,
    *,
    asked: Reading,
) -> None:
    """Where one agreement, project or other stands; without a slug, the register as a whole."""
    screen = asked.screen
    with world_of(asked) as world:
        say_when(world, asked)
        if why is not None:
            _why(world, slug, why.replace("-", "_").replace(" ", "_"), asked)
            return
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


def _why(world: World, slug: str | None, facet: str, asked: Reading) -> None:
    from cli.screens import history
    from projections.answers.reasons import NoSuchFacet, reasons

    if slug is None:
        raise Failure("usage", "--why needs a stream", USAGE, "paraph status SLUG --why legal_status")
    stream = stream_meant(world, slug)
    try:
        answer = reasons(world, stream, facet)
    except NoSuchFacet as missing:
        message = f"{stream} has no facet {missing.name!r}: {', '.join(missing.known)}"
        raise Failure("not-found", message, NOT_FOUND, f"paraph status {slug}") from None
    if answer is None:
        message = f"nothing of {stream} was in effect on {world.as_of}"
        raise Failure("not-found", message, NOT_FOUND, f"paraph log {stream}")
    rows = [history.reason_row(row) for row in answer["events"]]
    asked.screen.answer(
        answer,
        answer["events"] if asked.screen.json else rows,
        history.REASONS,
        lambda s: history.reason_lines(answer, rows, s),
    )
    asked.screen.hint("paraph show EVENT", f"paraph replay {shortest(world.reader, stream)}")


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
    flagged: Annotated[bool, typer.Option("--flagged", help="Only with a flag: a contradiction, a doubt.")] = False,
    flag: Annotated[
        str | None, typer.Option("--flag", metavar="CODE", help="Only with this flag, such as phase-skipped.")
    ] = None,
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
            flagged=flagged,
            flag=flag,
        )
        if what != "agreements" and filters != Filters(flagged=flagged, flag=flag):
            raise Failure(
                "usage", f"of the filters only --flagged and --flag are for {what}", USAGE, "paraph list --help"
            )
        answer = agreements(world, filters) if what == "agreements" else others(world, what, filters)
        columns = lists.OTHERS.get(what, lists.AGREEMENTS)
        if flagged or flag:
            columns = (*columns, lists.FLAGS)
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


def find(
    text: Annotated[list[str], typer.Argument(metavar="TEXT", help="One or more words, in any script.")],
    *,
    asked: Reading,
) -> None:
    """Where words occur: names, titles, what is to be done; Сумгаит finds Sumqayıt, and what is nearly spelt so."""
    from projections.answers.find import find as find_in

    screen = asked.screen
    with world_of(asked) as world:
        say_when(world, asked)
        answer = find_in(world, " ".join(text))
        columns = lists.FOUND
        screen.answer(answer, answer["found"], columns, lambda s: lists.table(answer["found"], columns, s))
        screen.hint("paraph status SLUG")
