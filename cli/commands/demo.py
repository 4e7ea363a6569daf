"""`paraph demo`: the real thing on real agreements, in a register that is thrown away."""

import sys
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from cli.examples import example
from cli.exits import DONE, Failure
from cli.options import Common

SEED = "az-cn-2025.jsonl"

STEPS = (
    ("A register is made, and the facts of one press report recorded, each with its quote.", ["init"]),
    ("", ["import", SEED]),
    ("Where do things stand?", ["status"]),
    ("", ["board"]),
    ("The Sumgayit cardboard project: how did it come to be, and what did each fact change?", ["replay", "sumgayit"]),
    (
        "As of an earlier day: before the conference in Beijing there was nothing.",
        ["status", "sumgayit", "--as-of", "2025-04-10"],
    ),
    (
        "As known earlier: the report gives no year; until it was inferred, everything is only possibly so.",
        ["status", "sumgayit", "--known-at", "{before}"],
    ),
    ("And today:", ["status", "sumgayit"]),
    ("Nothing was lost, nothing changed:", ["verify"]),
)


def demo(
    keep: Annotated[str | None, typer.Option("--keep", metavar="PATH", help="Keep the register there.")] = None,
    *,
    common: Common,
) -> None:
    """Play 17 real agreements into a register and show what paraph makes of them."""
    with tempfile.TemporaryDirectory(prefix="paraph-demo-") as folder:
        place = keep or str(Path(folder) / "demo.db")
        for remark, arguments in STEPS:
            _play(remark, arguments, place, common)
    if keep:
        common.screen.say(f"kept: paraph --help, then any command with --db {keep}")


def _play(remark: str, arguments: list[str], place: str, common: Common) -> None:
    from cli.main import program

    filled = [argument.format(before=_position_before_refinement()) for argument in arguments]
    if not common.json:
        shown = " ".join(filled)
        sys.stdout.write((f"\n# {remark}\n" if remark else "\n") + f"$ paraph {shown}\n")
        sys.stdout.flush()
    real = [str(example(SEED)) if argument == SEED else argument for argument in filled]
    flags = ["--json"] if common.json else ["--format", "table"] if arguments[0] not in {"init", "import"} else []
    code = program().main(
        args=[*real, "--db", place, *flags, *(["--quiet"] if common.quiet else [])],
        prog_name="paraph",
        standalone_mode=False,
    )
    if code not in {None, DONE}:
        raise Failure("demo", f"paraph {' '.join(arguments)} ended with {code}", int(code))


def _position_before_refinement() -> int:
    """Return how many facts the file holds before the first refinement of a date."""
    facts = example(SEED).read_text(encoding="utf-8").splitlines()
    return next(number for number, fact in enumerate(facts) if '"type": "DateRefined"' in fact)
