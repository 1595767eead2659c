"""Vectors from any path: the format is found from the content, not from the name."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

from textrep.errors import FormatError
from textrep.storage.contents import vectors_of
from textrep.storage.formats.fasttext import is_fasttext, read_fasttext
from textrep.storage.formats.files import parse_header, reading
from textrep.storage.formats.lines import trailing_numbers
from textrep.storage.formats.word2vec import read_binary, read_text
from textrep.storage.model_folder import is_model_folder, read_model
from textrep.vectors import WordVectors

__all__ = ["Training", "load_training", "load_vectors"]

HEAD_BYTES = 1 << 16
TEXT_CONTROLS = b"\t\n\r"


def load_vectors(path: str | Path) -> WordVectors:
    """Load word vectors from a model folder or a vector file.

    Parameters
    ----------
    path : str or Path
        A folder that textrep wrote, or a file: word2vec text or binary, GloVe text, fastText
        ``.vec`` or ``.bin``; packed by gzip or not.

    Returns
    -------
    WordVectors
        From a model folder: its ``word_vectors``, as a read-only memory map. `SubwordVectors`,
        which answer for unseen words, where there are vectors of n-grams.

    Raises
    ------
    FormatError
        Nothing is there, it is none of these, or it is damaged.

    Examples
    --------
    >>> load_vectors("no-such-model")
    Traceback (most recent call last):
        ...
    textrep.errors.FormatError: no-such-model does not exist. Give a model folder or a vector file.
    """
    path = Path(path)
    if not path.exists():
        raise FormatError(f"{path} does not exist. Give a model folder or a vector file.")
    if path.is_dir():
        return vectors_of(read_model(path), str(path))
    head = _head(path)
    if is_fasttext(head):
        return read_fasttext(path).vectors
    if not head.strip():
        raise FormatError(f"{path} is empty. Give a model folder or a vector file.")
    first, _, rest = head.partition(b"\n")
    if parse_header(first) is not None:
        return read_text(path) if _looks_like_text(rest) else read_binary(path)
    if trailing_numbers(first) > 0 and _looks_like_text(head):
        return read_text(path)
    raise FormatError(
        f"{path} is no vector file that textrep knows: its first line is neither "
        "'n_words dim' nor a word and its values."
    )


class Training(NamedTuple):
    """What a model folder or a fastText file tells of the training besides the vectors.

    Attributes
    ----------
    parameters : dict
        How it was trained.
    context_vectors : ndarray of shape (n_words, dim), or None
        The output vectors.
    """

    parameters: dict[str, Any]
    context_vectors: Any


def load_training(path: str | Path) -> Training:
    """Load what is known of a training; nothing, where ``path`` is another file of vectors."""
    if is_model_folder(path):
        data = read_model(path)
        return Training(dict(data.parameters), data.tensors.get("context_vectors"))
    if is_fasttext(_head(Path(path))):
        model = read_fasttext(path)
        return Training(model.parameters, model.output)
    return Training({}, None)


def _head(path: Path) -> bytes:
    with reading(path) as file:
        return file.read(HEAD_BYTES)


def _looks_like_text(head: bytes) -> bool:
    """Whether a line of numbers begins ``head``, or it holds no bytes that only binary data has."""
    if trailing_numbers(head.partition(b"\n")[0]) > 0:
        return True
    return not any(byte < ord(" ") and byte not in TEXT_CONTROLS for byte in head)
