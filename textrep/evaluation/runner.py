"""Run benchmarks on models and put the scores into one report."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast, get_args

import numpy as np

from textrep import data, recipes
from textrep.errors import DataError, InvalidParameterError, UnknownNameError
from textrep.evaluation.outcome import Outcome, score
from textrep.evaluation.protocols import AnalogyMethod, FittedModel, Oov, Vectors
from textrep.evaluation.report import Missing, Report, Result
from textrep.evaluation.tasks import (
    analogy,
    categorization,
    outlier,
    relatedness,
    relations,
    synonym,
)
from textrep.parallel import resolve_n_jobs
from textrep.progress import Task, track

__all__ = ["evaluate", "named_recipes"]

_TASKS: dict[str, Callable[..., Outcome]] = {
    "relatedness": relatedness,
    "synonym": synonym,
    "analogy": analogy,
    "categorization": categorization,
    "outlier": outlier,
    "relations": relations,
}
_COMPOSING = {"relatedness", "synonym"}  # tasks that know the policy "subwords"


def evaluate(
    models: Mapping[str, Vectors | FittedModel]
    | Sequence[Vectors | FittedModel]
    | Vectors
    | FittedModel,
    suite: str | Sequence[str] = "words",
    *,
    oov: Oov | None = None,
    method: AnalogyMethod = "3cosadd",
    restrict_vocabulary: int | None = None,
    n_jobs: int | None = None,
) -> Report:
    """Run the benchmarks of a suite on one or more models.

    Parameters
    ----------
    models : mapping of str to model, sequence of models, or model
        A model is anything with words and vectors (``WordVectors``) or a fitted estimator that
        holds them as ``vectors_``. Models that are given without names are called "model", or
        "model 1", "model 2" …
    suite : str or sequence of str, default="words"
        Names of suites and of benchmarks.
    oov : {"skip", "zero", "mean", "subwords"}, optional
        What becomes of items with unknown words, on every benchmark: they are left out; they get
        the similarity 0 or count as wrong; or the mean of all vectors stands for the unknown word,
        or a vector composed from its n-grams where the model has any, as in Bojanowski et al. 2017
        (for relatedness and synonyms; the other tasks take "subwords" as "zero", and say so). An
        item that is answered with composed vectors is not covered. None: as each benchmark's recipe
        says.
    method : {"3cosadd", "3cosmul"}, default="3cosadd"
        How analogy questions are answered.
    restrict_vocabulary : int, optional
        Answer analogy questions with only this many of the model's most frequent words.
    n_jobs : int, optional
        Threads for the analogies; None: every core.

    Returns
    -------
    Report
        A benchmark whose data are not at hand is in ``missing``, with the reason.

    Raises
    ------
    UnknownNameError
        There is no suite or benchmark of that name.
    InvalidParameterError
        There is no model, something is no model, or an option is out of its range.
    DataError
        No benchmark could be run.
    """
    named = _named(models)
    _check_options(oov, method, restrict_vocabulary)
    threads = resolve_n_jobs(n_jobs, "evaluate")
    chosen = named_recipes(suite)
    results: list[Result] = []
    missing: list[Missing] = []
    with track("evaluating", len(chosen) * len(named), "benchmarks") as task:
        for recipe in chosen:
            asked = _task_options(recipe, method, restrict_vocabulary, threads)
            try:
                results += _run(recipe, named, oov or cast(Oov, recipe.oov), asked, task)
            except DataError as error:
                missing.append(Missing(recipe.name, str(error)))
                task.advance(len(named))
    if not results:
        more = f" The other {len(missing) - 1} are missing as well." if len(missing) > 1 else ""
        raise DataError(f"No benchmark could be run. {missing[0].reason}{more}")
    return Report(tuple(named), tuple(results), tuple(missing))


def _named(models: object) -> dict[str, Vectors]:
    """Return the vectors of each model by its name."""
    given: Mapping[str, Any]
    if isinstance(models, Mapping):
        given = models
    elif isinstance(models, Vectors | FittedModel):
        given = {"model": models}
    elif isinstance(models, Sequence) and not isinstance(models, str):
        given = {f"model {number}": model for number, model in enumerate(models, start=1)}
    else:
        given = {"model": models}
    if not given:
        raise InvalidParameterError("models", "evaluate", "at least one model", models)
    named: dict[str, Vectors] = {}
    for name, model in given.items():
        vectors = model if isinstance(model, Vectors) else getattr(model, "vectors_", None)
        if not isinstance(vectors, Vectors):
            rule = "word vectors or fitted models (textrep.load reads them from a file)"
            raise InvalidParameterError("models", "evaluate", rule, model)
        named[str(name)] = vectors
    return named


def _check_options(oov: str | None, method: str, restrict_vocabulary: int | None) -> None:
    if oov is not None and oov not in get_args(Oov):
        raise InvalidParameterError("oov", "evaluate", f"one of {get_args(Oov)} or None", oov)
    if method not in get_args(AnalogyMethod):
        rule = f"one of {get_args(AnalogyMethod)}"
        raise InvalidParameterError("method", "evaluate", rule, method)
    if restrict_vocabulary is not None and restrict_vocabulary < 1:
        rule = "a positive number of words, or None"
        raise InvalidParameterError("restrict_vocabulary", "evaluate", rule, restrict_vocabulary)


def named_recipes(suite: str | Sequence[str]) -> list[recipes.BenchmarkRecipe]:
    """Return the recipes of the named suites and benchmarks, each once.

    Raises
    ------
    UnknownNameError
        There is no suite or benchmark of that name.
    InvalidParameterError
        None is named.
    """
    suites, benchmarks = recipes.suites(), recipes.benchmark_recipes()
    names: dict[str, None] = {}
    for name in [suite] if isinstance(suite, str) else suite:
        if name in suites:
            names.update(dict.fromkeys(suites[name]))
        elif name in benchmarks:
            names[name] = None
        else:
            raise UnknownNameError("suite or benchmark", name, (*suites, *benchmarks))
    if not names:
        raise InvalidParameterError("suite", "evaluate", "at least one benchmark", suite)
    return [benchmarks[name] for name in names]


def _task_options(
    recipe: recipes.BenchmarkRecipe, method: str, restrict_vocabulary: int | None, threads: int
) -> dict[str, Any]:
    """Return the options that the recipe's task has besides those that all tasks have."""
    if recipe.task == "relatedness":
        return {"metric": recipe.metric}
    if recipe.task == "analogy":
        return {
            "method": method,
            "restrict_vocabulary": restrict_vocabulary,
            "n_jobs": threads,
        }
    return {}


