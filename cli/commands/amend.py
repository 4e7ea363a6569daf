"""Setting the record right without losing what it said: correct, retract, undo, note, source."""

from dataclasses import replace
from typing import Annotated, Any

import typer

from cli.drafting import draft, parse_settings, shaped
from cli.exits import REFUSED, USAGE, Failure
from cli.options import Writing
from cli.receipts import carry_out, event_line
from cli.screens.history import change_lines
from cli.undoing import changes_with, my_last, note_of, undone_by
from cli.wiring import register_of
from domain.catalogue import model_named
from domain.corrections import REVERSIBLE
from domain.reading import read_all
from eventstore.envelope import Recorded
from eventstore.log import Reader
from projections.answers.resolve import NotFound, event_meant, stream_exactly

Event = Annotated[str, typer.Argument(metavar="EVENT", help="Beginning of its hash, SLUG@VERSION, id or position.")]
Reason = Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why, and how it is known.", prompt=False)]


def correct(
    event: Event,
    reason: Reason,
    set_: Annotated[
        list[str] | None, typer.Option("--set", metavar="FIELD=VALUE", help="The right value; may be repeated.")
    ] = None,
    unset: Annotated[
        list[str] | None, typer.Option("--unset", metavar="FIELD", help="Take a field away; may be repeated.")
    ] = None,
    refine: Annotated[
        str | None, typer.Option("--refine", metavar="DATE", help="A better known date; the old one was not wrong.")
    ] = None,
    *,
    writing: Writing,
) -> None:
    """Replace fields of an event that were wrong, or with --on its date. What was recorded stays visible."""
    if refine and (set_ or unset or writing.on):
        raise Failure("usage", "--refine stands alone", USAGE, "correct other fields with a second command")
    with register_of(writing) as register:
        with register.store.reading() as reader:
            target = event_meant(reader, event)
            changes = shaped(reader, target.type, parse_settings(set_ or [])) | dict.fromkeys(unset or [])
        data: dict[str, Any] = {"target": target.id, "changes": changes, "on": writing.on, "reason": reason}
        fact = "EventCorrected"
        if refine:
            fact, data = "DateRefined", {"target": target.id, "on": refine, "basis": reason}
        given = {name: value for name, value in data.items() if value not in (None, {})}
        # --on says the event's right date here; the correction itself is of today.
        plain = replace(writing, on=register.today().isoformat())
        _echo(target, writing)
        carry_out(register, [draft(register, plain, fact, target.stream, given)], plain, sourced=False)


def retract(event: Event, reason: Reason, *, writing: Writing) -> None:
    """Strike an event that should never have been recorded; a correction is taken back. It stays visible."""
    with register_of(writing) as register:
        with register.store.reading() as reader:
            target = event_meant(reader, event)
        takes_back = issubclass(model_named(target.type), REVERSIBLE)
        fact = "CorrectionWithdrawn" if takes_back else "EventRetracted"
        _echo(target, writing)
        plain = replace(writing, on=writing.on or register.today().isoformat())
        data = {"target": target.id, "reason": reason}
        carry_out(register, [draft(register, plain, fact, target.stream, data)], plain, sourced=False)


def undo(
    slug: Annotated[
        str | None, typer.Argument(metavar="[SLUG]", help="Only what I recorded on this stream (default: anywhere).")
    ] = None,
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why.")] = "undone by who recorded it",
    *,
    writing: Writing,
) -> None:
    """Take back the last fact I recorded myself, after showing what that changes. It stays visible in the log."""
    with register_of(writing) as register:
        with register.store.reading() as reader:
            stream = stream_exactly(reader, slug) if slug else None
            target = undone_by(reader, writing.id, writing.key) or my_last(reader, register.by, stream)
            if target is None:
                message = f"nothing recorded by {register.by} is left to undo" + (f" on {slug}" if slug else "")
                raise Failure("nothing-to-undo", message, REFUSED, "--by NAME undoes what another name recorded")
            takes_back = issubclass(model_named(target.type), REVERSIBLE)
            fact = "CorrectionWithdrawn" if takes_back else "EventRetracted"
            plain = replace(writing, on=writing.on or register.today().isoformat(), note=note_of(writing.note))
            made = draft(register, plain, fact, target.stream, {"target": target.id, "reason": reason})
            changes = changes_with(read_all(reader.stream(target.stream)), made)
        _echo(target, writing)
        writing.screen.echo(*change_lines(changes))
        undone = {"undone": event_line(target), "changes": changes}
        carry_out(register, [made], plain, sourced=False, besides=undone)


def note(
    subject: Annotated[str, typer.Argument(metavar="STREAM|EVENT", help="What the remark is about.")],
    text: Annotated[str, typer.Argument(metavar="TEXT", help="The remark.")],
    *,
    writing: Writing,
) -> None:
    """Leave a remark on a stream, or on one event of it."""
    with register_of(writing) as register:
        with register.store.reading() as reader:
            stream, data = _noted(reader, subject, text)
        plain = replace(writing, on=writing.on or register.today().isoformat())
        carry_out(register, [draft(register, plain, "NoteRecorded", stream, data)], plain, sourced=False)


def _noted(reader: Reader, subject: str, text: str) -> tuple[str, dict[str, Any]]:
    try:
        return stream_exactly(reader, subject), {"text": text}
    except NotFound as missing:
        try:
            target = event_meant(reader, subject)
        except NotFound:
            raise missing from None
    return target.stream, {"text": text, "target": target.id}


def source(event: Event, *, writing: Writing) -> None:
    """Add a source to an event: --source REF, with --quote, --lang, --certainty."""
    given = writing.sources()
    if len(given) != 1:
        raise Failure("usage", "name exactly one --source", USAGE, "paraph source EVENT --source REF --quote TEXT")
    with register_of(writing) as register:
        with register.store.reading() as reader:
            target = event_meant(reader, event)
        _echo(target, writing)
        plain = replace(writing, on=writing.on or register.today().isoformat(), source=None, quote=None)
        data = {"target": target.id, "source": given[0]}
        carry_out(register, [draft(register, plain, "SourceAdded", target.stream, data)], plain, sourced=False)


def _echo(target: Recorded, writing: Writing) -> None:
    writing.screen.echo(f"{target.type} of {target.on} on {target.stream}@{target.version}, position {target.position}")
