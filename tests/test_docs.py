"""The documents say what is so: README examples are run as they stand, links lead somewhere."""

import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.terminal import ROOT, on_terminal

DOCUMENTS = sorted(ROOT.glob("*.md")) + sorted((ROOT / "docs").rglob("*.md")) + sorted((ROOT / "examples").glob("*.md"))


def examples() -> Iterator[tuple[str, str]]:
    """Yield each `$ paraph …` of the README with the screen below it."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    for block in re.findall(r"```console\n(.*?)```", text, re.DOTALL):
        for command, screen in re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", block, re.MULTILINE):
            if command.startswith("paraph "):
                yield command, screen.strip("\n")


def matches(written: str, seen: str) -> bool:
    """Compare a screen with its document; … stands for what differs from run to run."""
    pattern = r"[^\n]*?".join(re.escape(part) for part in written.split("…"))
    return re.fullmatch(pattern, seen.strip("\n")) is not None


def test_readme_examples_give_the_screens_shown(tmp_path: Path) -> None:
    """Run in order in one folder, every README example prints what the README shows below it."""
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    run = list(examples())
    assert len(run) > 10
    for command, written in run:
        seen = on_terminal(shlex.split(command)[1:], tmp_path).screen
        assert matches(written, seen), f"$ {command}\n{seen}"


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_to_files_of_the_tree(document: Path) -> None:
    """A relative link in a document leads to a file or folder that is there."""
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", document.read_text(encoding="utf-8")):
        if "://" not in target:
            assert (document.parent / target).exists(), target


def test_files_named_in_the_architecture_exist() -> None:
    """Every module ARCHITECTURE.md names as code is there."""
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    named = {name for name in re.findall(r"`([a-z_/]+\.py)`", text) if "/" in name}
    assert named
    missing = [name for name in named if not (ROOT / name).exists()]
    assert missing == []


def test_make_targets_named_in_documents_exist() -> None:
    """A `make` target a document names is in the Makefile."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for document in DOCUMENTS:
        for target in re.findall(r"`make ([a-z]+)`|\$ make ([a-z]+)", document.read_text(encoding="utf-8")):
            name = next(filter(None, target))
            assert re.search(rf"^{name}:", makefile, re.MULTILINE), f"{document.name}: make {name}"


def test_the_document_of_lifecycles_is_what_the_program_does() -> None:
    """docs/lifecycle.md is word for word what the program says of its lifecycles; make docs writes it anew."""
    said = subprocess.run(
        [sys.executable, "-m", "paraph", "lifecycle", "show", "all", "--format", "md"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    assert said.stdout.decode() == (ROOT / "docs/lifecycle.md").read_text(encoding="utf-8")
