"""Completion of commands and options in the shell, through Typer's own scripts."""

from typing import Annotated

import typer

from cli.exits import USAGE, Failure
from cli.options import Common

SHELLS = ("bash", "zsh", "fish", "powershell", "pwsh")


def _known(shell: str) -> str:
    if shell not in SHELLS:
        raise Failure("usage", f"{shell!r} is no shell known here: {', '.join(SHELLS)}", USAGE)
    return shell


def show(shell: Annotated[str, typer.Argument(help=f"One of {', '.join(SHELLS)}.")], *, common: Common) -> None:
    """Print the completion script for a shell."""
    from typer._completion_shared import get_completion_script

    common.screen.lines(
        [get_completion_script(prog_name="paraph", complete_var="_PARAPH_COMPLETE", shell=_known(shell))]
    )


def install(shell: Annotated[str, typer.Argument(help=f"One of {', '.join(SHELLS)}.")], *, common: Common) -> None:
    """Install completion for a shell, in your own start-up files."""
    from typer._completion_shared import install as install_for

    installed, path = install_for(shell=_known(shell), prog_name="paraph", complete_var="_PARAPH_COMPLETE")
    common.screen.say(f"{installed} completion installed in {path}; open a new shell to use it")
