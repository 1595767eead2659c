"""Tagging: what a simple classifier finds in the vectors of words in running text."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from textrep.errors import DataError, InputError
from textrep.evaluation.outcome import Items, Outcome, by_category
from textrep.evaluation.protocols import Oov, TokenEncoder, Vectors
from textrep.evaluation.tasks.matching import match
from textrep.evaluation.tasks.probes import predict

__all__ = ["TESTED", "TaggedText", "tagging", "text_of"]

TESTED = 5
"""Of so many documents, the last one is tagged and the others are trained on, unless a recipe
splits them."""

WINDOW = 1
"""Words on each side whose vectors a word is tagged by, where vectors know nothing of context."""


MOST_ITERATIONS = 100  # of the classifier


class TaggedText(NamedTuple):
    """The part of a benchmark to train on, or that to tag; an entry a sentence."""

    sentences: list[list[str]]
    tags: list[list[str]]


def text_of(columns: Mapping[str, Sequence[str]]) -> tuple[TaggedText, TaggedText]:
    """Return the part to train on and the part to tag.

    Parameters
    ----------
    columns : mapping of str to sequence of str
        ``sentence`` and ``tags``, separated by blanks; and ``part``, "train" or "test", or else
        ``document``, or else each sentence is one. Documents are numbered as they come.

    Raises
    ------
    DataError
        There is no ``part``, and there are fewer than ``TESTED`` documents.
    """
    parts = TaggedText([], []), TaggedText([], [])
    for sentence, tags, is_tested in zip(
        columns["sentence"], columns["tags"], _tested(columns), strict=True
    ):
        part = parts[is_tested]
        part.sentences.append(sentence.split())
        part.tags.append(tags.split())
    return parts


def _tested(columns: Mapping[str, Sequence[str]]) -> list[bool]:
    """Say of each sentence whether it is to be tagged."""
    if "part" in columns:
        return [part == "test" for part in columns["part"]]
    documents = columns.get("document") or [str(row) for row in range(len(columns["sentence"]))]
    number = {name: place for place, name in enumerate(dict.fromkeys(documents), start=1)}
    if len(number) < TESTED:
        raise DataError(f"Tagging needs {TESTED} documents or more. Got {len(number)}.")
    return [number[document] % TESTED == 0 for document in documents]


def tagging(
    model: Vectors | TokenEncoder,
    columns: Mapping[str, Sequence[str]],
    *,
    lowercase: bool = False,
    oov: Oov = "zero",
) -> Outcome:
    """Predict the tag of each word by logistic regression on vectors that stay as they are.

    Parameters
    ----------
    model : Vectors or TokenEncoder
        Of vectors, those of a word and of its ``WINDOW`` neighbours on each side are put side by
        side, zeros beyond the ends of the sentence. The states of an encoder, which has read the
        sentence, are taken alone.
    columns : mapping of str to sequence of str
        As for `text_of`, which says what is trained on.
    lowercase : bool, default=False
        Whether a word that vectors lack may be looked up in lower case.
    oov : {"skip", "zero"}, default="zero"
        A word is covered if its vector is not all zeros, or if the encoder knows it. Others are
        tagged by what is around them alone, or left out of the score ("skip").

    Returns
    -------
    Outcome
        Right and wrong tags of all words of the part to tag; words of one sentence are one group
        in the interval. ``secondary["unknown"]`` is the accuracy on words, as written, that the
        part to train on lacks; "most_frequent_tag" and "most_frequent_tag_unknown" are what a
        tagger without vectors reaches that knows the most frequent tag of each word, and of all
        words for one that it has not seen. ``categories`` has the accuracy on each tag.

    Raises
    ------
    DataError
        The part to train on has one tag only, or there are too few documents.
    InputError
        An encoder gave something else than a finite vector a word.
    """
    training, asked = text_of(columns)
    labels, gold = (
        np.array([tag for tags in part.tags for tag in tags], object) for part in (training, asked)
    )
    if len(set(labels.tolist())) < 2:
        raise DataError(f"The sentences to train on have one tag only, {labels[0]!r}.")
    both = _features(model, [*training.sentences, *asked.sentences], lowercase)
    known, vectors = both.window[: len(labels)], both.window[len(labels) :]
    predicted = predict("logistic", known, labels, vectors, gold.tolist(), MOST_ITERATIONS)
    values = (predicted.labels == gold).astype(np.float64)
    lengths = [len(sentence) for sentence in asked.sentences]
    items = Items(
        both.has_vector[len(labels) :],
        values,
        groups=np.repeat(np.arange(len(lengths)), lengths),
        margins=predicted.margins,
        answers=tuple(predicted.labels.tolist()),
    )
    return Outcome(
        metric="accuracy",
        items=items,
        oov=oov,
        secondary=_baselines(training, asked, values),
        categories=by_category("accuracy", items, oov, gold.tolist()),
        options={"window": WINDOW if isinstance(model, Vectors) else 0},
    )


def _baselines(
    training: TaggedText, asked: TaggedText, values: NDArray[np.float64]
) -> dict[str, float | None]:
    """Return the accuracy on words that the training lacks, and that of the most frequent tags."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    overall: Counter[str] = Counter()
    for words, tags in zip(*training, strict=True):
        overall.update(tags)
        for word, tag in zip(words, tags, strict=True):
            counts[word][tag] += 1
    usual = {word: found.most_common(1)[0][0] for word, found in counts.items()}
    other = overall.most_common(1)[0][0]
    words = [word for sentence in asked.sentences for word in sentence]
    gold = [tag for tags in asked.tags for tag in tags]
    right = np.array([usual.get(w, other) == tag for w, tag in zip(words, gold, strict=True)])
    unseen = np.array([word not in usual for word in words])
    return {
        "unknown": float(values[unseen].mean()) if unseen.any() else None,
        "most_frequent_tag": float(right.mean()),
        "most_frequent_tag_unknown": float(right[unseen].mean()) if unseen.any() else None,
    }


