"""Advice where the memory of a device is too small for a batch."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator

import torch

from textrep.errors import DeviceError
from textrep.optim.batches import Batch

__all__ = ["explain_memory"]


@contextlib.contextmanager
def explain_memory(
    step: str,
    batch: Batch,
    try_batch: Callable[[Batch], object],
    advice: Callable[[int, int], str],
) -> Iterator[None]:
    """Turn torch's account of a full memory into one of a batch that would fit.

    Parameters
    ----------
    step : str
        What is under way: "step 5 (epoch 2)".
    batch : Batch
        The batch of the block, as it was before it was prepared.
    try_batch : callable
        Does with another batch what the block does with this.
    advice : callable
        Says how to get batches of no more than so many sequences of so many tokens.

    Raises
    ------
    DeviceError
        The block ran out of memory.
    """
    try:
        yield
    except RuntimeError as error:
        if not _is_memory(error):
            raise
    else:
        return
    # Outside the handler, where nothing holds on to what the failed batch has taken up.
    n, width = batch.tokens.shape
    fitting = _fitting(batch, try_batch)
    what = f"The memory is too small for {step}: {n} sequences of {width} tokens do not fit"
    if not fitting:
        raise DeviceError(f"{what}, not even 2: try shorter sequences, or a smaller network.")
    raise DeviceError(f"{what}, {fitting} do: try {advice(fitting, width)}.")


def _fitting(batch: Batch, try_batch: Callable[[Batch], object]) -> int:
    """Return how many sequences fit: half of them, a quarter, and so on, an even number; or 0."""
    n = len(batch.tokens)
    while n > 2:
        n = max(2, n // 4 * 2)
        if torch.cuda.is_available():
            torch.cuda.empty_cache()
        try:
            try_batch(batch.rows(n))
        except RuntimeError as error:
            if not _is_memory(error):
                raise
        else:
            return n
    return 0


def _is_memory(error: RuntimeError) -> bool:
    # On the CPU torch raises a plain RuntimeError.
    return isinstance(error, torch.OutOfMemoryError) or "t allocate memory" in str(error)
