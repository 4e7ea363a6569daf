"""How an answer leaves the program: a table, TSV, CSV, Markdown or JSON; data on stdout, the rest on stderr."""

import csv
import io
import os
import select
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from json import dumps
from time import monotonic
from typing import Any

import orjson

from cli.exits import UNAVAILABLE, Failure
from cli.inert import inert, inert_json
from cli.table import Column

FORMATS = ("table", "tsv", "csv", "json", "jsonl", "md")
Rows = Sequence[dict[str, Any]]
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Screen:
    """Where answers go. `format` is settled: `table` only where a person looks."""

    format: str
    quiet: bool = False
    color: bool = False
    remarks: dict[str, Any] = field(default_factory=dict, compare=False)
    """What a JSON answer says of itself besides."""

    @property
    def json(self) -> bool:
        """Say whether stdout holds JSON and nothing else."""
        return self.format in {"json", "jsonl"}

    @property
    def width(self) -> int:
        """Return how many cells a line of the terminal has."""
        return shutil.get_terminal_size((100, 40)).columns

    @property
    def said_width(self) -> int:
        """Return how wide what is said may be: without bound where stderr is no terminal."""
        return self.width if sys.stderr.isatty() else sys.maxsize

    def answer(
        self,
        answer: dict[str, Any],
        rows: Rows,
        columns: Sequence[Column],
        human: Callable[["Screen"], Iterable[str]],
    ) -> None:
        """Print an answer: whole as JSON, its rows as text columns, or as a person reads it."""
        if self.format == "json":
            whole = {**answer, **self.remarks}
            _out(inert_json(_json(whole, indented=True)))
        elif self.format == "jsonl":
            _lines(inert_json(_json(row)) for row in rows)
        elif self.format == "table":
            _lines(human(self))
        else:
            cells = [[cell(row.get(column.field)) for column in columns] for row in rows]
            _out(_TEXT[self.format]([column.field for column in columns], cells))

    def lines(self, lines: Iterable[str]) -> None:
        """Print data that is text by nature: a script, a schema, fact lines."""
        _lines(lines)

    def say(self, *lines: str) -> None:
        """Tell a person something beside the data: a warning, what was resolved; silent with --quiet."""
        if not self.quiet:
            for line in lines:
                print(inert(line), file=sys.stderr)  # noqa: T201 - the one place that prints

    def echo(self, *lines: str) -> None:
        """Tell a person what a JSON answer holds anyway; with JSON stderr stays free for the one error object."""
        if not self.json:
            self.say(*lines)

    def hint(self, *commands: str) -> None:
        """Name the next useful commands, where a person looks on."""
        if not self.quiet and self.format == "table":
            _out(f"Next: {' | '.join(commands)}")

    def bold(self, text: str) -> str:
        """Return the text set off, where colours are wanted."""
        return f"\x1b[1m{text}\x1b[0m" if self.color else text

    def faint(self, text: str) -> str:
        """Return the text held back, where colours are wanted."""
        return f"\x1b[2m{text}\x1b[0m" if self.color else text

    @contextmanager
    def progress(self, label: str) -> Iterator[Callable[[int, int], None]]:
        """Show a bar on stderr once a person has waited a second; yields what to call with done and total."""
        if self.quiet or self.json or not sys.stderr.isatty():
            yield lambda _done, _total: None
            return
        with ExitStack() as stack:
            yield Bar(label, stack).advance


@dataclass
class Bar:
    """A progress bar that appears only when the work takes more than a second."""

    label: str
    stack: ExitStack
    begun: float = field(default_factory=monotonic)
    move: Callable[[int, int], None] | None = None

    def advance(self, done: int, total: int) -> None:
        """Move the bar to `done` of `total`; a total of 0 is not known."""
        if self.move is None and monotonic() - self.begun > 1:
            self.move = self._appear()
        if self.move is not None:
            self.move(done, total)

    def _appear(self) -> Callable[[int, int], None]:
        from rich.console import Console
        from rich.progress import Progress

        bar = self.stack.enter_context(Progress(console=Console(stderr=True), transient=True))
        task = bar.add_task(self.label, total=None)
        return lambda done, total: bar.update(task, completed=done, total=total or None)


