"""A text on a device, part by part."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from textrep.sgd.stretches import Stretches

__all__ = ["DeviceText"]

_STRETCHES = 16  # of a part: at most 262,144 tokens
_RESIDENT = 2**31  # bytes of text that stay on the device from epoch to epoch


class DeviceText:
    """The parts of a text, each copied to the device when it is first asked for.

    Parts are made of the same stretches, and sentences cut at the same places, as those that
    compiled kernels train on. Two gigabytes of text, half a billion tokens, stay on the device;
    what is beyond is copied again in each epoch.

    Parameters
    ----------
    tokens : ndarray of shape (n_tokens,), int32
        The text; may be a memory map.
    offsets : ndarray of shape (n_sentences + 1,), int64
        Where sentences begin, and where the last ends.
    device : torch.device
        Where the parts go.
    """

    def __init__(
        self, tokens: NDArray[np.int32], offsets: NDArray[np.int64], device: torch.device
    ) -> None:
        self._tokens, self._device = tokens, device
        self._stretches = Stretches(offsets)
        self._resident: dict[int, tuple[Tensor, Tensor]] = {}
        self._resident_bytes = 0

    def __len__(self) -> int:
        return -(-len(self._stretches) // _STRETCHES)

    def begin(self, part: int) -> int:
        """Return how many tokens are before a part; ``len(self)`` is the end of the text."""
        return int(self._stretches.offsets[self.first_sentence(part)])

    def first_sentence(self, part: int) -> int:
        """Return how many sentences are before a part, long ones counted in pieces."""
        if part == len(self):
            return len(self._stretches.offsets) - 1
        return self._stretches[part * _STRETCHES].first

    def load(self, part: int) -> tuple[Tensor, Tensor]:
        """Return a part on the device.

        Returns
        -------
        tokens : Tensor of shape (n_tokens,), int32
            The part.
        offsets : Tensor of shape (n_sentences + 1,), int64
            Where its sentences begin in it, from 0 on, and where the last ends.
        """
        if part in self._resident:
            return self._resident[part]
        begin, end = self.begin(part), self.begin(part + 1)
        sentences = slice(self.first_sentence(part), self.first_sentence(part + 1) + 1)
        tokens = np.array(self._tokens[begin:end], np.int32)
        offsets = self._stretches.offsets[sentences] - begin
        loaded = (
            torch.from_numpy(tokens).to(self._device),
            torch.from_numpy(offsets).to(self._device),
        )
        if self._resident_bytes + tokens.nbytes + offsets.nbytes <= _RESIDENT:
            self._resident[part] = loaded
            self._resident_bytes += tokens.nbytes + offsets.nbytes
        return loaded
