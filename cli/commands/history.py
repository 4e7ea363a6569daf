"""How it came to be: log, show, replay, diff, tail, verify."""

from collections.abc import Iterator
from math import isnan
from typing import Annotated, Any

import typer

from cli.commands.ask import say_when
from cli.exits import ANSWER_IS_NO, DAMAGED, INTERRUPTED, NOT_FOUND, USAGE, Failure
from cli.options import Reading, Shown
from cli.output import Screen
from cli.register import Register
from cli.replica import replica_named
from cli.screens import history as screens
from cli.wiring import register_of
from eventstore.log import Reader
from projections.answers import history
from projections.answers.resolve import event_meant, short_hash, shortest, stream_meant
from projections.world import World

Slug = Annotated[str | None, typer.Argument(metavar="SLUG", help="A slug, its beginning, or words of a name.")]


def log(
    slug: Slug = None,
    last: Annotated[int | None, typer.Option("--last", metavar="N", min=1, help="Only the last N events.")] = None,
    happened_since: Annotated[
        str | None, typer.Option("--happened-since", metavar="DATE", help="Only what took effect from then on.")
    ] = None,
    recorded_since: Annotated[
        str | None, typer.Option("--recorded-since", metavar="TIME", help="Only what was recorded from then on.")
    ] = None,
    *,
    asked: Reading,
) -> None:
    """The events of a stream and those about it, or of the whole log, with struck ones marked."""
    screen = asked.screen
    with register_of(asked) as register, register.world(as_of=asked.day, known_at=asked.known_at) as world:
        say_when(world, asked)
        stream = stream_meant(world, slug) if slug else None
        answer = history.log(world, stream, _period(register, happened_since, recorded_since, asked))
        if last is not None:
            answer["events"] = answer["events"][-last:]
        rows = [screens.event_row(event) for event in answer["events"]]
        shown = answer["events"] if screen.json else rows
        screen.answer(answer, shown, screens.LOG, lambda s: screens.log_lines(answer, _short(world.reader), s))
        screen.hint("paraph show EVENT", *([f"paraph replay {shortest(world.reader, stream)}"] if stream else []))


def _period(register: Register, happened: str | None, recorded: str | None, asked: Reading) -> history.Period:
    from domain.dates import parse
    from eventstore.codec import instant

    return history.Period(
        happened_since=parse(happened).earliest.isoformat() if happened else None,
        recorded_since=instant(register.moment(recorded, begin=True)) if recorded else None,
        in_effect=asked.as_of is not None,
    )


def _short(reader: Reader) -> screens.Shorten:
    """Return what shortens the hash of an event's row as far as it stays the only one."""

    def shorten(position: int) -> str:
        event = reader.at(position)
        return short_hash(reader, event) if event else ""

    return shorten


def show(
    event: Annotated[str, typer.Argument(metavar="EVENT", help="Beginning of its hash, SLUG@VERSION, id or position.")],
    *,
    asked: Reading,
) -> None:
    """One event whole: data, quote, source, and what corrected it."""
    screen = asked.screen
    with register_of(asked) as register, register.world(as_of=asked.day, known_at=asked.known_at) as world:
        found = event_meant(world.reader, event)
        if world.known_at is not None and found.position > world.known_at:
            message = f"event {found.position} was recorded after position {world.known_at}"
            raise Failure("not-found", message, NOT_FOUND, "leave --known-at away")
        answer = history.one_event(world, found)
        rows = screens.show_rows(answer["event"])
        screen.answer(answer, rows, screens.SHOW, lambda s: screens.show_lines(answer, s))
        slug = shortest(world.reader, found.stream)
        screen.hint(f"paraph log {slug}", f"paraph correct {slug}@{found.version} --set FIELD=VALUE --reason TEXT")


def replay(
    slug: Slug = None,
    until: Annotated[str | None, typer.Option("--until", metavar="EVENT", help="Stop after this event.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Fold the whole log and compare every view.")] = False,
    *,
    asked: Reading,
) -> None:
    """How a stream came to be, step by step, with the facets each event changed; compared with the stored views."""
    if everything == (slug is not None):
        raise Failure("usage", "name one stream, or say --all", USAGE, "paraph replay SLUG")
    with register_of(asked) as register:
        if everything:
            _replay_all(register, asked)
            return
        with register.world(as_of=asked.day, known_at=asked.known_at) as world:
            say_when(world, asked)
            _replay_one(world, str(slug), until, asked)


def _replay_one(world: World, slug: str, until: str | None, asked: Reading) -> None:
    stream = stream_meant(world, slug)
    last = event_meant(world.reader, until) if until else None
    answer = history.replayed(world, stream, last.id if last else None)
    if answer is None:
        message = f"nothing of {stream} was in effect on {world.as_of}"
        raise Failure("not-found", message, NOT_FOUND, f"paraph log {stream}")
    if last and all(step["event"]["id"] != last.id for step in answer["steps"]):
        message = f"{last.type} at position {last.position} is no step of {stream}: of another stream, struck or later"
        raise Failure("not-found", message, NOT_FOUND, f"paraph log {stream}")
    rows = screens.step_rows(answer)
    screen = asked.screen
    shown = answer["steps"] if screen.json else rows
    screen.answer(answer, shown, screens.REPLAY, lambda s: screens.replay_lines(answer, _short(world.reader), s))
    if not answer["matches_projection"]:
        raise typer.Exit(ANSWER_IS_NO)


