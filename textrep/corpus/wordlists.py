"""Lists of words: stop words and fixed vocabularies."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from textrep.corpus.readers.nltk_corpora import nltk_stop_words
from textrep.errors import CorpusError

__all__ = ["read_word_list"]


def read_word_list(source: str | Path | Collection[str]) -> frozenset[str]:
    """Return the words of a list.

    Parameters
    ----------
    source : str, path or collection of str
        The words themselves, a UTF-8 file with one word a line, or ``nltk:LANGUAGE`` for NLTK's
        stop words of that language.

    Raises
    ------
    CorpusError
        The file cannot be read or is empty, or NLTK's stop words are not there.
    """
    if isinstance(source, str) and source.startswith("nltk:"):
        return nltk_stop_words(source.removeprefix("nltk:"))
    if not isinstance(source, str | Path):
        return _checked(source)
    try:
        lines = Path(source).read_text("utf-8-sig").split("\n")
    except FileNotFoundError:
        raise CorpusError(f"No such word list: {source}.") from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise CorpusError(
            f"{source} cannot be read as UTF-8 text with one word a line: {reason}."
        ) from None
    words = frozenset(line.strip() for line in lines if line.strip())
    if not words:
        raise CorpusError(f"The word list {source} is empty.")
    return words


def _checked(source: object) -> frozenset[str]:
    if not isinstance(source, Collection) or not all(isinstance(word, str) for word in source):
        raise CorpusError(
            "A list of words must be a list or set of strings, the path of a file, or "
            f"nltk:LANGUAGE. Got {type(source).__name__}."
        )
    return frozenset(source)
