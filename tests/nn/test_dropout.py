"""Dropout of states."""

from __future__ import annotations

import pytest
import torch

from textrep.nn.dropout import SequenceDropout


@pytest.mark.parametrize("variational", [False, True])
def test_the_share_is_dropped_and_the_mean_kept(variational):
    dropout = SequenceDropout(0.3, variational=variational)
    states = dropout(torch.ones(200, 40, 30))
    assert set(states.unique().tolist()) == {0.0, torch.tensor(1 / 0.7).item()}
    assert states.mean().item() == pytest.approx(1.0, abs=0.02)
    along_time = bool((states == states[:, :1]).all())
    assert along_time is variational
    assert not torch.equal(states[0], states[1])


def test_nothing_is_dropped_outside_of_training():
    states = torch.ones(2, 3, 4)
    assert SequenceDropout(0.9).eval()(states) is states
    assert SequenceDropout(0.0)(states) is states
