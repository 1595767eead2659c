"""What can be evaluated, and what each model can be asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, TypeGuard

from textrep.errors import InvalidParameterError
from textrep.evaluation.protocols import (
    Encoder,
    FittedModel,
    LanguageModel,
    TokenEncoder,
    Trainable,
    Vectors,
)
from textrep.evaluation.tasks.classification import CLASSIFIERS, FINETUNED
from textrep.recipes import BenchmarkRecipe

__all__ = ["TEXT_TASKS", "Model", "Sides", "check_sides", "named_models", "with_probes"]

Model = Vectors | FittedModel | Encoder | TokenEncoder | LanguageModel
"""What can be evaluated."""

TEXT_TASKS = frozenset({"sts", "classification"})
"""Tasks that ask for vectors of texts; the others ask for those of words."""


class Sides(NamedTuple):
    """What a model can be asked for; None where it has no answers.

    ``probe`` is what is trained to classify its texts.
    """

    words: Vectors | None
    texts: Encoder | None
    tokens: TokenEncoder | None = None
    language: LanguageModel | None = None
    probe: str = "logistic"


def named_models(models: object) -> dict[str, Sides]:
    """Return what each model can be asked for, by its name.

    Parameters
    ----------
    models : mapping of str to model, sequence of models, or model
        As `textrep.evaluation.evaluate` takes them.

    Raises
    ------
    InvalidParameterError
        There is none, or something is no model.
    """
    given: Mapping[str, Any]
    if isinstance(models, Mapping):
        given = models
    elif isinstance(models, Vectors | FittedModel | TokenEncoder | LanguageModel) or _encodes(
        models
    ):
        given = {"model": models}
    elif isinstance(models, Sequence) and not isinstance(models, str):
        given = {f"model {number}": model for number, model in enumerate(models, start=1)}
    else:
        given = {"model": models}
    if not given:
        raise InvalidParameterError("models", "evaluate", "at least one model", models)
    named: dict[str, Sides] = {}
    for name, model in given.items():
        words = model if isinstance(model, Vectors) else _fitted_vectors(model)
        texts = model if _encodes(model) else None
        tokens = model if isinstance(model, TokenEncoder) else None
        sides = Sides(words, texts, tokens, model if isinstance(model, LanguageModel) else None)
        if sides == Sides(None, None):
            rule = (
                "word vectors, fitted models or encoders (textrep.load reads vectors from a file)"
            )
            raise InvalidParameterError("models", "evaluate", rule, model)
        named[str(name)] = sides
    return named


def _encodes(model: object) -> TypeGuard[Encoder]:
    """Say whether something encodes texts; a str has a method of that name, too."""
    return not isinstance(model, str) and isinstance(model, Encoder)


def _fitted_vectors(model: object) -> Vectors | None:
    """Return the vectors of a fitted model; None of anything else."""
    if isinstance(model, type):
        return None
    vectors = getattr(model, "vectors_", None)
    return vectors if isinstance(vectors, Vectors) else None


def with_probes(named: Mapping[str, Sides], probe: str | Mapping[str, str]) -> dict[str, Sides]:
    """Return the models with the probe of each.

    Raises
    ------
    InvalidParameterError
        A probe is unknown, or a mapping does not name each model.
    """
    of_each = dict.fromkeys(named, probe) if isinstance(probe, str) else dict(probe)
    if set(of_each) != set(named):
        rule = f"one name, or one for each of {', '.join(named)}"
        raise InvalidParameterError("probe", "evaluate", rule, sorted(of_each))
    for one in of_each.values():
        if one not in CLASSIFIERS:
            raise InvalidParameterError("probe", "evaluate", f"one of {CLASSIFIERS}", one)
    return {name: sides._replace(probe=of_each[name]) for name, sides in named.items()}


def check_sides(named: Mapping[str, Sides], chosen: Sequence[BenchmarkRecipe]) -> None:
    """Raise InvalidParameterError for a model without vectors of what a benchmark asks for."""
    for recipe in chosen:
        if recipe.task == "perplexity":  # what predicts nothing is shown without a score
            continue
        for name, sides in named.items():
            if recipe.task in TEXT_TASKS and sides.texts is None:
                rule = (
                    f"encoders of texts for the benchmark {recipe.name!r}; wrap word vectors in "
                    "textrep.WordVectorAverager"
                )
                raise InvalidParameterError("models", "evaluate", rule, name)
            tuned = recipe.task == "classification" and sides.probe == FINETUNED
            if tuned and not isinstance(sides.texts, Trainable):
                rule = (
                    f"encoders that have classifier(), for probe={FINETUNED!r}; wrap models in "
                    "textrep.TextEncoder"
                )
                raise InvalidParameterError("models", "evaluate", rule, name)
            lacks_words = sides.words is None and (recipe.task != "tagging" or not sides.tokens)
            if recipe.task not in TEXT_TASKS and lacks_words:
                rule = f"vectors of words for the benchmark {recipe.name!r}"
                raise InvalidParameterError("models", "evaluate", rule, name)
