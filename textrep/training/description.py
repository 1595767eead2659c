"""What ``checkpoint.json`` says: which training it is of, how far that is, and a checksum."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

from textrep.errors import FormatError
from textrep.files import atomic_file
from textrep.sgd.trainer import Trainer
from textrep.training.history import EpochSums

__all__ = ["Description", "Identity", "Layout", "Position", "damaged"]

FORMAT = "textrep-checkpoint"
FORMAT_VERSION = 1


@dataclass(frozen=True)
class Identity:
    """What is trained, and on what.

    Attributes
    ----------
    model : str
        Name of the estimator.
    parameters : dict
        Its parameters that the result depends on, as JSON holds them.
    corpus : str
        Fingerprint of the corpus.
    """

    model: str
    parameters: Mapping[str, Any]
    corpus: str

    def difference(self, wanted: Identity) -> str | None:
        """Return what this is instead of ``wanted``, naming the first difference; None if none."""
        if self.model != wanted.model:
            return f"{self.model}, not of {wanted.model}"
        for name in sorted(self.parameters.keys() | wanted.parameters.keys()):
            was, now = self.parameters.get(name), wanted.parameters.get(name)
            if was != now:
                return f"{self.model} with {name} {was!r}, not {now!r}"
        if self.corpus != wanted.corpus:
            return f"another corpus ({self.corpus[:12]}, not {wanted.corpus[:12]})"
        return None


@dataclass(frozen=True)
class Layout:
    """What a place in a training refers to."""

    unit: str
    work: int
    n_parts: int

    @classmethod
    def of(cls, trainer: Trainer) -> Layout:
        """Return that of a trainer."""
        return cls(trainer.unit, trainer.work, trainer.n_parts)


@dataclass
class Position:
    """How far a training is.

    Attributes
    ----------
    epoch : int
        Epochs completed.
    part : int
        Parts of the next epoch that are done.
    sums : EpochSums
        What was measured of them.
    history : list of dict
        A row for each completed epoch.
    best_epoch : int or None
        The epoch that the training will return to at its end.
    """

    epoch: int = 0
    part: int = 0
    sums: EpochSums = field(default_factory=EpochSums)
    history: list[dict[str, Any]] = field(default_factory=list)
    best_epoch: int | None = None


@dataclass(frozen=True)
class Description:
    """Everything about a checkpoint but its arrays.

    Attributes
    ----------
    identity : Identity
    layout : Layout
    position : Position
    state : str
        Name of the file with the arrays.
    state_sha256 : str
        Its checksum.
    textrep : str
        The version that wrote it.
    """

    identity: Identity
    layout: Layout
    position: Position
    state: str
    state_sha256: str
    textrep: str = field(default_factory=lambda: version("textrep"))

    def write(self, file: Path) -> None:
        """Write it, with its own checksum.

        Raises
        ------
        FormatError
            The history holds something that is not JSON.
        """
        content = {"format": FORMAT, "format_version": FORMAT_VERSION, **asdict(self)}
        try:
            text = json.dumps(content | {"sha256": _digest(content)}, indent=2) + "\n"
        except (TypeError, ValueError) as error:
            raise FormatError(f"Cannot write {file.name}: the history holds {error}.") from None
        with atomic_file(file) as temporary:
            temporary.write_text(text, "utf-8")

    @classmethod
    def read(cls, file: Path) -> Description:
        """Read what was written.

        Raises
        ------
        FormatError
            It was altered, or is of a later version.
        """
        try:
            content = json.loads(file.read_bytes().decode("utf-8"))
        except (ValueError, RecursionError):
            raise damaged(file.parent, f"{file.name} is not JSON") from None
        if not isinstance(content, dict) or content.pop("format", None) != FORMAT:
            raise damaged(file.parent, f"{file.name} is not that of a checkpoint")
        found = content.pop("format_version", None)
        if type(found) is int and found > FORMAT_VERSION:
            raise FormatError(
                f"{file.parent} was written by a later textrep: it has format version {found}, "
                f"this one reads up to {FORMAT_VERSION}. Update textrep."
            )
        checksum = content.pop("sha256", None)
        if checksum != _digest({"format": FORMAT, "format_version": found, **content}):
            raise damaged(file.parent, f"{file.name} was altered")
        position = content["position"] | {"sums": EpochSums(**content["position"]["sums"])}
        return cls(
            **content
            | {
                "identity": Identity(**content["identity"]),
                "layout": Layout(**content["layout"]),
                "position": Position(**position),
            }
        )


def damaged(folder: Path, why: str) -> FormatError:
    """Return the error that says so."""
    return FormatError(f"{folder} is damaged: {why}. Remove the folder to start anew.")


def _digest(content: Mapping[str, Any]) -> str:
    """Return a checksum of JSON, whatever the order of its keys."""
    text = json.dumps(content, sort_keys=True, allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()
