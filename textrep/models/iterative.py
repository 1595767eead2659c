"""What representations that are trained step by step have in common."""

from __future__ import annotations

import contextlib
from abc import abstractmethod
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Self

from textrep.corpus import Corpus
from textrep.errors import InputError, InvalidParameterError, TrainingError, UsageError
from textrep.models.base import Representation, plain
from textrep.models.replicas import trained_on
from textrep.sgd.trainer import Trainer
from textrep.storage import ModelData
from textrep.training import Callback, Checkpoint, Identity, run

__all__ = ["IterativeModel"]

_SPEED_ONLY = {"memory", "n_jobs"}  # parameters that may change when a training is resumed


class IterativeModel(Representation):
    """A representation that passes over a corpus several times, and gets better as it does.

    A subclass has the parameter ``epochs`` and implements :meth:`check_parameters`,
    :meth:`_trainer` and :meth:`_take`.

    Attributes
    ----------
    history_ : list of dict
        A row for each epoch; see :class:`textrep.training.Outcome`.
    metrics_ : dict
        ``history``; ``stopped``, why a callback stopped the training, where one did; ``best_epoch``
        where the vectors are not those of the last epoch; ``cluster``, how many ``replicas`` were
        trained and how often they were averaged, where it was trained on one.
    """

    on_clusters = True
    replicated = True
    averaged = True

    history_: list[dict[str, Any]]
    epochs: int

    def fit(
        self,
        source: Any,
        y: object = None,
        *,
        callbacks: Sequence[Callback] = (),
        checkpoint: str | Path | Checkpoint | None = None,
        resume: bool = False,
    ) -> Self:
        """Learn the representation.

        Parameters
        ----------
        source : Corpus, str, Path or iterable
            An encoded corpus or text; see :func:`textrep.as_corpus`. For GloVe also a fitted
            Cooccurrence, or its folder.
        y : None
            Ignored; there for scikit-learn.
        callbacks : sequence of Callback
            Called with the state of the training at the end of each epoch, and about every second
            in between; each may stop it: :class:`textrep.TimeBudget`, :class:`textrep.LossPlateau`,
            :class:`textrep.BenchmarkPlateau`, or a function of :class:`textrep.training.State`.
        checkpoint : str, Path or Checkpoint, optional
            A folder that the training is kept in: about every minute, on Ctrl-C and on SIGTERM, and
            where a callback stops it. It is not removed at the end.
        resume : bool, default=False
            Whether to go on from ``checkpoint``. The result is that of a training that was never
            interrupted: bit for bit where the training itself is repeatable.

        Returns
        -------
        self

        Raises
        ------
        InvalidParameterError
            A parameter is out of its range.
        CorpusError
            The source cannot be read, or there is nothing to learn from in it.
        TrainingError
            The vectors overflow.
        FormatError
            The checkpoint is damaged or of a later version.
        InputError
            The checkpoint is of another corpus, of other parameters, not there, or in use.
        """
        self.check_parameters()
        _check_callbacks(callbacks, type(self).__name__)
        with _held(checkpoint, resume, type(self).__name__) as kept:
            return self._fit(source, callbacks=tuple(callbacks), checkpoint=kept, resume=resume)

    def _learn(
        self,
        source: Corpus | Representation,
        *,
        callbacks: Sequence[Callback] = (),
        checkpoint: Checkpoint | None = None,
        resume: bool = False,
    ) -> None:
        name = type(self).__name__
        self._check_source(source)
        trainer = self._trainer(source)
        parameters = {
            key: plain(value) for key, value in self.get_params().items() if key not in _SPEED_ONLY
        } | self.corpus_.get("counting", {})  # counts that are taken over know how they were made
        with trained_on(self, source, trainer) as (training, setting):
            outcome = run(
                training,
                self.epochs,
                words=self.vocabulary_.words,
                identity=Identity(name, {**parameters, **setting}, self.corpus_["fingerprint"]),
                callbacks=[*self._reports(trainer), *callbacks],
                checkpoint=checkpoint,
                resume=resume,
                nothing=self._nothing(),
            )
        if setting:
            self.metrics_["cluster"] = dict(setting)
        self._take(trainer)
        self.history_ = outcome.history
        self.metrics_["history"] = outcome.history
        if outcome.stopped is not None:
            self.metrics_["stopped"] = outcome.stopped
        if outcome.best_epoch is not None:
            self.metrics_["best_epoch"] = outcome.best_epoch

    def _check_source(self, source: Corpus | Representation) -> None:
        """Raise UsageError if the source is nothing that the model can be trained on."""
        if not isinstance(source, Corpus):
            needs, got = type(self).__name__, type(source).__name__
            raise UsageError(f"{needs} needs a corpus, not a {got}.")

    def _reports(self, trainer: Any) -> Sequence[Callback]:
        """Return callbacks that put more into the history, and stop nothing."""
        return ()

    @abstractmethod
    def _trainer(self, source: Any) -> Trainer:
        """Return what is trained, at its beginning."""

    @abstractmethod
    def _take(self, trainer: Any) -> None:
        """Set the learnt arrays from what has been trained."""

    def _nothing(self) -> InputError:
        """Return the error to raise if the corpus holds no example."""
        return TrainingError(f"{type(self).__name__} found no example in the corpus: give more.")

    @classmethod
    def from_data(cls, data: ModelData, name: str) -> Self:
        """Return the fitted model that ``data``, read from ``name``, describes."""
        model = super().from_data(data, name)
        model.history_ = list(model.metrics_.get("history", []))
        return model


@contextlib.contextmanager
def _held(
    given: str | Path | Checkpoint | None, resume: bool, caller: str
) -> Iterator[Checkpoint | None]:
    """Yield the checkpoint, if any, which no other process trains into meanwhile."""
    if given is None:
        if resume:
            rule = "the folder to resume from"
            raise InvalidParameterError("checkpoint", f"{caller}.fit", rule, given)
        yield None
        return
    checkpoint = given if isinstance(given, Checkpoint) else Checkpoint(given)
    with checkpoint.held():
        checkpoint.check(resume)
        yield checkpoint


def _check_callbacks(callbacks: Sequence[object], caller: str) -> None:
    for callback in callbacks:
        if not callable(callback):
            rule = "functions of the state of the training"
            raise InvalidParameterError("callbacks", f"{caller}.fit", rule, callback)
