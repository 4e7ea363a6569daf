"""`paraph import FILE --map MAP.toml`: a table into the register, with every bad row told and every change said."""

import csv
import re
import tempfile
from collections.abc import Container, Iterator, Sequence
from dataclasses import asdict, dataclass
from io import StringIO
from pathlib import Path
from typing import Any

from cli.apart import Parts
from cli.aside import set_aside
from cli.exits import REFUSED, Failure
from cli.garbage import rare_collections
from cli.helper import helped
from cli.importing import Import, Report
from cli.output import Screen, cell
from cli.register import Register
from cli.screens.words import counted
from cli.table import Column, lines
from cli.tables.cells import shown
from cli.tables.job import Job, run
from cli.tables.mapfile import read_map
from cli.tables.sheets import Cell

PROBLEMS = (
    Column("row", "ROW", fixed=True),
    Column("column", "COLUMN"),
    Column("value", "VALUE", drop=1),
    Column("problem", "PROBLEM"),
    Column("suggestion", "TRY", drop=2),
)
CHANGES = (
    Column("row", "ROW", fixed=True),
    Column("stream", "STREAM", fixed=True),
    Column("fact", "FACT", drop=1),
    Column("field", "COLUMN"),
    Column("before", "BEFORE"),
    Column("after", "AFTER"),
    Column("how", "HOW", drop=2),
)
_VALUE = 80
"""So many characters of a bad value are shown to a person; programs get all."""
_LARGE = 8 << 20
"""Bytes of a file that may well have so many facts that a second process is wanted: it starts meanwhile."""
_SHOWN = 200
"""So many changes are shown to a person; programs get all."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was asked: which file by which map, and whether to record, in part, and as of when."""

    file: Path
    map: Path
    dry_run: bool = False
    partial: bool = False
    recorded_at: str | None = None


def import_table(register: Register, wanted: Wanted, screen: Screen, *, by: str) -> None:
    """Record the facts of a table; raises `Failure` where rows are rejected and the others are not wanted alone."""
    map_ = read_map(wanted.map)
    with helped() as helper:
        if helper and wanted.file.is_file() and wanted.file.stat().st_size >= _LARGE:
            helper.start()
        with rare_collections(), screen.progress("read") as progress:
            job = run(wanted.file, map_, register.store, day=_day(register, wanted), progress=progress)
        with screen.progress("import") as progress:
            importing = Import(register, by, progress, wanted.recorded_at, helper)
            report = _imported(importing, job, wanted)
    answer = report.as_json(register.store if screen.json else None)
    _tell(wanted, job, report, answer, screen)


def _imported(importing: Import, job: Job, wanted: Wanted) -> Report:
    with job.spool, tempfile.NamedTemporaryFile() as ordered:
        ordered.writelines(job.lines())
        ordered.seek(0)
        parts = Parts(Path(ordered.name), job.index.parts(), job.index.streams) if job.independent else None
        hold = wanted.dry_run or bool(job.disproved) or (bool(job.problems) and not wanted.partial)
        return importing.run(ordered, dry_run=hold, partial=wanted.partial, parts=parts)


def _day(register: Register, wanted: Wanted) -> str:
    """Return the day the table speaks for, in the register's time zone."""
    moment = register.moment(wanted.recorded_at) if wanted.recorded_at else register.now()
    return moment.astimezone(register.zone).date().isoformat()


def _tell(wanted: Wanted, job: Job, report: Report, answer: dict[str, Any], screen: Screen) -> None:
    problems = [asdict(problem) for problem in job.problems] + list(_translated(report.rows, job))
    problems = sorted(_causes(problems), key=lambda problem: int(problem["row"]))
    rejected = {problem["row"] for problem in problems}
    if report.clock_back:
        screen.say(f"paraph: the clock stands {report.clock_back} behind the log; the log's time was kept")
    screen.echo(*job.table.remarks)
    if problems:
        screen.echo(*_lines(_brief(problems), PROBLEMS, screen))
    if job.changes:
        screen.echo(*_lines([asdict(change) for change in job.changes[:_SHOWN]], CHANGES, screen))
    if job.noted:
        screen.say(f"{counted(len(job.noted), 'cell')} cannot be read; the facts they would give are notes instead:")
        screen.echo(*_lines(_brief([asdict(problem) for problem in job.noted]), PROBLEMS, screen))
    if rejected and wanted.partial and not (wanted.dry_run or job.disproved):
        content = _rejected(wanted.file, job, rejected)
        set_aside(wanted.file, ".csv", content, screen, recorded="the good rows are recorded")
    _answer(wanted, job, answer, problems, screen)
    if job.disproved and not wanted.dry_run:
        message = f"the order of {', '.join(job.disproved)} is not the map's; nothing was recorded"
        raise Failure("bad-map", message, REFUSED, 'dates = "mdy", or "dmy", in the map')
    if rejected and not wanted.partial:
        message = f"{counted(len(rejected), 'row')} rejected; nothing was recorded"
        raise Failure("rejected", message, REFUSED, "mend them, or record the others with --partial")


