"""The most memory that counting and what follows take stays below the cap and what is stated."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from counting import peak

MEMORY = 1 << 24
SLACK = 4 << 20  # lists, threads, and what the allocator keeps

# As documented: of each thread and three more, sums of 8 bytes a context and 12 bytes an entry of a
# block; and 64 bytes a word.
COUNTING = (peak.N_JOBS + 3) * (8 * peak.WORDS + 12 * (1 << 18)) + 64 * peak.WORDS
# Vectors: two numbers a word and a context, and one more a context for each part that waits.
TRANSFORMING = 8 * peak.WORDS * (4 + peak.N_JOBS + 2)
# The vectors that come out, and a few blocks: 4 · (2 · rank + 400) bytes a row and a column.
DECOMPOSING = 4 * (2 * peak.RANK + 400) * 2 * peak.WORDS
# Of each word and context: the drawn vector, then it, its bias and their sums; and a few numbers.
TRAINING = 2 * peak.WORDS * (4 * 3 * (peak.GLOVE.dim + 1) + 64)


def run(*arguments: object) -> dict[str, Any]:
    """Run the program that measures, in a process of its own."""
    ended = subprocess.run(
        [sys.executable, "-m", "counting.peak", *map(str, arguments)],
        cwd=Path(__file__).parents[1],
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert ended.returncode == 0, ended.stderr
    facts: dict[str, Any] = json.loads(ended.stdout)
    return facts


@pytest.mark.skipif(
    not Path("/proc/self/status").is_file()
    or "RssAnon" not in Path("/proc/self/status").read_text("ascii"),
    reason="this system does not tell how much memory is a process's own",
)
def test_the_cap_holds() -> None:
    capped, free = run(MEMORY), run()
    assert capped["counts"] == free["counts"]
    assert capped["values"] == free["values"]
    limits = {
        "counts": MEMORY + COUNTING + SLACK,
        "ppmi": TRANSFORMING + SLACK,
        "svd": DECOMPOSING + SLACK,
        "glove": TRAINING + SLACK,
    }
    for name, limit in limits.items():
        assert capped["peaks"][name] <= limit, name
        assert free["peaks"][name] > limit, f"{name}: the matrix is too small to test anything"
