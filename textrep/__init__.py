"""textrep: every classic text representation, from raw text to an honest comparison.

The public names are loaded when they are first used, so that importing the package costs nothing.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    __version__: str
    from textrep.evaluation import evaluate as evaluate
    from textrep.vectors import WordVectors as WordVectors

_EXPORTS = {
    "WordVectors": "textrep.vectors",
    "evaluate": "textrep.evaluation",
}

__all__ = ["WordVectors", "__version__", "evaluate"]


def __getattr__(name: str) -> object:
    if name == "__version__":
        from importlib.metadata import version

        return version("textrep")
    if name in _EXPORTS:
        return getattr(importlib.import_module(_EXPORTS[name]), name)
    raise AttributeError(f"module 'textrep' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
