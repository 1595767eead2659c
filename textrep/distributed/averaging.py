"""Training on several workers at once, by averaging their models every so many units of work.

References
----------
McDonald, Hall and Mann 2010, Distributed Training Strategies for the Structured Perceptron, NAACL
(iterative parameter mixing).
Ji, Satish, Li and Dubey 2016, Parallelizing Word2Vec in Shared and Distributed Memory.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import uuid4

import numpy as np
from numpy.typing import NDArray

from textrep.distributed.cluster import Cluster
from textrep.sgd.trainer import Measured, Trainer, total

if TYPE_CHECKING:
    from distributed import Future

__all__ = ["AveragedTrainer", "Trained", "average", "train_replica"]

Arrays = Mapping[str, NDArray[Any]]


class Trained(NamedTuple):
    """What a replica became.

    Attributes
    ----------
    measured : Measured
        Sums over what it was trained on.
    rows : dict of str to ndarray of shape (n_changed,), int64
        For each array, the rows that training changed.
    values : dict of str to ndarray of shape (n_changed, …)
        What they are now.
    """

    measured: Measured
    rows: dict[str, NDArray[np.int64]]
    values: dict[str, NDArray[Any]]


class AveragedTrainer:
    """Trains replicas of a model on workers, and averages them.

    An epoch is cut into rounds of about ``every`` units of work a replica. In a round each replica
    starts from the common model and is trained on a stretch of the data of its own; then each row
    becomes the mean over the replicas that changed it.

    Parameters
    ----------
    trainer : Trainer
        Holds the common model here; does no training itself.
    make : callable
        Makes an equal trainer on a worker, of one thread. Sent there, so it must be a function of a
        module, or a ``functools.partial`` of one.
    cluster : Cluster
        Where to train.
    replicas : int
        How many are trained side by side; at best as many as there are threads on the cluster.
    every : int
        Units of work a replica between two averages.
    gain : float, default=1.0
        How many times the learning rate of ``trainer`` the replicas have.

    Attributes
    ----------
    unit, work
        Those of ``trainer``.
    n_parts : int
        Rounds in an epoch.

    Notes
    -----
    The result depends on ``replicas`` and ``every``, but not on the number of workers, or on which
    of them end meanwhile, as long as ``make`` makes a trainer whose result does not vary.
    """

    def __init__(
        self,
        trainer: Trainer,
        make: Callable[[], Trainer],
        cluster: Cluster,
        *,
        replicas: int,
        every: int,
        gain: float = 1.0,
    ) -> None:
        self.unit, self.work = trainer.unit, trainer.work
        self._trainer, self._make, self._cluster = trainer, make, cluster
        self._replicas, self._gain = replicas, gain
        self._name = uuid4().hex
        # Parts of the data that a replica is trained on in a round.
        share = max(1, round(every * trainer.n_parts / max(1, trainer.work)))
        self._round = share * replicas
        self.n_parts = -(-trainer.n_parts // self._round)

    def train(self, epoch: int, parts: range) -> Iterator[Measured]:
        """Train these rounds of the epoch; yield the sums of each.

        Raises
        ------
        ClusterError
            The cluster is lost.
        """
        for part in parts:
            trained = self._cluster.results(self._submitted(epoch, self._stretches(part)))
            average(self._trainer.arrays(), trained)
            yield total([replica.measured for replica in trained])

    def rate(self, epoch: int, part: int) -> float:
        """Return the replicas' learning rate at the start of a round."""
        return self._gain * self._trainer.rate(epoch, part * self._round)

    def held_out(self) -> Measured | None:
        """Return the loss on what was held out of training, measured here."""
        return self._trainer.held_out()

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return the common model."""
        return self._trainer.arrays()

    def vectors(self) -> NDArray[np.float32]:
        """Return the word vectors as they are now."""
        return self._trainer.vectors()

    def close(self) -> None:
        """Let the workers forget the model."""
        self._cluster.on_workers(_forget, self._name)

    def _stretches(self, part: int) -> list[range]:
        """Return the parts of the data that each replica is trained on in a round."""
        first = part * self._round
        last = min(first + self._round, self._trainer.n_parts)
        cuts = np.linspace(first, last, self._replicas + 1).astype(int).tolist()
        return [range(begin, end) for begin, end in pairwise(cuts) if begin < end]

    def _submitted(self, epoch: int, stretches: Sequence[range]) -> list[Future]:
        with self._cluster.explaining():
            model, submit = self._cluster.send(self._trainer.arrays()), self._cluster.client.submit
            return [
                submit(_train, self._name, self._make, model, epoch, parts, pure=False)
                for parts in stretches
            ]


def average(common: Arrays, trained: Sequence[Trained]) -> None:
    """Move each row to the mean of the replicas that changed it, in place.

    Rows that no replica changed stay. A row that one replica alone has seen keeps all of what that
    one learnt, where a mean over all replicas would dilute the words that are rare.
    """
    for name, array in common.items():
        sums = np.zeros_like(array)
        times = np.zeros(len(array), array.dtype)
        for replica in trained:
            sums[replica.rows[name]] += replica.values[name]
            times[replica.rows[name]] += 1
        changed = np.flatnonzero(times)
        array[changed] = sums[changed] / times[changed].reshape(-1, *[1] * (array.ndim - 1))


def train_replica(trainer: Trainer, common: Arrays, epoch: int, parts: range) -> Trained:
    """Train from the common model on some parts of the data; return what changed."""
    own = trainer.arrays()
    for name, array in own.items():
        array[...] = common[name]
    measured = total(list(trainer.train(epoch, parts)))
    rows = {name: _changed(array, common[name]) for name, array in own.items()}
    return Trained(measured, rows, {name: own[name][rows[name]] for name in own})


def _changed(now: NDArray[Any], before: NDArray[Any]) -> NDArray[np.int64]:
    differs = (now != before).reshape(len(now), -1)
    rows: NDArray[np.int64] = np.flatnonzero(differs.any(axis=1))
    return rows


# Trainers that a worker has made and that no thread of it is using, for each training.
_idle: dict[str, list[Trainer]] = {}
_lock = threading.Lock()


def _train(
    name: str, make: Callable[[], Trainer], common: Arrays, epoch: int, parts: range
) -> Trained:
    """Train a replica on a worker, with a trainer that is kept there for the next round."""
    with _lock:
        kept = _idle.setdefault(name, [])
        trainer = kept.pop() if kept else None
    if trainer is None:
        trainer = make()
    trained = train_replica(trainer, common, epoch, parts)
    with _lock:
        kept.append(trainer)
    return trained


def _forget(name: str) -> None:
    with _lock:
        _idle.pop(name, None)
