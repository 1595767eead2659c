"""Every example in the library's docstrings runs and gives what it says."""

from __future__ import annotations

import doctest
import importlib
from pathlib import Path

import pytest

import textrep

PACKAGE = Path(textrep.__file__).parent
MODULES = sorted(
    ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts).removesuffix(".__init__")
    for path in PACKAGE.rglob("*.py")
    if ">>>" in path.read_text("utf-8")
)


@pytest.mark.parametrize("name", MODULES)
def test_examples(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TEXTREP_HOME", str(tmp_path / "home"))
    module = importlib.import_module(name)
    # Examples may be marked as not to be run, but all that there are must have been found.
    assert any(test.examples for test in doctest.DocTestFinder().find(module))
    assert doctest.testmod(module).failed == 0


def test_there_are_examples() -> None:
    assert {"textrep.corpus.encoded", "textrep.progress"} <= set(MODULES)
