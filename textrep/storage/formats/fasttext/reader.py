"""Reading fastText's model files."""

from __future__ import annotations

import mmap
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from textrep.errors import FormatError, InvalidParameterError
from textrep.progress import logger
from textrep.storage.formats.fasttext.layout import (
    ARGUMENTS,
    DICTIONARY,
    MAGIC,
    MATRIX,
    SIGNATURE,
    SUPERVISED,
    VERSIONS,
    WORD_TAIL,
    Arguments,
    parameters_of,
)
from textrep.storage.formats.files import is_packed, reading
from textrep.storage.vocabulary import first_repeat
from textrep.vectors import Subwords, SubwordVectors, WordVectors
from textrep.vectors.subwords import means

__all__ = ["FastTextModel", "read_fasttext"]

LEAST_ENTRY = 1 + WORD_TAIL.size  # bytes of the dictionary that a word takes at least


@dataclass(frozen=True)
class FastTextModel:
    """What a fastText file holds.

    Attributes
    ----------
    vectors : SubwordVectors, or WordVectors if the file has no n-grams
    output : float32 array of shape (n_words, dim)
        The output vectors (of inner nodes, for hierarchical softmax): a read-only map of the file.
    parameters : dict
        How it was trained, by our names: ``window``, ``epochs``, ``architecture``, …
    """

    vectors: WordVectors
    output: NDArray[np.float32]
    parameters: dict[str, Any]


def read_fasttext(path: str | Path) -> FastTextModel:
    r"""Read a fastText model file.

    Parameters
    ----------
    path : str or Path
        Mapped into memory, not read; a file packed by gzip is unpacked into memory.

    Returns
    -------
    FastTextModel
        A word's vector is the mean of its own row and of those of its n-grams. Every bucket has a
        row, trained or not, so any word with n-grams has a vector: the one that fastText gives it.

    Raises
    ------
    FormatError
        No fastText file, a classifier, a quantized model, one of another version, or a damaged
        file: cut, longer than it says, a word twice, a value that is not finite.

    Notes
    -----
    Words with bytes that are no UTF-8, which published models have, get escapes (``\xNN``) in
    place of these; their n-grams are those of the bytes.
    """
    file = _File(path)
    arguments = _read_arguments(file)
    words, counts = _read_dictionary(file)
    rows = file.matrix("input matrix", len(words) + arguments.buckets, arguments.dim)
    output = file.matrix("output matrix", len(words), arguments.dim)
    file.check_end()
    names = _decoded(path, words)
    try:
        vectors = _vectors(arguments, words, names, counts, rows)
    except InvalidParameterError as error:
        raise FormatError(f"{path} is damaged: {error}") from None
    return FastTextModel(vectors, output, parameters_of(arguments))


class _File:
    """The bytes of a file, taken in order; `FormatError` where they end too soon."""

    def __init__(self, path: str | Path) -> None:
        self.path = path
        self.at = 0
        self._bytes: mmap.mmap | bytes
        with reading(path) as file:
            if is_packed(path) or not Path(path).stat().st_size:
                self._bytes = file.read()
            else:
                self._bytes = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)

    @property
    def left(self) -> int:
        """Bytes that have not been taken."""
        return len(self._bytes) - self.at

    def take(self, layout: struct.Struct, what: str) -> tuple[Any, ...]:
        """Return the next numbers."""
        self.need(layout.size, what)
        self.at += layout.size
        return layout.unpack_from(self._bytes, self.at - layout.size)

    def need(self, size: int, what: str) -> None:
        """Check that ``size`` bytes are left."""
        if size > self.left:
            raise FormatError(
                f"{self.path} is cut or damaged: its {what} takes {size} bytes, {self.left} are "
                "left. Copy it again."
            )

    def until_zero(self, what: str) -> bytes:
        """Return the bytes up to the next zero byte, which is taken as well."""
        end = self._bytes.find(b"\0", self.at)
        if end < 0:
            raise FormatError(f"{self.path} is cut: it ends within its {what}. Copy it again.")
        taken = self._bytes[self.at : end]
        self.at = end + 1
        return taken

    def matrix(self, name: str, rows: int, dim: int) -> NDArray[np.float32]:
        """Return the next matrix, not copied."""
        quantized, *shape = self.take(MATRIX, name)
        if quantized:
            raise FormatError(
                f"{self.path} is quantized (.ftz), which textrep does not read: its values are "
                "approximate. Give the .bin file that it was made from."
            )
        if shape != [rows, dim]:
            raise FormatError(
                f"{self.path} is damaged: its {name} has shape {shape}, the rest of the file needs "
                f"{[rows, dim]}."
            )
        self.need(4 * rows * dim, name)
        values = np.frombuffer(self._bytes, "<f4", rows * dim, self.at).reshape(rows, dim)
        self.at += values.nbytes
        return values.astype(np.float32, copy=False)

    def check_end(self) -> None:
        """Check that nothing is left."""
        if self.left:
            raise FormatError(f"{self.path} is damaged: {self.left} bytes follow its last matrix.")


