"""Where the example files lie: inside the installed package, or beside it in a checkout."""

from pathlib import Path

from cli.exits import UNAVAILABLE, Failure


def example(name: str) -> Path:
    """Return the path of an example file."""
    here = Path(__file__).parent
    for folder in (here / "examples", here.parent / "examples"):
        if (folder / name).is_file():
            return folder / name
    raise Failure("missing", f"the example {name} was not installed", UNAVAILABLE, "reinstall paraph")
