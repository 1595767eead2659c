"""Training until the score on a benchmark no longer rises."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from textrep import data
from textrep.checks import check_integer, check_text
from textrep.evaluation.development import mean_score
from textrep.evaluation.runner import named_recipes
from textrep.progress import logger
from textrep.vectors import WordVectors

__all__ = ["BenchmarkPlateau", "TrainingState"]


class TrainingState(Protocol):
    """What is asked of the state of a training; :class:`textrep.training.State` answers it."""

    @property
    def epoch(self) -> int:
        """The epoch under way or just completed, from 1."""

    @property
    def ends_epoch(self) -> bool:
        """Whether it is complete."""

    @property
    def words(self) -> Sequence[str]:
        """The words."""

    @property
    def history(self) -> list[dict[str, Any]]:
        """A row for each completed epoch; what is added to one is in the model's history."""

    def vectors(self) -> NDArray[np.float32]:
        """Return the vectors of the words as they are now."""

    def keep(self) -> None:
        """Let the training end with what was learnt until now."""


class BenchmarkPlateau:
    """Stops a training whose score on a development benchmark no longer rises.

    The benchmark is run at the end of each epoch and its score put into the row of the history,
    under the benchmark's name. The training ends with the vectors of the best epoch, whether it was
    stopped or not, which takes the memory of the vectors again. What was chosen by a benchmark must
    not be judged by the same benchmark.

    Parameters
    ----------
    benchmark : str
        Name of a benchmark, or of a suite, for the mean over its benchmarks.
    patience : int, default=1
        It stops after so many epochs in a row without a new best score, 1 or more.

    Raises
    ------
    UnknownNameError
        There is no such benchmark.
    DataError
        Its questions are not at hand; or, once the words of the training are known, these words do
        not answer any.

    Examples
    --------
    >>> BenchmarkPlateau("miniworld-relatedness", patience=2)
    BenchmarkPlateau('miniworld-relatedness', patience=2)
    """

    def __init__(self, benchmark: str, patience: int = 1) -> None:
        check_text("benchmark", "BenchmarkPlateau", benchmark)
        check_integer("patience", "BenchmarkPlateau", patience, 1)
        self.benchmark = benchmark
        self.patience = patience
        for recipe in named_recipes(benchmark):
            data.table(recipe)  # what is missing is better known before the training
        self._checked: Sequence[str] | None = None

    def __repr__(self) -> str:
        return f"BenchmarkPlateau({self.benchmark!r}, patience={self.patience})"

    def __call__(self, state: TrainingState, /) -> str | None:
        """Run the benchmark at the end of an epoch; stop if the last ones were not the best."""
        if self._checked is not state.words:  # in the first seconds, not after the first epoch
            noise = np.random.default_rng(0).standard_normal((len(state.words), 2))
            self._score(state.words, noise.astype(np.float32))
            self._checked = state.words
        if not state.ends_epoch:
            return None
        score = self._score(state.words, state.vectors())
        before = [row[self.benchmark] for row in state.history[:-1]]
        state.history[-1][self.benchmark] = score
        best = not before or score > max(before)
        logger.info(
            "epoch %d: %s %.4f%s", state.epoch, self.benchmark, score, ", the best" if best else ""
        )
        if best:
            state.keep()
            return None
        waited = len(before) - before.index(max(before))
        if waited < self.patience:
            return None
        epochs = "epoch" if waited == 1 else "epochs"
        return (
            f"the score on {self.benchmark} has not risen above {max(before):.4f} "
            f"for {waited} {epochs}"
        )

    def _score(self, words: Sequence[str], vectors: NDArray[np.float32]) -> float:
        return mean_score(WordVectors(words, vectors), self.benchmark)
