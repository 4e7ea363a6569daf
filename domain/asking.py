"""What the facets of a stream become when asked on a day: an expired term, a notice that took effect.

Needs no fact model, so that reads answered from a view stay quick to start.
"""

from datetime import date
from typing import Any

from domain.agreement.term import asked as agreement_asked


def asked(kind: str, facets: dict[str, Any], day: date) -> dict[str, Any]:
    """Return a stream's facets with what depends on the day of asking; most kinds have nothing that does."""
    return agreement_asked(facets, day) if kind == "agreement" else facets
