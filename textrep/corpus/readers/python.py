"""Python objects that can be iterated again and again: strings, token lists, data sets.

Each string is a document. Each list of tokens is a sentence, and all of them are one document.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from functools import partial
from itertools import chain
from typing import Any

from textrep.corpus.readers.blocks import (
    UNIT_SEPARATOR,
    Block,
    Meter,
    Source,
    Stream,
    batch_documents,
    cut_blocks,
)
from textrep.corpus.readers.hints import did_you_mean
from textrep.errors import CorpusError

__all__ = [
    "Texts",
    "dataset_source",
    "documents_source",
    "encode_text",
    "is_dataset",
    "iterable_source",
    "join_tokens",
]

_CONTROL = re.compile("[\x00-\x1e]")


def iterable_source(items: Iterable[object], name: str = "the iterable") -> Source:
    """Return the source of an iterable of strings or of token lists.

    Parameters
    ----------
    items : iterable of str, or of sequence of str
        Something whose ``iter`` starts anew each time. None stands for no text.
    name : str
        What the source is called.

    Returns
    -------
    Source
        Pretokenized if the first item is not a string.

    Raises
    ------
    CorpusError
        The iterable can be iterated only once, is empty, or holds something else.
    """
    if isinstance(items, Iterator):
        raise CorpusError(
            f"{name[0].upper()}{name[1:]} ({type(items).__name__}) can be read only once, and "
            "training reads it more than once. Pass a list, or an object whose __iter__ starts "
            "anew."
        )
    if isinstance(items, Mapping | Set):
        raise CorpusError(
            f"A {type(items).__name__} has no order or no text of its own. Pass a list of strings "
            "or of token lists."
        )
    first = next((item for item in items if item is not None), None)
    if first is None:
        raise CorpusError(f"{name[0].upper()}{name[1:]} is empty: there is no text to read.")
    if isinstance(first, str):
        return documents_source(name, lambda: items)
    return Source(
        name=name,
        open=partial(Stream, name, partial(_sentence_blocks, items, name)),
        bytes=None,
        pretokenized=True,
    )


def documents_source(name: str, documents: Callable[[], Iterable[object]]) -> Source:
    """Return the source of what ``documents()`` yields: each string a document.

    Parameters
    ----------
    name : str
        What the source is called.
    documents : callable
        Called with nothing each time the source is opened.
    """
    return Source(
        name=name,
        open=partial(Stream, name, partial(_document_blocks, documents, name)),
        bytes=None,
    )


class Texts:
    """Texts that are there themselves, so that no string among them names a file.

    Parameters
    ----------
    items : iterable of str
        As for `iterable_source`, each string a document.
    """

    def __init__(self, items: object) -> None:
        self._items = items

    def source(self) -> Source:
        """Return their source.

        Raises
        ------
        CorpusError
            As `iterable_source` does, and if they are one string, or lists of tokens.
        """
        items = self._items
        if isinstance(items, str | bytes) or not isinstance(items, Iterable):
            got = "one string" if isinstance(items, str) else type(items).__name__
            raise CorpusError(f"The texts must be a list of strings, each a document. Got {got}.")
        source = iterable_source(items, "the list of texts")
        if source.pretokenized:
            raise CorpusError(
                "The texts must be strings. Lists of words, each a sentence, are what "
                "textrep.Corpus.build takes."
            )
        return source


def is_dataset(candidate: object) -> bool:
    """Whether an object is a data set in the manner of Hugging Face's ``datasets``."""
    return hasattr(candidate, "column_names") and hasattr(candidate, "__iter__")


