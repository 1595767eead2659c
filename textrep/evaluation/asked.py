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
    Vectors,
)
from textrep.recipes import BenchmarkRecipe

__all__ = ["TEXT_TASKS", "Model", "Sides", "check_sides", "named_models"]

Model = Vectors | FittedModel | Encoder | TokenEncoder | LanguageModel
"""What can be evaluated."""

TEXT_TASKS = frozenset({"sts", "classification"})
"""Tasks that ask for vectors of texts; the others ask for those of words."""


class Sides(NamedTuple):
    """What a model can be asked for; None where it has no answers."""

    words: Vectors | None
    texts: Encoder | None
    tokens: TokenEncoder | None = None
    language: LanguageModel | None = None


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
        if not any(side is not None for side in sides):
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
            lacks_words = sides.words is None and (recipe.task != "tagging" or not sides.tokens)
            if recipe.task not in TEXT_TASKS and lacks_words:
                rule = f"vectors of words for the benchmark {recipe.name!r}"
                raise InvalidParameterError("models", "evaluate", rule, name)
