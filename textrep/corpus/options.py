"""The options of a corpus build, checked."""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass, fields
from numbers import Integral, Real
from pathlib import Path
from typing import Any

from textrep.checks import check_choice, check_integer, check_number
from textrep.corpus.phrases import PHRASE_SCORES, PhraseRules
from textrep.corpus.selection import SelectionRules
from textrep.corpus.wordlists import read_word_list
from textrep.errors import InvalidParameterError, UnknownNameError

__all__ = ["BuildOptions"]

_CALLER = "Corpus.build"
_CHOICES = {
    "sentences": ("line", "rules", "none"),
    "errors": ("replace", "strict"),
    "phrase_score": tuple(PHRASE_SCORES),
}


@dataclass(frozen=True, kw_only=True)
class BuildOptions:
    """Options of ``textrep corpus build``.

    Parameters
    ----------
    tokenizer : str, default="simple"
        How text is cut into words: simple (letters and digits of any script, lower-cased), text8
        (a to z, lower-cased), whitespace, char, nltk:treebank, nltk:tweet, a subword tokenizer that
        is trained on the text (bpe, unigram, wordpiece), or the path of a tokenizer.json.
    sentences : {"line", "rules", "none"}, default="line"
        What ends a sentence: a line break; a full stop as told by rules, or a line break; nothing
        but the end of the document.
    min_count : int, optional
        Leave out words that occur fewer times. Default 5; 1 with a fixed list of words or a subword
        tokenizer.
    max_size : int, optional
        Keep at most that many words, the most frequent.
    min_df : int or float, default=1
        Leave out words in fewer documents: a number (int), or a share from 0.0 to 1.0 (float).
    max_df : int or float, default=1.0
        Leave out words in more documents: a number (int), or a share from 0.0 to 1.0 (float).
    stop_words : str, path or collection of str, optional
        Words to leave out: a list, a file with one word a line, or nltk:english.
    words : path or collection of str, optional
        Keep only these words: a list, or a file with one word a line.
    phrases : int, default=0
        Passes that join pairs of words that make a phrase, such as new_york.
    phrase_score : {"word2vec", "npmi"}, default="word2vec"
        How a pair is scored.
    phrase_threshold : float, optional
        A pair is a phrase if its score is above. Default 100 for word2vec, 0.5 for npmi.
    errors : {"replace", "strict"}, default="replace"
        What broken UTF-8 does: it is replaced and counted, or it is an error.
    field : str, optional
        The field or column with the text, for JSON lines, CSV, Parquet and datasets. Default text.
    vocab_size : int, default=8000
        Subwords that a subword tokenizer learns.
    n_jobs : int, optional
        Threads; default: every core. The result does not depend on it.
    overwrite : bool, default=True
        Whether a corpus that is there already may be replaced.
    """

    tokenizer: str = "simple"
    sentences: str = "line"
    min_count: int | None = None
    max_size: int | None = None
    min_df: int | float = 1
    max_df: int | float = 1.0
    stop_words: str | Path | Collection[str] | None = None
    words: str | Path | Collection[str] | None = None
    phrases: int = 0
    phrase_score: str = "word2vec"
    phrase_threshold: float | None = None
    errors: str = "replace"
    field: str | None = None
    vocab_size: int = 8000
    n_jobs: int | None = None
    overwrite: bool = True

    def __post_init__(self) -> None:
        for name, choices in _CHOICES.items():
            check_choice(name, _CALLER, getattr(self, name), choices)
        for name, least in (("min_count", 1), ("max_size", 1), ("phrases", 0), ("vocab_size", 1)):
            value = getattr(self, name)
            if value is not None:
                check_integer(name, _CALLER, value, least)
        for name in ("min_df", "max_df"):
            value = getattr(self, name)
            most = math.inf if isinstance(value, Integral) else 1.0
            if not _is_number(value) or not 0 <= value <= most:
                rule = "a number of documents (int) or a share from 0.0 to 1.0"
                raise InvalidParameterError(name, _CALLER, rule, value)
        if self.phrase_threshold is not None:
            check_number("phrase_threshold", _CALLER, self.phrase_threshold)

    @classmethod
    def from_keywords(cls, options: dict[str, Any]) -> BuildOptions:
        """Make options from keywords; an unknown one is a named error."""
        known = [item.name for item in fields(cls)]
        for name in options:
            if name not in known:
                raise UnknownNameError("option of Corpus.build", name, known)
        return cls(**options)

    def selection(self, *, default_min_count: int) -> SelectionRules:
        """Return the rules of the vocabulary."""
        words = None if self.words is None else read_word_list(self.words)
        default = 1 if words is not None else default_min_count
        return SelectionRules(
            words=words,
            stop_words=() if self.stop_words is None else read_word_list(self.stop_words),
            min_count=default if self.min_count is None else self.min_count,
            min_df=self.min_df,
            max_df=self.max_df,
            max_size=self.max_size,
        )

    def phrase_rules(self, min_count: int) -> PhraseRules:
        """Return the rules of phrases; pairs need ``min_count`` occurrences."""
        threshold = self.phrase_threshold
        if threshold is None:
            threshold = PHRASE_SCORES[self.phrase_score][1]
        return PhraseRules(self.phrases, self.phrase_score, threshold, min_count)

    def for_manifest(self) -> dict[str, Any]:
        """Return the options that change the result, ready for JSON.

        A list of words is replaced by its length, since the vocabulary itself is in the corpus.
        """
        kept: dict[str, Any] = {}
        for item in fields(self):
            value = getattr(self, item.name)
            if item.name in {"n_jobs", "overwrite"}:
                continue
            kept[item.name] = _plain(value)
        return kept


def _is_number(value: object) -> bool:
    return isinstance(value, Real) and not isinstance(value, bool)


def _plain(value: Any) -> str | int | float | None:
    """Return the value of an option as JSON has it."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, Real):  # numpy's numbers too
        return int(value) if isinstance(value, Integral) else float(value)
    return f"a list of {len(value):,} words"
