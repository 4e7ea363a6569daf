"""Where the answer goes may be closed or full: no trace, no false acknowledgement."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.terminal import environment

PARAPH = f"{sys.executable} -m paraph"
COMMANDS = ["init --db new.db", "status", "log --json", "facts list", "note nobody text", "verify", "--help"]


def shell(folder: Path, command: str) -> "subprocess.CompletedProcess[str]":
    """Run a line of shell in a folder."""
    call = ["sh", "-c", command]
    return subprocess.run(call, cwd=folder, env=environment(folder), capture_output=True, text=True, check=False)


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("closed", [">&-", "2>&-", "<&- >&- 2>&-"])
def test_a_closed_stream_is_no_accident(tmp_path: Path, command: str, closed: str) -> None:
    """With streams closed a command does what it does, and its exit code says so."""
    shell(tmp_path, f"{PARAPH} init")
    ran = shell(tmp_path, f"{PARAPH} {command} {closed}")
    assert ran.returncode == (3 if "nobody" in command else 0)
    assert "Traceback" not in ran.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no such device")
@pytest.mark.parametrize("command", ["new party Port", "status", "log --json", "facts list", "--help", "--version"])
def test_an_answer_that_cannot_be_written_is_no_acknowledgement(tmp_path: Path, command: str) -> None:
    """Nobody has the receipt: exit 6, and what to do about it."""
    shell(tmp_path, f"{PARAPH} init")
    ran = shell(tmp_path, f"{PARAPH} {command} > /dev/full")
    assert ran.returncode == 6
    assert "same --id" in ran.stderr
    assert "Traceback" not in ran.stderr
