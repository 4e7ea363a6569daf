"""The table of commands: what each is called, where it lives, what it does in a line.

Nothing is imported for a command until it is called (ADR 4).
"""

import os
import sys
from pathlib import Path

import typer

from cli.exits import UNAVAILABLE, USAGE, Failure
from cli.lazy import WIDEST_HELP, Entry, LazyGroup
from cli.output import show_failure, silence_stdout, unwritten

NEW = {
    kind: Entry("Open", f"cli.commands.new:{kind}", summary)
    for kind, summary in {
        "agreement": "A memorandum, letter of intent, cooperation agreement, treaty, contract.",
        "project": "What is to be built or run.",
        "commission": "A standing intergovernmental body.",
        "occasion": "A visit, ceremony or conference where things are signed.",
        "party": "A state, ministry, agency, company, bank, association.",
    }.items()
}

PROJECTIONS = {
    "list": Entry("Views", "cli.commands.projections:list_", "The views, and how far each has come."),
    "check": Entry("Views", "cli.commands.projections:check", "Fold the log and compare every row; change nothing."),
    "rebuild": Entry("Views", "cli.commands.projections:rebuild", "Make every view anew from the log and swap it in."),
}

FACTS = {
    "list": Entry("Facts", "cli.commands.catalogue:facts_list", "Every fact type, with its fields."),
    "show": Entry("Facts", "cli.commands.catalogue:facts_show", "One fact type: fields, JSON Schema, an example."),
}

LIFECYCLE = {
    "list": Entry("Lifecycles", "cli.commands.catalogue:lifecycle_list", "The facets that have a lifecycle."),
    "show": Entry("Lifecycles", "cli.commands.catalogue:lifecycle_show", "Which fact leads from where to where."),
}

CONFIG = {
    "show": Entry("Settings", "cli.commands.start:config_show", "Every setting, and where it was said."),
}

DB = {
    "init": Entry("Server", "cli.commands.start:db_init", "Make a register on a PostgreSQL server, or print how."),
}

COMPLETION = {
    "show": Entry("Completion", "cli.commands.completion:show", "Print the script for a shell."),
    "install": Entry("Completion", "cli.commands.completion:install", "Install it for a shell."),
}

SCHEDULE = {
    "list": Entry("Clock", "cli.commands.schedule:list_", "What the clock does, how far it came, what did not arrive."),
    "preview": Entry("Clock", "cli.commands.schedule:preview", "What would be called to mind in the days to come."),
    "once": Entry("Clock", "cli.commands.schedule:once", "One round, for cron: every reminder once, whoever runs it."),
    "run": Entry("Clock", "cli.commands.schedule:run", "Rounds daily at the hour, until it is ended."),
}

COMMANDS = {
    "init": Entry("Start", "cli.commands.start:init", "Make a new, empty register."),
    "demo": Entry("Start", "cli.commands.demo:demo", "Play 17 real agreements into a throw-away register."),
    "doctor": Entry("Start", "cli.commands.start:doctor", "What may be wrong here, and what to do about it."),
    "config": Entry("Start", "cli.main:config", "Where each setting comes from."),
    "db": Entry("Start", "cli.main:db", "A register on a PostgreSQL server."),
    "completion": Entry("Start", "cli.main:completion", "Completion for your shell."),
    "new": Entry("Record", "cli.main:new", "Open an agreement, project, commission, occasion or party."),
    "record": Entry("Record", "cli.commands.record:record", "Record a fact: signed, phase, study, review, term …"),
    "correct": Entry("Record", "cli.commands.amend:correct", "Replace fields of an event that were wrong."),
    "retract": Entry("Record", "cli.commands.amend:retract", "Strike an event that should never have been recorded."),
    "undo": Entry("Record", "cli.commands.amend:undo", "Take back the last fact I recorded myself."),
    "note": Entry("Record", "cli.commands.amend:note", "Leave a remark on a stream or an event."),
    "source": Entry("Record", "cli.commands.amend:source", "Add another source to an event."),
    "import": Entry(
        "Record", "cli.commands.imports:import_", "Record the facts of a file or table; restore an export."
    ),
    "status": Entry("Ask", "cli.commands.ask:status", "Where one agreement, project or other stands, or all."),
    "list": Entry("Ask", "cli.commands.ask:list_", "Agreements by kind, status, phase, party, sector, occasion."),
    "board": Entry("Ask", "cli.commands.ask:board", "One page: projects by phase, agreements by status."),
    "due": Entry("Ask", "cli.commands.desk:due", "What is late, and what is coming."),
    "docket": Entry("Ask", "cli.commands.desk:docket", "What is before the commission at its next session."),
    "find": Entry("Ask", "cli.commands.ask:find", "Where a word occurs, in any script, spelt well or nearly."),
    "funnel": Entry("Ask", "cli.commands.desk:funnel", "How many came how far, and how long each phase takes."),
    "log": Entry("History", "cli.commands.history:log", "The events of one stream, or of all."),
    "show": Entry("History", "cli.commands.history:show", "One event whole, with quote, source and corrections."),
    "replay": Entry("History", "cli.commands.history:replay", "How it came to be, step by step."),
    "diff": Entry("History", "cli.commands.history:diff", "What differs between two points of either time."),
    "tail": Entry("History", "cli.commands.history:tail", "Follow new events as they are recorded."),
    "verify": Entry("History", "cli.commands.history:verify", "Recompute every hash; name what was tampered with."),
    "schedule": Entry("Run", "cli.main:schedule", "Reminders of what is due, dockets, integrity check, backup."),
    "backup": Entry("Keep", "cli.commands.keep:backup", "A verified copy of the register, while others work."),
    "restore": Entry("Keep", "cli.commands.keep:restore", "Make the register of a backup, in a file or on a server."),
    "copy": Entry("Keep", "cli.commands.keep:copy", "The same register at another place or on another engine."),
    "export": Entry("Share", "cli.commands.share:export", "The log or the state as a file for other programs."),
    "projections": Entry("Keep", "cli.main:projections", "The views: list, check, rebuild."),
    "facts": Entry("Keep", "cli.main:facts", "The catalogue of facts."),
    "lifecycle": Entry("Keep", "cli.main:lifecycle", "Which fact leads from which state to which."),
}


