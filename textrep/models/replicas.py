"""A model that is trained step by step, on a cluster: replicas of it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from textrep.corpus import Corpus
from textrep.distributed.averaging import AveragedTrainer
from textrep.distributed.cluster import current_cluster
from textrep.distributed.place import CorpusPlace
from textrep.errors import ClusterError, InvalidParameterError
from textrep.sgd.trainer import Trainer

if TYPE_CHECKING:
    from textrep.models.base import Representation
    from textrep.models.iterative import IterativeModel

__all__ = ["trained_on"]

_MOST_GAIN = 4  # times the learning rate; at 8 times, a text of a million words diverged

# On a worker one thread trains from a model that is sent there.
_REMOTE = {"n_jobs": 1, "initial": None, "keep_words": False}


@contextlib.contextmanager
def trained_on(
    model: IterativeModel, source: Corpus | Representation, trainer: Trainer
) -> Iterator[tuple[Trainer, Mapping[str, int]]]:
    """Yield what trains ``trainer``'s arrays: itself, or replicas on the cluster that we are on.

    Only from a corpus, and itself if the model is not made for clusters. A model that is not
    ``averaged`` has a trainer that trains them itself.

    The mean of R replicas that each see a part of the text moves about as far as one of them, so
    they are trained at R times the learning rate, or 4 times if there are more.

    Yields
    ------
    trainer : Trainer
        To be run.
    setting : mapping of str to int
        What the result depends on beside the model's parameters: ``replicas``, and of those that
        are averaged ``average_every``.

    Raises
    ------
    InvalidParameterError
        The model's ``device`` is another than "cpu".
    ClusterError
        A worker cannot read the corpus.
    """
    cluster = current_cluster()
    if cluster is None or not model.on_clusters or not isinstance(source, Corpus):
        yield trainer, {}
        return
    parameters, replicas = model.get_params(), cluster.n_replicas
    if parameters.get("device", "cpu") != "cpu":
        rule = "cpu on a cluster, whose workers train on their processors"
        raise InvalidParameterError("device", type(model).__name__, rule, parameters["device"])
    if not model.averaged:
        yield trainer, {"replicas": replicas}
        return
    gain = min(replicas, _MOST_GAIN)
    remote = {name: value for name, value in _REMOTE.items() if name in parameters}
    remote["learning_rate"] = parameters["learning_rate"] * gain
    place = cluster.check_corpus(source)
    averaged = AveragedTrainer(
        trainer,
        partial(_remote_trainer, type(model), parameters | remote, place),
        cluster,
        replicas=replicas,
        every=cluster.average_every,
        gain=gain,
    )
    try:
        yield averaged, {"replicas": replicas, "average_every": cluster.average_every}
    finally:
        with contextlib.suppress(ClusterError):  # there is nobody left to forget anything
            averaged.close()


def _remote_trainer(
    estimator: type[IterativeModel], parameters: Mapping[str, Any], place: CorpusPlace
) -> Trainer:
    """Make a trainer on a worker."""
    model, corpus = estimator(**parameters), place.open()
    model.vocabulary_ = corpus.vocabulary
    return model._trainer(corpus)
