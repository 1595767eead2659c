"""A training on disk, to go on from.

============================ =====================================================================
``checkpoint.json``          format version, what is trained on what, how far it is, checksum
``state-N.safetensors``      every array that training changes
============================ =====================================================================

A new state is written beside the one before, then ``checkpoint.json`` is replaced by a rename, then
the one before is removed: whenever the program ends, there is a state that is whole.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from textrep.checks import check_number
from textrep.errors import FormatError, InputError
from textrep.files import atomic_file
from textrep.sgd.trainer import Trainer
from textrep.storage.tensors import read_tensors, write_tensors
from textrep.training.history import EpochSums

__all__ = ["Checkpoint", "Identity", "Position"]

FORMAT = "textrep-checkpoint"
FORMAT_VERSION = 1
CONFIG = "checkpoint.json"
BEST = "best."  # before the names of the arrays that the training returns to
SHARE = 0.05  # of the time, at most, that goes into writing checkpoints

# What is ours in a folder, also what a program that was killed has left half-written.
_OURS = re.compile(
    r"(state-\d+\.safetensors|checkpoint\.json)|\.(state-|checkpoint\.json\.).*\.part"
)


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


Arrays = Mapping[str, NDArray[Any]]


class Checkpoint:
    """A folder that a training is kept in while it lasts.

    Parameters
    ----------
    folder : str or Path
        Made when the first checkpoint is written.
    interval : float, default=60.0
        Seconds between checkpoints, 0 or more; longer where writing them would take more than a
        twentieth of the time.
    overwrite : bool, default=False
        Whether a training that is there may be replaced by another that does not resume it.

    Examples
    --------
    >>> Checkpoint("vectors.checkpoint", interval=300).exists
    False
    """

    def __init__(
        self, folder: str | Path, interval: float = 60.0, *, overwrite: bool = False
    ) -> None:
        check_number("interval", "Checkpoint", interval, 0.0)
        self.folder = Path(folder)
        self.interval = interval
        self.overwrite = overwrite
        self._serial = 0
        self._pause = interval
        self._written = time.monotonic()

    def __repr__(self) -> str:
        return f"Checkpoint({str(self.folder)!r}, interval={self.interval:g})"

    @property
    def exists(self) -> bool:
        """Whether there is something to go on from."""
        return (self.folder / CONFIG).is_file()

    @property
    def due(self) -> bool:
        """Whether the last one is old enough for another."""
        return time.monotonic() - self._written >= self._pause

    def check(self, resume: bool) -> None:
        """Check that a training can be kept here; ask before work that would be lost.

        Raises
        ------
        InputError
            A file is there, or a folder with files that are not ours; or a training although
            ``resume`` is false, or none although it is true.
        """
        if self.folder.exists() and not self.folder.is_dir():
            raise InputError(f"Cannot write checkpoints to {self.folder}: a file is there.")
        if self.folder.exists():
            for path in self.folder.iterdir():
                if not _OURS.fullmatch(path.name):
                    raise InputError(
                        f"Will not write checkpoints to {self.folder}: it holds {path.name}, "
                        "which is not ours. Name another folder."
                    )
        if resume and not self.exists:
            raise InputError(f"There is no checkpoint in {self.folder} to resume: start anew.")
        if self.exists and not resume and not self.overwrite:
            raise InputError(
                f"{self.folder} holds a training that was interrupted: resume it, or remove the "
                "folder to start anew."
            )

    def write(self, identity: Identity, position: Position, trainer: Trainer, best: Arrays) -> None:
        """Write a checkpoint in place of the one before.

        Parameters
        ----------
        identity : Identity
        position : Position
        trainer : Trainer
            Its arrays must be finite.
        best : mapping of str to ndarray
            Those at ``position.best_epoch``; empty where there is none.

        Raises
        ------
        FormatError
            A callback has put something into the history that is not JSON.
        """
        started = time.monotonic()
        self._serial += 1
        state = self.folder / f"state-{self._serial}.safetensors"
        with atomic_file(state) as file:
            kept = {BEST + name: array for name, array in best.items()}
            write_tensors(file, trainer.arrays() | kept)
            digest = _digest(file)
        content = {
            "format": FORMAT,
            "format_version": FORMAT_VERSION,
            "version": version("textrep"),
            "identity": asdict(identity),
            "layout": _layout(trainer),
            "position": asdict(position),
            "state": state.name,
            "state_sha256": digest,
        }
        try:
            text = json.dumps(content | {"sha256": _digest_of(content)}, indent=2) + "\n"
        except (TypeError, ValueError) as error:
            raise FormatError(f"Cannot write {CONFIG}: the history holds {error}.") from None
        with atomic_file(self.folder / CONFIG) as file:
            file.write_text(text, "utf-8")
        self._remove_all_but(state.name, CONFIG)
        self._written = time.monotonic()
        self._pause = max(self.interval, (self._written - started) / SHARE)

    def _remove_all_but(self, *names: str) -> None:
        """Remove files of ours, among them what a program that was killed has left."""
        for path in sorted(self.folder.iterdir()):  # the description goes before the state
            if _OURS.fullmatch(path.name) and path.name not in names:
                path.unlink(missing_ok=True)

    def read(self, identity: Identity, trainer: Trainer) -> tuple[Position, Arrays]:
        """Fill the trainer's arrays with those of the checkpoint, and return how far it is.

        Parameters
        ----------
        identity : Identity
            What the checkpoint must be of.
        trainer : Trainer
            Its arrays are filled in place.

        Returns
        -------
        position : Position
        best : dict of str to ndarray
            The arrays at ``position.best_epoch``; empty where there is none.

        Raises
        ------
        FormatError
            The checkpoint is damaged, or of a later version.
        InputError
            It is of another model, other parameters or another corpus; names the first difference.
        """
        file = self.folder / CONFIG
        content = _read_json(file)
        self._check_identity(content, identity)
        state = self.folder / content["state"]
        if not state.is_file() or _digest(state) != content["state_sha256"]:
            raise FormatError(_damaged(file.parent, f"{state.name} is missing or was altered"))
        stored = read_tensors(state)
        arrays = trainer.arrays()
        same = all(
            name in stored
            and (stored[name].shape, stored[name].dtype) == (array.shape, array.dtype)
            for name, array in arrays.items()
        )
        if content["layout"] != _layout(trainer) or not same:
            raise FormatError(
                f"{self.folder} was written by textrep {content['version']}, which trained in "
                "another way: resume it with that version, or remove the folder to start anew."
            )
        for name, array in arrays.items():
            array[...] = stored[name]
        best = {name: array for name, array in stored.items() if name not in arrays}
        self._serial = int(state.stem.rpartition("-")[2])
        position = Position(**content["position"])
        position.sums = EpochSums(**content["position"]["sums"])
        return position, {name.removeprefix(BEST): array.copy() for name, array in best.items()}

    def _check_identity(self, content: Mapping[str, Any], wanted: Identity) -> None:
        found = Identity(**content["identity"])
        name = _first_difference(found.parameters, wanted.parameters)
        if found.model != wanted.model:
            difference = f"{found.model}, not of {wanted.model}"
        elif name is not None:
            was, now = found.parameters.get(name), wanted.parameters.get(name)
            difference = f"{wanted.model} with {name} {was!r}, not {now!r}"
        elif found.corpus != wanted.corpus:
            difference = f"another corpus ({found.corpus[:12]}, not {wanted.corpus[:12]})"
        else:
            return
        raise InputError(
            f"{self.folder} is a checkpoint of {difference}: resume what it is of, or remove the "
            "folder to start anew."
        )

    def remove(self) -> None:
        """Remove what is ours, and the folder if nothing else is in it."""
        if self.folder.is_dir():
            self._remove_all_but()
            with contextlib.suppress(OSError):  # it holds something else
                self.folder.rmdir()


def _layout(trainer: Trainer) -> dict[str, Any]:
    """Return what a place in the training refers to."""
    return {"unit": trainer.unit, "work": trainer.work, "n_parts": trainer.n_parts}


def _shape(array: NDArray[Any]) -> tuple[Any, ...]:
    return array.shape, array.dtype


def _first_difference(found: Mapping[str, Any], wanted: Mapping[str, Any]) -> str | None:
    for name in sorted(found.keys() | wanted.keys()):
        if name not in found or name not in wanted or found[name] != wanted[name]:
            return name
    return None


def _digest(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _digest_of(content: Mapping[str, Any]) -> str:
    """Return a checksum of JSON, whatever the order of its keys."""
    text = json.dumps(content, sort_keys=True, allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _damaged(folder: Path, why: str) -> str:
    return f"{folder} is damaged: {why}. Remove the folder to start anew."


def _read_json(file: Path) -> dict[str, Any]:
    """Return the description, which has its checksum and so is as it was written."""
    try:
        content = json.loads(file.read_bytes().decode("utf-8"))
    except (ValueError, RecursionError):
        raise FormatError(_damaged(file.parent, f"{file.name} is not JSON")) from None
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise FormatError(_damaged(file.parent, f"{file.name} is not that of a checkpoint"))
    found = content.get("format_version")
    if type(found) is int and found > FORMAT_VERSION:
        raise FormatError(
            f"{file.parent} was written by a later textrep: it has format version {found}, this "
            f"one reads up to {FORMAT_VERSION}. Update textrep."
        )
    if content.pop("sha256", None) != _digest_of(content):
        raise FormatError(_damaged(file.parent, f"{file.name} was altered"))
    return content
