"""A part of a text that is not encoded yet, and how large a part it is."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from typing import NamedTuple

import numpy as np

from textrep.corpus.readers import Source
from textrep.corpus.readers.blocks import BLOCK_BYTES, Block

__all__ = ["TextSample", "sample_text"]

_KEPT_BYTES = 2 * BLOCK_BYTES  # about a million and a half tokens of English
_MEASURED_BYTES = 4 * BLOCK_BYTES  # of a source; the error is half a block
_SEED = 0


class TextSample(NamedTuple):
    """A part of a text.

    Attributes
    ----------
    texts : list of str
        About eight million bytes, or all there is.
    n_bytes : int
        Their size in UTF-8.
    of_bytes : int
        Size of the whole text, estimated.
    """

    texts: list[str]
    n_bytes: int
    of_bytes: int


def sample_text(sources: Sequence[Source]) -> TextSample | None:
    """Return a part of a text, and the size of the whole from how large its files are.

    Parameters
    ----------
    sources : sequence of Source
        If there are several, they are taken in a random order.

    Returns
    -------
    TextSample or None
        None where the size of a source is not known, or it can be read only once.

    Raises
    ------
    CorpusError
        A source cannot be read.
    """
    if any(s.bytes is None or s.pretokenized or not s.reopenable for s in sources):
        return None
    texts: list[str] = []
    kept = measured = 0
    of_source_bytes = 0.0
    for number in np.random.default_rng(_SEED).permutation(len(sources)):
        room = _KEPT_BYTES - kept
        if room <= 0:
            break
        blocks, n_bytes, source_bytes = _beginning(sources[number], room)
        data = (block.data + (b"\n\n" if block.ends_document else b"") for block in blocks)
        texts.append(b"".join(data).decode("utf-8", "replace"))
        kept += sum(len(block.data) for block in blocks)
        measured += n_bytes
        of_source_bytes += source_bytes
    whole = sum(source.bytes or 0 for source in sources)
    return TextSample(texts, kept, max(kept, round(measured * whole / max(of_source_bytes, 1.0))))


def _beginning(source: Source, most: int) -> tuple[list[Block], int, float]:
    """Return blocks of at most so many bytes, and how much text so much of the source gave.

    A stream reads ahead of its blocks: what it has read is right whenever it goes on reading, up
    to the block that is being put together then.
    """
    kept: list[Block] = []
    text = read = 0
    with closing(source.open()) as stream:
        for block in stream:
            if stream.bytes_read > read and text >= _MEASURED_BYTES:
                return kept, text + BLOCK_BYTES // 2, float(read)
            read = stream.bytes_read
            text += len(block.data)
            if not kept or text <= most:
                kept.append(block)
    return kept, text, float(source.bytes or 0)
