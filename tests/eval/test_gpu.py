"""The measurements on a GPU run on the CPU, and their checks can fail."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

torch = pytest.importorskip("torch")

ROOT = Path(__file__).parents[2]


pytestmark = pytest.mark.usefixtures("one_torch_thread")


@pytest.fixture(scope="module")
def gpu(outside_the_library: None) -> Any:
    """The module eval.speed.gpu, which lies outside the library."""
    import eval.speed.gpu

    return eval.speed.gpu


def test_it_measures(gpu: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "gpu.json"
    arguments = ["--device", "cpu", "--tokens", "5000", "--dim", "8", "--epochs", "2"]
    assert gpu.main([*arguments, "--batch", "64", "256", "--json", str(path)]) == 0
    printed = capsys.readouterr().out
    assert "WRONG" not in printed
    assert max(map(len, printed.split("one epoch")[1].splitlines())) <= 80
    content = json.loads(path.read_text())
    assert all(check["passed"] for check in content["checks"])
    assert len(content["checks"]) == 2 + 4 * 3 + 4 + 5
    epochs = content["epochs"]
    assert [epoch["batch"] for epoch in epochs] == [None, 64, 256] * 8
    assert all(epoch["seconds"] > 0 for epoch in epochs)
    assert len({epoch["kept"] for epoch in epochs}) == 1
    for compiled, *by_torch in zip(epochs[::3], epochs[1::3], epochs[2::3], strict=True):
        for epoch in by_torch:
            assert epoch["loss"] == pytest.approx(compiled["loss"], rel=0.02)
    assert set(content["scores"]["miniworld-synonyms"]) == {"compiled", "batch 64", "batch 256"}
    *glove, compiled, by_torch = content["matrices"]
    assert [measure["how"] for measure in glove] == ["compiled", "64", "256"]
    for measure in glove[1:]:
        assert measure["found"] == pytest.approx(glove[0]["found"], rel=0.02)
    assert (compiled["how"], by_torch["how"]) == ("compiled", "cpu")
    assert compiled["found"] == 0.0
    assert by_torch["found"] < 0.01


def test_it_measures_only_what_is_asked_for(
    gpu: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gpu, "run_checks", lambda device, checks: iter(()))
    path = tmp_path / "gpu.json"
    arguments = ["--device", "cpu", "--tokens", "5000", "--dim", "8", "--only", "svd"]
    assert gpu.main([*arguments, "--json", str(path)]) == 0
    content = json.loads(path.read_text())
    assert content["epochs"] == []
    assert [measure["name"] for measure in content["matrices"]] == ["svd, rank 8"] * 2


def test_the_checks_find_what_is_wrong(gpu: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from textrep.kernels import torch_glove, torch_random
    from textrep.linalg.torch_products import TorchOperator
    from textrep.sgd import torch_objectives

    true_slopes = torch_objectives.logistic_slopes

    def wrong_slopes(*given: Any) -> Any:
        loss, slopes = true_slopes(*given)
        return loss, slopes * 1.01

    monkeypatch.setattr(torch_objectives, "logistic_slopes", wrong_slopes)
    true_gather, true_times = torch_glove.gather_rows, TorchOperator.times
    monkeypatch.setattr(torch_random, "_GOLDEN", torch_random._GOLDEN + 2)
    monkeypatch.setattr(torch_glove, "gather_rows", lambda *given: 1.01 * true_gather(*given))
    monkeypatch.setattr(TorchOperator, "times", lambda *given: 1.01 * true_times(*given))
    checks = gpu.run_checks("cpu", (*gpu.CHECKS, *gpu.MATRIX_CHECKS))
    wrong = [check.name for check in checks if not check.passed]
    assert "kept words and windows are the CPU's" in wrong
    assert "drawn words are the CPU's" in wrong
    assert "sparse products are SciPy's" in wrong
    assert "singular values are the compiled kernels'" in wrong
    assert "gradient, glove" in wrong
    gradients = [name for name in wrong if name.startswith("gradient") and "glove" not in name]
    assert len(gradients) == 6
    assert all("negative-sampling" in name or "hierarchical" in name for name in gradients)


def test_a_device_that_is_not_there_is_one_line(
    gpu: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    assert gpu.main(["--device", "cudo"]) == 2
    assert capsys.readouterr().err == (
        "gpu: Unknown device 'cudo'. Did you mean 'cuda'? Of several GPUs one is cuda:1, say.\n"
    )
