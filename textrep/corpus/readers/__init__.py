"""Readers: whatever text comes in, a stream of blocks of UTF-8 bytes goes out."""

from textrep.corpus.readers.blocks import BLOCK_BYTES, UNIT_SEPARATOR, Block, Source, Stream
from textrep.corpus.readers.sources import named_sources, sources

__all__ = [
    "BLOCK_BYTES",
    "UNIT_SEPARATOR",
    "Block",
    "Source",
    "Stream",
    "named_sources",
    "sources",
]
