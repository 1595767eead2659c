"""What is public is what is meant to be, it is there, and it costs nothing until it is used."""

from __future__ import annotations

import ast
import importlib
import inspect
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

import textrep

PACKAGE = Path(textrep.__file__).parent
MODULES = sorted(
    ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts).removesuffix(".__init__")
    for path in PACKAGE.rglob("*.py")
)
PUBLIC = {
    "BenchmarkPlateau", "Checkpoint", "Combine", "ConvEncoder", "Cooccurrence",
    "CooccurrenceVectorizer", "Corpus", "GloVe", "LossPlateau", "OneHot", "PMI", "PPMI",
    "RecurrentEncoder", "SVD", "TextClassifier", "TextEncoder", "TextrepError", "TimeBudget",
    "TokenTagger", "TransformerEncoder", "Vocabulary", "Word2Vec", "WordVectorAverager",
    "WordVectors", "__version__", "as_corpus", "evaluate", "load", "load_model",
}  # fmt: skip


def test_the_public_names() -> None:
    assert set(textrep.__all__) == PUBLIC
    assert len(textrep.__all__) == len(PUBLIC)
    assert dir(textrep) == sorted(PUBLIC)


@pytest.mark.parametrize("name", sorted(PUBLIC))
def test_every_name_can_be_had(name: str) -> None:
    value = getattr(textrep, name)
    assert value == getattr(textrep, name)
    if name != "__version__":
        assert value.__doc__


def test_a_name_that_is_not_public() -> None:
    with pytest.raises(AttributeError, match="module 'textrep' has no attribute 'Corpse'"):
        textrep.Corpse  # noqa: B018


def test_the_lazy_names_are_those_that_type_checkers_see() -> None:
    """``_EXPORTS`` and the imports under ``TYPE_CHECKING`` are two tables of the same."""
    tree = ast.parse((PACKAGE / "__init__.py").read_text("utf-8"))
    seen = {
        alias.asname: (node.module, alias.name)
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("textrep.")
        for alias in node.names
    }
    assert seen == textrep._EXPORTS
    assert set(textrep._EXPORTS) | {"__version__"} == PUBLIC


HEAVY = ["numpy", "scipy", "numba", "sklearn", "torch", "nltk", "tokenizers", "typer", "rich"]


@pytest.mark.parametrize(
    "module", ["textrep", "textrep.errors", "textrep.progress", "textrep.files"]
)
def test_importing_costs_nothing(module: str) -> None:
    code = f"import sys, {module}; print(*sorted(set({HEAVY}) & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


def test_a_corpus_needs_neither_models_nor_their_libraries() -> None:
    code = "import sys, textrep; textrep.Corpus; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert "textrep.corpus" in loaded
    assert not loaded & {"torch", "sklearn", "typer", "rich", "textrep.models", "textrep.cli"}


def imported(name: str) -> ModuleType:
    """The module; a skip where it needs torch, which is an extra, and torch is not there."""
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name != "torch":
            raise
        pytest.skip("torch is not installed")


def exported(module: ModuleType) -> list[str]:
    names = list(module.__all__)
    return [name for name in names if not hasattr(module, name)]


@pytest.mark.parametrize("name", MODULES)
def test_every_module_says_what_is_public(name: str) -> None:
    module = imported(name)
    assert module.__doc__, f"{name} has no docstring"
    if len(ast.parse(inspect.getsource(module)).body) == 1:
        return  # a docstring alone: a folder that only holds other modules
    assert hasattr(module, "__all__"), f"{name} has no __all__"
    assert exported(module) == []
    assert len(set(module.__all__)) == len(module.__all__)


@pytest.mark.parametrize("name", MODULES)
def test_what_others_use_of_a_module_is_public(name: str) -> None:
    """A module takes from others only what they name in ``__all__``, or their modules."""
    path = PACKAGE.parent / Path(*name.split("."))
    path = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    private = []
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("textrep"):
            source = imported(node.module or "")
            for alias in node.names:
                submodule = f"{node.module}.{alias.name}" in MODULES
                if alias.name not in getattr(source, "__all__", []) and not submodule:
                    private.append(f"{node.module}.{alias.name}")
    assert private == []
