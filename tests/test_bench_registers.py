"""The simulation of many registers on one server: it still runs, ends by itself and leaves nothing."""

import subprocess
import sys

from bench.premises import server
from tests.postgres import Server
from tests.postgres_server import ROOT

_SMALLEST = "--counts 2 --databases 1 --offices 1 2 --seconds 0.05 --rounds 1 --large 20"


def test_every_part_of_the_simulation_runs(postgres: Server) -> None:
    """With the smallest numbers it goes through all its parts, each register and office included."""
    assert postgres("SELECT 1") == [(1,)]
    command = [sys.executable, "-m", "bench.registers", *_SMALLEST.split(" ")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=300)
    told = [line.strip().partition("  ")[0] for line in done.stdout.splitlines()]
    assert {"2 schemas", "1 databases", "2 offices, a register each", "1 asks while 1 records: asks"} <= {*told}
    assert told[-2].endswith(" events")
    assert told[-1].startswith("Done")


def test_the_server_of_the_simulation_goes_with_it(postgres: Server) -> None:
    """Whatever happens inside, the server's folder is gone afterwards."""
    assert postgres("SELECT 1") == [(1,)]
    with server() as desk:
        folder = desk.own.folder
        assert desk.ask("SELECT 2") == (2,)
        assert folder.exists()
    assert not folder.exists()
