"""Commands that are imported only when they are called, so that help and completion stay quick."""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

WIDEST_HELP = 100


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the table of commands: its section, where it lives (`module:name`), what it does."""

    section: str
    target: str
    summary: str


class LazyGroup(TyperGroup):
    """A group whose commands are rows of a table; listing them imports none."""

    def __init__(self, name: str | None, table: Mapping[str, Entry], **attributes: Any) -> None:
        super().__init__(name=name, rich_markup_mode=None, no_args_is_help=True, **attributes)
        self.table = table

    def list_commands(self, ctx: typer.Context) -> list[str]:  # type: ignore[override]  # Typer's own public context
        """Return the names in the order of the table."""
        return list(self.table)

    def get_command(self, ctx: typer.Context, cmd_name: str) -> Any:  # type: ignore[override]  # as above
        """Import a command, and only that one."""
        entry = self.table.get(cmd_name)
        return load(cmd_name, entry) if entry else None

    def resolve_command(self, ctx: typer.Context, args: list[str]) -> Any:  # type: ignore[override]  # as above
        """Find a command; an unknown one names the nearest."""
        from difflib import get_close_matches

        if args and args[0] not in self.table and not args[0].startswith("-"):
            close = get_close_matches(args[0], self.table, n=3)
            nearest = f"; nearest: {', '.join(close)}" if close else ""
            ctx.fail(f"no such command: {args[0]!r}{nearest}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: typer.Context, formatter: Any) -> None:  # type: ignore[override]  # as above
        """List the commands by section, from the table alone."""
        for section in dict.fromkeys(entry.section for entry in self.table.values()):
            rows = [(name, row.summary) for name, row in self.table.items() if row.section == section]
            with formatter.section(section):
                formatter.write_dl(rows)

    def shell_complete(self, ctx: typer.Context, incomplete: str) -> list[Any]:  # type: ignore[override]  # as above
        """Complete the names of commands from the table alone."""
        from typer._click.shell_completion import CompletionItem

        return [
            CompletionItem(name, help=entry.summary)
            for name, entry in self.table.items()
            if name.startswith(incomplete)
        ]


def load(name: str, entry: Entry) -> TyperCommand | TyperGroup:
    """Import what a row of the table points at, and make a command of it."""
    module, _, attribute = entry.target.partition(":")
    found = getattr(import_module(module), attribute)
    if isinstance(found, TyperCommand | TyperGroup):
        return found
    from cli.guard import guarded_command

    made: TyperCommand = guarded_command(name, found, entry.summary)
    return made
