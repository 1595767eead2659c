"""Ctrl-C at a moment that a training can be resumed from."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any

__all__ = ["HeldSignals", "hold_signals"]

_HELD = (signal.SIGINT, signal.SIGTERM)


class HeldSignals:
    """Signals that have arrived and wait until :meth:`deliver` is called."""

    def __init__(self) -> None:
        self._handlers: dict[int, Callable[[int, FrameType | None], Any]] = {}
        self._arrived: int | None = None

    @property
    def waiting(self) -> bool:
        """Whether one has arrived."""
        return self._arrived is not None

    def deliver(self) -> None:
        """Do what the signal that arrived, if one did, would have done at once.

        Raises
        ------
        KeyboardInterrupt
            It was Ctrl-C; or whatever the program's own handler raises.
        """
        number, self._arrived = self._arrived, None
        if number is not None:
            self._handlers[number](number, None)

    def _install(self) -> None:
        for number in _HELD:
            handler = signal.getsignal(number)
            if callable(handler):  # not those that are ignored, or that end the program
                self._handlers[number] = handler
                signal.signal(number, self._arrive)

    def _arrive(self, number: int, frame: FrameType | None) -> None:
        if self.waiting:  # who asks twice wants it now
            self._handlers[number](number, frame)
        self._arrived = number

    def _restore(self) -> None:
        for number, handler in self._handlers.items():
            signal.signal(number, handler)


@contextlib.contextmanager
def hold_signals(wanted: bool = True) -> Iterator[HeldSignals]:
    """Hold Ctrl-C and SIGTERM back inside the block; the second one is not held back.

    Python runs handlers on the main thread only, so elsewhere nothing is held.

    Parameters
    ----------
    wanted : bool, default=True
        Whether to hold anything.
    """
    held = HeldSignals()
    if wanted and threading.current_thread() is threading.main_thread():
        held._install()
    try:
        yield held
    finally:
        held._restore()
    held.deliver()
