"""Shared by all tests: how Hypothesis works on a busy machine, and where the long forms run."""

import signal

import pytest
from hypothesis import settings

from tests.figures import figure, pytest_terminal_summary
from tests.postgres import postgres, postgres_url
from tests.postgres_replica import pair, shared

__all__ = ["figure", "pair", "postgres", "postgres_url", "pytest_terminal_summary", "shared"]

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # A shell that runs us in the background has interrupts ignored, and so would every program the tests start.
    signal.signal(signal.SIGINT, signal.default_int_handler)

settings.register_profile("paraph", deadline=None, print_blob=True)
settings.load_profile("paraph")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let transcripts be written anew after a screen was changed on purpose; git shows what became of them."""
    parser.addoption("--rewrite-screens", action="store_true", help="write tests/cli/screens anew from what is seen")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the long forms to `make soak`, which asks for them by their mark."""
    if "soak" in config.option.markexpr:
        return
    long = [item for item in items if item.get_closest_marker("soak")]
    config.hook.pytest_deselected(items=long)
    items[:] = [item for item in items if item not in long]
