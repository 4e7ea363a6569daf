"""How the doctor's findings read."""

from collections.abc import Iterator, Mapping, Sequence

from cli.inert import inert
from cli.output import Screen
from cli.table import Column
from eventstore.checkup import Finding

CHECKS = tuple(Column(name, name.upper()) for name in ("check", "verdict", "found", "remedy"))


def check_lines(findings: Sequence[Finding], counts: Mapping[str, int], screen: Screen) -> Iterator[str]:
    """Say how each thing is, below it what to do, and at the end how many are how."""
    for finding in findings:
        verdict = finding.verdict.ljust(4)
        shown = screen.faint(verdict) if finding.verdict == "ok" else screen.bold(verdict)
        yield f"{shown}  {finding.check:<12}  {inert(finding.found)}"
        if finding.remedy:
            yield f"{'':20}-> {inert(finding.remedy)}"
    yield ", ".join(f"{number} {verdict}" for verdict, number in counts.items())
