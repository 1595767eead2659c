"""``textrep train``: one subcommand a model, made from the model's own signature."""

from __future__ import annotations

import functools
import inspect
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from textrep.cli import classifier, cluster, training
from textrep.cli.docstrings import intro_of
from textrep.cli.flags import (
    Flag,
    config_option,
    flags_of,
    parameter,
    settings,
    with_options,
)
from textrep.cli.framework import Command, Group, lazy_group, make_command
from textrep.cli.options import Corpus, DryRun, Json, Models, OutputFolder, Quiet
from textrep.cli.output import print_json, writing
from textrep.cli.preflight import announce, predict, predicts_cost
from textrep.cli.progress import showing_progress
from textrep.errors import UsageError
from textrep.files import check_replaceable
from textrep.models import MODELS, model_class

if TYPE_CHECKING:
    from textrep.models.base import Representation

__all__ = ["group"]


def group() -> Group:
    """Return the group ``textrep train``."""

    def train() -> None:
        """Train a representation and write it to a model folder.

        $ textrep train svd corpus -o svd --dim 300

        $ textrep train svd --help
        """

    return lazy_group(
        "train",
        train,
        {name: functools.partial(_command, name) for name in MODELS}
        | {"classifier": classifier.command},
        kind="model",
        summaries={name: entry.summary for name, entry in MODELS.items()}
        | {"classifier": "classes of texts from labels, by any of these or from nothing"},
    )


def _command(name: str) -> Command:
    """Return the subcommand of one model, with a flag for each of its parameters."""
    from textrep.models.iterative import IterativeModel

    estimator = model_class(name)
    flags = flags_of(estimator)
    iterative = issubclass(estimator, IterativeModel)
    function = with_options(
        functools.partial(_train, estimator, flags),
        before=[
            parameter("source", Models if estimator.takes_models else Corpus),
            parameter("output", OutputFolder),
        ],
        flags=flags,
        after=[
            *(training.options() if iterative else ()),
            config_option(),
            *([parameter("dry_run", DryRun, default=False)] if predicts_cost(estimator) else []),
            *_cluster_options(estimator),
            parameter("json", Json, default=False),
            parameter("quiet", Quiet, default=False),
        ],
    )
    function.__doc__ = intro_of(inspect.getdoc(estimator) or "")
    return make_command(name, function)


def _cluster_options(estimator: type[Representation]) -> list[inspect.Parameter]:
    if not estimator.on_clusters:
        return []
    return cluster.options(replicated=estimator.replicated, averaged=estimator.averaged)


def _train(
    estimator: type[Representation],
    flags: Sequence[Flag],
    *,
    source: str | list[Path],
    output: Path,
    config: Path | None,
    json: bool,
    quiet: bool,
    dry_run: bool = False,
    scheduler: str | None = None,
    replicas: int | None = None,
    average_every: int | None = None,
    **given: Any,
) -> None:
    own = {flag.parameter: given.pop(flag.parameter) for flag in flags}
    model = estimator(**settings(flags, own, config))
    check_replaceable(output, "config.json")
    if scheduler is not None:
        _check_clustered(source, dry_run)
    if dry_run:
        with showing_progress(quiet):
            prediction = predict(model, source, output)
        print_json(prediction.to_dict()) if json else print(prediction.table())
        return
    started = time.perf_counter()
    computing = cluster.computing_on(scheduler, replicas, average_every)
    with computing as computed_on, showing_progress(quiet), writing(output):
        if computed_on is None:
            announce(model, source, output)
        _fit_and_save(model, source, output, given)
    seconds = time.perf_counter() - started
    n_words, dim = model.word_vectors_.shape
    stopped = model.metrics_.get("stopped")
    if json:
        print_json(
            {
                "path": str(output),
                "model": estimator.__name__,
                "parameters": model.get_params(),
                "n_words": n_words,
                "dim": dim,
                "seconds": seconds,
                "stopped": stopped,
            }
        )
    else:
        line = f"{output}: {estimator.__name__}, {n_words:,} words x {dim:,}, {seconds:.1f} s"
        print(f"{line}; stopped: {stopped}" if stopped else line)


def _check_clustered(source: str | list[Path], dry_run: bool) -> None:
    """Refuse what a cluster has no part in."""
    if dry_run:
        raise UsageError("--dry-run predicts what this machine takes: leave out --scheduler.")
    from textrep.storage.model_folder import is_model_folder

    if is_model_folder(str(source)):
        raise UsageError(f"--scheduler is for training from a corpus, and {source} is a model.")


def _fit_and_save(model: Representation, source: Any, output: Path, given: dict[str, Any]) -> None:
    """Fit a model and write it; models know no evaluation, so what scores vectors is given."""
    from textrep.models.iterative import IterativeModel

    if isinstance(model, IterativeModel):
        training.fit_and_save(model, source, output, **given)
        return
    options: dict[str, Any] = {}
    if model.takes_models:
        from textrep.evaluation import mean_score

        options["score"] = mean_score
    model.fit(source, **options)
    model.save(output)
