"""Where the memory is too small, the advice names the caller's own parameters, and following it
helps."""

from __future__ import annotations

import re

import numpy as np
import pytest
import torch
from sklearn.base import clone

from textrep import ConvEncoder, RecurrentEncoder, TextClassifier, TokenTagger, TransformerEncoder
from textrep.errors import DeviceError
from textrep.nn import Encoder

pytestmark = pytest.mark.usefixtures("one_torch_thread")

RANDOM = np.random.default_rng(5)
TEXTS = [list(RANDOM.choice(list("abcdefgh"), n)) for n in RANDOM.integers(2, 12, 300)]
CORPUS = [TEXTS[first : first + 30] for first in range(0, 300, 30)]
STRINGS = [" ".join(words) for words in TEXTS]

small = {"dim": 4, "epochs": 1}
MADE = {
    "language-model": RecurrentEncoder(units=4, batch_tokens=64, bptt=8, accumulate=2, **small),
    "masked": ConvEncoder(channels=4, objective="masked", batch_tokens=100, **small),
    "sentences": TransformerEncoder(
        heads=1, layers=1, objective="sentences", batch_tokens=100, **small
    ),
    "neighbours": ConvEncoder(
        channels=4, objective="neighbours", batch_tokens=100, accumulate=3, **small
    ),
    "classifier": TextClassifier(ConvEncoder(dim=4, channels=4), epochs=1, accumulate=2),
    "frozen": TextClassifier(ConvEncoder(dim=4, channels=4), epochs=1, freeze=True, batch_size=64),
    "tagger": TokenTagger(ConvEncoder(dim=4, channels=4), epochs=1, batch_size=16),
}


def fit(made):
    if isinstance(made, TextClassifier):
        return made.fit(STRINGS, ["a", "b"] * 150)
    if isinstance(made, TokenTagger):
        return made.fit(TEXTS, TEXTS)
    return made.fit([words for part in CORPUS for words in part])


@pytest.fixture
def room(monkeypatch):
    """Let encoders have memory for so many tokens in training."""
    real = Encoder.forward

    def limit(most):
        def forward(self, tokens, *others):
            if self.training and tokens.numel() > most:
                raise torch.OutOfMemoryError("CUDA out of memory")
            return real(self, tokens, *others)

        monkeypatch.setattr(Encoder, "forward", forward)

    return limit


@pytest.mark.parametrize("name", sorted(MADE))
def test_following_the_advice_helps(name, room):
    made = clone(MADE[name])
    room(30)
    with pytest.raises(DeviceError) as caught:
        fit(made)
    says = str(caught.value)
    assert "\n" not in says
    advised = {key: int(value) for key, value in re.findall(r"(\w+)=(\d+)", says)}
    own = "batch_size" if hasattr(made, "batch_size") else "batch_tokens"
    assert set(advised) == {own, "accumulate"}
    before, after = made.get_params(), clone(made).set_params(**advised).get_params()
    assert after[own] < before[own]
    assert after[own] * after["accumulate"] >= before[own] * before["accumulate"]
    fit(made.set_params(**advised))
