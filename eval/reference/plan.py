"""What is to be trained, on what, and what is varied: ``plan.toml``, checked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from textrep.errors import InputError, UnknownNameError
from textrep.evaluation import named_recipes
from textrep.models.registry import MODELS, model_class
from textrep.recipes.entry import Entry

__all__ = ["CorpusPlan", "ModelPlan", "Plan", "Run", "read_plan"]

Parameters = Mapping[str, Any]
_T = TypeVar("_T")


@dataclass(frozen=True)
class CorpusPlan:
    """One text.

    Attributes
    ----------
    name : str
        Of its folder in ``eval/results``.
    inputs : tuple of str
        Names of corpora, or files, one after the other.
    seeds : int
        How many seeds the reported rows of seeded models are of.
    tuned_on : str or None
        Another corpus that parameters are taken over from. None: they are tuned on this one.
    """

    name: str
    inputs: tuple[str, ...]
    seeds: int
    tuned_on: str | None


@dataclass(frozen=True)
class ModelPlan:
    """One representation.

    Attributes
    ----------
    name : str
        Of its rows.
    estimator : str
        Its name in ``textrep train``.
    seeded : bool
        Whether the seed makes a difference.
    parameters : dict
        What all its runs have in place of the estimator's defaults.
    vary : dict of str to tuple
        Values that are tried in place of the default, one parameter at a time.
    members : tuple of str
        Models whose tuned rows it puts together.
    corpora : tuple of str or None
        Where it is trained; None: everywhere.
    """

    name: str
    estimator: str
    seeded: bool
    parameters: Parameters
    vary: Mapping[str, tuple[Any, ...]]
    members: tuple[str, ...]
    corpora: tuple[str, ...] | None

    def variants(self) -> Iterator[Parameters]:
        """Yield what each run of the sweep has besides ``parameters``; the default first."""
        yield {}
        for name, values in self.vary.items():
            for value in values:
                yield {name: value}


@dataclass(frozen=True)
class Run:
    """One training: a model with parameters and a seed."""

    model: ModelPlan
    changed: Parameters
    seed: int = 0

    @property
    def parameters(self) -> dict[str, Any]:
        """Everything that the estimator is told, but for its seed and threads."""
        return {**self.model.parameters, **self.changed}

    @property
    def stem(self) -> str:
        """Name of the run's files."""
        changed = [f"{name}={value}" for name, value in sorted(self.changed.items())]
        seed = [f"seed={self.seed}"] if self.model.seeded else []
        return " ".join([self.model.name, *changed, *seed]).replace(" ", "__")


@dataclass(frozen=True)
class Plan:
    """All of it.

    Attributes
    ----------
    benchmarks : tuple of str
        What every model is scored on.
    analogy_words : int
        Analogies are answered with so many of the most frequent words.
    least_items : int
        A half that covers fewer items of a benchmark has no score on it.
    tokenizer, min_count
        How text is encoded.
    corpora, models : tuple
        In the order of the tables.
    """

    benchmarks: tuple[str, ...]
    analogy_words: int
    least_items: int
    tokenizer: str
    min_count: int
    corpora: tuple[CorpusPlan, ...]
    models: tuple[ModelPlan, ...]

    def corpus(self, name: str) -> CorpusPlan:
        """Return a corpus by its name; raise UnknownNameError where there is none."""
        return _named("corpus of the plan", name, {corpus.name: corpus for corpus in self.corpora})

    def model(self, name: str) -> ModelPlan:
        """Return a model by its name; raise UnknownNameError where there is none."""
        return _named("model of the plan", name, {model.name: model for model in self.models})

    def models_on(self, corpus: CorpusPlan) -> tuple[ModelPlan, ...]:
        """Return the models that are trained on a corpus."""
        return tuple(m for m in self.models if m.corpora is None or corpus.name in m.corpora)


def read_plan(path: Path) -> Plan:
    """Read and check a plan.

    Raises
    ------
    InputError
        The file cannot be read.
    DataError
        A key is unknown, missing, or breaks its rule.
    UnknownNameError
        It names a benchmark, an estimator, a corpus or a member that is not there.
    """
    try:
        text = path.read_text("utf-8")
    except OSError as error:
        raise InputError(f"Cannot read the plan {path}: {error.strerror}.") from None
    entry = Entry.from_toml(path.name, text)
    models = entry.entry("models")
    plan = Plan(
        benchmarks=tuple(recipe.name for recipe in named_recipes(entry.texts("benchmarks"))),
        analogy_words=entry.count("analogy_words"),
        least_items=entry.count("least_items"),
        tokenizer=entry.text("tokenizer"),
        min_count=entry.count("min_count"),
        corpora=tuple(_corpus(table) for table in entry.entries("corpora")),
        models=tuple(_model(name, models.entry(name)) for name in models.keys),
    )
    entry.finish()
    _check_references(plan)
    return plan


def _corpus(entry: Entry) -> CorpusPlan:
    corpus = CorpusPlan(
        name=entry.text("name"),
        inputs=entry.texts("inputs"),
        seeds=entry.count("seeds"),
        tuned_on=entry.text("tuned_on") if "tuned_on" in entry else None,
    )
    entry.finish()
    return corpus


def _model(name: str, entry: Entry) -> ModelPlan:
    vary = entry.entry("vary").data if "vary" in entry else {}
    model = ModelPlan(
        name=name,
        estimator=entry.choice("estimator", MODELS),
        seeded=entry.flag("seeded") if "seeded" in entry else False,
        parameters=entry.entry("parameters").data if "parameters" in entry else {},
        vary={key: tuple(values) for key, values in vary.items() if isinstance(values, list)},
        members=entry.texts("members", default=()),
        corpora=entry.texts("corpora") if "corpora" in entry else None,
    )
    entry.finish()
    if len(model.vary) < len(vary):
        raise entry.error("each parameter of vary must have a list of values")
    known = model_class(model.estimator)().get_params()
    for parameter in (*model.parameters, *model.vary):
        if parameter not in known:
            raise UnknownNameError(f"parameter of {model.estimator}", parameter, known)
    return model


def _check_references(plan: Plan) -> None:
    for corpus in plan.corpora:
        if corpus.tuned_on is not None:
            plan.corpus(corpus.tuned_on)
    for model in plan.models:
        for name in model.corpora or ():
            plan.corpus(name)
        for name in model.members:
            plan.model(name)


def _named(kind: str, name: str, known: Mapping[str, _T]) -> _T:
    if name not in known:
        raise UnknownNameError(kind, name, known)
    return known[name]
