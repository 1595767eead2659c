"""What ``textrep train`` can do with models that are trained step by step: stop, and go on."""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from textrep.checks import check_integer, check_number
from textrep.cli.flags import parameter
from textrep.errors import InputError, TrainingError, UsageError
from textrep.progress import logger

if TYPE_CHECKING:
    from textrep.models.iterative import IterativeModel
    from textrep.training import Callback

__all__ = ["fit_and_save", "options"]

_CALLER = "textrep train"


def options() -> list[inspect.Parameter]:
    """Return the options that only such models have."""
    resume = typer.Option(
        "--resume/--no-resume",
        help="Go on with an interrupted training of the same output, or start anew.",
        show_default=False,
    )
    budget = typer.Option("--time-budget", metavar="SECONDS", help="Stop after so much training.")
    develop = typer.Option(
        "--develop",
        metavar="BENCHMARK",
        help="Score the vectors after each epoch, and write the best; stop when the score no "
        "longer rises.",
    )
    patience = typer.Option(
        "--patience",
        metavar="N",
        help="Stop after N epochs without a better score; without --develop, without a lower loss.",
        show_default="1 with --develop",
    )
    least = typer.Option(
        "--min-delta",
        metavar="AMOUNT",
        help="Without --develop: how much lower than the lowest loss before one must be to count; "
        "implies --patience 1.",
        show_default="0",
    )
    every = typer.Option(
        "--checkpoint-every",
        metavar="SECONDS",
        help="How often OUTPUT.checkpoint is written.",
        show_default="60",
    )
    return [
        parameter("resume", Annotated[bool | None, resume], default=None),
        parameter("time_budget", Annotated[float | None, budget], default=None),
        parameter("develop", Annotated[str | None, develop], default=None),
        parameter("patience", Annotated[int | None, patience], default=None),
        parameter("min_delta", Annotated[float | None, least], default=None),
        parameter("checkpoint_every", Annotated[float, every], default=60.0),
    ]


def fit_and_save(
    model: IterativeModel,
    corpus: str,
    output: Path,
    *,
    resume: bool | None,
    time_budget: float | None,
    develop: str | None,
    patience: int | None,
    min_delta: float | None,
    checkpoint_every: float,
) -> None:
    """Train a model and write it; what interrupts that leaves a checkpoint beside the output.

    The checkpoint is removed when the model is written, unless the time was too short for the whole
    training: then one can go on from it.
    """
    from textrep.training import Checkpoint

    check_number("--checkpoint-every", _CALLER, checkpoint_every, 0.0)
    callbacks, budget_spent = _callbacks(time_budget, develop, patience, min_delta)
    checkpoint = Checkpoint(
        Path(f"{output}.checkpoint"), checkpoint_every, overwrite=resume is False
    )
    with checkpoint.held():
        if checkpoint.exists and resume is None:
            raise InputError(
                f"{checkpoint.folder} holds an interrupted training: go on with --resume, or start "
                "anew with --no-resume"
            )
        try:
            model.fit(corpus, callbacks=callbacks, checkpoint=checkpoint, resume=bool(resume))
            model.save(output)
        except TrainingError:
            checkpoint.remove()  # going on from it would end in the same way
            raise
        except BaseException as stopped:
            if checkpoint.exists:
                stopped.add_note(f"--resume goes on from {checkpoint.folder}")
            raise
        if "stopped" in model.metrics_ and model.metrics_["stopped"] == budget_spent:
            logger.info("--resume goes on from %s", checkpoint.folder)
        else:
            checkpoint.remove()


def _callbacks(
    time_budget: float | None,
    develop: str | None,
    patience: int | None,
    min_delta: float | None,
) -> tuple[list[Callback], str | None]:
    """Return the callbacks, and what is said when the time budget is spent."""
    from textrep.evaluation import BenchmarkPlateau
    from textrep.training import LossPlateau, TimeBudget

    found: list[Callback] = []
    if patience is not None:
        check_integer("--patience", _CALLER, patience, 1)
    if min_delta is not None:
        check_number("--min-delta", _CALLER, min_delta, 0.0)
        if develop is not None:
            raise UsageError("--min-delta is an amount of loss: leave it out with --develop.")
    if develop is not None:
        found.append(BenchmarkPlateau(develop, patience or 1))
    elif patience is not None or min_delta is not None:
        found.append(LossPlateau(patience or 1, min_delta or 0.0))
    if time_budget is None:
        return found, None
    check_number("--time-budget", _CALLER, time_budget, 0.0, above=True)
    budget = TimeBudget(time_budget)
    return [*found, budget], budget.reason
