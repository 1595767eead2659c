"""Activations by name against their formulas."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from reference import encoders as plain

from textrep.errors import UnknownNameError
from textrep.nn import ACTIVATIONS
from textrep.nn.activations import activation


def test_each_has_a_formula():
    assert set(ACTIVATIONS) == set(plain.ACTIVATIONS)


@pytest.mark.parametrize("name", sorted(ACTIVATIONS))
def test_values_are_those_of_the_formula(name):
    x = np.linspace(-4, 4, 101)
    found = activation(name, "test")(torch.from_numpy(x))
    np.testing.assert_allclose(found, plain.ACTIVATIONS[name](x), rtol=0, atol=1e-12)


def test_no_such_activation():
    with pytest.raises(UnknownNameError, match="Unknown activation of ConvEncoder 'rulu'"):
        activation("rulu", "ConvEncoder")
