"""paraph's one public name: `paraph:main` starts the program, `paraph.__version__` names the release.

The packages beside this file are flat (`domain`, `eventstore`, `projections`, `cli`; ADR 1), so a
folder called `domain` in somebody's working directory could shadow ours under `python -m paraph`.
`main` therefore puts this file's own folder first on the path before anything else is imported.
"""

import sys
from pathlib import Path

__version__ = "0.1.0"


def main() -> None:
    """Run the command line and exit with its code (CLI.md section 3)."""
    here = str(Path(__file__).resolve().parent)
    if sys.path[:1] != [here]:
        sys.path.insert(0, here)
    from cli.main import run

    run()


if __name__ == "__main__":
    main()
