"""Recording the facts of a JSON-lines file (CLI.md section 5)."""

from pathlib import Path
from typing import Annotated

import typer

from cli.exits import REFUSED, UNAVAILABLE, USAGE, Failure
from cli.importing import Import, Report
from cli.options import Common
from cli.output import Screen, cell
from cli.screens.words import counted
from cli.table import Column, lines
from cli.wiring import register_of

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
    """Record the facts of a file; importing it twice adds nothing. A file with bad rows is refused whole."""
    screen = common.screen
    if partial and file == "-":
        raise Failure("usage", "--partial needs a file to put rejected rows beside", USAGE, "save the input first")
    with register_of(common) as register, screen.progress("import") as progress:
        job = Import(register, by=by or register.by, progress=progress, recorded_at=recorded_at)
        report = job.run(_read(file), dry_run=dry_run, partial=partial)
    if report.rejected:
        screen.echo(*_rejected_lines(report, screen))
    if report.rejected and partial and not dry_run:
        _set_aside(Path(file), report, screen)
    _show(report, screen, dry_run=dry_run)
    if report.rejected and not partial:
        message = f"{counted(report.rejected, 'row')} rejected; nothing was recorded"
        raise Failure("rejected", message, REFUSED, "mend them, or record the others with --partial")


def _read(file: str) -> bytes:
    if file == "-":
        import sys

        return sys.stdin.buffer.read()
    try:
        return Path(file).read_bytes()
    except OSError as error:
        raise Failure("unreadable", f"{file} cannot be read: {error.strerror}", USAGE, "name a .jsonl file") from None


def _rejected_lines(report: Report, screen: Screen) -> list[str]:
    rows = [{name: cell(value) for name, value in row.items()} for row in report.rows]
    return lines(rows, REJECTED, screen.said_width)


def _set_aside(file: Path, report: Report, screen: Screen) -> None:
    target = file.with_name(f"{file.stem}.rejected.jsonl")
    try:
        target.write_bytes(b"".join(line + b"\n" for line in report.rejected_lines))
    except OSError as error:
        raise Failure("io", f"{target} cannot be written: {error.strerror}", UNAVAILABLE) from None
    screen.say(f"rejected rows are in {target}: mend them and import that file")


def _show(report: Report, screen: Screen, *, dry_run: bool) -> None:
    answer = report.as_json()
    total = report.new + report.already_recorded + report.rejected
    unwritten = dry_run or not report.written
    told = f"{total} rows: {report.new} new, {report.already_recorded} already recorded, {report.rejected} rejected."
    said = told + (" Nothing written." if unwritten else f" The log ends at position {answer['head']['position']}.")
    counts = ("new", "already_recorded", "rejected")
    row = {name: answer[name] for name in counts} | {"position": answer["head"]["position"]}
    columns = tuple(Column(name, name.upper()) for name in row)
    screen.answer(answer, [row], columns, lambda _: [said])
    screen.hint("paraph status", "paraph list", "paraph log")
