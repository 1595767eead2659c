"""What the networks that learn from labels have in common: an encoder, a head, their training."""

from __future__ import annotations

import hashlib
from abc import abstractmethod
from dataclasses import KW_ONLY, dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator

from textrep.checks import check_boolean, check_integer, check_number, check_text
from textrep.corpus import Corpus
from textrep.errors import InvalidParameterError, NotFittedError
from textrep.models.base import plain
from textrep.models.docstrings import fill_docstring, parameters_of
from textrep.models.encoders.base import EncoderModel
from textrep.models.encoders.texts import TextEncoding
from textrep.optim.settings import TrainingParameters
from textrep.pipeline.estimators import is_fitted, takes_texts, unfitted_copy
from textrep.pipeline.files import contents_of, made_of
from textrep.pipeline.networks import Labelled, Member, Plan
from textrep.pipeline.readings import reading_of
from textrep.sgd.devices import require_torch, resolve_device
from textrep.storage import read_model, write_model

if TYPE_CHECKING:
    from textrep.optim.objectives import Objective

__all__ = ["SupervisedNetwork"]

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
validation : float, default=0.0
    Share of the texts, up to 0.9, that is kept out of the training. Then the weights of the epoch
    with the lowest loss on them are kept, and the training stops ``patience`` epochs after it.
patience : int, default=3
    Epochs, from 1 up.
label_smoothing : float, default=0.0
    Share of the loss that all labels have in equal parts, 0 to 1.
batch_size : int, default=32
    Texts of a batch, from 1 up.
accumulate : int, default=1
    Batches of a step, 1 to 10,000.
members : int, default=1
    Networks that are trained, with the seeds ``random_state``, ``random_state`` + 1 and so on; the
    mean of their probabilities decides.
$training"""

_ATTRIBUTES = """\
members_ : list of Member
    The trained networks: how each reads texts, and what stands above its encoder.
history_ : list of dict
    For each ``member`` and epoch: mean ``loss``, ``examples``, ``learning_rate`` at its start,
    ``seconds``, ``tokens`` and how many a second; with ``validation`` ``held_out_loss`` and
    ``accuracy``.
