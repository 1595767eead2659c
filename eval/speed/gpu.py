"""word2vec, GloVe and SVD on a GPU: whether they are right, how fast, and how good the vectors are.

    python -m eval.speed.gpu                               # miniworld, on cuda if there is one
    python -m eval.speed.gpu --corpus my.txt --json gpu.json
    python -m eval.speed.gpu --device cpu --tokens 50000   # torch on the CPU: slow

    python -m eval.speed.gpu --only glove svd

Checks come first (eval/speed/gpu_checks.py, gpu_matrices.py); then one epoch of each objective of
word2vec and batch size beside the compiled kernels, the device warmed up, and the scores of trained
vectors beside theirs; then GloVe and SVD beside theirs. The exit code is 1 if a check fails.
"""

from __future__ import annotations

import argparse
import dataclasses
import itertools
import json
import math
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .gpu_checks import CHECKS, run_checks, settings_of
from .gpu_matrices import CHECKS as MATRIX_CHECKS
from .gpu_matrices import Measure, measure_glove, measure_svd
from .harness import say
from .machine import machine_facts, machine_lines

if TYPE_CHECKING:
    from textrep import Corpus
    from textrep.sgd import Trainer
    from textrep.sgd.word2vec_settings import Settings

__all__ = ["main"]

_OBJECTIVES = ("negative-sampling", "hierarchical-softmax", "margin", "softmax")
_ARCHITECTURES = ("skipgram", "cbow")
_PARTS = ("word2vec", "glove", "svd")
_ROW = "{:<30}{:>9}{:>9}{:>11}{:>11}{:>9}"
_MOST_TOKENS = {"softmax": 200_000}  # about, of an epoch: its cost grows with the vocabulary


@dataclasses.dataclass(frozen=True)
class _Epoch:
    """One epoch, or the beginning of one, measured.

    Attributes
    ----------
    name : str
        Architecture and objective.
    batch : int, optional
        Words of a step; None for compiled kernels.
    seconds : float
        Wall time.
    tokens, kept : int
        Tokens read, and those that subsampling left.
    loss : float
        Mean over the examples.
    peak_mb : float, optional
        Most memory that torch held on the GPU, 10^6 bytes.
    """

    name: str
    batch: int | None
    seconds: float
    tokens: int
    kept: int
    loss: float
    peak_mb: float | None = None


def main(arguments: Sequence[str] | None = None) -> int:
    """Check, measure, print tables; return 1 if a check fails."""
    from textrep.errors import TextrepError

    chosen = _parser().parse_args(arguments)
    try:
        return _run(chosen)
    except TextrepError as error:
        say(f"gpu: {error}")
        return error.exit_code


def _run(chosen: argparse.Namespace) -> int:
    from textrep.sgd import resolve_device

    device = resolve_device(chosen.device)
    machine = machine_facts() | _device_facts(device)
    print("\n".join([*machine_lines(machine), f"{machine['device']}, torch {machine['torch']}"]))
    checks = []
    for check in run_checks(device, (*CHECKS, *MATRIX_CHECKS)):
        checks.append(check)
        print(f"{'ok' if check.passed else 'WRONG':<6}{check.name} ({check.found})", flush=True)
    corpus = _corpus(chosen.corpus, chosen.tokens)
    print(
        f"\none epoch of {corpus.n_tokens:,} tokens, {len(corpus.vocabulary):,} words, "
        f"dim {chosen.dim}, defaults otherwise"
    )
    epochs, scores = [], {}
    if "word2vec" in chosen.only:
        print(_ROW.format("", "batch", "seconds", "tokens/s", "kept/s", "loss"), flush=True)
        for epoch in _epochs(corpus, device, chosen):
            epochs.append(epoch)
            print(_row(epoch), flush=True)
        scores = _scores(corpus, device, chosen)
    matrices = list(_matrices(corpus, device, chosen))
    if chosen.json:
        content = {
            "machine": machine,
            "corpus": {"tokens": corpus.n_tokens, "words": len(corpus.vocabulary)},
            "checks": [check._asdict() for check in checks],
            "epochs": [dataclasses.asdict(epoch) for epoch in epochs],
            "scores": scores,
            "matrices": [dataclasses.asdict(measure) for measure in matrices],
        }
        chosen.json.write_text(json.dumps(content, indent=1) + "\n", "utf-8")
    return 0 if all(check.passed for check in checks) else 1


def _matrices(corpus: Corpus, device: str, chosen: argparse.Namespace) -> Iterator[Measure]:
    """Measure GloVe and SVD; print and yield what is found."""
    measures: dict[str, tuple[str, Iterator[Measure]]] = {
        "glove": (
            "cost", measure_glove(corpus, device, chosen.dim, chosen.batch, chosen.epochs)
        ),
        "svd": ("differs by", measure_svd(corpus, device, chosen.dim)),
    }  # fmt: skip
    for name, (found, measured) in measures.items():
        if name not in chosen.only:
            continue
        print("\n" + _ROW.format("", "batch", "seconds", "entries/s", found, ""), flush=True)
        for measure in measured:
            speed = f"{measure.entries / measure.seconds / 1e6:.2f} M"
            row = (measure.name, measure.how, f"{measure.seconds:.3f}", speed)
            print(_ROW.format(*row, f"{measure.found:.3g}", "").rstrip(), flush=True)
            yield measure


def _device_facts(device: str) -> dict[str, Any]:
    import torch

    if device == "cpu":
        name = f"torch on the CPU, {torch.get_num_threads()} threads"
    else:
        properties = torch.cuda.get_device_properties(device)
        name = (
            f"{properties.name}, {properties.total_memory / 1e9:.0f} GB, CUDA {torch.version.cuda}"
        )
    return {"device": name, "torch": torch.__version__}


