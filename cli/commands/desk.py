"""The desk's own questions: what is due, what is before the commission, how far all has come."""

import re
from typing import Annotated

import typer

from cli.commands.ask import say_when
from cli.exits import ANSWER_IS_NO, NOT_FOUND, USAGE, Failure
from cli.options import Reading
from cli.screens import desk as screens
from cli.wiring import register_of, world_of
from projections.answers.resolve import shortest, stream_exactly
from projections.world import World

_DAYS = re.compile(r"P?(\d{1,5})([DdWw]?)")


def due(
    within: Annotated[
        str, typer.Option("--within", metavar="DAYS", help="Also what falls due in so many days or weeks: 30d, 6w.")
    ] = "30d",
    check: Annotated[bool, typer.Option("--check", help="Exit 1 when anything is late.")] = False,
    *,
    asked: Reading,
) -> None:
    """What is late and what is coming: instructions, obligations, milestones, notices, ends of term, sessions."""
    from projections.answers.due import due as due_of

    days = days_of(within)
    screen = asked.screen
    with world_of(asked) as world:
        say_when(world, asked)
        answer = due_of(world, days)
        rows = [screens.due_row(item) for item in answer["items"]]
        screen.answer(
            answer,
            answer["items"] if screen.json else rows,
            screens.DUE,
            lambda s: screens.due_lines(answer, rows, s),
        )
        screen.hint("paraph docket", "paraph status SLUG")
    if check and any(item["late"] for item in answer["items"]):
        raise typer.Exit(ANSWER_IS_NO)


def days_of(text: str) -> int:
    """Return a number of days written as 30, 30d, 6w or P30D."""
    from projections.answers.due import LONGEST

    found = _DAYS.fullmatch(text)
    if found is None:
        raise Failure("usage", f"{text!r} is no number of days", USAGE, "write 30d or 6w")
    days = int(found[1]) * (7 if found[2] in {"w", "W"} else 1)
    if days > LONGEST:
        raise Failure("usage", f"{text!r} is more than ten years", USAGE, f"write {LONGEST}d at most")
    return days


def docket(
    session: Annotated[
        str, typer.Argument(metavar="[SESSION|next]", help="A session's number or name; next: the one to come.")
    ] = "next",
    commission: Annotated[
        str | None, typer.Option("--commission", metavar="SLUG", help="Which commission, where there are several.")
    ] = None,
    *,
    asked: Reading,
) -> None:
    """What is before a commission: changed since its last session, late, carried over, never reviewed."""
    from projections.answers.docket import NoSuchSession
    from projections.answers.docket import docket as docket_of

    screen = asked.screen
    with register_of(asked) as register, register.world(as_of=asked.day, known_at=asked.known_at) as world:
        say_when(world, asked)
        stream = _commission(world, commission)
        try:
            answer = docket_of(world, stream, session, lambda day: register.position_by(world.reader, day))
        except NoSuchSession as missing:
            known = ", ".join(missing.known) or "none with a number"
            message = f"{stream} has no session {missing.name!r}; on record: {known}"
            raise Failure("not-found", message, NOT_FOUND, "paraph docket next") from None
        rows = [screens.docket_row(number, item) for number, item in enumerate(answer["items"], 1)]
        screen.answer(
            answer,
            answer["items"] if screen.json else rows,
            screens.DOCKET,
            lambda s: screens.docket_lines(answer, rows, s),
        )
        name = shortest(world.reader, stream)
        screen.hint(f"paraph status {name}", f"paraph record review SLUG {name} --session N --finding FINDING")


def _commission(world: World, named: str | None) -> str:
    from projections.answers.streams import standings

    if named is not None:
        stream = stream_exactly(world.reader, named, ("commission",))
        if not standings(world, [stream]):
            message = f"nothing of {stream} was in effect on {world.as_of}"
            raise Failure("not-found", message, NOT_FOUND, f"paraph log {stream}")
        return stream
    found = sorted(standing.stream for standing in standings(world).values() if standing.kind == "commission")
    if len(found) == 1:
        return found[0]
    if not found:
        raise Failure("not-found", "no commission is on record", NOT_FOUND, "paraph new commission NAME")
    message = f"there are several commissions: {', '.join(name.partition('/')[2] for name in found)}"
    raise Failure("ambiguous", message, NOT_FOUND, "name one with --commission SLUG")


def funnel(*, asked: Reading) -> None:
    """How many were signed, are in force, are in each phase, run or were dropped; median days in each phase."""
    from projections.answers.funnel import funnel as funnel_of

    screen = asked.screen
    with world_of(asked) as world:
        say_when(world, asked)
        answer = funnel_of(world)
        rows = screens.funnel_rows(answer)
        screen.answer(answer, rows, screens.FUNNEL, lambda s: screens.funnel_lines(answer, s))
        screen.hint("paraph board", "paraph list projects")