def _read_arguments(file: _File) -> Arguments:
    magic, version = file.take(SIGNATURE, "signature")
    if magic != MAGIC:
        raise FormatError(
            f"{file.path} is no fastText model: it does not begin with fastText's signature."
        )
    if version not in VERSIONS:
        raise FormatError(
            f"{file.path} has version {version} of fastText's format; textrep reads "
            f"{' and '.join(map(str, VERSIONS))}."
        )
    found = Arguments(*file.take(ARGUMENTS, "list of arguments"))
    if found.model == SUPERVISED:
        raise FormatError(f"{file.path} is a fastText classifier; textrep reads word vectors.")
    if found.dim < 1 or found.buckets < 0:
        raise FormatError(
            f"{file.path} is damaged: it says {found.dim} columns and {found.buckets} buckets."
        )
    return found


def _read_dictionary(file: _File) -> tuple[list[bytes], NDArray[np.int64]]:
    entries, n_words, labels, _, pruned = file.take(DICTIONARY, "dictionary")
    if labels or entries != n_words or pruned > 0:
        raise FormatError(
            f"{file.path} is a fastText classifier or is damaged: {n_words} words, {labels} labels "
            f"and {pruned} pruned n-grams of {entries} entries; textrep reads word vectors."
        )
    if n_words < 1:
        raise FormatError(f"{file.path} holds no words.")
    file.need(LEAST_ENTRY * n_words, f"dictionary of {n_words} words")
    words = []
    counts = np.empty(n_words, np.int64)
    for row in range(n_words):
        words.append(file.until_zero("dictionary"))
        counts[row], kind = file.take(WORD_TAIL, "dictionary")
        if kind != 0 or counts[row] < 0:
            raise FormatError(f"{file.path} is damaged: word {row + 1} of its dictionary is none.")
    return words, counts


def _decoded(path: str | Path, words: list[bytes]) -> list[str]:
    names, escaped = [], 0
    for word in words:
        try:
            names.append(word.decode("utf-8"))
        except UnicodeDecodeError:
            names.append(word.decode("utf-8", "backslashreplace"))
            escaped += 1
    if escaped:
        logger.warning("%s: %d words are not UTF-8; their bytes are escaped", path, escaped)
    repeat = first_repeat(names)
    if repeat is not None:
        raise FormatError(f"{path}, word {repeat + 1}: {names[repeat]!r} occurs twice.")
    return names


def _vectors(
    arguments: Arguments,
    words: list[bytes],
    names: list[str],
    counts: NDArray[np.int64],
    rows: NDArray[np.float32],
) -> WordVectors:
    if arguments.buckets == 0 or arguments.max_n < max(1, arguments.min_n):
        return WordVectors(names, rows[: len(words)], counts)
    subwords = Subwords(max(1, arguments.min_n), arguments.max_n, arguments.buckets)
    table = subwords.rows_of_bytes(words)
    # The table counts the buckets in use; the matrix has a row for each.
    places = np.concatenate([np.arange(len(words), dtype=np.int32), table.bucket_ids + len(words)])
    matrix = means(rows, table.offsets, places[table.parts])
    bucket_ids = np.arange(arguments.buckets, dtype=np.int32)
    return SubwordVectors(names, matrix, subwords, bucket_ids, rows, counts)