class _Tokens(NamedTuple):
    """Vectors of the tokens of sentences one after the other."""

    window: Any  # (n_tokens, n_features), dense or sparse
    has_vector: NDArray[np.bool_]


def _features(
    model: Vectors | TokenEncoder, sentences: Sequence[list[str]], lowercase: bool
) -> _Tokens:
    if isinstance(model, TokenEncoder):
        return _states(model, sentences)
    lengths = [len(sentence) for sentence in sentences]
    words = [word for sentence in sentences for word in sentence]
    forms = match(words, model, lowercase)
    distinct = [form for form in dict.fromkeys(forms.values()) if form is not None]
    rows, _ = model.lookup(distinct, "error")
    place = {form: number for number, form in enumerate(distinct)}
    unknown = len(distinct)
    places = np.array([place.get(forms[word] or "", unknown) for word in words], np.int64)
    table = _with_zeros(rows)
    sentence = np.repeat(np.arange(len(lengths)), lengths)
    parts = [
        table[_shifted(places, sentence, offset, unknown)] for offset in range(-WINDOW, WINDOW + 1)
    ]
    window = sp.hstack(parts, format="csr") if sp.issparse(table) else np.hstack(parts)
    norms = np.asarray(abs(table).sum(axis=1)).ravel()
    return _Tokens(window, norms[places] > 0)


def _states(model: TokenEncoder, sentences: Sequence[list[str]]) -> _Tokens:
    """Return what an encoder makes of each word where it stands."""
    name, lengths = type(model).__name__, [len(sentence) for sentence in sentences]
    states = [np.asarray(rows) for rows in model.encode_tokens(list(sentences))]
    known = [np.asarray(rows) for rows in model.known_tokens(list(sentences))]
    for found, method in ((states, "encode_tokens"), (known, "known_tokens")):
        if [len(rows) for rows in found] != lengths:
            raise InputError(f"{name}.{method} must return one row for each word.")
    table = np.concatenate(states).astype(np.float32)
    if not np.isfinite(table).all():
        raise InputError(f"{name}.encode_tokens gave vectors that are not finite.")
    return _Tokens(table, np.concatenate(known).astype(np.bool_))


def _with_zeros(rows: Any) -> Any:
    """Return the rows in float32 and a row of zeros below them."""
    if sp.issparse(rows):
        return sp.csr_array(sp.vstack([rows, sp.csr_array((1, rows.shape[1]))]), dtype=np.float32)
    return np.vstack([rows, np.zeros((1, rows.shape[1]))]).astype(np.float32)


def _shifted(
    places: NDArray[np.int64], sentence: NDArray[np.int64], offset: int, empty: int
) -> NDArray[np.int64]:
    """Return the place of each token's neighbour; ``empty`` beyond the ends of its sentence."""
    neighbours = np.arange(len(places)) + offset
    inside = (neighbours >= 0) & (neighbours < len(places))
    inside[inside] = sentence[neighbours[inside]] == sentence[inside]
    found = np.full(len(places), empty, np.int64)
    found[inside] = places[neighbours[inside]]
    return found
