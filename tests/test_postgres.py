"""The server the tests share: it is real, its registers are apart, and it does not outlive the tests."""

import os
import subprocess
import sys
import time
from pathlib import Path

import psycopg
from sqlalchemy import make_url

from tests.postgres import Server
from tests.postgres_server import ROOT

_BEGIN = """
import os, sys
from tests.postgres_server import make_server
own = make_server(os.getpid())
own.start()
print(own.folder, own.port, flush=True)
sys.stdin.readline()
"""


def test_the_server_is_one_the_store_accepts(postgres: Server) -> None:
    """It is new enough and writes to the disk, or every test of the store would test its refusal."""
    assert int(postgres("SHOW server_version_num")[0][0]) >= 150000
    assert postgres("SHOW fsync") == [("on",)]


def test_a_url_names_a_schema_nobody_has(postgres: Server, postgres_url: str) -> None:
    """Each test has a schema of its own, which it is to make."""
    schema = make_url(postgres_url).query["schema"]
    assert (schema,) not in postgres("SELECT nspname FROM pg_namespace")


def test_a_server_ends_with_those_who_use_it() -> None:
    """Tests killed with kill -9 leave neither a server nor its folder behind."""
    environment = {name: value for name, value in os.environ.items() if name != "PARAPH_TEST_PG"}
    tests = subprocess.Popen(
        [sys.executable, "-c", _BEGIN], cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    with tests:
        assert tests.stdout is not None
        folder, port = tests.stdout.readline().decode().split()
        psycopg.connect(f"postgresql://desk@127.0.0.1:{port}/postgres").close()
        tests.kill()
    until = time.monotonic() + 30
    while Path(folder).exists():
        assert time.monotonic() < until, "the server's folder is still there"
        time.sleep(0.05)
