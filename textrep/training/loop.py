"""The loop that trains a model, whatever it is: progress, callbacks, checkpoints.

An epoch is trained in slices that end where a part of the data ends and nothing is under way, so
that the training can be looked at, kept and stopped there. What is trained does not depend on how
an epoch is sliced.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from textrep.errors import TextrepError, TrainingError
from textrep.progress import Task, logger, track
from textrep.sgd.trainer import Trainer
from textrep.training.callbacks import Callback, State
from textrep.training.checkpoint import Checkpoint
from textrep.training.description import Identity, Position
from textrep.training.history import EpochSums
from textrep.training.interrupts import HeldSignals, hold_signals

__all__ = ["Outcome", "run"]

_SLICE = 1.0  # seconds; how late a callback, a checkpoint or Ctrl-C may come
_FIRST = 16  # parts of the first slice
_GROWTH = 4  # a slice has at most so many times the parts of the one before


class Outcome(NamedTuple):
    """How a training went.

    Attributes
    ----------
    history : list of dict
        A row for each epoch, the last of what was trained of it if it was stopped within one:
        ``loss`` (mean of an example), ``examples``, ``learning_rate`` (at the start), ``seconds``,
        the units of work done and their speed (``tokens``, ``tokens_per_second``), where words are
        subsampled ``kept`` and ``kept_per_second``, where text is held out ``held_out_loss``.
    stopped : str or None
        Why a callback stopped it.
    best_epoch : int or None
        The epoch that the arrays were returned to.
    """

    history: list[dict[str, Any]]
    stopped: str | None
    best_epoch: int | None


def run(
    trainer: Trainer,
    epochs: int,
    *,
    words: Sequence[str],
    identity: Identity,
    callbacks: Sequence[Callback] = (),
    checkpoint: Checkpoint | None = None,
    resume: bool = False,
    nothing: TextrepError | None = None,
) -> Outcome:
    """Train.

    Parameters
    ----------
    trainer : Trainer
        What is trained. Its arrays hold the result.
    epochs : int
        Passes over the data.
    words : sequence of str
        The words that the rows of ``trainer.vectors()`` are of, for callbacks.
    identity : Identity
        What is trained on what, for checkpoints.
    callbacks : sequence of Callback
        Called at the end of each epoch and about every second in between.
    checkpoint : Checkpoint, optional
        Where the training is kept. It is written when it is due, on Ctrl-C and SIGTERM, and where
        a callback stops the training; it is left there at the end.
    resume : bool, default=False
        Whether to go on from what is in ``checkpoint``.
    nothing : TextrepError, optional
        Raised if an epoch holds no example.

    Raises
    ------
    TrainingError
        The arrays are no longer finite, or an epoch holds no example.
    FormatError, InputError
        The checkpoint cannot be gone on from.
    """
    training = _Training(trainer, epochs, words, callbacks, nothing)
    if checkpoint is not None:
        training.keep_in(checkpoint, identity, resume)
    with hold_signals(checkpoint is not None) as signals:
        return training.run(signals)


class _Training:
    def __init__(
        self,
        trainer: Trainer,
        epochs: int,
        words: Sequence[str],
        callbacks: Sequence[Callback],
        nothing: TextrepError | None,
    ) -> None:
        self._trainer, self._epochs, self._words = trainer, epochs, words
        self._callbacks = callbacks
        self._nothing = nothing
        self._checkpoint: Checkpoint | None = None
        self._identity: Identity | None = None
        self._at = Position()
        self._best: Mapping[str, NDArray[Any]] = {}
        self._stopped: str | None = None
        self._slice = _FIRST
        self._started = time.perf_counter()

    def keep_in(self, checkpoint: Checkpoint, identity: Identity, resume: bool) -> None:
        """Write checkpoints, and begin from the one that is there if ``resume``."""
        self._checkpoint, self._identity = checkpoint, identity
        if resume:
            self._at, self._best = checkpoint.read(identity, self._trainer)
            share = (self._at.epoch + self._at.part / self._trainer.n_parts) / self._epochs
            logger.info("resuming from %s, %.0f%% done", checkpoint.folder, 100 * share)

    def run(self, signals: HeldSignals) -> Outcome:
        """Train all epochs that are left."""
        at = self._at
        while at.epoch < self._epochs and self._stopped is None:
            self._run_epoch(signals)
        if at.epoch == self._epochs:
            self._stopped = None  # there was nothing left to stop
        else:
            self._check_finite()
            self._save()
        history = [*at.history, self._row()] if at.part else at.history
        if self._best:
            for name, array in self._trainer.arrays().items():
                array[...] = self._best[name]
        return Outcome(history, self._stopped, at.best_epoch)

    def _run_epoch(self, signals: HeldSignals) -> None:
        at, trainer = self._at, self._trainer
        done = at.epoch * trainer.work
        name = f"epoch {at.epoch + 1} of {self._epochs}"
        total = self._epochs * trainer.work
        with track(name, total, trainer.unit, done + at.sums.work) as task:
            while at.part < trainer.n_parts:
                self._train_slice(task)
                if at.part < trainer.n_parts:
                    self._ask_callbacks(at.part / trainer.n_parts)
                    self._save_if_due(signals)
                    if self._stopped is not None:
                        return
            self._close_epoch(task)
        self._ask_callbacks(1.0)
        self._save_if_due(signals)

    def _train_slice(self, task: Task) -> None:
        """Train some parts, and learn from the time that they take how many the next may have."""
        at, trainer = self._at, self._trainer
        left = trainer.n_parts - at.part
        sliced = self._callbacks or self._checkpoint is not None
        size = min(self._slice, left) if sliced else left
        started = time.perf_counter()
        for measured in trainer.train(at.epoch, range(at.part, at.part + size)):
            at.sums.add(measured)
            at.part += 1
            task.describe(self._progress_text())
            task.advance(measured.work)
        seconds = time.perf_counter() - started
        at.sums.seconds += seconds
        fitting = int(size * _SLICE / max(seconds, 1e-9))
        self._slice = max(1, min(fitting, _GROWTH * self._slice))

    def _progress_text(self, held_out_loss: float | None = None) -> str:
        """Return what is shown beside the progress."""
        at = self._at
        loss = at.sums.mean_loss
        shown = [] if loss is None else [f"loss {loss:.4f}"]
        if held_out_loss is not None:
            return ", ".join([*shown, f"held out {held_out_loss:.4f}"])
        rate = self._trainer.rate(at.epoch, min(at.part, self._trainer.n_parts - 1))
        return ", ".join([*shown, f"lr {rate:.3g}"])

    def _close_epoch(self, task: Task) -> None:
        """Check and write down what the epoch has brought, and stand at the next."""
        at, trainer = self._at, self._trainer
        if not at.sums.examples:
            raise self._nothing or TrainingError(
                "There is nothing to learn from: an epoch holds no example. Give more text."
            )
        self._check_finite()
        row = self._row()
        measured = trainer.held_out()
        if measured is not None and measured.examples:
            row["held_out_loss"] = measured.loss / measured.examples
        task.describe(self._progress_text(row.get("held_out_loss")))
        at.history.append(row)
        at.epoch, at.part, at.sums = at.epoch + 1, 0, EpochSums()

    def _row(self) -> dict[str, Any]:
        rate = self._trainer.rate(self._at.epoch, 0)
        return self._at.sums.row(self._trainer.unit, rate)

    def _ask_callbacks(self, done: float) -> None:
        """Show callbacks the state; the first that wants to stop the training does."""
        at = self._at
        ended = at.history[-1] if done == 1.0 else {}
        state = State(
            epoch=at.epoch if ended else at.epoch + 1,
            epochs=self._epochs,
            done=done,
            seconds=time.perf_counter() - self._started,
            loss=ended["loss"] if ended else at.sums.mean_loss,
            held_out_loss=ended.get("held_out_loss"),
            words=self._words,
            history=at.history,
            vectors=self._trainer.vectors,
            keep=self._keep,
        )
        reasons = [callback(state) for callback in self._callbacks]
        self._stopped = next((reason for reason in reasons if reason is not None), None)

    def _keep(self) -> None:
        self._best = {name: array.copy() for name, array in self._trainer.arrays().items()}
        self._at.best_epoch = self._at.epoch

    def _save_if_due(self, signals: HeldSignals) -> None:
        """Write a checkpoint if it is time, or if the program is to stop: it does so here."""
        due = self._checkpoint is not None and self._checkpoint.due
        if signals.waiting or (due and self._at.epoch < self._epochs):
            self._check_finite()
            self._save()
        signals.deliver()

    def _save(self) -> None:
        if self._checkpoint is not None and self._identity is not None:
            self._checkpoint.write(self._identity, self._at, self._trainer, self._best)

    def _check_finite(self) -> None:
        """Raise TrainingError if something has overflowed."""
        at, trainer = self._at, self._trainer
        with np.errstate(invalid="ignore", over="ignore"):
            finite = all(
                np.isfinite(array.sum(dtype=np.float64))
                for array in trainer.arrays().values()
                if array.dtype.kind == "f"
            )
        if not finite or not np.isfinite(at.sums.loss):
            rate = trainer.rate(at.epoch, 0)
            raise TrainingError(
                f"The vectors overflowed in epoch {at.epoch + 1}: the learning rate {rate:g} is "
                "too high. Try a tenth of it."
            )
