"""What counting a text will cost, and how many entries there will be."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from textrep.corpus import Vocabulary
from textrep.counting import Window
from textrep.counting.growth import PairGrowth, pair_growth
from textrep.counting.outlook import Outlook
from textrep.models.cost import Trial, csr_bytes
from textrep.parallel import resolve_n_jobs

if TYPE_CHECKING:
    from textrep.models.counting import CountingModel

__all__ = ["COUNT_BYTES", "PMI_BYTES", "Counting", "counting_ahead", "kept_share"]

COUNT_BYTES = 8
PMI_BYTES = 4

_BLOCK_ENTRIES = 1 << 18  # of the rows that a thread counts at a time
_SPARE_BUFFERS = 3  # beside one a thread, waiting to be copied
_LEAST_SHARE = 0.02


class Counting(NamedTuple):
    """What counting will make and take.

    Attributes
    ----------
    growth : PairGrowth
        Of the entries.
    entries : float
        Entries of the counts.
    n_contexts : int
        Their columns.
    result : float
        Bytes of the counts.
    tokens : float
        Bytes of the text.
    memory : float
        Bytes while counting, with the text, and with the result where that is in memory.
    after : float
        Bytes that are left of it afterwards.
    disk : float
        Bytes of temporary files.
    """

    growth: PairGrowth
    entries: float
    n_contexts: int
    result: float
    tokens: float
    memory: float
    after: float
    disk: float


def counting_ahead(model: CountingModel, outlook: Outlook) -> Counting:
    """Return what counting with the parameters of ``model`` will make and take."""
    words = Vocabulary(outlook.words, np.zeros(len(outlook.words), np.int64))
    columns = model.context_columns(words)
    window = Window(model.window, model.weights, model.side, model.boundary)
    growth = pair_growth(outlook.tokens, outlook.offsets, len(outlook.words), window, columns)
    no_contexts = int((columns < 0).sum())
    n_contexts = max(1, outlook.n_words - no_contexts)
    if model.contexts is not None:
        n_contexts = min(len(columns) - no_contexts, outlook.n_words)
    entries = _entries(growth, window, outlook)
    entries = min(entries, outlook.n_words * n_contexts)
    result = csr_bytes(entries, COUNT_BYTES, outlook.n_words)
    tokens = 4.0 * outlook.n_tokens
    text = tokens + 4.0 * (outlook.n_sentences + 1)
    buffer = 8.125 * n_contexts + 12 * max(_BLOCK_ENTRIES, n_contexts)
    buffers = (resolve_n_jobs(model.n_jobs) + _SPARE_BUFFERS) * buffer
    if model.memory is None:
        memory = tokens + text + 8.0 * outlook.n_tokens + buffers + result
        return Counting(growth, entries, n_contexts, result, tokens, memory, tokens + result, 0.0)
    memory = model.memory + buffers
    return Counting(growth, entries, n_contexts, result, tokens, memory, 0.0, text + result)


def _entries(growth: PairGrowth, window: Window, outlook: Outlook) -> float:
    """Return the entries of the whole text.

    Words that the vocabulary will leave out are counted in the sample of an outlook that is an
    estimate. They are rare, so hardly any of their pairs occurs twice: each of their tokens takes
    away the pairs in which it is the word, and those in which it is the context.
    """
    longer = 1.0
    if window.boundary != "sentence":
        # The sample's windows end with the sentence, these hardly ever end: they have the pairs of
        # a text that is so much longer.
        inside = _mean_reach(outlook, window.size)
        longer = window.size / inside if inside else 1.0
    if not outlook.estimated:
        return growth.at(outlook.n_tokens * longer)
    dropped = 2 * growth.entries_a_token * (outlook.n_read - outlook.n_tokens)
    entries = growth.at(outlook.n_read * longer) - dropped * longer
    return max(entries, 0.0)


def _mean_reach(outlook: Outlook, window: int) -> float:
    """Return how many of the ``window`` tokens after a token are in its sentence, on average."""
    lengths = np.diff(outlook.offsets).astype(np.float64)
    shorter = np.minimum(lengths - 1, window)
    pairs = float((lengths * shorter - shorter * (shorter + 1) / 2).sum())
    return pairs / max(1.0, float(lengths.sum()))


def kept_share(counting: Counting, trial: Trial, n_tokens: int) -> float:
    """Return the share of the entries of counts that have a value in the model's matrix.

    The share falls as counts grow, the faster the larger they are: a parabola in the logarithm of
    the tokens goes through those of the three largest trials.
    """
    largest = trial.n_tokens[-3:]
    sizes = np.log2(np.maximum(largest, 1))
    shares = [
        fitted.metrics_["entries"] / max(1.0, counting.growth.at(tokens))
        for fitted, tokens in zip(trial.models[-3:], largest, strict=True)
    ]
    if len(set(sizes)) < len(sizes) or n_tokens <= trial.n_tokens[-1]:
        return float(min(shares[-1], 1.0))
    share = np.polyval(np.polyfit(sizes, shares, 2), math.log2(n_tokens))
    return float(min(max(share, _LEAST_SHARE), shares[-1], 1.0))
