"""Clipping, penalties, noise, warnings, averages, and the plateau: each by itself."""

from __future__ import annotations

import logging
import math

import numpy as np
import pytest
import torch

from textrep.optim.averaging import WeightAverage
from textrep.optim.clipping import clip_gradients
from textrep.optim.host import HostArrays
from textrep.optim.monitor import GradientMonitor
from textrep.optim.plateau import HalveOnPlateau
from textrep.optim.regularisation import add_l1


def gradients():
    return [torch.tensor([6.0, -8.0]), torch.tensor([[0.0, 24.0]])]


@pytest.mark.parametrize(
    ("scale", "norm", "value", "expected"),
    [
        (1.0, None, None, [6, -8, 0, 24]),
        (0.5, None, None, [3, -4, 0, 12]),
        (0.5, 13.0, None, [3, -4, 0, 12]),
        (0.5, 6.5, None, [1.5, -2, 0, 6]),
        (0.5, math.inf, None, [3, -4, 0, 12]),
        (0.5, None, 3.5, [3, -3.5, 0, 3.5]),
        (0.5, 6.5, 1.75, [1.5, -1.75, 0, 1.75]),
    ],
)
def test_clipping(scale, norm, value, expected):
    clipped = gradients()
    norms = clip_gradients(clipped, scale, norm, value)
    np.testing.assert_allclose(torch.cat([g.flatten() for g in clipped]), expected, rtol=1e-6)
    if norm is None:
        assert norms is None
    else:
        np.testing.assert_allclose(norms, [10 * scale, 24 * scale], rtol=1e-6)


def test_clipping_as_torch_does():
    weights = [torch.nn.Parameter(torch.zeros(n)) for n in (3, 40)]
    for weight in weights:
        weight.grad = torch.randn_like(weight)
    ours = [weight.grad.clone() for weight in weights]
    torch.nn.utils.clip_grad_norm_(weights, 0.7)
    clip_gradients(ours, 1.0, 0.7, None)
    for one, weight in zip(ours, weights, strict=True):
        torch.testing.assert_close(one, weight.grad, rtol=1e-5, atol=0)


def test_l1_is_of_matrices():
    matrix, vector, unused = (
        torch.nn.Parameter(torch.tensor(values))
        for values in ([[2.0, -3.0, 0.0]], [1.0, 1.0], [[1.0]])
    )
    matrix.grad, vector.grad = torch.ones(1, 3), torch.ones(2)
    add_l1([matrix, vector, unused], 0.25)
    assert matrix.grad.tolist() == [[1.25, 0.75, 1.0]]
    assert vector.grad.tolist() == [1.0, 1.0]
    assert unused.grad is None


def test_warnings_are_given_once(caplog):
    monitor = GradientMonitor()
    with caplog.at_level(logging.WARNING, "textrep"):
        monitor.see("step 1", {"low": 0.5, "high": 2.0, "unused": 0.0})
        assert caplog.messages == []
        monitor.see("step 2", {"low": 1e-7, "high": 2.0})
        monitor.see("step 3", {"low": 1e-7, "high": 2.0})
        monitor.see("step 4", {"low": 600.0, "high": 900.0})
        monitor.see("step 5", {"low": math.nan, "high": 900.0})
    vanished, exploded = caplog.messages
    assert vanished.startswith("The gradient of low has vanished in step 2: its norm is 1e-07")
    assert exploded.startswith("The gradient of step 4 has exploded: its norm is 1.08e+03")


def test_a_gradient_that_is_not_a_number_has_exploded(caplog):
    with caplog.at_level(logging.WARNING, "textrep"):
        GradientMonitor().see("step 1", {"low": math.nan})
    assert "has exploded" in caplog.text


@pytest.mark.parametrize("kind", ["mean", "exponential"])
def test_averages(kind):
    weight = torch.full((3,), -100.0)
    average = WeightAverage({"w": weight}, kind, 0.75)
    with average.in_place():
        assert (weight == -100).all()  # there is no average yet
    path = [4.0, 8.0, 0.0, 16.0]
    for value in path:
        weight.fill_(value)
        average.update()
    expected = np.mean(path)
    if kind == "exponential":
        expected = path[0]
        for value in path[1:]:
            expected = 0.75 * expected + 0.25 * value
    with average.in_place():
        np.testing.assert_allclose(weight, expected, rtol=1e-6)
    assert (weight == 16).all()
    with pytest.raises(RuntimeError), average.in_place():
        raise RuntimeError
    assert (weight == 16).all()
    average.settle()
    np.testing.assert_allclose(weight, expected, rtol=1e-6)


def test_plateau():
    weight = torch.zeros(2)
    plateau = HalveOnPlateau({"w": weight})
    factors, kept = [], []
    for epoch, loss in enumerate([3.0, 2.0, 2.5, 2.0, 1.9, 4.0], 1):
        weight.fill_(epoch)
        plateau.see(loss)
        factors.append(plateau.factor)
        kept.append(weight[0].item())
    assert factors == [1, 1, 0.5, 0.25, 0.25, 0.125]
    assert kept == [1, 2, 2, 2, 5, 5]


def test_host_arrays_share_memory():
    tensor = torch.zeros(2)
    host = HostArrays({"w": tensor})
    host.arrays()["w"][:] = 5
    assert tensor.tolist() == [5, 5]


def test_copies_are_taken_back():
    tensor = torch.zeros(2)
    host = HostArrays({"w": tensor})
    host._copies = {"w": torch.full((2,), 7.0)}  # as it is for a tensor on a GPU
    host.take_back()
    assert tensor.tolist() == [7, 7]
    tensor.fill_(8)
    host.take_back()
    assert tensor.tolist() == [8, 8]
