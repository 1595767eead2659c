"""What a training will cost, said before it begins."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from textrep.cli.output import columns, quantity
from textrep.errors import UsageError
from textrep.progress import logger

if TYPE_CHECKING:
    from textrep.counting.outlook import Outlook
    from textrep.models.base import Representation
    from textrep.models.cost import Cost

__all__ = ["LONG_TOKENS", "Prediction", "announce", "predict", "predicts_cost"]

LONG_TOKENS = 50_000_000
"""A training on so many tokens is long: its cost is predicted, in some seconds, when it begins."""


@dataclass(frozen=True)
class Prediction:
    """What a training will cost, and what there is for it."""

    model: Representation
    outlook: Outlook
    cost: Cost
    free_disk: int
    memory: int

    def to_dict(self) -> dict[str, Any]:
        """Return everything for JSON."""
        from textrep.models.cost import TIME_FACTOR

        return {
            "model": type(self.model).__name__,
            "parameters": self.model.get_params(),
            "n_words": self.outlook.n_words,
            "n_tokens": self.outlook.n_tokens,
            "coverage": self.outlook.coverage,
            "estimated_from_text": self.outlook.estimated,
            **asdict(self.cost),
            "seconds_within_factor": TIME_FACTOR,
            "memory_there": self.memory,
            "disk_free": self.free_disk,
        }

    def table(self) -> str:
        """Return it as lines to read."""
        from textrep.models.cost import TIME_FACTOR

        outlook, cost = self.outlook, self.cost
        about = "about " if outlook.estimated else ""
        tokens = f"{quantity(len(outlook.tokens))} of {about}{quantity(outlook.n_read)} tokens"
        rows = [
            ("words", f"about {quantity(outlook.n_words)}" if about else f"{outlook.n_words:,}"),
            ("coverage", f"{outlook.coverage:.1%} of the tokens"),
            *((note.partition(" ")[2], "about " + note.partition(" ")[0]) for note in cost.notes),
            ("memory", f"{quantity(cost.memory)}B of {quantity(self.memory)}B"),
            ("disk", f"{quantity(cost.disk)}B of {quantity(self.free_disk)}B that are free"),
            ("time", f"{_duration(cost.seconds)}, within a factor of {TIME_FACTOR:g}"),
        ]
        head = f"{type(self.model).__name__}, predicted from {tokens}; nothing was trained"
        return "\n".join([head, columns(rows, indent="  "), *self.warnings()])

    def line(self) -> str:
        """Return it in one line."""
        cost = self.cost
        return (
            f"predicted: {quantity(cost.memory)}B of memory, {quantity(cost.disk)}B of disk, "
            f"about {_duration(cost.seconds)}"
        )

    def warnings(self) -> Iterator[str]:
        """Yield a line for everything of which there is too little."""
        if self.cost.memory > self.memory:
            yield (
                f"This machine has {quantity(self.memory)}B of memory, which is too little. Lower "
                "memory, dim or window, or raise min_count of the corpus."
            )
        if self.cost.disk > self.free_disk:
            yield f"The disk has {quantity(self.free_disk)}B left, which is too little."


def predicts_cost(estimator: type[Representation]) -> bool:
    """Return whether the models of a class know what their training costs."""
    return hasattr(estimator, "predict_cost")


def predict(model: Representation, source: Any, output: Path) -> Prediction:
    """Predict what it costs to train ``model`` on ``source`` into the folder ``output``.

    Raises
    ------
    UsageError
        The source is a trained model, of which there is no text to sample.
    """
    from textrep.counting.outlook import outlook_of
    from textrep.storage.model_folder import is_model_folder

    model.check_parameters()
    if is_model_folder(source):
        raise UsageError(f"--dry-run needs a text or a corpus, and {source} is a trained model.")
    return _prediction(model, outlook_of(source), output)


def announce(model: Representation, source: Any, output: Path) -> None:
    """Log what a long training will cost, and what there is too little of."""
    if not predicts_cost(type(model)):
        return
    model.check_parameters()
    outlook = _outlook_if_long(source)
    if outlook is not None:
        prediction = _prediction(model, outlook, output)
        logger.info("%s", prediction.line())
        for warning in prediction.warnings():
            logger.warning("%s", warning)


def _outlook_if_long(source: Any) -> Outlook | None:
    from textrep.corpus import Corpus
    from textrep.corpus.readers import sources
    from textrep.corpus.source import encoded_folder
    from textrep.counting.outlook import Outlook, outlook_of
    from textrep.storage.model_folder import is_model_folder

    if is_model_folder(source):
        return None
    folder = encoded_folder(source)
    if folder is not None:
        corpus = Corpus.open(folder)
        return Outlook.of(corpus) if corpus.n_tokens >= LONG_TOKENS else None
    # A compressed token takes more than a byte, any other takes several.
    if sum(found.bytes or 0 for found in sources(source)) < LONG_TOKENS:
        return None
    outlook = outlook_of(source)
    return outlook if outlook.n_tokens >= LONG_TOKENS else None


def _prediction(model: Any, outlook: Outlook, output: Path) -> Prediction:
    folder = next(path for path in [output, *output.absolute().parents] if path.is_dir())
    return Prediction(
        model=model,
        outlook=outlook,
        cost=model.predict_cost(outlook),
        free_disk=shutil.disk_usage(folder).free,
        memory=os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"),
    )


def _duration(seconds: float) -> str:
    if seconds < 120:
        return f"{seconds:.0f} s" if seconds >= 1 else "1 s"
    minutes = seconds / 60
    return f"{minutes:.0f} minutes" if minutes < 120 else f"{minutes / 60:.1f} hours"
