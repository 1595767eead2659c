"""Trained classifiers and taggers as the content of a model folder, and back.

The vocabulary is that of the encoder. Arrays are ``members.0.encoder.…`` and ``members.0.head.…``;
a later member whose encoder is that of the first has a head alone. ``structure`` in
``config.json`` has

============ ======================================================================
``labels``   ``dtype`` ("str" or a type of NumPy) and ``values``, in order
``members``  how many networks there are
``encoder``  ``class`` and ``parameters``; null where vectors of words are averaged
``pooling``  how vectors of words become one
``longest``  words of a piece of text
============ ======================================================================
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from textrep.corpus import Vocabulary
from textrep.errors import FormatError, UsageError
from textrep.models.base import plain
from textrep.models.encoders.base import EncoderModel
from textrep.models.encoders.learning import make_network, subword_table
from textrep.models.encoders.text import N_OTHERS
from textrep.models.encoders.texts import TextEncoding
from textrep.models.registry import MODELS, model_class
from textrep.pipeline.estimators import is_fitted
from textrep.pipeline.networks import Member
from textrep.pipeline.readings import NotKept
from textrep.sgd.devices import device_or_cpu
from textrep.storage import ModelData

if TYPE_CHECKING:
    from textrep.nn import Encoder
    from textrep.optim.label_head import LabelHead
    from textrep.pipeline.supervised import SupervisedNetwork

__all__ = ["contents_of", "made_of"]

_KINDS = {"U": str, "i": int, "u": int, "b": bool, "f": float, "O": int}  # of labels

Made = TypeVar("Made", bound="SupervisedNetwork")
Module = TypeVar("Module", bound="Encoder | LabelHead")


def contents_of(estimator: SupervisedNetwork) -> ModelData:
    """Return what a model folder with a trained classifier or tagger holds.

    Raises
    ------
    FormatError
        There are labels that no folder can hold.
    """
    from textrep.optim.weights import weights_of

    first: Member = estimator.members_[0]
    tensors: dict[str, NDArray[Any]] = {}
    shared = weights_of(first.reading.encoder)
    for number, member in enumerate(estimator.members_):
        weights = weights_of(member.reading.encoder)
        if not number or any((weights[name] != shared[name]).any() for name in shared):
            tensors |= _prefixed(f"members.{number}.encoder.", weights)
        tensors |= _prefixed(f"members.{number}.head.", weights_of(member.head))
    reading = first.reading
    parameters = {name: plain(value) for name, value in estimator.get_params(deep=False).items()}
    return ModelData(
        class_name=type(estimator).__name__,
        parameters=parameters | {"encoder": _described(estimator.encoder)},
        words=list(reading.vocabulary.words),
        counts=reading.vocabulary.counts,
        tensors=tensors,
        seed=parameters["random_state"],
        corpus=estimator.corpus_ | {"tokenizer": dict(reading.trained_with)},
        metrics={"history": estimator.history_},
        tokenizer=reading.tokenizer,
        structure={
            "labels": _labels_to_json(estimator.classes_),
            "members": len(estimator.members_),
            "encoder": None if first.shape is None else _shape_to_json(first.shape),
            "pooling": first.pooling,
            "longest": reading.longest,
        },
    )


def made_of(cls: type[Made], data: ModelData, name: str) -> Made:
    """Return the trained classifier or tagger that ``data``, read from ``name``, describes.

    Raises
    ------
    FormatError
        It is of another class, or its parts do not fit one another.
    """
    if data.class_name != cls.__name__:
        reads = f"textrep.{data.class_name}.load" if data.structure else "textrep.load_model"
        raise FormatError(
            f"{name} holds a {data.class_name}, no {cls.__name__}: {reads} may read it."
        )
    try:
        classes = _labels_of(data.structure["labels"])
        given = data.parameters["encoder"]
        made = cls(**{**data.parameters, "encoder": _described_by(given)})
        made.check_parameters()
        made.members_ = _members_of(data, len(classes), made)
        made.history_ = list(data.metrics["history"])
        corpus = dict(data.corpus)
        del corpus["tokenizer"]
    except FormatError as error:
        raise FormatError(f"{name} is damaged: {error}") from None
    except (KeyError, IndexError, TypeError, ValueError, OverflowError, UsageError) as error:
        what = f"it lacks {error}" if isinstance(error, KeyError) else str(error).rstrip(".")
        raise FormatError(f"{name} is damaged: {what}. Save it again.") from None
    made.classes_, made.corpus_ = classes, corpus
    return made


def _prefixed(prefix: str, weights: Mapping[str, Any]) -> dict[str, Any]:
    return {prefix + name: weight for name, weight in weights.items()}


def _shape_to_json(model: EncoderModel) -> dict[str, Any]:
    parameters = model.get_params(deep=False).items()
    return {
        "class": type(model).__name__,
        "parameters": {name: plain(value) for name, value in parameters},
    }


def _shape_of(value: Mapping[str, Any]) -> EncoderModel:
    """Return an untrained encoder from its class and parameters, checked."""
    for name, entry in MODELS.items():
        found = model_class(name) if entry.class_name == value["class"] else None
        if found is not None and issubclass(found, EncoderModel):
            model = found(**value["parameters"])
            model.check_shared()
            return model
    raise FormatError(f"this version has no encoder {value['class']!r}. Update textrep.")


def _described(encoder: Any) -> Any:
    """Return the parameter ``encoder`` as JSON can hold it; of objects with arrays the class."""
    if encoder is None or isinstance(encoder, str | Path):
        return None if encoder is None else str(encoder)
    if isinstance(encoder, NotKept):
        return {"not_kept": encoder.kind}
    if isinstance(encoder, EncoderModel) and not is_fitted(encoder):
        return _shape_to_json(encoder)
    return {"not_kept": type(encoder).__name__}


def _described_by(value: Any) -> Any:
    """Return the parameter ``encoder`` that `_described` has described."""
    if value is None or isinstance(value, str):
        return value
    return NotKept(str(value["not_kept"])) if "not_kept" in value else _shape_of(value)


def _labels_to_json(classes: NDArray[Any]) -> dict[str, Any]:
    kind, values = classes.dtype.kind, classes.tolist()
    if kind not in _KINDS or any(type(value) is not _KINDS[kind] for value in values):
        raise FormatError(f"Labels of type {classes.dtype} cannot be saved: make them strings.")
    return {"dtype": "str" if kind == "U" else classes.dtype.name, "values": values}


def _labels_of(value: Mapping[str, Any]) -> NDArray[Any]:
    """Return the labels, of the type that they had and in order."""
    dtype, values = np.dtype(value["dtype"]), value["values"]
    kind = _KINDS.get(dtype.kind)
    if kind is None or any(type(label) is not kind for label in values):
        raise FormatError(f"its labels are not all of type {value['dtype']}. Save it again.")
    classes = np.array(values, dtype=dtype)
    if classes.ndim != 1 or not len(classes) or (np.sort(classes)[:-1] == classes[1:]).any():
        raise FormatError("its labels are not each there once. Save it again.")
    if (classes[:-1] > classes[1:]).any():
        raise FormatError("its labels are not in order. Save it again.")
    return classes


def _members_of(data: ModelData, n_labels: int, made: SupervisedNetwork) -> list[Member]:
    """Return the networks, on the device that they were trained on if it is there."""
    structure = data.structure
    given, pooling, longest = (structure[key] for key in ("encoder", "pooling", "longest"))
    shape = None if given is None else _shape_of(given)
    if type(longest) is not int or longest < 1:
        raise FormatError(f"longest is {longest!r}. Save it again.")
    if type(structure["members"]) is not int or structure["members"] < 1:
        raise FormatError(f"members is {structure['members']!r}. Save it again.")
    counts = np.zeros(len(data.words), np.int64) if data.counts is None else data.counts
    vocabulary = Vocabulary(data.words, counts)
    trained_with = data.corpus["tokenizer"]
    if not isinstance(trained_with, dict):
        raise FormatError(f"its tokenizer is {trained_with!r}. Save it again.")
    left, device = dict(data.tensors), device_or_cpu(made.device)
    members: list[Member] = []
    for number in range(structure["members"]):
        weights = _taken(left, f"members.{number}.encoder.")
        if weights or not members:
            encoder = _encoder_of(shape, data.words, weights).to(device)
            reading = TextEncoding(vocabulary, trained_with, data.tokenizer, encoder, longest)
            reading.check(pooling, -1, "its encoder")
            reading.read([])  # a tokenizer that is not known, or lacks its file, is said here
        else:
            reading = members[0].reading
        weights = _taken(left, f"members.{number}.head.")
        head = _head_of(reading.encoder.width, n_labels, weights, made.dropout).to(device)
        members.append(Member(reading, pooling, head, shape))
    if left:
        raise FormatError(
            f"it has arrays that belong to no network, as {min(left)}. Save it again."
        )
    return members


def _taken(tensors: dict[str, Any], prefix: str) -> dict[str, Any]:
    """Take the tensors whose names begin with ``prefix`` out of a dictionary."""
    names = [name for name in tensors if name.startswith(prefix)]
    return {name.removeprefix(prefix): tensors.pop(name) for name in names}


def _encoder_of(
    shape: EncoderModel | None, words: list[str], weights: Mapping[str, Any]
) -> Encoder:
    """Return an encoder with given weights."""
    from textrep.nn import MeanEncoder, WordEmbedding
    from textrep.optim.weights import drawn_from

    n_tokens = len(words) + N_OTHERS
    encoder: Encoder
    if shape is None:
        width = weights["embedding.weight"].shape[-1]
        with drawn_from(0):  # and leave other random numbers as they are
            encoder = _filled(lambda: MeanEncoder(WordEmbedding(n_tokens, width)), weights)
    else:
        chosen = shape.plain()
        table = subword_table(chosen, words)
        encoder = _filled(lambda: make_network(chosen, len(words), table).encoder, weights)
    return encoder


def _head_of(width: int, n_labels: int, weights: Mapping[str, Any], dropout: float) -> LabelHead:
    """Return a head with given weights."""
    from textrep.optim.label_head import LabelHead

    return _filled(lambda: LabelHead(width, n_labels, plain(dropout), 0), weights)


def _filled(make: Callable[[], Module], weights: Mapping[str, Any]) -> Module:
    """Return a network with given weights; it is made only if they are its own."""
    from textrep.optim.weights import load_weights, sizes_of, weightless

    with weightless():
        expected = sizes_of(make())
    if {name: tuple(weight.shape) for name, weight in weights.items()} != expected:
        raise FormatError("its weights do not fit its parameters, words and labels. Save it again.")
    module = make()
    load_weights(module, weights)
    module.eval()
    return module
