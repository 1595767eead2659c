"""Products by oneDNN, and the loss of a softmax in one pass, against torch's own."""

from __future__ import annotations

import pytest
import torch
import torch.nn.functional as F  # noqa: N812 -- the field's name for it

from textrep.nn import cross_entropy as module
from textrep.nn.cross_entropy import cross_entropy
from textrep.nn.linear import Linear, linear, product

N, WIDTH, CLASSES = 9, 6, 23


def drawn(dtype=torch.float64, scale=1.0):
    numbers = torch.Generator().manual_seed(3)
    shapes = [(N, WIDTH), (CLASSES, WIDTH), (CLASSES,)]
    tensors = [torch.randn(shape, dtype=dtype, generator=numbers) * scale for shape in shapes]
    targets = torch.randint(CLASSES, (N,), generator=numbers)
    return [tensor.requires_grad_() for tensor in tensors], targets


def gradients(losses, tensors, weights):
    return torch.autograd.grad((losses * weights).sum(), tensors)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("smoothing", [0.0, 0.1, 1.0])
@pytest.mark.parametrize("scores_at_once", [1, 4 * CLASSES, 10**6])
def test_losses_and_gradients_are_torch_s(dtype, smoothing, scores_at_once, monkeypatch):
    monkeypatch.setattr(module, "_SCORES_AT_ONCE", scores_at_once)
    tensors, targets = drawn(dtype)
    weights = torch.linspace(-1, 2, N, dtype=dtype)  # of each loss in what is lowered
    found = cross_entropy(*tensors, targets, smoothing)
    scores = F.linear(*tensors)
    expected = F.cross_entropy(scores, targets, reduction="none", label_smoothing=smoothing)
    torch.testing.assert_close(found, expected)
    for mine, theirs in zip(
        gradients(found, tensors, weights), gradients(expected, tensors, weights), strict=True
    ):
        torch.testing.assert_close(mine, theirs)


def test_gradients_are_those_of_finite_differences():
    tensors, targets = drawn()
    assert torch.autograd.gradcheck(lambda *t: cross_entropy(*t, targets, 0.2), tensors)
    (states, weight, _), _ = drawn()
    assert torch.autograd.gradcheck(lambda *t: cross_entropy(*t, None, targets), (states, weight))


def test_probabilities_too_small_for_a_number_have_their_losses():
    tensors, targets = drawn(torch.float32, scale=40.0)
    losses = cross_entropy(*tensors, targets)
    expected = F.cross_entropy(F.linear(*tensors), targets, reduction="none")
    assert losses.max() > 1000
    torch.testing.assert_close(losses, expected)


def test_in_bfloat16_gradients_point_the_same_way():
    tensors, targets = drawn(torch.float32)
    exact = cross_entropy(*tensors, targets)
    with torch.autocast("cpu", torch.bfloat16):
        rough = cross_entropy(*tensors, targets)
    assert rough.dtype == torch.float32
    torch.testing.assert_close(rough, exact, rtol=0.05, atol=0.05)
    one = torch.ones(N)
    for low, high in zip(
        gradients(rough, tensors, one), gradients(exact, tensors, one), strict=True
    ):
        assert low.dtype == torch.float32
        assert F.cosine_similarity(low.flatten(), high.flatten(), 0) > 0.999


def test_only_what_is_asked_for_is_derived():
    (states, weight, bias), targets = drawn()
    cross_entropy(states.detach(), weight.detach(), bias, targets).sum().backward()
    assert states.grad is None
    assert weight.grad is None
    assert bias.grad is not None
    with torch.no_grad():
        assert not cross_entropy(states, weight, bias, targets).requires_grad


@pytest.mark.parametrize("shape", [(5, WIDTH), (2, 3, WIDTH), (WIDTH,), (0, WIDTH)])
@pytest.mark.parametrize("biased", [True, False])
def test_linear_maps_are_torch_s(shape, biased):
    (_, weight, bias), _ = drawn(torch.float32)
    rows = torch.randn(shape, generator=torch.Generator().manual_seed(5)).requires_grad_()
    mine = [rows, weight, bias] if biased else [rows, weight]
    found, expected = linear(*mine), F.linear(*mine)
    torch.testing.assert_close(found, expected)
    torch.testing.assert_close(product(*(t.detach() for t in mine)), expected.detach())
    for one, other in zip(
        gradients(found, mine, found.detach()), gradients(expected, mine, found.detach()),
        strict=True,
    ):  # fmt: skip
        torch.testing.assert_close(one, other)


def test_a_layer_has_torch_s_weights():
    layer = Linear(3, 2)
    torch.testing.assert_close(layer(torch.eye(3)), layer.weight.t() + layer.bias)
    assert set(layer.state_dict()) == {"weight", "bias"}
