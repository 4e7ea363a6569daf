"""What is recorded can be read where one looks first: every fact of the field changes the status of its stream."""

import json

import pytest

from domain.catalogue import BY_KIND, MODELS
from tests.cli.program import Program
from tests.domain.samples import OPENING
from tests.domain.test_effects import EVERY, NEEDS, OTHERWISE

KINDS = ("agreement", "project", "commission", "occasion", "party")
FACTS = [(kind, name) for kind in KINDS for name in BY_KIND[kind] if name != OPENING[kind]]
SLUG = "the-one"
OTHERS = (
    ("party", "azpromo"), ("party", "vencou"), ("party", "izia"), ("agreement", "izia-vencou-cardboard"),
    ("occasion", "beijing-conference-2025"), ("commission", "az-cn-trade"),
)  # fmt: skip
"""Streams that the facts told of name."""


def told(program: Program, kind: str, slug: str, name: str, on: str, data: dict[str, object]) -> None:
    """Record a fact as a line would; what the rules refuse is let in."""
    said = {key: value for key, value in data.items() if value is not None}
    irregular = dict.fromkeys(("out-of-order", "ended", "effect-before-notice", "itself"), "for the test")
    line = {"type": name, "stream": f"{kind}/{slug}", "on": on, "data": said, "irregular": irregular}
    program.ok("import", "-", stdin=json.dumps(line).encode())


def screen(program: Program, kind: str) -> str:
    """Return the status on a terminal, without the lines that only count events and sources, and those of flags."""
    lines = program.ok("status", f"{kind}/{SLUG}", width=200).out.splitlines()
    return "\n".join(line for line in lines if not line.strip().startswith(("History", "Sources", "Flag", "Next:")))


@pytest.mark.parametrize(("kind", "name"), FACTS, ids=[name for _, name in FACTS])
def test_every_fact_has_its_words_on_the_screen(empty: Program, kind: str, name: str) -> None:
    """After any fact, with all it can say, the status of its stream reads otherwise than before."""
    for other, slug in OTHERS:
        told(empty, other, slug, OPENING[other], "2024-12-01", dict(EVERY[OPENING[other]]))
    told(empty, kind, SLUG, OPENING[kind], "2025-01-01", dict(EVERY[OPENING[kind]]))
    if "party" in MODELS[name].model_fields and name not in {"PartyAdded", "PartyRemoved"}:
        told(empty, kind, SLUG, "PartyAdded", "2025-01-01", {"party": "izia"})
    for needed in NEEDS.get(name, ()):
        told(empty, kind, SLUG, needed.type, needed.on, dict(needed.data))
    before = screen(empty, kind)
    told(empty, kind, SLUG, name, "2025-03-01", {**EVERY[name], **OTHERWISE.get(name, {})})
    assert screen(empty, kind) != before
