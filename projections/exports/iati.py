"""A project's standing as an IATI ActivityStatus code (codelist of IATI 2.03), where one fits.

1 pipeline, 2 implementation, 3 finalisation (work done, books open), 4 closed, 5 cancelled, 6 suspended.
"""

from domain.vocabulary import ProjectPhase, RunState

_OF_RUN: dict[RunState, str] = {"suspended": "6", "dropped": "5", "cancelled": "5"}
_OF_PHASE: dict[ProjectPhase, str] = {
    "identified": "1",
    "pre-feasibility": "1",
    "justification": "1",
    "appraised": "1",
    "decided": "1",
    "financed": "1",
    "construction": "2",
    "operation": "2",
    "completed": "4",
}


def status_of(phase: ProjectPhase | None, run: RunState | None) -> str:
    """Return the code, empty where there is no project; how it runs outweighs its phase."""
    if run in _OF_RUN:
        return _OF_RUN[run]
    return _OF_PHASE[phase] if phase else ""
