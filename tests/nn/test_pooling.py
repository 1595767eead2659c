"""Pooling over real positions."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from textrep.errors import InvalidParameterError, UnknownNameError
from textrep.nn import POOLINGS, pool

LENGTHS = torch.tensor([5, 2, 0, 1])
STATES = torch.randn(4, 5, 3, dtype=torch.float64, generator=torch.Generator().manual_seed(0)) - 2
WEIGHTS = torch.rand(4, 5, dtype=torch.float64, generator=torch.Generator().manual_seed(1))

PLAIN = {
    "mean": lambda x, w: x.mean(0),
    "max": lambda x, w: x.max(0),
    "last": lambda x, w: x[-1],
    "first": lambda x, w: x[0],
    "weighted": lambda x, w: np.average(x, axis=0, weights=w),
}


def test_the_table_is_complete():
    assert tuple(PLAIN) == POOLINGS


@pytest.mark.parametrize("pooling", POOLINGS)
def test_padding_does_not_count(pooling):
    weights = WEIGHTS if pooling == "weighted" else None
    found = pool(STATES, LENGTHS, pooling, weights)
    for row, length in enumerate(LENGTHS.tolist()):
        expected = np.zeros(3)
        if length:
            texts, w = STATES[row, :length].numpy(), WEIGHTS[row, :length].numpy()
            expected = PLAIN[pooling](texts, w)
        np.testing.assert_allclose(found[row], expected, rtol=0, atol=1e-14)


@pytest.mark.parametrize("pooling", POOLINGS)
def test_gradients_reach_real_positions_alone(pooling):
    states = STATES.clone().requires_grad_()
    pool(states, LENGTHS, pooling, WEIGHTS if pooling == "weighted" else None).sum().backward()
    real = torch.arange(5) < LENGTHS.unsqueeze(1)
    assert states.grad.isfinite().all()
    assert not states.grad[~real].any()
    assert states.grad.sum().item() == pytest.approx(9.0)  # 1 for each number of three texts


def test_weights_of_zero_give_zero():
    weights = torch.zeros_like(WEIGHTS)
    assert not pool(STATES, LENGTHS, "weighted", weights).any()


def test_what_does_not_fit():
    with pytest.raises(UnknownNameError, match="Unknown pooling of pool 'men'"):
        pool(STATES, LENGTHS, "men")
    with pytest.raises(InvalidParameterError, match=r"weights .* Got None"):
        pool(STATES, LENGTHS, "weighted")
    with pytest.raises(InvalidParameterError, match=r"weights .* None with any other"):
        pool(STATES, LENGTHS, "mean", WEIGHTS)