corpus_ : dict
    What they were trained on: how many ``texts``, and a ``fingerprint`` of them and their
    labels."""


@dataclass(eq=False, repr=False)
class SupervisedNetwork(TrainingParameters, BaseEstimator):  # type: ignore[misc]
    """A network that learns from labels.

    A subclass implements ``_default``, ``_objective``, ``_labelled`` and ``_frozen``, and a ``fit``
    that calls ``_check`` and ``_learn``.
    """

    default_encoder: ClassVar[str]
    """What is said of the encoder that is taken where none is given."""

    encoder: Any = None
    _: KW_ONLY
    freeze: bool = False
    dropout: float = 0.1
    tokenizer: str = "simple"
    min_count: int = 1
    validation: float = 0.0
    patience: int = 3
    label_smoothing: float = 0.0
    batch_size: int = 32
    accumulate: int = 1
    members: int = 1

    def __init_subclass__(cls, **options: Any) -> None:
        """Put what both have into the docstring of one."""
        super().__init_subclass__(**options)
        own = {name: str(getattr(cls, name)) for name in ("dropout", "tokenizer", "min_count")}
        own |= {"default": cls.default_encoder, "training": parameters_of(TrainingParameters)}
        fill_docstring(cls, {"parameters": _PARAMETERS, "attributes": _ATTRIBUTES}, own)

    @abstractmethod
    def _default(self) -> EncoderModel:
        """Return the untrained encoder that is taken where none is given."""

    @abstractmethod
    def _objective(self) -> Objective:
        """Return what is learnt."""

    @abstractmethod
    def _labelled(self, reading: TextEncoding, X: Any, labels: NDArray[np.int64]) -> Labelled:
        """Return the texts as the encoder reads them."""

    @abstractmethod
    def _frozen(self, reading: TextEncoding, pooling: str, X: Any, labelled: Labelled) -> Labelled:
        """Return the same by the vectors that the encoder makes of the texts."""

    def _check(self) -> None:
        """Raise InvalidParameterError, UnknownNameError or DeviceError if one breaks its rule."""
        require_torch(type(self).__name__)
        self.check_parameters()
        resolve_device(self.device)

    def check_parameters(self) -> None:
        """Raise InvalidParameterError or UnknownNameError if a parameter breaks its rule."""
        name = type(self).__name__
        check_boolean("freeze", name, self.freeze)
        check_number("dropout", name, self.dropout, 0.0, 0.99)
        check_text("tokenizer", name, self.tokenizer)
        check_integer("min_count", name, self.min_count, 1)
        check_number("validation", name, self.validation, 0.0, 0.9)
        check_integer("patience", name, self.patience, 1)
        check_number("label_smoothing", name, self.label_smoothing, 0.0, 1.0)
        check_integer("batch_size", name, self.batch_size, 1)
        check_integer("accumulate", name, self.accumulate, 1, 10_000)
        check_integer("members", name, self.members, 1, 1000)
        self.check_training(name)
        if self.halve_on_plateau and not self.validation:
            rule = "False without validation, whose loss it looks at"
            raise InvalidParameterError("halve_on_plateau", name, rule, True)

    def _learn(
        self, X: Any, classes: NDArray[Any], labels: NDArray[np.int64], texts: list[str]
    ) -> None:
        """Train all members.

        Parameters
        ----------
        X : object
            The texts, as ``_labelled`` takes them.
        classes : ndarray of shape (n_classes,)
            Classes or tags, in order.
        labels : ndarray of shape (n_labels,), int64
            The number of each label among them.
        texts : list of str
            The same texts as strings, for the words of an encoder that has none.
        """
        from textrep.optim.label_head import LabelHead

        name = type(self).__name__

        @cache
        def build() -> Corpus:
            return Corpus.from_texts(texts, tokenizer=self.tokenizer, min_count=self.min_count)

        for learnt in (
            "members_",
            "history_",
            "classes_",
            "corpus_",
        ):  # where this fails, it is not fitted
            self.__dict__.pop(learnt, None)
        plan = Plan(
            name,
            self._objective(),
            plain(self.validation),
            plain(self.patience),
            plain(self.batch_size),
            plain(self.accumulate),
        )
        members, history = [], []
        for number in range(self.members):
            seed = plain(self.random_state) + number
            settings = replace(self.training_settings(), random_state=seed)
            source = self._default() if self.encoder is None else self.encoder
            reading, pooling, shape = reading_of(source, seed, build, name)
            reading.encoder.to(resolve_device(self.device))
            labelled = self._labelled(reading, X, labels)
            if self.freeze:
                labelled = self._frozen(reading, pooling, X, labelled)
            head = LabelHead(reading.encoder.width, len(classes), plain(self.dropout), seed)
            member, rows = plan.train(Member(reading, pooling, head, shape), labelled, settings)
            members.append(member)
            history += [{"member": number, **row} for row in rows]
        self.members_, self.history_, self.classes_ = members, history, classes
        self.corpus_ = {"fingerprint": _fingerprint(texts, classes, labels), "texts": len(texts)}

    def save(self, path: str | Path, *, overwrite: bool = True) -> None:
        """Write a folder with the trained networks; nothing half-written is ever there.

        Parameters
        ----------
        path : str or Path
            The folder. A model folder that is there is replaced.
        overwrite : bool, default=True
            Whether that may happen.

        Raises
        ------
        NotFittedError
            ``fit`` has not been called.
        FormatError
            A label or a word cannot be written.
        InputError
            ``path`` is a file or a folder that is no model folder.
        """
        self._check_fitted()
        write_model(path, contents_of(self), overwrite=overwrite)

    @classmethod
    def load(cls, path: str | Path) -> Self:
        """Read what `save` has written.

        Its predictions are those of the network that was saved, to the bit on a machine of the same
        kind. It is on its ``device`` where there is one, and on the CPU where not. An ``encoder``
        that was given as an object is not kept as such: a new ``fit`` asks for it.

        Parameters
        ----------
        path : str or Path
            The folder.

        Raises
        ------
        FormatError
            The folder is missing, damaged, of another class or of a later version.
        """
        require_torch(cls.__name__)
        return made_of(cls, read_model(path), str(path))

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


def _fingerprint(texts: list[str], classes: NDArray[Any], labels: NDArray[np.int64]) -> str:
    """Return a checksum of texts and labels."""
    digest = hashlib.sha256(repr(classes.tolist()).encode("utf-8", "surrogatepass"))
    digest.update(labels.astype("<i8").tobytes())
    for text in texts:
        content = text.encode("utf-8", "surrogatepass")
        digest.update(len(content).to_bytes(8, "little") + content)
    return digest.hexdigest()
