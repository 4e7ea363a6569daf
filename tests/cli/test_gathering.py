"""Asking across registers: copies of several gathered in one kept for reading (docs/scale.md)."""

from tests.cli.program import Program


def gathered(paraph: Program, register: str) -> dict[str, int]:
    """Export a register as CloudEvents into the one that gathers; return what was new there."""
    paraph.ok("export", "--format", "cloudevents", "-o", "copy.ce", "--force", "--db", register)
    answer = paraph.json("import", "copy.ce", "--db", "all.db")
    return {name: answer[name] for name in ("new", "already_recorded", "rejected")}


def test_gathering_again_adds_only_what_is_new(paraph: Program) -> None:
    """Two registers that know one company make one list; what was recorded since comes with the next round."""
    paraph.ok("init", "--db", "all.db")
    for desk in ("trade", "energy"):
        place = ["--db", f"{desk}.db"]
        paraph.ok("init", *place)
        paraph.ok("new", "party", "CMEC", "--slug", "cmec", "--kind", "company", "--country", "CN", *place)
        paraph.ok(
            "new", "agreement", f"Memorandum on {desk}", "--slug", desk, "--kind", "mou", "--party", "cmec", *place
        )
    assert gathered(paraph, "trade.db") == {"new": 3, "already_recorded": 0, "rejected": 0}
    assert gathered(paraph, "energy.db") == {"new": 2, "already_recorded": 1, "rejected": 0}
    assert {found["slug"] for found in paraph.json("list", "--db", "all.db")["agreements"]} == {"trade", "energy"}
    paraph.ok(
        "record",
        "signed",
        "trade",
        "--on",
        "2025-02-01",
        "--place",
        "Baku",
        "--irregular",
        "one party",
        "--db",
        "trade.db",
    )
    assert gathered(paraph, "trade.db")["already_recorded"] == 3
    assert paraph.json("status", "trade", "--db", "all.db")["legal_status"] == "signed"
