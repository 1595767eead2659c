"""Other programs that are measured where they are installed."""

from __future__ import annotations

import importlib.util
import os
import shutil

__all__ = [
    "MISSING_FASTTEXT",
    "MISSING_GENSIM",
    "MISSING_STANFORD",
    "fasttext",
    "has_gensim",
    "stanford",
]

MISSING_GENSIM = "gensim is not installed, so it was left out: pip install 'textrep[peers]'."
MISSING_FASTTEXT = (
    "fastText was not found, so it was left out: build github.com/facebookresearch/fastText and "
    "name the folder of its program in TEXTREP_PEERS."
)
MISSING_STANFORD = (
    "Stanford GloVe's {} was not found, so it was left out: build "
    "github.com/stanfordnlp/GloVe and name the folder of its programs in TEXTREP_PEERS."
)


def has_gensim() -> bool:
    """Return whether gensim is installed, without importing it."""
    return importlib.util.find_spec("gensim") is not None


def stanford(program: str) -> str | None:
    """Return the path of a program of Stanford GloVe, None if it is not found."""
    return _program(program)


def fasttext() -> str | None:
    """Return the path of the program fasttext, None if it is not found."""
    return _program("fasttext")


def _program(program: str) -> str | None:
    """Return the path of a program: in ``$TEXTREP_PEERS``, else in ``$PATH``."""
    folder = os.environ.get("TEXTREP_PEERS")
    return shutil.which(program, path=folder) if folder else shutil.which(program)