def _group(name: str, table: dict[str, Entry], summary: str) -> LazyGroup:
    return LazyGroup(name, table, help=summary)


new = _group("new", NEW, "Open a file on an agreement, project, commission, occasion or party.")
schedule = _group("schedule", SCHEDULE, "The register's clock: what is due is called to mind, each once.")
projections = _group("projections", PROJECTIONS, "The views people are answered from.")
facts = _group("facts", FACTS, "The catalogue of facts.")
lifecycle = _group("lifecycle", LIFECYCLE, "Which fact leads from which state to which.")
config = _group("config", CONFIG, "Where each setting comes from.")
db = _group("db", DB, "A register on a PostgreSQL server.")
completion = _group("completion", COMPLETION, "Completion for your shell.")


def version() -> str:
    """Return the version of the package."""
    import paraph

    return paraph.__version__


def program() -> LazyGroup:
    """Return the whole command line."""
    return LazyGroup(
        "paraph",
        COMMANDS,
        help="A register of agreements: who signed what, on which day, and where it stands.",
        epilog="Start with: paraph demo. Options of a command: paraph COMMAND --help. Version: paraph --version.",
        context_settings={"help_option_names": ["--help", "-h"], "max_content_width": WIDEST_HELP},
    )


def run(args: list[str] | None = None) -> None:
    """Run the program and exit with its code (CLI.md section 3)."""
    _fill_streams()
    for stream in (sys.stdout, sys.stderr):
        # Names are in four languages; a C locale must not turn them into an error.
        stream.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]  # text streams
    if "_PARAPH_COMPLETE" in os.environ:
        # Shell classes are registered as a side effect; Typer's own flags would do it, and we hide those.
        typer.main.get_install_completion_arguments()
    given = sys.argv[1:] if args is None else args
    code: object = 0
    try:
        if given == ["--version"]:
            # Answered before Typer is asked: a flag of the root would be read again by every command's start.
            sys.stdout.write(f"paraph {version()}\n")
        else:
            code = program().main(args=given, prog_name="paraph", standalone_mode=False)
        sys.stdout.flush()
    except typer.TyperException as error:
        sys.exit(_usage(error, given))
    except typer.Abort:
        sys.exit(130)
    except BrokenPipeError:
        silence_stdout()
        sys.exit(0)
    except OSError as error:
        show_failure(unwritten(error), json="--json" in given)
        sys.exit(UNAVAILABLE)
    sys.exit(code if isinstance(code, int) else 0)


def _fill_streams() -> None:
    """Open what was closed before we began (`>&-`): else the next file opened would take its number."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115 - open to the end


def _usage(error: typer.TyperException, given: list[str]) -> int:
    """Show a usage error; asking for nothing at all shows the help."""
    context = getattr(error, "ctx", None)
    if type(error).__name__ == "NoArgsIsHelpError":
        sys.stdout.write(error.format_message() + "\n")
        return USAGE
    hint = f"{context.command_path} --help" if context else "paraph --help"
    show_failure(Failure("usage", error.format_message(), USAGE, hint), json="--json" in given)
    return USAGE
