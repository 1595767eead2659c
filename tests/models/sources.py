"""Small texts that models are fitted on, and models that fit them in no time."""

from __future__ import annotations

import inspect
import itertools

import numpy as np

from textrep import SVD
from textrep.corpus import Corpus
from textrep.models import MODELS, model_class

OBJECTIVES = ("negative-sampling", "hierarchical-softmax", "softmax", "margin")
ARCHITECTURES = ("skipgram", "average", "sum", "concatenation")

# Models that keep the contract with other parameters than the default: name -> (model, parameters).
VARIANTS = {
    f"word2vec {architecture} {objective}": (
        "word2vec",
        {"objective": objective}
        | ({} if architecture == "skipgram" else {"architecture": "cbow", "context": architecture}),
    )
    for architecture, objective in itertools.product(ARCHITECTURES, OBJECTIVES)
}
VARIANTS["word2vec subwords"] = ("word2vec", {"subwords": True, "buckets": 100})
NAMES = [*sorted(MODELS), *VARIANTS]
FROM_TEXT = [name for name in NAMES if name in VARIANTS or not model_class(name).takes_models]

# For every model that has such a parameter.
SMALL = {"dim": 4, "deterministic": True, "subsample": 0.0, "negative": 2}

# For encoders, whose defaults are larger than the corpus.
ENCODERS = {
    "recurrent": {"units": 4},
    "convolutional": {"channels": 4},
    "transformer": {"heads": 1, "layers": 1, "positions": "learned"},
}
SMALL_ENCODER = {"epochs": 1, "longest": 16, "bptt": 8}

# Models that learn nothing where no word has a context.
PREDICTING = {"glove", "word2vec", *ENCODERS}
DECOMPOSING = {"svd"}  # models of a matrix that must not be empty


def base_of(name):
    """The registered name of a model or of a variant."""
    return VARIANTS[name][0] if name in VARIANTS else name


def class_of(name):
    """The class of a model or of a variant."""
    return model_class(base_of(name))


def parameters_of(name):
    """The constructor's parameters of a model: name -> inspect.Parameter."""
    signature = inspect.signature(class_of(name).__init__)
    return {key: value for key, value in signature.parameters.items() if key != "self"}


def small(name, **changes):
    """An unfitted model of a size that fits a corpus of a few words."""
    known = parameters_of(name)
    chosen = {key: value for key, value in SMALL.items() if key in known}
    if base_of(name) in ENCODERS:
        chosen |= SMALL_ENCODER | ENCODERS[base_of(name)]
    chosen |= VARIANTS[name][1] if name in VARIANTS else {}
    return class_of(name)(**(chosen | changes))


def source_of(name, text):
    """What a model is fitted on: a text, or two small models of that text where it takes models."""
    if not class_of(name).takes_models:
        return text
    corpus = text if isinstance(text, Corpus) else Corpus.build(text)
    return [SVD(dim=4, eigenvalue_weight=weight).fit(corpus) for weight in (0.0, 1.0)]


def source_from(name, model):
    """What a model is fitted on to go on from another, or from its folder."""
    return [model, model] if class_of(name).takes_models else model


def sentences():
    """Sentences of 30 words, all frequent enough for the default vocabulary."""
    random = np.random.default_rng(7)
    words = [f"word{chr(97 + i // 6)}{chr(97 + i % 6)}" for i in range(30)]
    chances = 1 / np.arange(2, 32)
    chances /= chances.sum()
    return [
        [words[i] for i in random.choice(30, length, p=chances)]
        for length in random.integers(1, 12, 300)
    ]


def arrays_of(model):
    """Every learnt array as (name, bytes), sparse ones in their parts."""
    found = {}
    for key, value in vars(model).items():
        if not key.endswith("_") or not hasattr(value, "dtype"):
            continue
        parts = ("data", "indices", "indptr") if hasattr(value, "indptr") else ("",)
        for part in parts:
            array = np.asarray(getattr(value, part) if part else value)
            found[key, part] = (array.dtype.str, array.shape, array.tobytes())
    assert found
    return found
