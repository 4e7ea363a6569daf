"""The table of commands; filled as commands come."""


def run() -> None:
    """Start the program."""
