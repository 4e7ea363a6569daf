"""Runs a command and turns whatever goes wrong into a message and an exit code (CLI.md section 3)."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import typer
from typer.core import TyperCommand

from cli.exits import CONFLICT, NOT_FOUND, REFUSED, UNEXPECTED, Failure
from cli.options import Common, Writing, with_options
from cli.output import flush, show_failure, silence_stdout

_UNRECORDED = "nothing was recorded"
_REPORT = "that is a fault of paraph: run it again with --debug and report what it prints"


def guarded(common: Common, call: Callable[[], None]) -> None:
    """Run a command's body; a broken pipe is a silent 0, an unexpected error keeps its trace with --debug."""
    try:
        call()
        flush()
    except BrokenPipeError:
        silence_stdout()  # whoever read us has seen enough
        raise typer.Exit(0) from None
    except (typer.Exit, typer.Abort):
        raise
    except BaseException as error:
        if common.debug:
            raise
        from cli.explaining import failure_of

        failure = failure_of(error) or Failure("unexpected", f"{type(error).__name__}: {error}", UNEXPECTED, _REPORT)
        json = common.json or common.format in {"json", "jsonl"}
        # Programs know from the exit code.
        if not json and isinstance(common, Writing) and failure.exit in {NOT_FOUND, REFUSED, CONFLICT}:
            failure = _nothing_recorded(failure)
        if common.remarks:
            failure = replace(failure, details={**(failure.details or {}), **common.remarks})
        show_failure(failure, json=json)
        raise typer.Exit(failure.exit) from None


def _nothing_recorded(failure: Failure) -> Failure:
    """Say of a refused record that it left nothing behind, where the sentence does not say so already."""
    if _UNRECORDED in failure.message:
        return failure
    hint = "" if failure.hint == _UNRECORDED else failure.hint
    return replace(failure, message=f"{failure.message}; {_UNRECORDED}", hint=hint)


def guarded_command(name: str, function: Callable[..., Any], summary: str) -> Any:
    """Make a command of a function: its shared flags spread out, its errors turned into exit codes."""
    return command(name, with_options(function, errors=guarded), summary)


def command(name: str, function: Callable[..., Any], summary: str) -> TyperCommand:
    """Make a command of a function whose signature says its arguments."""
    app = typer.Typer(add_completion=False, rich_markup_mode=None)
    app.command(name, short_help=summary)(function)
    made = typer.main.get_command(app)
    assert isinstance(made, TyperCommand)  # noqa: S101 - one function always makes a command, never a group
    return made
