"""The wheel holds the library and the recipes, and nothing that would be importable besides."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

import textrep

ROOT = Path(textrep.__file__).parents[1]
OFFLINE = os.environ | {"PIP_NO_INDEX": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}


def pip(*arguments: str | Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pip", *map(str, arguments)],
        capture_output=True, text=True, env=OFFLINE,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel, built from a copy of the source without the network."""
    if not (ROOT / "pyproject.toml").is_file():
        pytest.skip("the tests run without the source tree")
    for needed in ("pip", "setuptools"):
        if importlib.util.find_spec(needed) is None:
            pytest.skip(f"{needed} is not installed")
    folder = tmp_path_factory.mktemp("wheel")
    ignored = shutil.ignore_patterns(".*", "build", "dist", "*.egg-info", "__pycache__")
    shutil.copytree(ROOT, folder / "source", ignore=ignored)
    pip("wheel", "--no-deps", "--no-build-isolation", "-w", folder, folder / "source")
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path) -> Path:
    """A folder into which the wheel was installed."""
    target = wheel.parent / "installed"
    pip("install", "--no-deps", "--target", target, wheel)
    return target


def run(installed: Path, code: str, folder: Path) -> str:
    """Run code that sees the installed wheel and its dependencies, but not the source tree."""
    done = subprocess.run(
        [sys.executable, "-c", NOT_EDITABLE + code],
        capture_output=True, text=True, cwd=folder,
        env=os.environ | {"PYTHONPATH": str(installed), "TEXTREP_HOME": str(folder)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


# The tests' own environment may have an editable install, whose finder would answer instead.
NOT_EDITABLE = """
import sys
sys.meta_path = [f for f in sys.meta_path if "editable" not in repr(f).lower()]
"""


def test_the_wheel_holds_the_library_and_nothing_else(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert {name.split("/")[0] for name in names if ".dist-info/" not in name} == {"textrep"}
    assert all(name.endswith((".py", ".toml", ".css", ".js", "py.typed")) for name in names
               if ".dist-info/" not in name)  # fmt: skip


def test_every_module_is_in_the_wheel(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    modules = {str(path.relative_to(ROOT)) for path in (ROOT / "textrep").rglob("*.py")}
    assert modules - names == set()


def test_recipes_and_data_are_in_the_wheel(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()

    def inside(prefix: str, name: str) -> bool:
        return f"textrep/{prefix}/{name}" in names

    for path in (ROOT / "corpora").glob("*.toml"):
        assert inside("_recipes/corpora", path.name)
    for kind in ("benchmarks", "suites"):
        found = list((ROOT / "eval" / kind).glob("*.toml"))
        assert found
        for path in found:
            assert inside(f"_recipes/eval/{kind}", path.name)
    for path in (ROOT / "textrep" / "corpus" / "miniworld" / "world").iterdir():
        assert inside("corpus/miniworld/world", path.name)
    assert "textrep/py.typed" in names


def test_the_metadata(wheel: Path) -> None:
    archive = zipfile.ZipFile(wheel)
    (metadata,) = (name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
    text = archive.read(metadata).decode()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert f"\nVersion: {project['version']}\n" in text
    assert "\nLicense-Expression: Apache-2.0\n" in text
    (points,) = (name for name in archive.namelist() if name.endswith("/entry_points.txt"))
    assert "textrep = textrep.cli:main" in archive.read(points).decode()
    assert any(name.endswith("/LICENSE") for name in archive.namelist())


@pytest.mark.parametrize("name", ["cli", "eval", "corpora", "tests"])
def test_nothing_else_can_be_imported(installed: Path, name: str, tmp_path: Path) -> None:
    code = f"import importlib.util as u; print(u.find_spec({name!r}))"
    assert run(installed, code, tmp_path) == "None"


def test_an_installed_wheel_works(installed: Path, tmp_path: Path) -> None:
    code = """
import textrep
from textrep.recipes import benchmark_recipes, corpus_recipes, suites
print(textrep.__file__)
print(len(corpus_recipes()) > 5, len(benchmark_recipes()) > 5, "words" in suites())
corpus = textrep.as_corpus("miniworld")
print(corpus.n_tokens > 100_000)
"""
    file, *facts = run(installed, code, tmp_path).splitlines()
    assert Path(file).is_relative_to(installed)
    assert facts == ["True True True", "True"]


def test_the_command_of_an_installed_wheel(installed: Path, tmp_path: Path) -> None:
    assert (installed / "bin" / "textrep").is_file()
    code = (
        "import textrep.cli; sys.argv = ['textrep', 'data', 'list']; sys.exit(textrep.cli.main())"
    )
    assert "miniworld" in run(installed, code, tmp_path)
