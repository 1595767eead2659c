"""What the networks that learn from labels have in common: an encoder, a head, their training."""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator

from textrep.checks import check_boolean, check_integer, check_number, check_text
from textrep.corpus import Corpus
from textrep.errors import InvalidParameterError, NotFittedError, TrainingError
from textrep.models.base import plain
from textrep.models.docstrings import fill_docstring
from textrep.models.encoders.base import EncoderModel
from textrep.models.encoders.texts import TextEncoding
from textrep.optim.settings import TrainingSettings
from textrep.pipeline.estimators import is_fitted, takes_texts, unfitted_copy
from textrep.pipeline.readings import reading_of
from textrep.sgd.devices import require_torch, resolve_device

if TYPE_CHECKING:
    from torch import nn

    from textrep.nn import Encoder
    from textrep.optim.objectives import Objective
    from textrep.optim.sequences import Sequences

__all__ = ["Labelled", "Member", "SupervisedNetwork"]

_PARAMETERS = """\
encoder : str, Path, encoder, WordVectors or fitted model, optional
    What reads the texts. A model folder, or a fitted model: an encoder goes on from what it has
    learnt, and vectors of words are averaged. An encoder that is not fitted
    (``TransformerEncoder(layers=1)``): one of that shape, its weights drawn from
    ``random_state`` and its words from the texts of ``fit``; how it would train itself does not
    matter. Default: $default.
freeze : bool, default=False
    Whether the encoder stays as it is, and only what stands above it is learnt: quick, as its
    vectors are computed once.
dropout : float, default=$dropout
    Share of the encoder's numbers that what stands above it does without in training; below 1.
tokenizer : str, default="$tokenizer"
    How texts are cut into words where words are taken from the texts of ``fit``: a name that
    ``textrep corpus build --tokenizer`` knows. A trained model has its own.
min_count : int, default=$min_count
    Words that occur fewer times in the texts of ``fit`` are unknown, from 1 up; there too.
epochs : int, default=10
    Passes over the texts, 1 to 100,000; the most of them with ``validation``.
validation : float, default=0.0
    Share of the texts, up to 0.9, that is kept out of the training. Then the weights of the epoch
    with the lowest loss on them are kept, and the training stops ``patience`` epochs after it.
patience : int, default=3
    Epochs, from 1 up.
optimizer : {"sgd", "momentum", "nesterov", "adagrad", "rmsprop", "adadelta", "adam", "adamw", \
"adamax", "nadam", "maxprop"}, default="adamw"
    What makes steps of gradients.
learning_rate : float, optional
    The largest, above 0. Default: that of the optimizer, 0.001 for AdamW.
schedule : {"constant", "linear", "cosine", "step", "exponential", "inverse", "cosine-restarts", \
"triangular"}, default="linear"
    How the learning rate changes.
warmup : float, default=0.0
    Share of the training, below 1, in which it rises to its largest.
clip_norm : float, default=1.0
    Longest gradient; a longer one is shortened to it. 0 leaves them as they are.
weight_decay : float, default=0.0
    L2 of matrices, 0 or more.
label_smoothing : float, default=0.0
    Share of the loss that all labels have in equal parts, 0 to 1.
batch_size : int, default=32
    Texts of a batch, from 1 up.
accumulate : int, default=1
    Batches of a step, 1 to 10,000.
members : int, default=1
    Networks that are trained, with the seeds ``random_state``, ``random_state`` + 1 and so on; the
    mean of their probabilities decides.
precision : {"float32", "bfloat16"}, default="float32"
    Of products.
device : str, default="cpu"
    ``cpu``; ``cuda`` or, of several GPUs, ``cuda:1``; or ``auto``: a GPU where there is one.
random_state : int, default=0
    Seed of new weights, dropout, batches, and of what is kept out."""

_ATTRIBUTES = """\
members_ : list of Member
    The trained networks: how each reads texts, and what stands above its encoder.
history_ : list of dict
    For each ``member`` and epoch: mean ``loss``, ``examples``, ``learning_rate`` at its start,
    ``seconds``, ``tokens`` and how many a second; with ``validation`` ``held_out_loss`` and
    ``accuracy``."""


class Labelled(NamedTuple):
    """Texts with labels, as a network learns them.

    Attributes
    ----------
    sequences : Sequences
        Their tokens and labels.
    groups : ndarray of shape (n_texts,), int64
        Texts of a group have the same share in what is kept out.
    """

    sequences: Sequences
    groups: NDArray[np.int64]


