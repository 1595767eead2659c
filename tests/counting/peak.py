"""A program that prints the most memory of its own that counting, PPMI, SVD and GloVe take.

It is run by ``test_peak.py``, in a process of its own so that nothing else is measured. Maps of
files do not count: the system takes their pages back when it needs them.
"""

from __future__ import annotations

import json
import re
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from counting.corpora import MemoryCorpus

from textrep.counting import Window, count_cooccurrences, pmi
from textrep.linalg import truncated_svd
from textrep.sgd.glove import GloVeSettings, GloVeTrainer

RANK = 20
N_JOBS = 2
WORDS = 8_000
TOKENS = 500_000
WINDOW = Window(8)
GLOVE = GloVeSettings(
    dim=15, x_max=10.0, alpha=0.75, weighting="power", adagrad="stanford", learning_rate=0.05,
    clip=100.0, vectors="sum", random_state=0,
)  # fmt: skip


def own_memory() -> int:
    """Bytes that the process has of its own."""
    status = Path("/proc/self/status").read_text("ascii")
    return 1024 * int(re.findall(r"RssAnon:\s*(\d+)", status)[0])


def peak(work: Callable[[], Any]) -> tuple[Any, int]:
    """Return what ``work`` returns, and the most bytes that it took meanwhile."""
    before, most, ended = own_memory(), 0, threading.Event()

    def watch() -> None:
        nonlocal most
        while not ended.is_set():
            most = max(most, own_memory() - before)
            time.sleep(0.001)

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        result = work()
    finally:
        ended.set()
        thread.join()
    return result, most


def corpus(n_words: int, n_tokens: int) -> MemoryCorpus:
    """Words that are about as frequent as those of a language, each there at least once."""
    random = np.random.default_rng(0)
    some = (n_words * random.random(n_tokens) ** 2).astype(np.int32)
    words = np.concatenate([np.arange(n_words, dtype=np.int32), some])
    made = MemoryCorpus([[[0]]], n_words)
    made.tokens, made.sentence_offsets = words, np.arange(0, len(words) + 1, 4)
    made.sentence_offsets[-1] = len(words)
    made.document_offsets = np.array([0, len(made.sentence_offsets) - 1])
    counts = np.bincount(words, minlength=n_words)
    object.__setattr__(made.vocabulary, "counts", counts)
    return made


def main(memory: int | None) -> None:
    """Print the peaks as JSON."""
    window = Window(WINDOW.size, boundary="none")
    on_disk = memory is not None

    def svd(matrix: Any) -> Any:
        return truncated_svd(matrix, RANK, tolerance=0.02, memory=memory, n_jobs=N_JOBS)

    def glove(counts: Any) -> None:
        trainer = GloVeTrainer(counts, GLOVE, N_JOBS, on_disk=on_disk)
        for _ in trainer.train(0, range(trainer.n_parts)):
            pass

    little = count_cooccurrences(corpus(1500, 20_000), window, memory=memory, n_jobs=N_JOBS)
    svd(pmi(little, positive=True, on_disk=on_disk, n_jobs=N_JOBS))
    glove(little)  # everything is compiled now
    text = corpus(WORDS, TOKENS)
    counts, counting = peak(lambda: count_cooccurrences(text, window, memory=memory, n_jobs=N_JOBS))
    values, transforming = peak(lambda: pmi(counts, positive=True, on_disk=on_disk, n_jobs=N_JOBS))
    _, decomposing = peak(lambda: svd(values))
    _, training = peak(lambda: glove(counts))
    facts = {
        "counts": counts.nnz,
        "values": values.nnz,
        "peaks": {
            "counts": counting,
            "ppmi": transforming,
            "svd": decomposing,
            "glove": training,
        },
    }
    print(json.dumps(facts))


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else None)
