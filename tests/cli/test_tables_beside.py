"""A long table is read beside others at work: nobody who records waits for it."""

from pathlib import Path

from cli.planning import record
from cli.register import Register
from cli.tables.job import run
from cli.tables.mapfile import read_map
from cli.wiring import clock, random_id
from domain.factline import draft_of
from eventstore.log import EventStore
from tests.cli.program import Program
from tests.cli.test_tables import FIRST, MAP


def test_others_record_while_a_table_is_read(empty: Program) -> None:
    """Between its rows, of a first and of a later edition, a colleague records without waiting."""
    Path("map.toml").write_text(MAP, encoding="utf-8")
    Path("list.csv").write_text(FIRST, encoding="utf-8")
    recorded: list[str] = []

    def meanwhile(_done: int, _total: int) -> None:
        slug = f"other-{len(recorded)}"
        said = {"type": "PartyRegistered", "stream": f"party/{slug}", "on": "2025", "data": {"name": slug}}
        with EventStore.open("paraph.db", patience=0.2) as store:
            record(Register(store, clock, random_id, "other"), [draft_of(said, new_id=random_id(), by="other")])
        recorded.append(slug)

    for _edition in range(2):
        with EventStore.open("paraph.db") as store:
            run(Path("list.csv"), read_map(Path("map.toml")), store, day="2025-07-01", progress=meanwhile).spool.close()
        empty.ok("import", "list.csv", "--map", "map.toml")
    assert len(recorded) == 2
    assert {row["slug"] for row in empty.json("list", "parties")["parties"]} >= set(recorded)
