"""Sums of the states of words, beside each text encoded alone."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from textrep.nn import RecurrentEncoder, WordEmbedding
from textrep.nn.contexts import add_states

TEXTS = [[1, 2, 1], [3], [], [2, 2, 4, 1, 0]]
CHOSEN = [[True, False, True], [False], [], [False, True, True, False, True]]


@pytest.mark.parametrize("batch_tokens", [1, 8, 100])
def test_only_what_is_chosen_is_added(batch_tokens):
    encoder = RecurrentEncoder(WordEmbedding(6, 4), units=3, bidirectional=True)
    expected, n_expected = np.ones((6, 6), np.float32), np.full(6, 2)
    for text, chosen in zip(TEXTS, CHOSEN, strict=True):
        if not text:
            continue
        with torch.no_grad():
            states = encoder(torch.tensor([text]), torch.tensor([len(text)])).output[0].numpy()
        for token, is_chosen, state in zip(text, chosen, states, strict=True):
            expected[token] += state * is_chosen
            n_expected[token] += is_chosen
    sums, n_added = np.ones((6, 6), np.float32), np.full(6, 2)
    offsets = np.cumsum([0, *map(len, TEXTS)])
    add_states(
        encoder, np.concatenate(TEXTS).astype(int), offsets,
        np.concatenate(CHOSEN).astype(bool), sums, n_added, batch_tokens=batch_tokens,
    )  # fmt: skip
    assert sums == pytest.approx(expected, abs=1e-6)
    assert n_added.tolist() == n_expected.tolist()
