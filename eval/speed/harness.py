"""Measuring sides in turn, each run in a process of its own.

A *side* is one program of a comparison. The sides take turns, A B A B …, so that a slow minute of a
shared machine hits all of them. A process a run makes peak memory that of the run, and leaves
nothing warm but the system's file cache.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

__all__ = [
    "CommandSide",
    "Comparison",
    "Job",
    "Measurement",
    "PythonSide",
    "Settings",
    "SpeedError",
    "call",
    "measure",
    "say",
]

_ROOT = Path(__file__).parents[2]
_LAUNCHER = Path(__file__).with_name("launcher.py")


class SpeedError(Exception):
    """A comparison cannot be made; the message is one line for the user."""


class Job(NamedTuple):
    """What a Python side does in its process, after its arrangements.

    Attributes
    ----------
    warm_up : callable
        Does the same as ``run`` on little input: imports and compiles. Timed by itself.
    run : callable
        What is measured. Returns facts about its result, ready for JSON.
    """

    warm_up: Callable[[], object]
    run: Callable[[], Mapping[str, Any]]


@dataclass(frozen=True)
class PythonSide:
    """A side that is a Python function.

    Parameters
    ----------
    label : str
        At most 26 characters.
    job : callable
        A function of a module, called in the child with ``arguments``; returns a Job.
    arguments : dict
        Ready for JSON.
    """

    label: str
    job: Callable[..., Job]
    arguments: dict[str, Any]


@dataclass(frozen=True)
class CommandSide:
    """A side that is a program; its start is part of what is measured.

    Parameters
    ----------
    label : str
        At most 26 characters.
    command : list of str
        Program and arguments.
    stdin, stdout : Path, optional
        Files that it reads and writes.
    """

    label: str
    command: list[str]
    stdin: Path | None = None
    stdout: Path | None = None


@dataclass
class Measurement:
    """The runs of one side.

    Attributes
    ----------
    label : str
        The side.
    seconds, cpu_seconds : list of float
        Wall time and CPU time (of all threads) of each run, without imports, compiling and warming
        up of Python sides.
    peak_mb : list of float
        Peak memory of each run's process, 10^6 bytes; mapped files count where they were touched.
    warm_up_seconds : list of float
        What each process of a Python side took to load compiled code and to warm up.
    first_warm_up_seconds : float, optional
        The same in the first process, which compiles.
    facts : dict
        What the last run says of its result.
    work : float, optional
        Units of work in a run, for a rate.
    """

    label: str
    seconds: list[float] = field(default_factory=list)
    cpu_seconds: list[float] = field(default_factory=list)
    peak_mb: list[float] = field(default_factory=list)
    warm_up_seconds: list[float] = field(default_factory=list)
    first_warm_up_seconds: float | None = None
    facts: dict[str, Any] = field(default_factory=dict)
    work: float | None = None

    @property
    def median(self) -> float:
        """Median of the wall seconds."""
        return statistics.median(self.seconds)


@dataclass
class Comparison:
    """What a comparison found.

    Attributes
    ----------
    name : str
        As in ``--only``.
    title : str
        What was compared, on what.
    measurements : list of Measurement
        The first is the side that all ratios refer to.
    unit : str
        What the measurements' work counts.
    notes : list of str
        Sentences for the reader: what is and is not measured, agreement of the results, what was
        left out.
    facts : dict
        Anything else, for the JSON file.
    """

    name: str
    title: str
    measurements: list[Measurement]
    unit: str = ""
    notes: list[str] = field(default_factory=list)
    facts: dict[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Return everything, ready for JSON."""
        return asdict(self)


@dataclass(frozen=True)
class Settings:
    """What all comparisons share.

    Parameters
    ----------
    work : Path
        Folder for temporary files.
    repeats : int
        Measured runs of each side.
    threads : int
        Threads of every side that can use them.
    corpus : str, optional
        Name of a corpus or path of a text. None: general-en if it is at hand, else miniworld.
    data : str, optional
        In place of ``$TEXTREP_DATA``.
    compile_cache : Path, optional
        Folder for compiled kernels; an empty one shows how long compiling takes. None: the user's.
    """

    work: Path
    repeats: int
    threads: int
    corpus: str | None = None
    data: str | None = None
    compile_cache: Path | None = None

    def environment(self) -> dict[str, str]:
        """Return the environment of the children."""
        environment = dict(os.environ)
        for name in ("OMP", "OPENBLAS", "MKL", "NUMBA"):
            environment[f"{name}_NUM_THREADS"] = str(self.threads)
        environment["TMPDIR"] = str(self.work)
        environment["TEXTREP_OFFLINE"] = "1"
        path = os.environ.get("PYTHONPATH")
        environment["PYTHONPATH"] = os.pathsep.join([str(_ROOT), *([path] if path else [])])
        if self.data is not None:
            environment["TEXTREP_DATA"] = self.data
        if self.compile_cache is not None:
            environment["NUMBA_CACHE_DIR"] = str(self.compile_cache)
        return environment


