"""GloVe and SVD by torch, on the processor, as they would be on a GPU."""

from __future__ import annotations

import numpy as np
import pytest
from models.sources import arrays_of, sentences

torch = pytest.importorskip("torch", reason="torch is not installed")

from textrep import SVD, GloVe  # noqa: E402
from textrep.corpus import Corpus  # noqa: E402
from textrep.corpus.miniworld import generate  # noqa: E402
from textrep.distributed.either import truncated_svd  # noqa: E402
from textrep.distributed.matrix import DistributedMatrix  # noqa: E402
from textrep.errors import DeviceError, InvalidParameterError, TrainingError  # noqa: E402
from textrep.linalg import svd  # noqa: E402
from textrep.training import loop  # noqa: E402


@pytest.fixture(autouse=True)
def by_torch(monkeypatch, one_torch_thread):
    """Let any device but cpu be torch on the processor, and torch use one thread."""
    for module in ("glove", "svd"):
        monkeypatch.setattr(
            f"textrep.models.{module}.resolve_device",
            lambda name: name if name == "cpu" else "cpu:0",
        )


@pytest.fixture(scope="module")
def world():
    return Corpus.build([*generate(tokens=30_000, seed=0)])


def test_glove_learns_what_compiled_kernels_do(world, tmp_path):
    options = {"dim": 16, "epochs": 4}
    ours, theirs = GloVe(**options).fit(world), GloVe(device="cuda", **options).fit(world)
    for old, new in zip(ours.history_[2:], theirs.history_[2:], strict=True):
        assert new["loss"] == pytest.approx(old["loss"], rel=0.01)
        assert new["entries"] == old["entries"]
    for name in ("word_vectors_", "context_vectors_", "word_biases_", "context_biases_"):
        assert getattr(ours, name).shape == getattr(theirs, name).shape
    theirs.save(tmp_path / "model")
    np.testing.assert_allclose(ours.word_biases_, theirs.word_biases_, atol=0.5)


def test_the_batch_size_is_that_of_a_step(world):
    small, large = (
        GloVe(dim=8, epochs=1, device="cuda", batch_size=size).fit(world) for size in (64, 8192)
    )
    assert small.history_[0]["loss"] < large.history_[0]["loss"]


def test_glove_goes_on_from_a_checkpoint_to_the_same_bits(tmp_path, monkeypatch):
    monkeypatch.setattr(loop, "_FIRST", 1)
    monkeypatch.setattr(loop, "_SLICE", 0.0)
    corpus, calls = Corpus.build(sentences()), iter(range(40))
    options = {"dim": 8, "epochs": 2, "device": "cuda"}
    whole = GloVe(**options).fit(corpus)
    first = GloVe(**options).fit(
        corpus,
        callbacks=[lambda state: "enough" if next(calls) == 36 else None],
        checkpoint=tmp_path / "c",
    )
    assert arrays_of(first) != arrays_of(whole)
    again = GloVe(**options).fit(corpus, checkpoint=tmp_path / "c", resume=True)
    assert arrays_of(again) == arrays_of(whole)


def test_overflow_stops_with_advice():
    with pytest.raises(TrainingError, match=r"learning rate 1e\+20 is too high"):
        GloVe(dim=8, epochs=2, device="cuda", learning_rate=1e20).fit(sentences())


@pytest.mark.parametrize("memory", [None, 1 << 24])
def test_svd_finds_the_values_of_compiled_kernels(world, memory, monkeypatch):
    monkeypatch.setattr(svd, "_SMALL", 1)
    options = {"dim": 20, "tolerance": 1e-4, "memory": memory}
    ours, theirs = SVD(**options).fit(world), SVD(device="cuda", **options).fit(world)
    np.testing.assert_allclose(theirs.singular_values_, ours.singular_values_, rtol=1e-5)
    np.testing.assert_allclose(theirs.word_vectors_, ours.word_vectors_, atol=1e-4)
    assert theirs.metrics_["krylov_dimensions"] == ours.metrics_["krylov_dimensions"]


def test_arpack_is_not_there():
    with pytest.raises(InvalidParameterError, match=r"device .* 'cpu' with solver='arpack'"):
        SVD(device="cuda", solver="arpack").fit("no-such-file")


def test_a_matrix_on_a_cluster_stays_there():
    matrix = DistributedMatrix.__new__(DistributedMatrix)
    with pytest.raises(InvalidParameterError, match="device parameter of SVD must be 'cpu' on a"):
        truncated_svd(matrix, 5, device="cuda:0")


@pytest.mark.parametrize("model", [GloVe, SVD])
def test_a_gpu_that_is_not_there_is_named_before_anything_is_read(model, monkeypatch):
    monkeypatch.undo()
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    with pytest.raises(DeviceError, match=r"^Device 'cuda' is not there: .* Use device=\"cpu\""):
        model(device="cuda").fit("no-such-file")
