"""What leaves the register: export."""

from typing import Annotated

import typer

from cli.commands.desk import days_of
from cli.exporting import FORMATS, Export, format_asked
from cli.options import Asked
from cli.outfile import opened
from cli.table import Column
from cli.wiring import register_of


def _known(name: str) -> str:
    if name not in FORMATS:
        raise typer.BadParameter(f"{name!r} is none of {', '.join(FORMATS)}")
    return name


def export(
    what: Annotated[
        str | None,
        typer.Argument(
            metavar="TABLE",
            help="For csv and xlsx: agreements, projects, parties, commissions, occasions or due; xlsx has all.",
        ),
    ] = None,
    form: Annotated[
        str, typer.Option("--format", metavar="FORMAT", callback=_known, help=f"One of {', '.join(FORMATS)}.")
    ] = "jsonl",
    output: Annotated[
        str, typer.Option("--output", "-o", metavar="FILE", help="A new file, or - for standard output.")
    ] = "-",
    force: Annotated[bool, typer.Option("--force", help="Replace the file, where there is one.")] = False,
    within: Annotated[
        str, typer.Option("--within", metavar="DAYS", help="How far ahead due dates reach: 90d, 52w.")
    ] = "365d",
    *,
    asked: Asked,
) -> None:
    """The log or the state as a file: jsonl and cloudevents are read back by import; csv, xlsx, ics, ocel by others.

    The file appears whole or not at all, readable as the umask says.
    """
    days = days_of(within)
    chosen, table = format_asked(form, what, asked, output)
    screen = asked.screen
    with register_of(asked) as register, screen.progress("export") as progress:
        job = Export(register, asked, table, days, progress)
        job.upto, job.day  # noqa: B018 - a point or day that is none is told before a file is begun
        with opened(output, force=force, text=chosen.text) as write:
            for chunk in chosen.write(job):
                write(chunk)
    told = {"format": form, "what": table, "output": output, "position": job.upto, **job.told}
    counted = ", ".join(f"{number} {name}" for name, number in job.told.items() if name != "root")
    said = [f"exported as {form}: {counted}, known at position {job.upto}" + (f": {output}" if output != "-" else "")]
    said += [f"root {job.told['root']}"] if "root" in job.told else []
    if output == "-":
        screen.echo(*said)
    else:
        columns = tuple(Column(name, name.upper()) for name in told)
        screen.answer(told, [told], columns, lambda _: said)
