"""Run benchmarks on models and put the scores into one report."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast, get_args

from textrep import data, recipes
from textrep.errors import DataError, InvalidParameterError, UnknownNameError
from textrep.evaluation.asked import (
    TEXT_TASKS,
    Model,
    Sides,
    check_sides,
    named_models,
    with_probes,
)
from textrep.evaluation.frequency import common_vocabulary
from textrep.evaluation.outcome import Outcome
from textrep.evaluation.protocols import AnalogyMethod, Oov
from textrep.evaluation.report import Missing, Report
from textrep.evaluation.result import Result, scored_results
from textrep.evaluation.tasks import (
    analogy,
    categorization,
    classification,
    outlier,
    perplexity,
    relatedness,
    relations,
    sts,
    synonym,
    tagging,
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
    "sts": sts,
    "classification": classification,
    "tagging": tagging,
    "perplexity": perplexity,
}
_COMPOSING = {"relatedness", "synonym"}  # tasks that know the policy "subwords"


def evaluate(
    models: Mapping[str, Model] | Sequence[Model] | Model,
    suite: str | Sequence[str] = "words",
    *,
    oov: Oov | None = None,
    method: AnalogyMethod = "3cosadd",
    restrict_vocabulary: int | None = None,
    probe: str | Mapping[str, str] = "logistic",
    n_jobs: int | None = None,
) -> Report:
    """Run the benchmarks of a suite on one or more models.

    Parameters
    ----------
    models : mapping of str to model, sequence of models, or model
        A model is anything with words and vectors (``WordVectors``) or a fitted estimator that
        holds them as ``vectors_``; for benchmarks of texts, anything with ``encode(texts)``, such
        as ``WordVectorAverager``. One with ``adapted_to(texts)`` is adapted to the texts first, as
        the tasks say. What has no ``token_losses(sentences)`` has no perplexity, and the others are
        compared without it. Models that are given without names are called "model", or "model 1",
        "model 2" …
    suite : str or sequence of str, default="words"
        Names of suites and of benchmarks.
    oov : {"skip", "zero", "mean", "subwords"}, optional
        What becomes of items with unknown words, on every benchmark: they are left out; they get
        the similarity 0 or count as wrong; or the mean of all vectors stands for the unknown word,
        or a vector composed from its n-grams where the model has any, as in Bojanowski et al. 2017
        (for relatedness and synonyms; the other tasks take "subwords" as "zero", and say so). An
        item that is answered with composed vectors is not covered. Texts of which a model knows
        nothing have vectors of zeros; "skip" leaves them out, and every other policy is "zero".
        None: as each benchmark's recipe says.
    method : {"3cosadd", "3cosmul"}, default="3cosadd"
        How analogy questions are answered.
    restrict_vocabulary : int, optional
        Answer analogy questions with only this many of the model's most frequent words.
    probe : {"logistic", "perceptron", "mlp", "finetuned"} or mapping of str to str, \
            default="logistic"
        What is trained to classify texts: a probe of vectors that stay as they are, or the model
        itself, which must then have ``classifier()`` as ``TextEncoder`` does. A mapping has the
        probe of each model, so that one may be there both ways.
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
        There is no model, something is no model, a model has no vectors of what a benchmark asks
        for, or an option is out of its range.
    DataError
        No benchmark could be run.
    """
    named = with_probes(named_models(models), probe)
    _check_options(oov, method, restrict_vocabulary)
    chosen = named_recipes(suite)
    check_sides(named, chosen)
    options = {
        "method": method,
        "restrict_vocabulary": restrict_vocabulary,
        "n_jobs": resolve_n_jobs(n_jobs, "evaluate"),
    }
    results: list[Result] = []
    missing: list[Missing] = []
    tables: dict[str, Mapping[str, Sequence[str]]] = {}
    with track("evaluating", len(chosen) * len(named), "benchmarks") as task:
        for recipe in chosen:
            try:
                asked = _task_options(recipe, options)
                table = data.table(recipe)
                results += _run(recipe, table, named, oov or cast(Oov, recipe.oov), asked, task)
                tables[recipe.name] = table.columns
            except DataError as error:
                missing.append(Missing(recipe.name, str(error)))
                task.advance(len(named))
    if not results:
        more = f" The other {len(missing) - 1} are missing as well." if len(missing) > 1 else ""
        raise DataError(f"No benchmark could be run. {missing[0].reason}{more}")
    words = {name: sides.words for name, sides in named.items() if sides.words is not None}
    return Report(tuple(named), tuple(results), tuple(missing), tables, common_vocabulary(words))


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


def _task_options(recipe: recipes.BenchmarkRecipe, options: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the recipe's task is told besides what all tasks are told."""
    if recipe.task not in _TASKS:
        raise DataError(f"textrep has no runner for the task {recipe.task!r}.")
    if recipe.task in {"relatedness", "sts"}:
        return {"metric": recipe.metric}
    if recipe.task == "analogy":
        return {name: options[name] for name in ("method", "restrict_vocabulary", "n_jobs")}
    if recipe.task == "classification":
        training = None
        if recipe.training:
            training = data.table(recipes.benchmark_recipe(recipe.training)).columns
        return {"training": training}
    return {}


def _policy(task: str, oov: Oov) -> Oov:
    """Return the policy that a task knows in place of one that it does not."""
    if task in {*TEXT_TASKS, "tagging", "perplexity"}:
        return "skip" if oov == "skip" else "zero"
    return "zero" if oov == "subwords" and task not in _COMPOSING else oov


def _run(
    recipe: recipes.BenchmarkRecipe,
    table: data.Table,
    models: Mapping[str, Sides],
    oov: Oov,
    options: Mapping[str, Any],
    task: Task,
) -> list[Result]:
    """Run one benchmark on every model."""
    ask = _TASKS[recipe.task]
    policy = _policy(recipe.task, oov)
    outcomes: dict[str, Outcome] = {}
    seconds: dict[str, float] = {}
    for name, sides in models.items():
        task.describe(f"{recipe.name}, {name}")
        started = time.perf_counter()
        if recipe.task == "perplexity":
            outcomes[name] = ask(sides.language, table.columns, oov=policy, **options)
        elif recipe.task in TEXT_TASKS:
            probed = {"probe": sides.probe} if recipe.task == "classification" else {}
            outcomes[name] = ask(sides.texts, table.columns, oov=policy, **options, **probed)
        else:
            asked = sides.tokens or sides.words if recipe.task == "tagging" else sides.words
            outcomes[name] = ask(
                asked, table.columns, lowercase=recipe.lowercase, oov=policy, **options
            )
        seconds[name] = time.perf_counter() - started
        task.advance(1)
    return scored_results(
        recipe.name,
        recipe.task,
        outcomes,
        seconds,
        sha256=table.sha256,
        citation=recipe.citation,
        human_ceiling=recipe.human_ceiling,
    )
