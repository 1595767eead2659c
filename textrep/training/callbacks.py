"""What is asked while a model is trained, and may stop it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from textrep.checks import check_boolean, check_integer, check_number

__all__ = ["Callback", "LossPlateau", "State", "TimeBudget"]


@dataclass(frozen=True)
class State:
    """A training, as a callback sees it.

    Attributes
    ----------
    epoch : int
        The epoch under way, or just completed; the first is 1.
    epochs : int
        How many there shall be.
    done : float
        Share of the epoch that is done; 1 at its end.
    seconds : float
        Time since the training began, or went on from a checkpoint.
    loss : float or None
        Mean loss of an example of this epoch so far; None before the first example.
    held_out_loss : float or None
        Mean loss of an example that was held out; None within an epoch, and where there is none.
    words : sequence of str
        The words that the rows of ``vectors()`` are of.
    history : list of dict
        A row for each epoch completed, as in ``history_``. A callback may add an entry of its own
        to the last row; what it needs to know later belongs there, because checkpoints hold it.
    vectors : callable
        Returns the word vectors as they are now, of shape (n_words, dim); not to be changed.
    keep : callable
        Remembers everything that was learnt until now, and the training will end with that, unless
        a later call remembers what is there then. It takes as much memory again.
    """

    epoch: int
    epochs: int
    done: float
    seconds: float
    loss: float | None
    held_out_loss: float | None
    words: Sequence[str]
    history: list[dict[str, Any]]
    vectors: Callable[[], NDArray[np.float32]]
    keep: Callable[[], None]

    @property
    def ends_epoch(self) -> bool:
        """Whether the epoch is complete, and its row is the last of ``history``."""
        return self.done == 1.0


class Callback(Protocol):
    """Anything that can be called with the state of a training: a function will do.

    It is called at the end of each epoch, and about every second in between. To go on from a
    checkpoint as if nothing had happened, it must decide from the state alone.
    """

    def __call__(self, state: State, /) -> str | None:
        """Return None to go on, or say why the training shall stop."""


class TimeBudget:
    """Stops a training after some time, to about a second, wherever it is then.

    Parameters
    ----------
    seconds : float
        Time for training, above 0; reading the corpus is not counted. A training that goes on from
        a checkpoint has all of it again.

    Examples
    --------
    >>> TimeBudget(60)
    TimeBudget(60)
    """

    def __init__(self, seconds: float) -> None:
        check_number("seconds", "TimeBudget", seconds, 0.0, above=True)
        self.seconds = seconds

    @property
    def reason(self) -> str:
        """What is said when the time is over."""
        return f"the time budget of {self.seconds:g} s was spent"

    def __call__(self, state: State, /) -> str | None:
        """Stop when the time is over."""
        return self.reason if state.seconds >= self.seconds else None

    def __repr__(self) -> str:
        return f"TimeBudget({self.seconds:g})"


class LossPlateau:
    """Stops a training whose loss no longer falls.

    It looks at the loss on held-out text where there is one, otherwise at that of the training.

    Parameters
    ----------
    patience : int, default=1
        It stops after so many epochs in a row without a loss below the lowest before, 1 or more.
    min_delta : float, default=0.0
        A loss counts as lower if it is lower by more than this, 0 or more.
    return_best : bool, default=False
        Whether the training ends with what it had learnt when the loss was lowest, stopped or not.
        That takes the memory of what is learnt again.

    Examples
    --------
    >>> LossPlateau(patience=2)
    LossPlateau(patience=2, min_delta=0, return_best=False)
    """

    def __init__(
        self, patience: int = 1, min_delta: float = 0.0, *, return_best: bool = False
    ) -> None:
        check_integer("patience", "LossPlateau", patience, 1)
        check_number("min_delta", "LossPlateau", min_delta, 0.0)
        check_boolean("return_best", "LossPlateau", return_best)
        self.patience = patience
        self.min_delta = min_delta
        self.return_best = return_best

    def __call__(self, state: State, /) -> str | None:
        """Stop at the end of an epoch, if the last ones were no better than those before."""
        if not state.ends_epoch:
            return None
        name = "loss" if state.held_out_loss is None else "held_out_loss"
        losses = [row[name] for row in state.history]
        best, waited = losses[0], 0
        for loss in losses[1:]:
            if loss < best - self.min_delta:
                best, waited = loss, 0
            else:
                waited += 1
        if self.return_best and not waited:
            state.keep()
        if waited < self.patience:
            return None
        said = name.replace("_", " ").replace("held out", "held-out")
        epochs = "epoch" if waited == 1 else "epochs"
        by = f"by more than {self.min_delta:g} " if self.min_delta else ""
        return f"the {said} has not fallen {by}below {best:.4f} for {waited} {epochs}"

    def __repr__(self) -> str:
        options = f"min_delta={self.min_delta:g}, return_best={self.return_best}"
        return f"LossPlateau(patience={self.patience}, {options})"
