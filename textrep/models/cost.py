"""What training will cost: memory, disk and time, before it begins.

Memory and disk follow from the sizes of arrays; only how many entries a matrix of counts will have
is estimated. Time is measured on a small part of the text, on the machine that it is asked for.
"""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

import numpy as np
from sklearn.base import clone

from textrep.counting.outlook import Outlook
from textrep.progress import SilentReporter, reporting_to
from textrep.vectors import Subwords

if TYPE_CHECKING:
    from textrep.models.base import Representation

__all__ = [
    "PROGRAM_BYTES",
    "TIME_FACTOR",
    "Cost",
    "PredictsCost",
    "Trial",
    "about",
    "buckets_in_use",
    "csr_bytes",
    "folder_bytes",
]

PROGRAM_BYTES = 220 << 20
"""Python, its libraries and compiled kernels, before any text is there: 150 MiB if kernels were
compiled before, 250 MiB if not (measured)."""

TIME_FACTOR = 2.0
"""The time will be between the predicted one divided by this and times this."""

_TRIAL_TOKENS = (1 << 13, 1 << 16, 1 << 18, 1 << 20)
_CONFIG_BYTES = 2048


@dataclass(frozen=True)
class Cost:
    """What training will take.

    Attributes
    ----------
    memory : int
        Bytes at the peak, of the whole process.
    disk : int
        Bytes of the model's folder and of temporary files.
    seconds : float
        Time of the training, right within a factor of ``TIME_FACTOR``.
    notes : tuple of str
        What else was found out on the way: a number and what there will be so many of.
    """

    memory: int
    disk: int
    seconds: float
    notes: tuple[str, ...] = ()


@runtime_checkable
class PredictsCost(Protocol):
    """A model that knows what its training will cost."""

    def predict_cost(self, outlook: Outlook) -> Cost:
        """Return what training on the text of ``outlook`` will cost.

        Raises
        ------
        InvalidParameterError
            A parameter is out of its range.
        """


class Trial:
    """Copies of a model that are trained on small parts of a text, and how long that took.

    Parameters
    ----------
    model : Representation
        It stays as it is.
    outlook : Outlook
        The text.
    patience : float, default=inf
        Seconds; once a part has taken longer, none that is larger is tried.
    **changes
        Parameters of the copies.

    Attributes
    ----------
    models : list of Representation
        The fitted copies, that of the smallest part first.
    n_tokens : list of int
        Tokens that they were trained on.
    """

    def __init__(
        self,
        model: Representation,
        outlook: Outlook,
        *,
        patience: float = math.inf,
        **changes: Any,
    ) -> None:
        copy = clone(model).set_params(**changes)
        self.models: list[Any] = []
        self.n_tokens: list[int] = []
        self._seconds: list[float] = []
        with reporting_to(SilentReporter()):
            # The first fit compiles and loads what the others would wait for.
            clone(copy).fit(outlook.excerpt(_TRIAL_TOKENS[0]))
            for n_tokens in _TRIAL_TOKENS:
                part, fitted = outlook.excerpt(n_tokens), clone(copy)
                started = time.perf_counter()
                fitted.fit(part)
                self._seconds.append(time.perf_counter() - started)
                self.models.append(fitted)
                self.n_tokens.append(part.n_tokens)
                if self._seconds[-1] > patience:
                    break

    @staticmethod
    def least_words(outlook: Outlook) -> int:
        """Return how many words the smallest part has."""
        return len(np.unique(outlook.tokens[: _TRIAL_TOKENS[0] // 2]))

    def seconds(self, work: float, trial_work: Sequence[float]) -> float:
        """Return the time that ``work`` will take, of which the trials had ``trial_work``."""
        small, large = trial_work[0], trial_work[-1]
        first, last = self._seconds[0], self._seconds[-1]
        if large <= small:  # the text is no longer than the smallest part
            return last * work / max(large, 1.0)
        rate = max(last - first, 0.1 * last) / (large - small)
        return max(last + rate * (work - large), 0.0)


def about(number: float) -> str:
    """Return an estimate with its first three digits, the others zero.

    Examples
    --------
    >>> about(25_802_622.1)
    '25,800,000'
    """
    return f"{round(number, 2 - math.floor(math.log10(max(number, 1.0)))):,.0f}"


def csr_bytes(entries: float, value_bytes: int, n_rows: int) -> float:
    """Return the size of a CSR matrix: values, 4-byte columns, and row ends of 4 or 8 bytes."""
    return entries * (value_bytes + 4) + (4 if entries < 2**31 else 8) * (n_rows + 1)


def folder_bytes(outlook: Outlook, arrays: float) -> int:
    """Return the size of a model folder: arrays, vocabulary and configuration."""
    return math.ceil(arrays + outlook.row_bytes * outlook.n_words + _CONFIG_BYTES)


def buckets_in_use(subwords: Subwords, outlook: Outlook) -> int:
    """Return how many buckets the n-grams of the vocabulary fall into."""
    found = subwords.rows(outlook.words)
    share = outlook.n_words / len(outlook.words)
    return min(round(len(found.bucket_ids) * share), subwords.buckets)
