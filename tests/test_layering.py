"""Rooms import only from rooms below them, and a few things stay in the room they belong to."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import textrep

PACKAGE = Path(textrep.__file__).parent
MODULES = sorted(PACKAGE.rglob("*.py"))

# From the lowest to the highest; a room is a module or folder of textrep/.
ROOMS = [
    *("errors", "checks", "files", "locks", "scratch", "progress", "parallel"),
    *("kernels", "_recipes", "recipes", "data", "vectors", "corpus", "counting", "linalg"),
    *("sgd", "nn", "optim", "distributed"),
    *("storage", "training", "models", "pipeline", "evaluation", "inspection", "report", "cli"),
]
BASE = {"errors", "checks", "files", "locks", "scratch", "progress", "parallel"}
# Rooms that may not see all that is below them.
SEES_ONLY = {
    "kernels": set(),
    "vectors": {*BASE, "kernels"},
    "linalg": {*BASE, "kernels"},
    "sgd": {*BASE, "kernels", "vectors"},
    "nn": {*BASE, "kernels"},
    "optim": {*BASE, "sgd", "nn"},
    "distributed": {*BASE, "kernels", "corpus", "counting", "linalg", "sgd"},
    "training": {*BASE, "vectors", "corpus", "sgd", "storage"},
    "evaluation": {*BASE, "kernels", "recipes", "data", "vectors"},
}


def name_of(path: Path) -> str:
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def room_of(module: str) -> str:
    """Return the room of a module; that of the package itself is above all others."""
    return module.split(".")[1] if "." in module else ""


def imported(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the line and the full name of each import, wherever it stands in the file."""
    module = name_of(path)
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                above = package.split(".")[: len(package.split(".")) - node.level + 1]
                base = ".".join([*above, *filter(None, [node.module])])
            for alias in node.names:
                # `from textrep import data` names a room, as `from textrep.data import get` does.
                yield node.lineno, f"{base}.{alias.name}"


def top_level(path: Path) -> set[str]:
    return {name.split(".")[0] for _, name in imported(path)}


def violations(path: Path) -> list[str]:
    room = room_of(name_of(path))
    found = []
    for line, name in imported(path):
        if name.split(".")[0] != "textrep" or not room:
            continue
        other = room_of(name)
        if other == room or (room == "cli" and name == "textrep"):
            continue
        allowed = SEES_ONLY.get(room)
        below = other in ROOMS and ROOMS.index(other) < ROOMS.index(room)
        if not below or (allowed is not None and other not in allowed):
            found.append(f"{path.relative_to(PACKAGE.parent)}:{line}: {room} imports {name}")
    return found


def test_every_module_is_in_a_room() -> None:
    rooms = {room_of(name_of(path)) for path in MODULES} - {""}
    assert rooms == set(ROOMS)


def test_rooms_import_only_downwards() -> None:
    assert [line for path in MODULES for line in violations(path)] == []


@pytest.mark.parametrize(
    ("path", "code", "wrong"),
    [
        ("kernels/x.py", "from textrep.corpus import Corpus", True),
        ("kernels/x.py", "from textrep.errors import CorpusError", True),
        ("corpus/x.py", "import textrep.models.svd", True),
        ("corpus/x.py", "def f():\n    from textrep import models", True),
        ("corpus/x.py", "from textrep import data", False),
        ("corpus/x.py", "from . import words\nfrom .readers import sources", False),
        ("corpus/x.py", "from ..models import svd", True),
        ("corpus/readers/x.py", "from ...errors import CorpusError", False),
        ("corpus/readers/x.py", "from ...storage import load", True),
        ("evaluation/x.py", "from textrep.corpus import Corpus", True),
        ("evaluation/tasks/x.py", "from textrep.vectors import WordVectors", False),
        ("models/x.py", "from textrep import Corpus", True),
        ("linalg/x.py", "from textrep.counting import count", True),
        ("counting/x.py", "from textrep.corpus import Corpus", False),
        ("distributed/x.py", "from textrep.models import svd", True),
        ("errors.py", "from textrep.checks import check_choice", True),
    ],
)
def test_the_test_finds_what_it_looks_for(
    path: str, code: str, wrong: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("test_layering.PACKAGE", tmp_path / "textrep", raising=False)
    monkeypatch.setitem(globals(), "PACKAGE", tmp_path / "textrep")
    file = tmp_path / "textrep" / path
    file.parent.mkdir(parents=True)
    file.write_text(code)
    assert bool(violations(file)) is wrong


NETWORK = {"http", "pooch", "requests", "socket", "ssl", "urllib", "urllib3", "httpx", "aiohttp"}
CLUSTER = {"dask", "distributed"}
UNSAFE = {"cloudpickle", "dill", "joblib", "marshal", "pickle", "shelve"}


def test_only_data_reaches_the_network() -> None:
    rooms = {room_of(name_of(path)) for path in MODULES if top_level(path) & NETWORK}
    assert rooms <= {"data"}


def test_only_its_room_reaches_a_cluster() -> None:
    rooms = {room_of(name_of(path)) for path in MODULES if top_level(path) & CLUSTER}
    assert rooms == {"distributed"}


def test_nothing_that_runs_code_on_loading_is_imported() -> None:
    assert [name_of(path) for path in MODULES if top_level(path) & UNSAFE] == []


def test_only_kernels_import_numba() -> None:
    importing = {name_of(path) for path in MODULES if top_level(path) & {"numba", "llvmlite"}}
    assert {name for name in importing if room_of(name) != "kernels"} <= {"textrep.cli.doctor"}


def test_torch_is_imported_where_it_computes() -> None:
    importing = {name_of(path) for path in MODULES if "torch" in top_level(path)}
    importing = {name for name in importing if room_of(name) not in {"nn", "optim"}}
    by_name = {name for name in importing if "torch" in name}
    assert {room_of(name) for name in by_name} == {"kernels", "linalg", "sgd"}
    assert importing - by_name == {"textrep.cli.doctor", "textrep.sgd.devices"}


def calls(path: Path, names: set[str]) -> list[str]:
    return [
        f"{path.relative_to(PACKAGE.parent)}:{node.lineno}"
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names
    ]


def test_only_the_command_line_prints() -> None:
    printing = [line for path in MODULES for line in calls(path, {"print", "input"})]
    assert [line for line in printing if not line.startswith("textrep/cli/")] == []
    assert printing != []


def test_nothing_is_evaluated_and_nothing_asserted() -> None:
    assert [line for path in MODULES for line in calls(path, {"eval", "exec", "compile"})] == []
    asserting = [
        f"{name_of(path)}:{node.lineno}"
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Assert)
    ]
    assert asserting == []