def dataset_source(dataset: object, field: str | None) -> Source:
    """Return the source of one column of a data set, in the manner of Hugging Face's ``datasets``.

    Parameters
    ----------
    dataset : object
        It has ``column_names`` and iterates over dictionaries. Its column holds strings (each a
        document), lists of strings (each a sentence in tokens), or None.
    field : str or None
        The column; None means "text".

    Raises
    ------
    CorpusError
        There is no such column, or the object is a dictionary of splits.
    """
    field = "text" if field is None else field
    name = f"the data set's column {field!r}"
    columns = getattr(dataset, "column_names", None)
    if isinstance(columns, dict):
        splits = ", ".join(map(repr, columns))
        raise CorpusError(f"The data set has splits ({splits}): pass one of them.")
    if columns is not None and field not in columns:
        raise CorpusError(
            f"The data set has no column {field!r}.{did_you_mean(field, columns)} "
            f"Its columns: {', '.join(columns)}. Name one of them as the field."
        )
    if not isinstance(dataset, Iterable):
        raise CorpusError(f"{name} cannot be iterated.")
    return iterable_source(_Column(dataset, field), name)


class _Column:
    """One column of a data set, read in batches where the data set offers them."""

    def __init__(self, dataset: Any, field: str) -> None:
        select = getattr(dataset, "select_columns", None)
        self._dataset = dataset if select is None else select([field])
        self._field = field

    def __iter__(self) -> Iterator[object]:
        batches = getattr(self._dataset, "iter", None)
        if batches is not None:
            return chain.from_iterable(batch[self._field] for batch in batches(batch_size=1000))
        return (row[self._field] for row in self._dataset)


def encode_text(text: str) -> bytes:
    """Return UTF-8; a lone surrogate becomes bytes that are not UTF-8, for the encoder to judge.

    One that stands for a byte (``surrogateescape``) becomes that byte again.
    """
    try:
        return text.encode()
    except UnicodeEncodeError:
        escapes_only = all(c < "\ud800" or c > "\udfff" or "\udc80" <= c <= "\udcff" for c in text)
        return text.encode("utf-8", "surrogateescape" if escapes_only else "surrogatepass")


def join_tokens(tokens: Sequence[str], where: str) -> bytes:
    """Return a sentence's tokens as bytes, separated by `UNIT_SEPARATOR`.

    Raises
    ------
    CorpusError
        A token is not a string, is empty, or has a control character; it names ``where``.
    """
    try:
        text = UNIT_SEPARATOR.join(tokens)
    except TypeError:
        wrong = next((token for token in tokens if not isinstance(token, str)), tokens)
        raise CorpusError(f"{where}: a token must be a string, got {wrong!r}.") from None
    if (
        text.count(UNIT_SEPARATOR) != max(len(tokens) - 1, 0)
        or _CONTROL.search(text)
        or (tokens and "" in tokens)
    ):
        wrong = next(t for t in tokens if not t or UNIT_SEPARATOR in t or _CONTROL.search(t))
        fault = f"has a control character: {wrong!r}" if wrong else "is empty"
        raise CorpusError(f"{where}: a token {fault}. Remove or replace it.")
    return encode_text(text)


def _document_blocks(
    documents: Callable[[], Iterable[object]], name: str, meter: Meter
) -> Iterator[Block]:
    for block in batch_documents(_encoded(documents(), name), name=name):
        yield meter.take_block(block)


def _encoded(documents: Iterable[object], name: str) -> Iterator[bytes]:
    for number, text in enumerate(documents, 1):
        if isinstance(text, str):
            yield encode_text(text)
        elif text is not None:
            raise CorpusError(
                f"Item {number} of {name} must be a string as the first one is, "
                f"got {type(text).__name__}."
            )


def _sentence_blocks(items: Iterable[object], name: str, meter: Meter) -> Iterator[Block]:
    separator = UNIT_SEPARATOR.encode()
    for block in cut_blocks(_sentences(items, name), name=name, inside=separator):
        yield meter.take_block(block)


def _sentences(items: Iterable[object], name: str) -> Iterator[bytes]:
    for number, tokens in enumerate(items, 1):
        if tokens is None:
            continue
        where = f"Item {number} of {name}"
        # A set has no order, and the letters of a string are no words.
        if (
            isinstance(tokens, str | bytes | Mapping)
            or not isinstance(tokens, Iterable)
            or not hasattr(tokens, "__getitem__")
        ):
            raise CorpusError(
                f"{where} must be a list of tokens as the first one is, "
                f"got {type(tokens).__name__}."
            )
        sentence = join_tokens(list(tokens), where)
        if sentence:
            yield sentence + b"\n"
