"""Recording the facts of a JSON-lines file (CLI.md section 5), or restoring an exported log."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Annotated

import typer

from cli.exits import REFUSED, UNAVAILABLE, USAGE, Failure
from cli.importing import LONGEST, Import, Report
from cli.options import Common
from cli.output import Screen, cell
from cli.register import Register
from cli.restoring import Restore, begins_an_export
from cli.screens.words import counted
from cli.table import Column, lines
from cli.wiring import register_of
from eventstore.errors import StoreError

LARGEST = 32 << 20
"""Bytes of a file: all of it is read and judged before the first fact is recorded."""

REJECTED = (
    Column("row", "ROW", fixed=True),
    Column("column", "COLUMN"),
    Column("value", "VALUE", drop=1),
    Column("problem", "PROBLEM"),
    Column("suggestion", "TRY", drop=2),
)


def import_(
    file: Annotated[str, typer.Argument(metavar="FILE", help="A .jsonl file, one fact a line; - for standard input.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Report every bad row; record nothing.")] = False,
    partial: Annotated[
        bool, typer.Option("--partial", help="Record the good rows; put the others in FILE.rejected.jsonl.")
    ] = False,
    recorded_at: Annotated[
        str | None,
        typer.Option("--recorded-at", metavar="TIME", help="When an older register recorded these facts."),
    ] = None,
    by: Annotated[str | None, typer.Option("--by", metavar="NAME", help="Who records (default: you).")] = None,
    *,
    common: Common,
) -> None:
    """Record the facts of a file; importing it twice adds nothing. A file with bad rows is refused whole.

    An exported log (export --format jsonl) read into an empty register is restored: the same events, byte for byte.
    """
    screen = common.screen
    if partial and file == "-":
        raise Failure("usage", "--partial needs a file to put rejected rows beside", USAGE, "save the input first")
    with _opened(file) as opened, register_of(common) as register, screen.progress("import") as progress:
        first = _first_line(opened)
        if begins_an_export(first) and not (partial or recorded_at or _holds_events(register)):
            report = Restore(register, progress, keep_events=screen.json).run(first, opened, dry_run=dry_run)
            _show(report, screen, dry_run=dry_run)
            return
        job = Import(register, by=by or register.by, progress=progress, recorded_at=recorded_at)
        try:
            report = job.run(_rest(file, first, opened), dry_run=dry_run, partial=partial)
        except StoreError as error:
            raise _stopped(error, job.report) from error
    if report.clock_back:
        screen.say(f"paraph: the clock stands {report.clock_back} behind the log; the log's time was kept")
    if report.rejected:
        screen.echo(*_rejected_lines(report, screen))
    if report.rejected and partial and not dry_run:
        _set_aside(Path(file), report, screen)
    _show(report, screen, dry_run=dry_run)
    if report.rejected and not partial:
        message = f"{counted(report.rejected, 'row')} rejected; nothing was recorded"
        raise Failure("rejected", message, REFUSED, "mend them, or record the others with --partial")


def _stopped(error: StoreError, report: Report) -> Failure:
    """Return the failure, with how to go on where some of the file is recorded already."""
    from cli.explaining import failure_of

    failure = failure_of(error)
    assert failure is not None  # noqa: S101 - every error of the store has its sentence
    if report.events:
        failure.hint = f"{len(report.events)} facts of the file are recorded; run it again: it goes on from there"
    return failure


@contextmanager
def _opened(file: str) -> Iterator[IO[bytes]]:
    """Open what is named for reading; it may be a pipe, or a device that never ends."""
    if file == "-":
        yield sys.stdin.buffer
        return
    try:
        opened = Path(file).open("rb")  # noqa: SIM115 - closed below; its own errors are the reader's to tell
    except (OSError, ValueError) as error:
        raise _unreadable(file, error) from None
    with opened:
        yield opened


def _first_line(opened: IO[bytes]) -> bytes:
    try:
        return opened.readline(LONGEST).removeprefix(b"\xef\xbb\xbf")
    except OSError as error:
        raise _unreadable(getattr(opened, "name", "it"), error) from None


def _rest(file: str, first: bytes, opened: IO[bytes]) -> bytes:
    try:
        data = first + opened.read(LARGEST + 1)
    except OSError as error:
        raise _unreadable(file, error) from None
    if len(data) > LARGEST:
        message = f"{file} is larger than {LARGEST >> 20} MB; nothing was recorded"
        raise Failure("too-large", message, REFUSED, "split it by lines, and import the parts one after the other")
    return data


def _unreadable(file: str, error: OSError | ValueError) -> Failure:
    why = error.strerror if isinstance(error, OSError) else str(error)
    return Failure("unreadable", f"{file} cannot be read: {why}", USAGE, "name a .jsonl file")


def _holds_events(register: Register) -> bool:
    with register.store.reading() as reader:
        return reader.head().size > 0


def _rows(report: Report) -> int:
    return report.new + report.already_recorded + report.rejected


def _rejected_lines(report: Report, screen: Screen) -> list[str]:
    rows = [{name: cell(value) for name, value in row.items()} for row in report.rows]
    return lines(rows, REJECTED, screen.said_width)


def _set_aside(file: Path, report: Report, screen: Screen) -> None:
    target = file.with_name(f"{file.stem}.rejected.jsonl")
    try:
        target.write_bytes(b"".join(line + b"\n" for line in report.rejected_lines))
    except OSError as error:
        message = f"{report.new} facts are recorded, but {target} cannot be written: {error.strerror}"
        hint = "make it writable and run the import again: nothing is recorded twice"
        raise Failure("io", message, UNAVAILABLE, hint) from None
    screen.say(f"rejected rows are in {target}: mend them and import that file")


def _show(report: Report, screen: Screen, *, dry_run: bool) -> None:
    answer = report.as_json()
    unwritten = dry_run or not report.written
    told = f"{_rows(report)} rows: {report.new} new, {report.already_recorded} already recorded"
    said = f"{told}, {report.rejected} rejected." + (
        " Nothing written." if unwritten else f" The log ends at position {answer['head']['position']}."
    )
    counts = ("new", "already_recorded", "rejected")
    row = {name: answer[name] for name in counts} | {"position": answer["head"]["position"]}
    columns = tuple(Column(name, name.upper()) for name in row)
    screen.answer(answer, [row], columns, lambda _: [said])
    screen.hint("paraph status", "paraph list", "paraph log")