def say(message: str) -> None:
    """Tell what is going on, on standard error."""
    print(message, file=sys.stderr, flush=True)


def measure(sides: Sequence[PythonSide | CommandSide], settings: Settings) -> list[Measurement]:
    """Run the sides in turn.

    With a compile cache of its own, each Python side first has a process that only warms up, so
    that the others find compiled kernels.

    Raises
    ------
    SpeedError
        A side failed.
    """
    measurements = [Measurement(side.label) for side in sides]
    for side, measurement in zip(sides, measurements, strict=True):
        if settings.compile_cache is not None and isinstance(side, PythonSide):
            say(f"  warming up: {side.label}")
            answer, _ = _python(side.label, side.job, side.arguments, settings, only_warm_up=True)
            measurement.first_warm_up_seconds = answer["warm_up_seconds"]
    for turn in range(settings.repeats):
        for side, measurement in zip(sides, measurements, strict=True):
            say(f"  run {turn + 1} of {settings.repeats}: {side.label}")
            if isinstance(side, PythonSide):
                _add_python_run(side, measurement, settings)
            else:
                end = _wait_for(side, settings)
                measurement.seconds.append(end.seconds)
                measurement.cpu_seconds.append(end.cpu_seconds)
                measurement.peak_mb.append(end.peak_mb)
    return measurements


def call(function: Callable[..., dict[str, Any]], settings: Settings, **arguments: Any) -> Any:
    """Return ``function(**arguments)``, called in a child: arrangements that are not measured.

    Raises
    ------
    SpeedError
        It failed.
    """
    answer, _ = _python(function.__name__, function, arguments, settings)
    return answer["facts"]


def _add_python_run(side: PythonSide, measurement: Measurement, settings: Settings) -> None:
    answer, end = _python(side.label, side.job, side.arguments, settings)
    measurement.seconds.append(answer["seconds"])
    measurement.cpu_seconds.append(answer["cpu_seconds"])
    measurement.peak_mb.append(end.peak_mb)
    measurement.warm_up_seconds.append(answer["warm_up_seconds"])
    measurement.facts = answer["facts"]


class _End(NamedTuple):
    """What the system says of a process that ended."""

    seconds: float
    cpu_seconds: float
    peak_mb: float


def _python(
    label: str,
    function: Callable[..., object],
    arguments: Mapping[str, Any],
    settings: Settings,
    *,
    only_warm_up: bool = False,
) -> tuple[dict[str, Any], _End]:
    """Call a function in a child; return what the child says and what the system says of it."""
    answer = settings.work / "answer.json"
    request = {
        "module": function.__module__,
        "function": function.__qualname__,
        "arguments": arguments,
        "only_warm_up": only_warm_up,
        "answer": str(answer),
    }
    module = f"{__package__}.child"
    command = [sys.executable, "-m", module, json.dumps(request, default=str)]
    end = _wait_for(CommandSide(label, command), settings)
    return json.loads(answer.read_text("utf-8")), end


def _wait_for(side: CommandSide, settings: Settings) -> _End:
    report = settings.work / "report.json"
    launcher = [sys.executable, "-I", "-S", str(_LAUNCHER), str(report)]
    with (
        open(side.stdin or os.devnull, "rb") as stdin,
        open(side.stdout or os.devnull, "wb") as stdout,
        tempfile.TemporaryFile(dir=settings.work) as stderr,
    ):
        subprocess.run(
            [*launcher, *side.command], stdin=stdin, stdout=stdout, stderr=stderr, check=True,
            env=settings.environment(),
        )  # fmt: skip
        taken = json.loads(report.read_text("utf-8"))
        status = taken.pop("status")
        if status != 0:
            stderr.seek(0)
            lines = stderr.read().decode("utf-8", "replace").strip().splitlines()
            raise SpeedError(f"{side.label} failed: {lines[-1] if lines else f'status {status}'}")
    return _End(**taken)