def _replay_all(register: Register, asked: Reading) -> None:
    from time import perf_counter

    from projections.rebuild import compare

    begun = perf_counter()
    screen = asked.screen
    with screen.progress("replay") as progress:
        compared, events, streams = compare(register.store, progress=progress)
    with register.store.reading() as reader:
        head = reader.head()
    matches = all(view.matches for view in compared)
    seconds = round(perf_counter() - begun, 3)
    answer = {
        "events": events,
        "streams": streams,
        "seconds": seconds,
        "matches_projection": matches,
        "differing": {view.name: list(view.streams) for view in compared if not view.matches},
        "head": {"position": head.size, "root": head.root.hex()},
    }
    row = {name: answer[name] for name in ("events", "streams", "seconds", "matches_projection")}
    screen.answer(answer, [row], screens.REPLAY_ALL, lambda s: _replay_all_lines(answer, s))
    if not matches:
        raise typer.Exit(ANSWER_IS_NO)


def _replay_all_lines(answer: dict[str, Any], screen: Screen) -> Iterator[str]:
    told = f"{answer['events']} events in {answer['streams']} streams, {answer['seconds']} s"
    if answer["matches_projection"]:
        yield f"ok: the whole log folded afresh equals every stored view ({told})"
        return
    yield screen.bold(f"differs: the stored views are not what the log gives ({told})")
    for view, streams in answer["differing"].items():
        yield f"  {view}: {', '.join(streams) or 'missing or of another version'}"
    yield "Next: paraph projections rebuild"


def diff(
    slug: Annotated[str, typer.Argument(metavar="SLUG", help="A slug, its beginning, or words of a name.")],
    from_as_of: Annotated[
        str | None, typer.Option("--from-as-of", metavar="DATE", help="Compare with the world on that day.")
    ] = None,
    from_known_at: Annotated[
        str | None,
        typer.Option("--from-known-at", metavar="TIME|POSITION", help="Compare with what the register said then."),
    ] = None,
    exit_code: Annotated[bool, typer.Option("--exit-code", help="Exit 1 when something differs.")] = False,
    *,
    asked: Reading,
) -> None:
    """What differs between two points of either time axis (default: what the stream's last event changed)."""
    from domain.dates import parse
    from projections.answers.diff import diff as diff_of

    screen = asked.screen
    with register_of(asked) as register, register.world(as_of=asked.day, known_at=asked.known_at) as world:
        stream = stream_meant(world, slug)
        day = parse(from_as_of).latest if from_as_of else world.as_of
        if from_as_of is None and from_known_at is None:
            from_known_at = str(_before_last(world, stream))
        known = register.position(world.reader, from_known_at) if from_known_at else world.known_at
        answer = diff_of(World(world.reader, day, known), world, stream)
        screen.answer(answer, answer["changes"], screens.DIFF, lambda s: screens.diff_lines(answer, s))
        screen.hint(f"paraph replay {shortest(world.reader, stream)}")
    if exit_code and answer["changes"]:
        raise typer.Exit(ANSWER_IS_NO)


def _before_last(world: World, stream: str) -> int:
    """Return the position before the last event of a stream that the question knows of."""
    limit = world.head.size if world.known_at is None else world.known_at
    known = [event.position for event in world.reader.stream(stream) if event.position <= limit]
    return max(known, default=1) - 1


def tail(
    from_: Annotated[
        int | None, typer.Option("--from", metavar="POSITION", min=0, help="Begin after this position (default: now).")
    ] = None,
    count: Annotated[
        int | None, typer.Option("--count", metavar="N", min=1, max=2**53 - 1, help="Stop after N events.")
    ] = None,
    every: Annotated[
        float, typer.Option("--every", metavar="SECONDS", min=0.05, max=3600, help="How often to look.")
    ] = 1.0,
    *,
    shown: Shown,
) -> None:
    """Follow the log: every new event as it is recorded, each once and in order; Ctrl-C ends it."""
    from cli.following import follow

    screen = shown.screen
    if screen.format in {"csv", "md"}:
        raise Failure("usage", f"what has no end does not come as {screen.format}", USAGE, "--format tsv or jsonl")
    if isnan(every):
        raise Failure("usage", "'nan' is no number of seconds", USAGE, "paraph tail --help")
    if replica_named(shown.settings):
        screen.say("paraph: what is followed is the primary, never the replica of --read-db")
    with register_of(shown) as register:
        if from_ is not None:
            with register.store.reading() as reader:
                register.existing(from_, reader.head().size)
        try:
            follow(register.store, screen, after=from_, count=count, every=every)
        except KeyboardInterrupt:  # the way to end it, and no mishap
            raise typer.Exit(INTERRUPTED) from None


def verify(*, shown: Shown) -> None:
    """Recompute every hash and copied column, and name the position of what is wrong."""
    from eventstore.verify import verify as verify_store

    screen = shown.screen
    with register_of(shown, examine=True) as register:
        with screen.progress("verify") as progress:
            report = verify_store(register.store, progress=lambda done: progress(done, 0))
        wrong = _wrong_views(register) if report.ok else {}
    answer = screens.report_json(report, wrong)
    screen.answer(answer, answer["problems"], screens.PROBLEMS, lambda s: screens.verify_lines(answer, s))
    if not answer["ok"]:
        raise typer.Exit(DAMAGED)


def _wrong_views(register: Register) -> dict[str, tuple[str, ...]]:
    """Return the views that hold other rows than the log gives, with the streams; a damaged log is not asked.

    A view that is missing, or of another version of the program, answers nobody: that is no tampering.
    """
    from projections.rebuild import check

    compared = check(register.store)
    return {view.name: view.streams for view in compared if not view.matches and view.position is not None}
