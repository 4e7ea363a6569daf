"""What is shipped: the wheel holds the packages that the tree and the import contracts name, and nothing else."""

import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

import paraph
from tests.terminal import ROOT, environment


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel with the locked build backend."""
    target = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(target)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    return next(target.glob("*.whl"))


def top_level(wheel: Path) -> set[str]:
    """Return the names at the top of the wheel, without its metadata."""
    names = {name.partition("/")[0] for name in zipfile.ZipFile(wheel).namelist()}
    return {name for name in names if not name.endswith(".dist-info")}


def test_wheel_tree_and_contracts_name_the_same_packages(wheel: Path) -> None:
    """Wheel, folders with code and import-linter's root packages are one list."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    roots = set(settings["tool"]["importlinter"]["root_packages"])
    folders = {path.parent.name for path in ROOT.glob("*/__init__.py")}
    assert folders == roots
    assert top_level(wheel) == roots | {"paraph.py"}


def test_the_wheel_runs_the_demo_on_its_own(wheel: Path, tmp_path: Path) -> None:
    """Unpacked away from the tree, the wheel plays the demo: its example file is inside."""
    zipfile.ZipFile(wheel).extractall(tmp_path / "site")
    ran = subprocess.run(
        [sys.executable, "-c", "import paraph; paraph.main()", "demo"],
        cwd=tmp_path,
        env=environment(tmp_path) | {"PYTHONPATH": str(tmp_path / "site")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    assert "justification" in ran.stdout


def test_a_foreign_package_in_the_working_folder_does_not_shadow_ours(tmp_path: Path) -> None:
    """A folder called `domain` where a person stands does not get in the way."""
    (tmp_path / "domain").mkdir()
    (tmp_path / "domain" / "__init__.py").write_text("raise RuntimeError('foreign')", encoding="utf-8")
    ran = subprocess.run(
        [sys.executable, str(ROOT / "paraph.py"), "facts", "list"],
        cwd=tmp_path,
        env=environment(tmp_path) | {"PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr


def test_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    """The program tells the version its package has."""
    from cli.main import run

    with pytest.raises(SystemExit) as ended:
        run(["--version"])
    assert ended.value.code == 0
    assert capsys.readouterr().out == f"paraph {paraph.__version__}\n"


def test_no_lock_file_or_registry_host_is_in_the_tree() -> None:
    """The locked requirements name packages and hashes, and no registry."""
    for name in ("requirements.txt", "requirements-dev.txt"):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert "--hash=sha256:" in text
        assert "://" not in text
    assert not (ROOT / "uv.lock").exists()


def test_package_folders_hold_only_a_docstring() -> None:
    """`__init__.py` files say what their folder is for, and nothing else."""
    for path in ROOT.glob("*/**/__init__.py"):
        if ".venv" in path.parts:
            continue
        lines = path.read_text(encoding="utf-8").strip().splitlines()
        assert lines[0].startswith('"""'), path
        assert lines[-1].endswith('"""'), path
