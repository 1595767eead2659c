"""Text to an encoded corpus.

Three passes, none of which holds the text in memory:

1. the text is read, tokenised and numbered in order of first appearance (:mod:`.encoder`);
2. phrases are joined (:mod:`.phrases`) and the vocabulary is chosen (:mod:`.selection`);
3. the tokens are renumbered by the vocabulary and written.

The text itself is read once, so it may come from a pipe.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from textrep.corpus.arrays import ArrayWriter
from textrep.corpus.encoder import EncodedText, encode_text
from textrep.corpus.manifest import (
    DOCUMENTS,
    MANIFEST,
    SENTENCES,
    TOKENIZER,
    TOKENS,
    VOCABULARY,
    Manifest,
    check_counts,
    fingerprint,
)
from textrep.corpus.options import BuildOptions
from textrep.corpus.phrases import join_phrases
from textrep.corpus.readers import sources
from textrep.corpus.selection import Selection, SelectionRules, select_words
from textrep.corpus.stream import BlockStream
from textrep.corpus.tokenization import Tokenization
from textrep.corpus.words import EncodedBlock, WordTable
from textrep.files import atomic_folder
from textrep.kernels.blocks import document_frequency, remap_block
from textrep.parallel import map_in_order, resolve_n_jobs
from textrep.progress import track

__all__ = ["build"]


def build(
    inputs: Any,
    output: str | Path,
    *,
    encode: Callable[..., EncodedText] = encode_text,
    **options: Any,
) -> Manifest:
    """Encode text into a corpus folder.

    Parameters
    ----------
    inputs : str, path, iterable, or list of these
        Files (plain, .gz, .bz2, .xz, .zst; text, JSON lines, CSV, Parquet), folders, globs, ``-``
        for standard input, ``nltk:NAME``, the name of a corpus (``textrep data list``), a Hugging
        Face dataset, an iterable of strings (documents) or of lists of words (sentences).
    output : str or path
        The folder. It appears when it is complete, or not at all.
    encode : callable
        What reads and numbers the text, as :func:`~textrep.corpus.encoder.encode_text` does here.
    **options
        See :class:`~textrep.corpus.options.BuildOptions`.

    Returns
    -------
    Manifest
        What was made, and what was counted on the way.

    Raises
    ------
    CorpusError
        An input cannot be read.
    VocabularyError
        No word is left in the vocabulary.
    UsageError
        An option is unknown or out of its range.
    """
    chosen = BuildOptions.from_keywords(options)
    n_jobs = resolve_n_jobs(chosen.n_jobs, "Corpus.build")
    tokenization = Tokenization.prepare(chosen, sources(inputs, chosen.field))
    rules = chosen.selection(default_min_count=1 if tokenization.subword else 5)
    with atomic_folder(output, marker=MANIFEST, overwrite=chosen.overwrite) as folder:
        text = encode(
            tokenization, folder / "stream", sentences=chosen.sentences, errors=chosen.errors,
            n_jobs=n_jobs,
        )  # fmt: skip
        stream, table, numbers = _merge(text)
        read = {
            "bytes": text.n_bytes,
            "invalid_utf8": text.invalid_utf8,
            "tokens": stream.n_tokens,
            "types": table.n_words,
        }
        if chosen.phrases:
            stream = _renumbered(stream, numbers, folder / "merged")
            numbers = [np.arange(table.n_words, dtype=np.int32)]
            stream, table = join_phrases(
                stream, table, chosen.phrase_rules(rules.min_count), folder
            )
            numbers = [np.arange(table.n_words, dtype=np.int32)]
        joined = read["tokens"] - stream.n_tokens
        selection = _select(stream, table, numbers, rules)
        final = [selection.numbers[number] for number in numbers]
        kept, checksums = _write(stream, final, selection, folder, n_jobs)
        tokenization.save(folder / TOKENIZER)
        stream.remove()
        manifest = Manifest(
            tokenizer=tokenization.describe(),
            options=chosen.for_manifest(),
            sources=text.sources,
            read=read,
            dropped=selection.dropped,
            joined=joined,
            kept=kept,
            checksums=checksums,
            fingerprint=fingerprint(checksums),
        )
        check_counts(manifest, folder)
        manifest.write(folder)
    return manifest


def _merge(text: EncodedText) -> tuple[BlockStream, WordTable, list[NDArray[np.int32]]]:
    """Merge the workers' tables into the first; return the number of each table's words in it."""
    first, *others = text.tables
    own = np.arange(first.n_words, dtype=np.int32)
    return text.stream, first, [own, *(first.merge(other) for other in others)]


def _renumbered(stream: BlockStream, numbers: list[NDArray[np.int32]], path: Path) -> BlockStream:
    """Copy a stream with every table's numbers replaced; remove the old one."""
    merged = BlockStream(path)
    for table, block in stream:
        merged.append(block._replace(ids=numbers[table][block.ids]))
    stream.remove()
    return merged