def screen_for(*, format: str | None, json: bool, quiet: bool, color: str) -> Screen:  # noqa: A002 - the flag's name
    """Settle the format: as said, else a table on a terminal and TSV anywhere else."""
    terminal = sys.stdout.isatty()
    chosen = "json" if json else format or ("table" if terminal else "tsv")
    colored = color == "always" or (color == "auto" and terminal and "NO_COLOR" not in os.environ)
    return Screen(chosen, quiet=quiet, color=colored and chosen == "table")


def _json(value: Any, *, indented: bool = False) -> str:
    """Return a value as JSON text."""
    try:
        return orjson.dumps(value, option=orjson.OPT_INDENT_2 if indented else None).decode()
    except orjson.JSONEncodeError:
        # What was typed, and is repeated, may be no Unicode, or a number of thirty digits.
        separators = None if indented else (",", ":")
        return dumps(value, ensure_ascii=False, indent=2 if indented else None, separators=separators)


def show_failure(failure: Failure, *, json: bool) -> None:
    """Print an error to stderr: as JSON, or as sentences that teach."""
    if json:
        print(inert_json(_json(failure.as_json())), file=sys.stderr)  # noqa: T201 - the one place that prints
        return
    lines = [f"paraph: {failure.message}", *([f"        {failure.hint}"] if failure.hint else [])]
    for line in lines:
        print(inert(line), file=sys.stderr)  # noqa: T201 - the one place that prints


def cell(value: Any) -> str:
    """Return a value as the text of one cell, inert; lists by their slugs or words."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return "; ".join(cell(item) for item in value)
    if isinstance(value, dict):
        return cell(value.get("slug") or value.get("code") or value.get("source") or _pairs(value))
    return inert(str(value))


def _pairs(value: dict[str, Any]) -> str:
    return " ".join(f"{name}={cell(item)}" for name, item in value.items() if item is not None)


def _tsv(heading: list[str], rows: list[list[str]]) -> str:
    return "\n".join("\t".join(row) for row in (heading, *rows))


def _csv(heading: list[str], rows: list[list[str]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(heading)
    # A spreadsheet would run a cell that begins like a formula; the apostrophe makes it text.
    writer.writerows([f"'{text}" if text.startswith(_FORMULA) else text for text in row] for row in rows)
    return text.getvalue().rstrip("\n")


def _md(heading: list[str], rows: list[list[str]]) -> str:
    rule = ["---"] * len(heading)
    escaped = ([text.replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;") for text in row] for row in rows)
    return "\n".join(f"| {' | '.join(row)} |" for row in (heading, rule, *escaped))


_TEXT: dict[str, Callable[[list[str], list[list[str]]], str]] = {"tsv": _tsv, "csv": _csv, "md": _md}


def _lines(lines: Iterable[str]) -> None:
    for line in lines:
        _out(line)


def _out(text: str) -> None:
    with _written():
        sys.stdout.write(text + "\n")


def flush() -> None:
    """Send on what was printed; Failure where it cannot be written, since then nobody has the answer."""
    with _written():
        sys.stdout.flush()


def expect_reader() -> None:
    """Raise BrokenPipeError where stdout is a pipe that nobody reads any more: who writes nothing is not told."""
    if not hasattr(select, "poll"):  # Windows
        return
    try:
        stdout = sys.stdout.fileno()
    except OSError:  # not a stream of the system's
        return
    looked = select.poll()
    looked.register(stdout, 0)
    if any(found & (select.POLLERR | select.POLLHUP) for _, found in looked.poll(0)):
        raise BrokenPipeError


@contextmanager
def _written() -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        raise unwritten(error) from None


def unwritten(error: OSError) -> Failure:
    """Return what to say where stdout takes no more, and point it away."""
    silence_stdout()
    hint = "a record may have been made: run it again with the same --id, and it is made once"
    return Failure("output", f"the answer cannot be written: {error.strerror}", UNAVAILABLE, hint)


def silence_stdout() -> None:
    """Point stdout away, or Python tries once more, and complains, when it exits."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
