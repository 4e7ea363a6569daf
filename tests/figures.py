"""The figures of the promises (RELIABILITY.md): a test that has measured one says it, and the run ends with a table.

The short forms say theirs in every run, the full ones under `make soak`. A test that fails says none.
"""

from collections.abc import Callable
from typing import TypeAlias

import pytest

Figure: TypeAlias = Callable[[str, str], None]
"""Says which promise was kept, and with what figure."""


@pytest.fixture
def figure(record_property: Callable[[str, object], None], request: pytest.FixtureRequest) -> Figure:
    """Return how a test says its figure; the engine it ran on is said along."""
    spoken = getattr(request.node, "callspec", None)
    engine = str(spoken.params.get("engine", "")) if spoken else ""

    def say(promise: str, what: str) -> None:
        record_property("figure", f"{promise}\t{engine}\t{what}")

    return say


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what the tests that passed have measured, in the order of the promises."""
    passed = (report for report in terminalreporter.stats.get("passed", []) if report.when == "call")
    said = {str(value) for report in passed for name, value in report.user_properties if name == "figure"}
    if not said:
        return
    terminalreporter.section("promises kept, with their figures")
    for promise, engine, what in sorted((line.split("\t") for line in said), key=_order):
        terminalreporter.write_line(f"{promise:4} {engine:9} {what}")


def _order(figure: list[str]) -> tuple[int, list[str]]:
    return int(figure[0].removeprefix("P")), figure
