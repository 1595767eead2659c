"""Whether word2vec on a device draws and learns what it must, before anything is timed there."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from textrep.sgd.word2vec_settings import Settings

__all__ = ["CHECKS", "Check", "run_checks", "settings_of"]

_N_WORDS = 60
_STEP = 1e-6  # of finite differences, in float64


class Check(NamedTuple):
    """What a check found.

    Attributes
    ----------
    name : str
        What was checked.
    passed : bool
        Whether it holds.
    found : str
        The figure behind that.
    """

    name: str
    passed: bool
    found: str


def settings_of(**options: Any) -> Settings:
    """Return the defaults of the estimator, but for ``options``."""
    from textrep import Word2Vec
    from textrep.parallel import resolve_n_jobs
    from textrep.sgd.word2vec_settings import Settings

    given = Word2Vec(**options).get_params() | {"n_jobs": resolve_n_jobs(None)}
    return Settings(**{name: given[name] for name in Settings.__dataclass_fields__})


def run_checks(device: str, checks: Sequence[Callable[[str], Iterator[Check]]]) -> Iterator[Check]:
    """Make these checks on a device."""
    for check in checks:
        yield from check(device)


def _text():
    """Return tokens, offsets and counts of a little text of unequal words."""
    import numpy as np

    random = np.random.default_rng(0)
    offsets = np.concatenate([[0], np.cumsum(random.integers(1, 40, 250))])
    tokens = (_N_WORDS * random.random(offsets[-1]) ** 2).astype(np.int32)
    tokens[:_N_WORDS] = np.arange(_N_WORDS)
    return tokens, offsets, np.bincount(tokens, minlength=_N_WORDS)


def check_text(device: str) -> Iterator[Check]:
    """Compare the sampled text with that of the compiled kernel."""
    import numpy as np
    import torch

    from textrep.kernels.text import Text, sample_text
    from textrep.kernels.torch_text import sample_text as sample_on_device
    from textrep.sgd import keep_probabilities

    tokens, offsets, counts = _text()
    keep = keep_probabilities(counts, 0.01)
    expected = Text(*np.empty((4, len(tokens)), np.int32))
    key = 2**63 + 5
    kept = sample_text(
        tokens, offsets, 0, len(offsets) - 1, keep, 5, True, False, False, 0, np.uint64(key),
        np.uint64(0), expected,
    )  # fmt: skip
    found = sample_on_device(
        torch.from_numpy(tokens).to(device), torch.from_numpy(offsets).to(device), 0,
        torch.from_numpy(keep.astype(np.int64)).to(device), 5, True, False, key,
    )  # fmt: skip
    same = [
        np.array_equal(ours.cpu().numpy(), theirs[:kept])
        for ours, theirs in zip(found, expected[:3], strict=True)
    ]
    yield Check("kept words and windows are the CPU's", all(same), f"{kept} of {len(tokens)}")


def check_noise(device: str) -> Iterator[Check]:
    """Compare drawn words with those of the compiled kernel."""
    import numpy as np
    import torch

    from textrep.kernels.random import draw_alias, key_of
    from textrep.kernels.torch_random import draw_alias as draw_on_device
    from textrep.kernels.torch_random import key_of as keys_on_device
    from textrep.sgd import NoiseTable

    table = NoiseTable.from_counts(_text()[2], 0.75)
    n, key = 2000, 2**64 - 3
    expected = [
        draw_alias(np.uint64(key_of(np.uint64(key), i)), table.keep, table.other) for i in range(n)
    ]
    keep, other = (
        torch.from_numpy(array.astype(np.int64)).to(device) for array in (table.keep, table.other)
    )
    found = draw_on_device(keys_on_device(key, torch.arange(n, device=device)), keep, other)
    yield Check("drawn words are the CPU's", found.tolist() == expected, f"{n} draws")


def check_gradients(device: str) -> Iterator[Check]:
    """Compare what each objective learns with finite differences of its loss, in float64."""
    from textrep.sgd.word2vec_torch import OBJECTIVES

    for objective in OBJECTIVES:
        for options in (
            {"architecture": "skipgram"},
            {"architecture": "cbow", "context": "average", "exact_gradient": True},
            {"architecture": "cbow", "context": "sum"},
        ):
            settings = settings_of(objective=objective, dim=8, subsample=0.0, **options)
            worst = _worst_gradient(settings, device)
            how = " ".join(str(value) for value in options.values() if value is not True)
            yield Check(f"gradient, {objective}, {how}", worst < 1e-5, f"{worst:.0e}")


def _worst_gradient(settings: Settings, device: str, n_numbers: int = 12) -> float:
    """Return the largest error of a gradient at some numbers of both matrices, relative to 1."""
    import numpy as np
    import torch

    from textrep.kernels.torch_text import Groups, group_words, sample_text
    from textrep.sgd import keep_probabilities
    from textrep.sgd.torch_objectives import Predictions
    from textrep.sgd.word2vec_torch import OBJECTIVES, make_architecture

    tokens, offsets, counts = _text()
    keep = torch.from_numpy(keep_probabilities(counts, 0.0).astype(np.int64)).to(device)
    text = sample_text(
        torch.from_numpy(tokens[: offsets[6]]).to(device), torch.from_numpy(offsets[:7]).to(device),
        0, keep, settings.window, True, False, 1,
    )  # fmt: skip
    groups = group_words(text, settings.window, 2**20)
    groups = Groups(*(part.double() if part.is_floating_point() else part for part in groups))
    random = np.random.default_rng(1)
    start = [random.normal(size=(_N_WORDS, settings.dim)) * 0.4 for _ in range(2)]

    def run(matrices, rate: float):
        """Take a step of that rate; return the loss before it and the matrices after it."""
        vectors, outputs = (torch.tensor(matrix, device=device) for matrix in matrices)
        architecture = make_architecture(vectors, settings, 1e30)
        objective = OBJECTIVES[settings.objective](outputs, counts, settings, 1e30)
        words, pairs = architecture.predicted(groups)
        step = Predictions(words, pairs, objective.draw(groups.numbers, 3)).step(0)
        learnt = objective.learn(architecture.hidden(groups, 0), step, rate)
        if rate > 0:
            architecture.learn(groups, 0, learnt, rate)
        return float(learnt.loss), (vectors.cpu().numpy(), outputs.cpu().numpy())

    _, after = run(start, 1.0)
    worst = 0.0
    for which in range(2):
        for row, column in random.integers(0, [_N_WORDS, settings.dim], (n_numbers, 2)):
            losses = []
            for step in (_STEP, -_STEP):
                moved = [matrix.copy() for matrix in start]
                moved[which][row, column] += step
                losses.append(run(moved, 0.0)[0])
            slope = (losses[0] - losses[1]) / (2 * _STEP)
            learnt = start[which][row, column] - after[which][row, column]
            worst = max(worst, float(abs(slope - learnt)) / max(1.0, abs(slope)))
    return worst


def check_epoch(device: str) -> Iterator[Check]:
    """Compare the vectors after an epoch with those that torch trains on the CPU."""
    import numpy as np

    from textrep.sgd.word2vec_torch import OBJECTIVES, Word2VecTorchTrainer

    for objective in OBJECTIVES:
        found = []
        for where in (device, "cpu"):
            settings = settings_of(objective=objective, dim=32, epochs=1)
            trainer = Word2VecTorchTrainer(settings, *_text(), where, batch=256)
            list(trainer.train(0, range(trainer.n_parts)))
            found.append(trainer.vectors())
        worst = float(np.abs(found[0] - found[1]).max() / np.abs(found[1]).max())
        yield Check(
            f"an epoch equals torch's on the CPU, {objective}", worst < 1e-3, f"{worst:.0e}"
        )


CHECKS: tuple[Callable[[str], Iterator[Check]], ...] = (
    check_text, check_noise, check_gradients, check_epoch,
)  # fmt: skip
