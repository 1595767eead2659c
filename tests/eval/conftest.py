"""What the tests of the folder eval share."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def outside_the_library() -> Iterator[None]:
    """Let ``eval``, which no installation has, be imported."""
    sys.path.insert(0, str(ROOT))
    yield
    sys.path.remove(str(ROOT))


@pytest.fixture(scope="module")
def text(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of 20,000 tokens."""
    from textrep.corpus.miniworld import generate

    path = tmp_path_factory.mktemp("text") / "little.txt"
    path.write_text("\n\n".join(generate(tokens=20_000)), "utf-8")
    return path