class Member(NamedTuple):
    """A trained network.

    Attributes
    ----------
    reading : TextEncoding
        The encoder, and how texts become what it reads.
    pooling : str
        How the vectors of a text's words become one.
    head : Module
        From vectors of shape (n, width) to scores of shape (n, n_labels).
    """

    reading: TextEncoding
    pooling: str
    head: nn.Module

    def probabilities(self, vectors: NDArray[np.float32]) -> NDArray[np.float64]:
        """Return the probabilities of the labels, shape (n, n_labels), for vectors (n, width)."""
        import torch

        device = next(self.head.parameters()).device
        with torch.inference_mode():
            scores = self.head(torch.from_numpy(vectors).to(device))
            shares: NDArray[np.float64] = scores.double().softmax(1).cpu().numpy()
        return shares


@dataclass(eq=False, repr=False)
class SupervisedNetwork(BaseEstimator):  # type: ignore[misc]
    """A network that learns from labels.

    A subclass has a head for each text or each word: it implements ``_default``, ``_objective``,
    ``_labelled`` and ``_vectors``, and gives ``fit`` its arguments.
    """

    encoder: Any = None
    _: KW_ONLY
    freeze: bool = False
    dropout: float = 0.1
    tokenizer: str = "simple"
    min_count: int = 1
    epochs: int = 10
    validation: float = 0.0
    patience: int = 3
    optimizer: str = "adamw"
    learning_rate: float | None = None
    schedule: str = "linear"
    warmup: float = 0.0
    clip_norm: float = 1.0
    weight_decay: float = 0.0
    label_smoothing: float = 0.0
    batch_size: int = 32
    accumulate: int = 1
    members: int = 1
    precision: str = "float32"
    device: str = "cpu"
    random_state: int = 0

    def __init_subclass__(cls, **options: Any) -> None:
        """Put what both have into the docstring of one."""
        super().__init_subclass__(**options)
        own = {name: str(getattr(cls, name)) for name in ("dropout", "tokenizer", "min_count")}
        shared = {"parameters": _PARAMETERS, "attributes": _ATTRIBUTES}
        fill_docstring(cls, shared, own | {"default": getattr(cls, "default_encoder", "")})

    def _default(self) -> EncoderModel:
        """Return the untrained encoder that is taken where none is given."""
        raise NotImplementedError

    def _objective(self) -> Objective:
        """Return what is learnt."""
        raise NotImplementedError

    def _labelled(self, reading: TextEncoding, X: Any, labels: NDArray[np.int64]) -> Labelled:
        """Return the texts as the encoder reads them."""
        raise NotImplementedError

    def _vectors(
        self, reading: TextEncoding, pooling: str, X: Any, labelled: Labelled
    ) -> tuple[NDArray[np.float32], Labelled]:
        """Return the vectors of a frozen encoder, and what is labelled by their numbers."""
        raise NotImplementedError

    def _check(self) -> None:
        """Raise InvalidParameterError or UnknownNameError if a parameter breaks its rule."""
        name = type(self).__name__
        require_torch(name)
        check_boolean("freeze", name, self.freeze)
        check_number("dropout", name, self.dropout, 0.0, 0.99)
        check_text("tokenizer", name, self.tokenizer)
        check_integer("min_count", name, self.min_count, 1)
        check_number("validation", name, self.validation, 0.0, 0.9)
        check_integer("patience", name, self.patience, 1)
        check_number("clip_norm", name, self.clip_norm, 0.0)
        check_number("label_smoothing", name, self.label_smoothing, 0.0, 1.0)
        check_integer("batch_size", name, self.batch_size, 1)
        check_integer("accumulate", name, self.accumulate, 1, 10_000)
        check_integer("members", name, self.members, 1, 1000)
        self._settings(0).check(name)
        resolve_device(self.device)

    def _settings(self, number: int) -> TrainingSettings:
        """Return how member ``number`` is trained."""
        names = (
            "epochs", "optimizer", "learning_rate", "schedule", "warmup", "weight_decay",
            "precision", "device",
        )  # fmt: skip
        chosen = {name: plain(getattr(self, name)) for name in names}
        seed = plain(self.random_state)
        if number:
            seed += number
        return TrainingSettings(**chosen, clip_norm=self.clip_norm or None, random_state=seed)

    def _learn(self, X: Any, labels: NDArray[np.int64], texts: list[str]) -> None:
        """Train all members.

        Parameters
        ----------
        X : object
            The texts, as ``_labelled`` takes them.
        labels : ndarray of shape (n_labels,), int64
            Numbers of classes or tags.
        texts : list of str
            The same texts as strings, for the words of an encoder that has none.
        """
        name = type(self).__name__
        n_labels = int(labels.max()) + 1

        @cache
        def build() -> Corpus:
            documents = np.array(texts, dtype=object)  # a list could be one of names of files
            return Corpus.build(documents, tokenizer=self.tokenizer, min_count=self.min_count)

        members, history = [], []
        for number in range(self.members):
            settings = self._settings(number)
            source = self._default() if self.encoder is None else self.encoder
            reading, pooling = reading_of(source, settings.random_state, build, name)
            labelled = self._labelled(reading, X, labels)
            member, rows = self._train(
                Member(reading, pooling, self._head(reading, n_labels, settings)),
                X, labelled, settings,
            )  # fmt: skip
            members.append(member)
            history += [{"member": number, **row} for row in rows]
        self.members_, self.history_ = members, history

    def _head(self, reading: TextEncoding, n_labels: int, settings: TrainingSettings) -> nn.Module:
        from torch import nn

        from textrep.nn import initialise
        from textrep.optim.weights import drawn_from

        with drawn_from(settings.random_state):
            linear = nn.Linear(reading.encoder.width, n_labels)
            initialise(linear, "glorot")
        return nn.Sequential(nn.Dropout(self.dropout), linear)

    def _train(
        self, begun: Member, X: Any, labelled: Labelled, settings: TrainingSettings
    ) -> tuple[Member, list[dict[str, Any]]]:
        """Return the member, trained, and its history."""
        from textrep.optim.trainer import NetworkTrainer
        from textrep.pipeline.readings import averaged
        from textrep.training import Identity, LossPlateau, run

        encoder: Encoder = begun.reading.encoder.to(resolve_device(self.device))
        pooling = begun.pooling
        if self.freeze:
            vectors, labelled = self._vectors(begun.reading, pooling, X, labelled)
            encoder, pooling = averaged(vectors), "mean"
        train, out = self._parts(labelled, settings.random_state)
        trainer = NetworkTrainer(
            _network(encoder, begun.head, pooling),
            self._objective(),
            self._batches(train, begun.reading.longest, settings.random_state),
            settings,
            held_out=None if out is None else self._batches(out, begun.reading.longest, None),
        )
        stops = [] if out is None else [LossPlateau(int(self.patience), return_best=True)]
        outcome = run(
            trainer,
            settings.epochs,
            words=[],
            identity=Identity(type(self).__name__, {}, ""),
            callbacks=[trainer.report, *stops],
        )
        network = trainer.settle()
        reading = begun.reading
        if not self.freeze:
            reading = replace(reading, encoder=network.encoder)
        return Member(reading, begun.pooling, network.head), outcome.history

    def _parts(self, labelled: Labelled, seed: int) -> tuple[Sequences, Sequences | None]:
        """Return what is trained on, and what is kept out: of each group about the same share."""
        sequences, name = labelled.sequences, type(self).__name__
        rows = np.flatnonzero(sequences.lengths)
        if not len(rows):
            raise TrainingError(
                f"{name} has nothing to learn from: none of {len(sequences):,} texts has a word "
                "that its encoder knows. Was the encoder trained on text of this kind?"
            )
        if not self.validation:
            return sequences.take(rows), None
        rows = np.random.default_rng(seed).permutation(rows)
        groups = labelled.groups[rows]
        order = np.argsort(groups, kind="stable")
        sizes = np.bincount(groups)
        within = np.arange(len(rows)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        out = np.empty(len(rows), np.bool_)
        out[order] = (within + 0.5) / sizes[groups[order]] < self.validation
        if not out.any() or out.all():
            rule = f"0: of {len(rows):,} texts none can be kept out"
            raise InvalidParameterError("validation", name, rule, self.validation)
        return sequences.take(rows[~out]), sequences.take(rows[out])

    def _batches(self, sequences: Sequences, longest: int, seed: int | None) -> Any:
        from textrep.optim.batches import LengthBatches

        return LengthBatches(
            sequences.split(longest),
            batch_tokens=int(self.batch_size) * longest,
            batch_size=int(self.batch_size),
            accumulate=1 if seed is None else int(self.accumulate),
            shuffle=seed is not None,
            random_state=seed or 0,
        )

    def __sklearn_clone__(self) -> Self:
        """Return an unfitted copy that shares vectors and trained models."""
        copy: Self = unfitted_copy(self)
        return copy

    def __sklearn_tags__(self) -> Any:
        return takes_texts(super().__sklearn_tags__())

    def __sklearn_is_fitted__(self) -> bool:
        return is_fitted(self)

    def _check_fitted(self) -> None:
        if not is_fitted(self):
            raise NotFittedError(f"This {type(self).__name__} is not fitted: call fit first.")


def _network(encoder: Encoder, head: nn.Module, pooling: str) -> Any:
    from functools import partial

    from textrep.nn import pool_texts
    from textrep.optim.network import Network

    return Network(encoder, head, partial(pool_texts, pooling=pooling))
