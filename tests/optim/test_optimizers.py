"""Optimizers against their equations."""

from __future__ import annotations

from itertools import islice

import numpy as np
import pytest
import torch
from reference import optimizers as plain

from textrep.optim.optimizers import OPTIMIZERS, MaxProp, make_optimizer, sutskever_momentum
from textrep.optim.settings import LEARNING_RATES

REFERENCES = {
    "sgd": plain.sgd,
    "momentum": lambda w, g, lr: plain.sgd(w, g, lr, 0.9),
    "nesterov": lambda w, g, lr: plain.sgd(w, g, lr, 0.9, True),
    "adagrad": plain.adagrad,
    "rmsprop": plain.rmsprop,
    "adadelta": plain.adadelta,
    "adam": plain.adam,
    "adamw": plain.adam,
    "adamax": plain.adamax,
    "nadam": plain.nadam,
    "maxprop": plain.maxprop,
}
START = np.array([[1.5, -0.3], [0.7, 2.0]])
SCALE = np.array([[1.0, 10.0], [0.1, 3.0]])


def descend(optimizer, weight, steps=6):
    for _ in range(steps):
        weight.grad = torch.from_numpy(SCALE) * (weight.detach() - 0.2)
        optimizer.step()
        yield weight.detach().numpy().copy()


def gradient(w):
    return SCALE * (w - 0.2)


def test_names():
    assert OPTIMIZERS.keys() == LEARNING_RATES.keys() == REFERENCES.keys()


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_steps_are_those_of_the_equations(name):
    weight = torch.nn.Parameter(torch.from_numpy(START.copy()))
    found = list(descend(make_optimizer(name, [weight], 0.05), weight))
    expected = list(islice(REFERENCES[name](START, gradient, 0.05), len(found)))
    np.testing.assert_allclose(found, expected, rtol=1e-7)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_the_state_is_whole_before_the_first_step(name):
    weight = torch.nn.Parameter(torch.from_numpy(START.copy()))
    optimizer = make_optimizer(name, [weight], 0.05, weight_decay=0.1)
    before = {
        key: value.shape for key, value in optimizer.state[weight].items() if value is not None
    }
    assert (weight.detach().numpy() == START).all()
    list(descend(optimizer, weight))
    after = {
        key: value.shape for key, value in optimizer.state[weight].items() if value is not None
    }
    assert before == after


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_only_matrices_decay(name):
    weights = [torch.nn.Parameter(torch.ones(shape)) for shape in [(2, 2), (2,)]]
    optimizer = make_optimizer(name, weights, 0.1, weight_decay=0.5)
    for weight in weights:
        weight.grad = torch.zeros_like(weight)
    optimizer.step()
    assert (weights[0] < 1).all()
    assert (weights[1] == 1).all()


def test_decay_of_adamw_is_apart_from_the_gradient():
    weight = torch.nn.Parameter(torch.from_numpy(START.copy()))
    found = list(descend(make_optimizer("adamw", [weight], 0.05, weight_decay=0.3), weight))
    expected = plain.adam(START, gradient, 0.05, decoupled_decay=0.3)
    np.testing.assert_allclose(found, list(islice(expected, len(found))), rtol=1e-7)


@pytest.mark.parametrize("name", sorted(set(OPTIMIZERS) - {"adamw"}))
def test_decay_of_others_is_part_of_the_gradient(name):
    weight = torch.nn.Parameter(torch.from_numpy(START.copy()))
    found = list(descend(make_optimizer(name, [weight], 0.05, weight_decay=0.3), weight))
    expected = REFERENCES[name](START, lambda w: gradient(w) + 0.3 * w, 0.05)
    np.testing.assert_allclose(found, list(islice(expected, len(found))), rtol=1e-7)


def test_maxprop_is_adamax_without_momentum():
    weights = [torch.nn.Parameter(torch.from_numpy(START.copy())) for _ in range(2)]
    maxprop = MaxProp([weights[0]], 0.05, eps=1e-12)
    adamax = torch.optim.Adamax([weights[1]], 0.05, (0.0, 0.999), eps=1e-12)
    for one, other in zip(descend(maxprop, weights[0]), descend(adamax, weights[1]), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-7)


def test_maxprop_takes_a_closure():
    weight = torch.nn.Parameter(torch.ones(2))

    def closure():
        loss = (weight**2).sum()
        loss.backward()
        return loss

    assert MaxProp([weight], 0.1).step(closure) == 2.0
    np.testing.assert_allclose(weight.detach(), 0.9)


def test_momentum_rises():
    momenta = [sutskever_momentum(step, 0.995) for step in range(30_000)]
    assert momenta[0] == momenta[249] == 0.5
    assert momenta[250] == 1 - 2.0**-2
    assert momenta == sorted(momenta)
    assert momenta[-1] == 0.995