def _run(
    recipe: recipes.BenchmarkRecipe,
    models: Mapping[str, Vectors],
    oov: Oov,
    options: Mapping[str, Any],
    task: Task,
) -> list[Result]:
    """Run one benchmark on every model."""
    if recipe.task not in _TASKS:
        raise DataError(f"textrep has no runner for the task {recipe.task!r}.")
    table = data.table(recipe)
    ask = _TASKS[recipe.task]
    if oov == "subwords" and recipe.task not in _COMPOSING:
        oov = "zero"
    outcomes: dict[str, Outcome] = {}
    seconds: dict[str, float] = {}
    for name, vectors in models.items():
        task.describe(f"{recipe.name}, {name}")
        started = time.perf_counter()
        outcomes[name] = ask(vectors, table.columns, lowercase=recipe.lowercase, oov=oov, **options)
        seconds[name] = time.perf_counter() - started
        task.advance(1)
    shared = np.logical_and.reduce([outcome.items.covered for outcome in outcomes.values()])
    return [
        Result(
            benchmark=recipe.name,
            task=recipe.task,
            model=name,
            outcome=outcome,
            on_covered=score(outcome.metric, outcome.items, outcome.items.covered),
            on_all=score(outcome.metric, outcome.items, np.ones_like(shared)),
            on_shared=score(outcome.metric, outcome.items, shared),
            seconds=seconds[name],
            sha256=table.sha256,
            citation=recipe.citation,
            human_ceiling=recipe.human_ceiling,
        )
        for name, outcome in outcomes.items()
    ]
