"""A training on disk, to go on from.

============================ =====================================================================
``checkpoint.json``          format version, what is trained on what, how far it is, checksum
``state-N.safetensors``      every array that training changes
``.lock``                    number of the process that is training, while it does
============================ =====================================================================

A new state is written beside the one before, then ``checkpoint.json`` is replaced by a rename, then
the one before is removed: whenever the program ends, there is a state that is whole.
"""

from __future__ import annotations

import contextlib
import hashlib
import re
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from textrep.checks import check_number
from textrep.errors import FormatError, InputError
from textrep.files import atomic_file
from textrep.locks import exclusive
from textrep.sgd.trainer import Trainer
from textrep.storage.tensors import read_tensors, write_tensors
from textrep.training.description import Description, Identity, Layout, Position, damaged

__all__ = ["Checkpoint"]

CONFIG = "checkpoint.json"
LOCK = ".lock"  # hidden: no text, where the folder is inside one that is read
BEST = "best."  # before the names of the arrays that the training returns to
SHARE = 0.05  # of the time, at most, that goes into writing checkpoints

# What is ours in a folder, also what a program that was killed has left half-written.
_OURS = re.compile(
    r"(state-\d+\.safetensors|checkpoint\.json|\.lock)|\.(state-|checkpoint\.).*\.part"
)

Arrays = Mapping[str, NDArray[Any]]


class Checkpoint:
    """A folder that a training is kept in while it lasts.

    Parameters
    ----------
    folder : str or Path
        Made when the training begins. One process at a time trains into it.
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
        self._held = False
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

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """Keep other processes from training into the folder; within itself it does nothing.

        Raises
        ------
        InputError
            A file is there, or a folder with files that are not ours; or another process trains
            into it.
        """
        if self._held:
            yield
            return
        self._check_ours()
        self.folder.mkdir(parents=True, exist_ok=True)
        try:
            with exclusive(self.folder / LOCK, str(self.folder)):
                self._held = True
                yield
        finally:
            self._held = False
            self._remove_if_empty()

    def check(self, resume: bool) -> None:
        """Check that a training can begin here; ask before work that would be lost.

        Raises
        ------
        InputError
            A file is there, or a folder with files that are not ours; or a training although
            ``resume`` is false, or none although it is true.
        """
        self._check_ours()
        if resume and not self.exists:
            raise InputError(f"There is no checkpoint in {self.folder} to resume: start anew.")
        if self.exists and not resume and not self.overwrite:
            raise InputError(
                f"{self.folder} holds a training that was interrupted: resume it, or remove the "
                "folder to start anew."
            )

    def _check_ours(self) -> None:
        """Raise InputError unless the folder is missing, or holds nothing but what is ours."""
        if not self.folder.exists():
            return
        if not self.folder.is_dir():
            raise InputError(f"Cannot write checkpoints to {self.folder}: a file is there.")
        for path in self.folder.iterdir():
            if not _OURS.fullmatch(path.name):
                raise InputError(
                    f"Will not write checkpoints to {self.folder}: it holds {path.name}, which is "
                    "not ours. Name another folder."
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
        layout = Layout.of(trainer)
        Description(identity, layout, position, state.name, digest).write(self.folder / CONFIG)
        self._remove_all_but(state.name, CONFIG, LOCK)
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
        found = Description.read(self.folder / CONFIG)
        difference = found.identity.difference(identity)
        if difference is not None:
            raise InputError(
                f"{self.folder} is a checkpoint of {difference}: resume what it is of, or remove "
                "the folder to start anew."
            )
        state = self.folder / found.state
        if not state.is_file() or _digest(state) != found.state_sha256:
            raise damaged(self.folder, f"{state.name} is missing or was altered")
        stored, arrays = read_tensors(state), trainer.arrays()
        if found.layout != Layout.of(trainer) or not all(
            name in stored and _shape(stored[name]) == _shape(array)
            for name, array in arrays.items()
        ):
            raise FormatError(
                f"{self.folder} was written by textrep {found.textrep}, which trained in another "
                "way: resume it with that version, or remove the folder to start anew."
            )
        for name, array in arrays.items():
            array[...] = stored[name]
        best = {name: array for name, array in stored.items() if name not in arrays}
        self._serial = int(state.stem.rpartition("-")[2])
        return found.position, {name.removeprefix(BEST): a.copy() for name, a in best.items()}

    def remove(self) -> None:
        """Remove what is ours, and the folder if nothing else is in it."""
        if self.folder.is_dir():
            self._remove_all_but(*([LOCK] if self._held else []))
            self._remove_if_empty()

    def _remove_if_empty(self) -> None:
        with contextlib.suppress(OSError):  # it holds something, or is not there
            self.folder.rmdir()


def _shape(array: NDArray[Any]) -> tuple[Any, ...]:
    return array.shape, array.dtype


def _digest(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