def _corpus(source: str, tokens: int | None) -> Corpus:
    """Return a corpus, or its first sentences: about so many tokens."""
    import numpy as np

    from textrep import Corpus

    say(f"building {source}")
    corpus = Corpus.build(source, tokenizer="text8")
    if tokens is None or tokens >= corpus.n_tokens:
        return corpus
    n = int(np.searchsorted(corpus.sentence_offsets, tokens))
    return Corpus.build(list(itertools.islice(corpus.sentences(), n)))


def _epochs(corpus: Corpus, device: str, chosen: argparse.Namespace) -> Iterator[_Epoch]:
    for objective in chosen.objective or _OBJECTIVES:
        for architecture in _ARCHITECTURES:
            name = f"{architecture} {objective}"
            settings = settings_of(
                architecture=architecture, objective=objective, dim=chosen.dim, epochs=1
            )
            for batch in (None, *chosen.batch):
                say(f"  {name}, {f'batch {batch}' if batch else 'compiled kernels'}")
                yield _epoch(corpus, device, settings, name, batch)


def _trainer(corpus: Corpus, device: str, settings: Settings, batch: int | None) -> Trainer:
    """Return what trains with torch in steps of ``batch`` words; None: with compiled kernels."""
    from textrep.sgd.word2vec import Word2VecTrainer
    from textrep.sgd.word2vec_torch import Word2VecTorchTrainer

    text = corpus.tokens, corpus.sentence_offsets, corpus.vocabulary.counts
    if batch is None:
        return Word2VecTrainer(settings, *text)
    return Word2VecTorchTrainer(settings, *text, device, batch)


def _epoch(corpus: Corpus, device: str, settings: Settings, name: str, batch: int | None) -> _Epoch:
    import torch

    # The first time compiles, or loads the device's code and takes its memory.
    list(_trainer(corpus, device, settings, batch).train(0, range(1)))
    trainer = _trainer(corpus, device, settings, batch)
    on_gpu = batch is not None and device != "cpu"
    if on_gpu:
        torch.cuda.reset_peak_memory_stats(device)
    tokens = min(corpus.n_tokens, _MOST_TOKENS.get(settings.objective, corpus.n_tokens))
    begun = time.perf_counter()
    parts = list(trainer.train(0, range(-(-trainer.n_parts * tokens // corpus.n_tokens))))
    seconds = time.perf_counter() - begun
    return _Epoch(
        name,
        batch,
        seconds,
        sum(part.work for part in parts),
        sum(part.kept for part in parts),
        sum(part.loss for part in parts) / max(1, sum(part.examples for part in parts)),
        torch.cuda.max_memory_allocated(device) / 1e6 if on_gpu else None,
    )


def _row(epoch: _Epoch) -> str:
    return _ROW.format(
        epoch.name,
        epoch.batch or "compiled",
        f"{epoch.seconds:.3f}",
        f"{epoch.tokens / epoch.seconds / 1e6:.2f} M",
        f"{epoch.kept / epoch.seconds / 1e6:.2f} M",
        f"{epoch.loss:.4f}",
    )


def _scores(corpus: Corpus, device: str, chosen: argparse.Namespace) -> dict[str, dict[str, float]]:
    """Train skip-gram with negative sampling; print and return the scores, by benchmark."""
    from textrep import WordVectors, evaluate

    settings = settings_of(dim=chosen.dim, epochs=chosen.epochs)
    models = {}
    for batch in (None, *chosen.batch):
        name = f"batch {batch}" if batch else "compiled"
        say(f"  training for the scores: {name}")
        trainer = _trainer(corpus, device, settings, batch)
        for epoch in range(chosen.epochs):
            list(trainer.train(epoch, range(trainer.n_parts)))
        models[name] = WordVectors(corpus.vocabulary.words, trainer.vectors())
    found: dict[str, dict[str, float]] = {}
    for suite in chosen.suite:
        for result in evaluate(models, suite).results:
            if result.score is not None:
                found.setdefault(result.benchmark, {})[result.model] = result.score
    heads = "".join(f"{name:>12}" for name in models)
    print(f"\nscores after {chosen.epochs} epochs, skip-gram with negative sampling")
    print(f"{'':<24}{heads}")
    for benchmark, scores in found.items():
        figures = "".join(f"{scores.get(name, math.nan):>12.3f}" for name in models)
        print(f"{benchmark:<24}{figures}")
    return found


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m eval.speed.gpu",
        description="Check and measure word2vec, GloVe and SVD on a GPU, beside compiled kernels.",
    )
    parser.add_argument("--device", default="auto", help="auto, cpu, cuda, cuda:1, ... (auto)")
    parser.add_argument("--corpus", default="miniworld", help="name or text file (miniworld)")
    parser.add_argument("--tokens", type=_positive, help="use only so many tokens of it")
    parser.add_argument(
        "--only", nargs="+", choices=_PARTS, default=_PARTS, help="those to measure; default: all"
    )
    parser.add_argument("--dim", type=_positive, default=200, help="dimensions (200)")
    parser.add_argument("--epochs", type=_positive, default=5, help="for the scores (5)")
    parser.add_argument(
        "--batch", type=_positive, nargs="+", default=[1024, 4096, 16384],
        help="words of a step (1024 4096 16384)",
    )  # fmt: skip
    parser.add_argument(
        "--objective", nargs="+", choices=_OBJECTIVES, help="those to time; default: all"
    )
    parser.add_argument(
        "--suite", nargs="+", default=["miniworld"], help="benchmarks of the scores (miniworld)"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every figure there")
    return parser


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError
    return number


if __name__ == "__main__":
    sys.exit(main())
