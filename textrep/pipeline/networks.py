"""The training of an encoder and a head on labels, and what comes of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from textrep.errors import InvalidParameterError, TrainingError
from textrep.models.encoders.base import EncoderModel
from textrep.models.encoders.texts import TextEncoding
from textrep.optim.settings import TrainingSettings
from textrep.training import Callback, Identity, LossPlateau, run

if TYPE_CHECKING:
    from textrep.optim.batches import LengthBatches
    from textrep.optim.label_head import LabelHead
    from textrep.optim.objectives import Objective
    from textrep.optim.sequences import Sequences

__all__ = ["Labelled", "Member", "Plan"]


class Labelled(NamedTuple):
    """Texts with labels, as a network learns them.

    Attributes
    ----------
    sequences : Sequences
        Their tokens and labels.
    groups : ndarray of shape (n_texts,), int64
        Texts of each group have the same share in what is kept out.
    vectors : ndarray of shape (n_vectors, width), float32, or None
        Of an encoder that stays as it is: what it makes of the texts. Tokens are numbers of rows.
    """

    sequences: Sequences
    groups: NDArray[np.int64]
    vectors: NDArray[np.float32] | None = None


class Member(NamedTuple):
    """A network: how it reads texts, and what stands above its encoder.

    Attributes
    ----------
    reading : TextEncoding
        The encoder, and how texts become what it reads.
    pooling : str
        How the vectors of a text's words become one.
    head : LabelHead
        From vectors of shape (n, width) to scores of shape (n, n_labels).
    shape : EncoderModel or None
        An encoder with the parameters of this one; None: vectors of words are averaged.
    """

    reading: TextEncoding
    pooling: str
    head: LabelHead
    shape: EncoderModel | None


@dataclass(frozen=True)
class Plan:
    """How networks are trained.

    Attributes
    ----------
    caller : str
        Named in errors.
    objective : Objective
        What is learnt.
    validation : float
        Share of the texts that is kept out; 0: none is.
    patience : int
        Epochs after the best, on what is kept out, that the training stops after.
    batch_size, accumulate : int
        Texts of a batch, and batches of a step.
    """

    caller: str
    objective: Objective
    validation: float
    patience: int
    batch_size: int
    accumulate: int

    def train(
        self, begun: Member, labelled: Labelled, settings: TrainingSettings
    ) -> tuple[Member, list[dict[str, Any]]]:
        """Return a member, trained, and its history; the one that is given is changed.

        Raises
        ------
        InvalidParameterError
            There are too few texts to keep any out.
        TrainingError
            There is nothing to learn from, or a loss is not finite.
        DeviceError
            The device is too small for a batch.
        """
        from textrep.nn import MeanEncoder, WordEmbedding, pool_texts
        from textrep.optim.network import Network
        from textrep.optim.trainer import NetworkTrainer

        reading, encoder, pooling = begun.reading, begun.reading.encoder, begun.pooling
        if labelled.vectors is not None:
            encoder = MeanEncoder(WordEmbedding.from_matrix(labelled.vectors, frozen=True))
            pooling = "mean"
        train, out = self._parts(labelled, settings.random_state)
        trainer = NetworkTrainer(
            Network(encoder, begun.head, partial(pool_texts, pooling=pooling)),
            self.objective,
            self._batches(train, reading.longest, settings.random_state),
            settings,
            held_out=None if out is None else self._batches(out, reading.longest, None),
        )
        callbacks: list[Callback] = [trainer.report]
        if out is not None:
            callbacks.append(LossPlateau(self.patience, return_best=True))
        outcome = run(
            trainer,
            settings.epochs,
            words=[],
            identity=Identity(self.caller, {}, ""),
            callbacks=callbacks,
        )
        network: Any = trainer.settle()
        if labelled.vectors is None:
            reading = replace(reading, encoder=network.encoder)
        return begun._replace(reading=reading, head=network.head), outcome.history

    def _parts(self, labelled: Labelled, seed: int) -> tuple[Sequences, Sequences | None]:
        """Return what is trained on, and what is kept out: of each group about the same share."""
        sequences = labelled.sequences
        rows = np.flatnonzero(sequences.lengths)
        if not len(rows):
            raise TrainingError(
                f"{self.caller} has nothing to learn from: none of {len(sequences):,} texts has a "
                "word that its encoder knows. Was the encoder trained on text of this kind?"
            )
        if not self.validation:
            return sequences.take(rows), None
        rows = np.random.default_rng(seed).permutation(rows)
        groups = labelled.groups[rows]
        order, sizes = np.argsort(groups, kind="stable"), np.bincount(groups)
        within = np.arange(len(rows)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        out = np.empty(len(rows), np.bool_)
        out[order] = (within + 0.5) / sizes[groups[order]] < self.validation
        if not out.any() or out.all():
            rule = f"0: of {len(rows):,} texts none can be kept out"
            raise InvalidParameterError("validation", self.caller, rule, self.validation)
        return sequences.take(rows[~out]), sequences.take(rows[out])

    def _batches(self, sequences: Sequences, longest: int, seed: int | None) -> LengthBatches:
        """Return batches to train on, shuffled by a seed, or to measure the loss on."""
        from textrep.optim.batches import LengthBatches

        return LengthBatches(
            sequences.split(longest),
            batch_tokens=self.batch_size * longest,
            batch_size=self.batch_size,
            accumulate=1 if seed is None else self.accumulate,
            shuffle=seed is not None,
            random_state=seed or 0,
        )
