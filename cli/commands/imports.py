"""Recording the facts of a file: JSON lines as they are (CLI.md section 5), tables by a map."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path
from shlex import quote
from typing import IO, Annotated, Any

import typer

from cli.aside import set_aside
from cli.exits import REFUSED, USAGE, Failure
from cli.helper import helped
from cli.importing import Import, Report
from cli.options import Common
from cli.output import Screen, cell
from cli.register import Register
from cli.restoring import Restore, begins_a_log
from cli.screens.words import counted
from cli.source import Source, source_of
from cli.table import Column, lines
from cli.wiring import register_of
from eventstore.errors import StoreError

LARGEST = 256 << 20
"""Bytes of a file: all of it is read and judged before the first fact is recorded."""

_IN_MEMORY = 16 << 20

TABLES = frozenset({".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".xls", ".xlsb", ".ods"})
"""Files that are tables; anything else is taken for JSON lines."""

REJECTED = (
    Column("row", "ROW", fixed=True),
    Column("column", "COLUMN"),
    Column("value", "VALUE", drop=1),
    Column("problem", "PROBLEM"),
    Column("suggestion", "TRY", drop=2),
)


def import_(
    file: Annotated[
        str,
        typer.Argument(metavar="FILE", help="A .jsonl file, one fact a line, or - ; a .csv, .tsv, .xlsx, .xls, .ods."),
    ],
    map_: Annotated[
        str | None, typer.Option("--map", metavar="MAP", help="The .toml map that turns a table's rows into facts.")
    ] = None,
    suggest: Annotated[
        bool, typer.Option("--suggest", help="Print a map to begin with; --map may say how the table lies.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Report every bad row; record nothing.")] = False,
    partial: Annotated[
        bool, typer.Option("--partial", help="Record the good rows; put the others in FILE.rejected.jsonl or .csv.")
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
    if recorded_at is not None and not recorded_at.strip():
        raise Failure("usage", "--recorded-at is empty: nothing was recorded", USAGE, "--recorded-at 2025-04-17")
    table = Path(file).suffix.casefold() in TABLES
    if suggest:
        _suggest(Path(file), map_, screen)
        return
    if map_ is not None and not table:
        message = "a map is for tables: .csv, .tsv, .xlsx, .xls and .ods; JSON lines need none"
        raise Failure("usage", message, USAGE, "give the file its suffix, or leave out --map")
    if map_ is None and table:
        raise Failure("usage", "a table needs a map", USAGE, f"paraph import {quote(file)} --suggest > map.toml")
    if map_ is not None:
        from cli.tables.importing import Wanted, import_table

        wanted = Wanted(Path(file), Path(map_), dry_run, partial, recorded_at)
        with register_of(common) as register:
            import_table(register, wanted, screen, by=by or register.by)
        return
    _import_lines(common, _Wanted(file, dry_run, partial, recorded_at, by))


def _suggest(file: Path, map_: str | None, screen: Screen) -> None:
    """Show a map to begin with; of a map that is there already, only how the table lies is taken."""
    from cli.tables.mapfile import read_layout
    from cli.tables.suggesting import suggested

    lines_of_map = suggested(file, read_layout(Path(map_)) if map_ is not None else None)
    if screen.json:
        screen.answer({"map": "".join(f"{line}\n" for line in lines_of_map)}, [], (), lambda _: [])
    else:
        screen.lines(lines_of_map)


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What is asked of a JSON-lines file."""

    file: str
    dry_run: bool
    partial: bool
    recorded_at: str | None
    by: str | None


def _import_lines(common: Common, wanted: _Wanted) -> None:
    screen = common.screen
    if wanted.partial and wanted.file == "-":
        raise Failure("usage", "--partial needs a file to put rejected rows beside", USAGE, "save the input first")
    with source_of(wanted.file) as source, register_of(common) as register:
        if begins_a_log(source):
            _restore(register, source, wanted, screen)
            return
        with helped() as helper, _copied(source) as opened, screen.progress("import") as progress:
            job = Import(register, wanted.by or register.by, progress, wanted.recorded_at, helper)
            try:
                report = job.run(opened, dry_run=wanted.dry_run, partial=wanted.partial)
            except StoreError as error:
                raise _stopped(error, job.report) from error
        answer = report.as_json(register.store if screen.json else None)
    if report.clock_back:
        screen.say(f"paraph: the clock stands {report.clock_back} behind the log; the log's time was kept")
    if report.rejected:
        screen.echo(*_rejected_lines(report, screen))
    if report.rejected and wanted.partial and not wanted.dry_run:
        rejected = b"".join(line + b"\n" for line in report.rejected_lines)
        set_aside(Path(wanted.file), ".jsonl", rejected, screen, recorded=f"{report.new} facts are recorded")
    _show(report, answer, screen, dry_run=wanted.dry_run)
    if report.rejected and not wanted.partial:
        message = f"{counted(report.rejected, 'row')} rejected; nothing was recorded"
        raise Failure("rejected", message, REFUSED, "mend them, or record the others with --partial")


def _restore(register: Register, source: Source, wanted: _Wanted, screen: Screen) -> None:
    if wanted.partial or wanted.recorded_at:
        message = "an exported log is restored whole, with its own recorded times"
        raise Failure("usage", message, USAGE, "leave out --partial and --recorded-at")
    with screen.progress("restore") as progress:
        report = Restore(register, progress).run(BufferedReader(source, 1 << 20), dry_run=wanted.dry_run)
    answer = report.as_json(register.store if screen.json else None)
    _show(report, answer, screen, dry_run=wanted.dry_run)


def _stopped(error: StoreError, report: Report) -> Failure:
    """Return the failure, with how to go on where some of the file is recorded already."""
    from cli.explaining import failure_of

    failure = failure_of(error)
    assert failure is not None  # noqa: S101 - every error of the store has its sentence
    if report.positions:
        failure.hint = f"{len(report.positions)} facts of the file are recorded; run it again: it goes on from there"
    return failure


@contextmanager
def _copied(source: Source) -> Iterator[IO[bytes]]:
    """Yield a source as a file that can be read twice, if it is not too large."""
    with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as copy:
        while copy.tell() <= LARGEST and (block := source.read(1 << 20)):
            copy.write(block)
        if copy.tell() > LARGEST:
            message = f"{source.label} is larger than {LARGEST >> 20} MB; nothing was recorded"
            raise Failure("too-large", message, REFUSED, "split it by lines, and import the parts one after the other")
        copy.seek(0)
        yield copy


def _rows(report: Report) -> int:
    return report.new + report.already_recorded + report.rejected


def _rejected_lines(report: Report, screen: Screen) -> list[str]:
    rows = [{name: cell(value) for name, value in row.items()} for row in report.rows]
    return lines(rows, REJECTED, screen.said_width)


def _show(report: Report, answer: dict[str, Any], screen: Screen, *, dry_run: bool) -> None:
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
