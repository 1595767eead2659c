"""Progress on stderr: bars on a terminal, log lines elsewhere, nothing when quiet."""

from __future__ import annotations

import contextlib
import logging
import os
import sys
import time
import warnings
from collections.abc import Iterator
from typing import TYPE_CHECKING

from textrep.cli.output import quantity
from textrep.progress import LogReporter, Reporter, Task, logger, reporting_to, time_left

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

__all__ = ["BarReporter", "showing_progress"]

_SHORT = 1.0  # seconds; work that took less leaves no line behind


@contextlib.contextmanager
def showing_progress(quiet: bool) -> Iterator[None]:
    """Show the progress, log lines and warnings of the block on stderr.

    Parameters
    ----------
    quiet : bool
        Whether to show nothing.
    """
    handler = logging.NullHandler() if quiet else _StderrHandler()
    handler.setFormatter(logging.Formatter("textrep: %(message)s"))
    level = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.ERROR if quiet else logging.INFO)
    reporter: Reporter = BarReporter() if _draws_bars(quiet) else LogReporter()
    try:
        with warnings.catch_warnings(), reporting_to(reporter):
            warnings.showwarning = _log_warning
            yield
    finally:
        logger.removeHandler(handler)
        logger.setLevel(level)


def _draws_bars(quiet: bool) -> bool:
    if quiet or sys.stderr is None or os.environ.get("TERM") == "dumb":
        return False
    return sys.stderr.isatty()


class _StderrHandler(logging.Handler):
    """Writes to whatever stderr is now, which above a bar is the bar's own stream."""

    def emit(self, record: logging.LogRecord) -> None:
        if sys.stderr is not None:
            print(self.format(record), file=sys.stderr)


def _log_warning(message: Warning | str, *_: object, **__: object) -> None:
    logger.warning("warning: %s", " ".join(str(message).split()))


class BarReporter:
    """Draws one bar for each task under way, and leaves a line for each that took a while."""

    def __init__(self) -> None:
        self._progress: Progress | None = None
        self._open = 0

    def start(self, name: str, total: float | None, unit: str, done: float) -> Task:
        """Draw a bar for ``total`` units, or a moving one if the total is not known."""
        if self._progress is None:
            self._progress = _progress()
            self._progress.start()
        self._open += 1
        identity = self._progress.add_task(
            name, total=total, completed=int(done), unit=unit, text="", rate=""
        )
        left = None if total is None else total - done
        return _BarTask(self, self._progress, identity, name, left, unit)

    def close(self, identity: TaskID, line: str | None) -> None:
        """Take the bar away; after the last one the terminal is as it was."""
        if self._progress is None:
            return
        self._progress.remove_task(identity)
        self._open -= 1
        if line is not None:
            self._progress.console.print(line, highlight=False, markup=False, soft_wrap=True)
        if self._open == 0:
            self._progress.stop()
            self._progress = None


class _BarTask:
    def __init__(
        self,
        reporter: BarReporter,
        progress: Progress,
        identity: TaskID,
        name: str,
        total: float | None,
        unit: str,
    ) -> None:
        self._reporter, self._progress, self._identity = reporter, progress, identity
        self._name, self._total, self._unit = name, total, unit
        self._done = 0.0
        self._text = ""
        self._started = time.perf_counter()

    def advance(self, amount: float) -> None:
        self._done += amount
        rate = self._rate()
        text = f"{quantity(rate)} {self._unit}/s"
        if self._total and rate > 0:
            text += f", {time_left(self._total - self._done, rate)} left"
        self._progress.update(self._identity, advance=amount, rate=text)

    def describe(self, text: str) -> None:
        self._text = text
        self._progress.update(self._identity, text=text)

    def finish(self) -> None:
        seconds = time.perf_counter() - self._started
        line = None
        if seconds >= _SHORT and self._done:
            text = f", {self._text}" if self._text else ""
            line = (
                f"{self._name}: {quantity(self._done)} {self._unit} in {seconds:.1f} s, "
                f"{quantity(self._rate())} {self._unit}/s{text}"
            )
        self._reporter.close(self._identity, line)

    def _rate(self) -> float:
        seconds = time.perf_counter() - self._started
        return self._done / seconds if seconds > 0 else 0.0


def _progress() -> Progress:
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        Progress,
        TaskProgressColumn,
        TextColumn,
    )
    from rich.table import Column

    def text(field: str, width: int | None = None) -> TextColumn:
        column = Column(no_wrap=True, overflow="ellipsis", max_width=width)
        return TextColumn(field, markup=False, table_column=column)

    return Progress(
        text("{task.description}", 24),
        BarColumn(bar_width=16),
        TaskProgressColumn(),
        text("{task.fields[rate]}"),
        text("{task.fields[text]}"),
        console=Console(stderr=True),
        transient=True,
    )