def _select(
    stream: BlockStream,
    table: WordTable,
    numbers: list[NDArray[np.int32]],
    rules: SelectionRules,
) -> Selection:
    """Choose the vocabulary; count documents first if a rule asks for them."""
    if not rules.needs_documents:
        return select_words(table, rules)
    last = np.full(table.n_words, -1, np.int64)
    frequency = np.zeros(table.n_words, np.int64)
    document, begun = 0, False
    with track("counting documents", stream.n_tokens, "tokens") as task:
        for number, (ids, _, documents) in stream:
            document, begun = document_frequency(
                ids, documents, numbers[number], last, frequency, document, begun
            )
            task.advance(len(ids))
    return select_words(table, rules, frequency, document)


def _write(
    stream: BlockStream,
    numbers: list[NDArray[np.int32]],
    selection: Selection,
    folder: Path,
    n_jobs: int,
) -> tuple[dict[str, int], dict[str, str]]:
    """Write vocabulary, tokens and offsets; return what was kept, and the checksums."""

    def renumber(item: tuple[int, EncodedBlock]) -> EncodedBlock:
        table, (ids, ends, documents) = item
        kept = remap_block(ids, ends, documents, numbers[table])
        return EncodedBlock(ids[:kept], ends, documents)

    with (
        ArrayWriter(folder / TOKENS, np.int32) as tokens,
        ArrayWriter(folder / SENTENCES, np.int64) as sentences,
        ArrayWriter(folder / DOCUMENTS, np.int64) as documents,
        track("writing", stream.n_tokens, "tokens") as task,
    ):
        sentences.append(np.zeros(1, np.int64))
        documents.append(np.zeros(1, np.int64))
        last_sentence = last_document = 0
        for block in map_in_order(renumber, stream, n_jobs):
            ends = _new_ends(block.ends, tokens.length, last_sentence)
            closed = _new_ends(block.documents, tokens.length, last_document)
            # Every document end is a sentence end, so its place among them is its number.
            documents.append(sentences.length - 1 + np.searchsorted(ends, closed, side="right"))
            sentences.append(ends)
            tokens.append(block.ids)
            last_sentence = ends[-1] if len(ends) else last_sentence
            last_document = closed[-1] if len(closed) else last_document
            task.advance(len(block.ids))
    vocabulary = selection.vocabulary.to_tsv()
    (folder / VOCABULARY).write_bytes(vocabulary)
    kept = {
        "documents": documents.length - 1,
        "sentences": sentences.length - 1,
        "tokens": tokens.length,
        "types": len(selection.vocabulary),
    }
    checksums = {
        VOCABULARY: hashlib.sha256(vocabulary).hexdigest(),
        TOKENS: tokens.sha256,
        SENTENCES: sentences.sha256,
        DOCUMENTS: documents.sha256,
    }
    return kept, checksums


def _new_ends(ends: NDArray[np.int32], offset: int, last: int) -> NDArray[np.int64]:
    """Return the ends as positions in the corpus, without those of empty stretches."""
    positions = ends.astype(np.int64) + offset
    if len(positions) == 0:
        return positions
    return positions[np.diff(positions, prepend=last) > 0]
