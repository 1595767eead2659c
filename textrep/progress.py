"""How long work tells how far it is.

The library never prints. It reports to the *reporter* in force, which by default writes lines to
the ``textrep`` logger (a logger with no handlers, so silent unless the caller configures logging).
The command line installs a reporter that draws bars.

Examples
--------
>>> with track("counting", total=100, unit="tokens") as task:
...     task.advance(40)
...     task.advance(60)
"""

from __future__ import annotations

import contextlib
import contextvars
import datetime
import logging
import time
from collections.abc import Iterator
from typing import Protocol

__all__ = [
    "LogReporter",
    "Reporter",
    "SilentReporter",
    "Task",
    "logger",
    "reporting_to",
    "time_left",
    "track",
]

logger = logging.getLogger("textrep")
logger.addHandler(logging.NullHandler())


class Task(Protocol):
    """One piece of work under way."""

    def advance(self, amount: float) -> None:
        """Report ``amount`` more units of work done."""

    def describe(self, text: str) -> None:
        """Show ``text`` (a loss, a rate, a stage) beside the progress."""

    def finish(self) -> None:
        """Report the end of the work, whether it was completed or not."""


class Reporter(Protocol):
    """Starts tasks; the command line has one that draws bars."""

    def start(self, name: str, total: float | None, unit: str, done: float) -> Task:
        """Start a task of ``total`` units (None: not known), of which ``done`` were done before."""


class LogReporter:
    """Reports to the ``textrep`` logger, at most once every ``interval`` seconds."""

    def __init__(self, interval: float = 10.0) -> None:
        self.interval = interval

    def start(self, name: str, total: float | None, unit: str, done: float) -> Task:
        """Start a task whose progress becomes log lines."""
        return _LogTask(name, total, unit, done, self.interval)


class SilentReporter:
    """Reports nothing: for steps too small to be told of."""

    def start(self, name: str, total: float | None, unit: str, done: float) -> Task:
        """Start a task that nobody hears of."""
        return _SilentTask()


class _SilentTask:
    def advance(self, amount: float) -> None:
        """Tell nobody."""

    def describe(self, text: str) -> None:
        """Tell nobody."""

    def finish(self) -> None:
        """Tell nobody."""


class _LogTask:
    def __init__(
        self, name: str, total: float | None, unit: str, before: float, interval: float
    ) -> None:
        self.name, self.total, self.unit, self.interval = name, total, unit, interval
        self.before, self.done = before, 0.0
        self.text = ""
        self.started = self.last = time.perf_counter()

    def advance(self, amount: float) -> None:
        self.done += amount
        now = time.perf_counter()
        if now - self.last >= self.interval:
            self.last = now
            seconds = now - self.started
            logger.info("%s%s", self._line(seconds), self._left(seconds))

    def describe(self, text: str) -> None:
        self.text = text

    def finish(self) -> None:
        logger.info("%s", self._line(time.perf_counter() - self.started))

    def _line(self, seconds: float) -> str:
        share = f" ({(self.before + self.done) / self.total:.0%})" if self.total else ""
        rate = self.done / seconds if seconds > 0 else 0.0
        text = f", {self.text}" if self.text else ""
        return (
            f"{self.name}: {self.done:,.0f} {self.unit}{share}, "
            f"{rate:,.0f} {self.unit}/s, {seconds:.1f} s{text}"
        )

    def _left(self, seconds: float) -> str:
        if not self.total or not self.done:
            return ""
        return f", {time_left(self.total - self.before - self.done, self.done / seconds)} left"


def time_left(work: float, rate: float) -> str:
    """Return the time that ``work`` takes at ``rate`` units a second, as h:mm:ss."""
    return str(datetime.timedelta(seconds=max(0, round(work / rate))))


_reporter: contextvars.ContextVar[Reporter] = contextvars.ContextVar("reporter")


@contextlib.contextmanager
def reporting_to(reporter: Reporter) -> Iterator[None]:
    """Use ``reporter`` for every task that starts inside the block."""
    token = _reporter.set(reporter)
    try:
        yield
    finally:
        _reporter.reset(token)


@contextlib.contextmanager
def track(
    name: str, total: float | None = None, unit: str = "items", done: float = 0.0
) -> Iterator[Task]:
    """Report a piece of work to the reporter in force.

    Parameters
    ----------
    name : str
        What is being done: "reading text", "counting".
    total : float, optional
        How many units there are in all, if known.
    unit : str, default="items"
        Plural name of the unit: "tokens", "bytes", "words".
    done : float, default=0.0
        Units of the total that were done before: they count for the share, not for the speed.

    Yields
    ------
    Task
        Call ``advance`` on it from the thread that called ``track``.
    """
    task = _reporter.get(_DEFAULT).start(name, total, unit, done)
    try:
        yield task
    finally:
        task.finish()


_DEFAULT: Reporter = LogReporter()