def _translated(rows: Sequence[dict[str, Any]], job: Job) -> Iterator[dict[str, Any]]:
    """Yield what the rules said of a fact, in the words of the table: its row, and the column it came from."""
    for problem in rows:
        row, rule = job.origin(int(problem["row"]))
        place = str(problem["column"])
        suggestion = problem["suggestion"] or _shorter(str(problem["problem"]))
        yield {**problem, "row": row, "column": rule.column(place), "suggestion": suggestion}


def _shorter(problem: str) -> str:
    """Return how the map takes no more of a text than a field holds, where that is what is wrong with it."""
    found = re.search(r"should have at most (\d+) characters", problem)
    return f'match = "^.{{1,{found[1]}}}" in the map' if found else ""


def _causes(problems: Sequence[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield the problems without those that only follow: where a stream could not be opened, nothing is put in it."""
    elsewhere = {problem["row"] for problem in problems if not _follows(problem)}
    yield from (problem for problem in problems if not (_follows(problem) and problem["row"] in elsewhere))


def _follows(problem: dict[str, Any]) -> bool:
    return str(problem["problem"]).endswith("is not in the register")


def _brief(problems: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the problems with long values cut, so that one does not push what is wrong with it off the screen."""
    return [problem | {"value": _cut(str(problem["value"]))} for problem in problems]


def _cut(value: str) -> str:
    return value if len(value) <= _VALUE else f"{value[: _VALUE - 1]}…"


def _lines(rows: Sequence[dict[str, Any]], columns: Sequence[Column], screen: Screen) -> list[str]:
    return lines([{name: cell(value) for name, value in row.items()} for row in rows], columns, screen.said_width)


def _rejected(file: Path, job: Job, rejected: Container[int]) -> bytes:
    """Return the rows that were rejected as they were, under their heading, so that they can be mended."""
    from cli.tables.reading import read_table

    layout = job.map.table.reading()
    again = read_table(file, layout)
    text = StringIO(newline="")
    writer = csv.writer(text, delimiter=layout.delimiter or ",", quotechar=layout.quote or '"')
    # The heading stands where the map looks for it, so that the same map reads the file.
    writer.writerows([[""]] * (max(layout.heading()) - 1))
    if max(layout.heading()):
        writer.writerow(again.columns)
    writer.writerows([_raw(each) for each in row.cells] for row in again.rows if row.number in rejected)
    return text.getvalue().encode(layout.encoding or "utf-8")


def _raw(value: Cell) -> str:
    return "" if value is None else value if isinstance(value, str) else shown(value)


def _answer(wanted: Wanted, job: Job, answer: dict[str, Any], problems: list[dict[str, Any]], screen: Screen) -> None:
    already = answer["already_recorded"] + job.same
    rejected = len({problem["row"] for problem in problems})
    corrected = len({(change.row, change.fact) for change in job.changes if change.how == "corrected"})
    answer |= {
        "already_recorded": already,
        "rejected": rejected,
        "problems": problems,
        "warnings": [{**said, "row": job.origin(int(said["row"]))[0]} for said in answer["warnings"]],
        "rows": job.rows,
        "corrected": corrected,
        "changes": [asdict(change) for change in job.changes],
        "left_as_they_are": job.left,
        "noted": [asdict(problem) for problem in job.noted],
        "remarks": job.table.remarks,
    }
    unwritten = wanted.dry_run or not answer["written"]
    told = f"{job.rows} rows: {answer['new']} new facts, {corrected} of them corrections, {already} already recorded"
    where = " Nothing written." if unwritten else f" The log ends at position {answer['head']['position']}."
    counts = ("rows", "new", "corrected", "already_recorded", "rejected")
    row = {name: answer[name] for name in counts} | {"position": answer["head"]["position"]}
    columns = tuple(Column(name, name.upper()) for name in row)
    screen.answer(answer, [row], columns, lambda _: [f"{told}, {counted(rejected, 'row')} rejected.{where}"])
    screen.hint("paraph status", "paraph list", "paraph log")
