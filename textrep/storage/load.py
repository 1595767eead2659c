"""Vectors from any path: the format is found from the content, not from the name."""

from __future__ import annotations

from pathlib import Path

from textrep.errors import FormatError, InvalidParameterError, VocabularyError
from textrep.storage.formats.files import parse_header, reading
from textrep.storage.formats.lines import trailing_numbers
from textrep.storage.formats.word2vec import read_binary, read_text
from textrep.storage.model_folder import read_model
from textrep.vectors import WordVectors

__all__ = ["load_vectors"]

HEAD_BYTES = 1 << 16
TEXT_CONTROLS = b"\t\n\r"


def load_vectors(path: str | Path) -> WordVectors:
    """Load word vectors from a model folder or a vector file.

    Parameters
    ----------
    path : str or Path
        A folder that textrep wrote, or a file: word2vec text or binary, GloVe text, fastText
        ``.vec``; packed by gzip or not.

    Returns
    -------
    WordVectors
        From a model folder: its ``word_vectors``, as a read-only memory map.

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
        return _from_folder(path)
    with reading(path) as file:
        head = file.read(HEAD_BYTES)
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


def _from_folder(path: Path) -> WordVectors:
    model = read_model(path)
    if "word_vectors" not in model.tensors:
        raise FormatError(f"{path} holds no word vectors, only {', '.join(model.tensors)}.")
    try:
        return WordVectors(model.words, model.tensors["word_vectors"], model.counts)
    except (InvalidParameterError, VocabularyError) as error:
        raise FormatError(f"{path} is damaged: {error}") from None


def _looks_like_text(head: bytes) -> bool:
    """Whether a line of numbers begins ``head``, or it holds no bytes that only binary data has."""
    if trailing_numbers(head.partition(b"\n")[0]) > 0:
        return True
    return not any(byte < ord(" ") and byte not in TEXT_CONTROLS for byte in head)
