"""fastText's model files (``.bin``), read and written."""

from __future__ import annotations

from textrep.storage.formats.fasttext.layout import is_fasttext
from textrep.storage.formats.fasttext.reader import FastTextModel, read_fasttext
from textrep.storage.formats.fasttext.writer import write_fasttext

__all__ = ["FastTextModel", "is_fasttext", "read_fasttext", "write_fasttext"]
