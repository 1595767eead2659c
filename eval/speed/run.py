"""The command line of the speed comparisons."""

from __future__ import annotations

import argparse
import json
import tempfile
import textwrap
from collections.abc import Callable, Sequence
from pathlib import Path

from . import (
    cli,
    cooccurrence,
    corpus,
    encoding,
    glove,
    language_model,
    neighbors,
    svd,
    transformer,
    word2vec,
)
from .harness import Comparison, Settings, SpeedError, say
from .machine import cores, machine_facts, machine_lines
from .report import table

__all__ = ["COMPARISONS", "main"]

COMPARISONS: dict[str, Callable[[Settings], Comparison]] = {
    "corpus": corpus.compare,
    "cooccurrence": cooccurrence.compare,
    "svd": svd.compare,
    "glove": glove.compare,
    "word2vec": word2vec.skipgram,
    "word2vec-hs": word2vec.hierarchical,
    "word2vec-cbow": word2vec.cbow,
    "word2vec-subwords": word2vec.subwords,
    "lstm": language_model.compare,
    "transformer": transformer.compare,
    "encode-recurrent": encoding.recurrent,
    "encode-transformer": encoding.transformer,
    "neighbors": neighbors.compare,
    "cli": cli.compare,
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Make the comparisons, print their tables, and return 1 if one could not be made."""
    chosen = _parser().parse_args(arguments)
    names = chosen.only or list(COMPARISONS)
    if chosen.json:
        chosen.json.parent.mkdir(parents=True, exist_ok=True)  # now, not after an hour of runs
    machine = machine_facts()
    print("\n".join(machine_lines(machine)))
    print(f"{chosen.repeats} runs of each in turn, {chosen.threads} threads")
    done, failed = [], []
    with tempfile.TemporaryDirectory(prefix="textrep-speed-") as work:
        settings = Settings(
            work=Path(work),
            repeats=chosen.repeats,
            threads=chosen.threads,
            corpus=_absolute(chosen.corpus),
            data=_absolute(chosen.data),
            compile_cache=Path(work) / "compiled",
        )
        for name in names:
            say(f"{name}:")
            try:
                done.append(COMPARISONS[name](settings))
            except SpeedError as error:
                failed.append(name)
                print("\n" + textwrap.fill(f"{name}: not compared: {error}", 80), flush=True)
            else:
                print(f"\n{table(done[-1])}", flush=True)
    if chosen.json:
        content = {
            "machine": machine,
            "repeats": chosen.repeats,
            "threads": chosen.threads,
            "comparisons": [comparison.as_json() for comparison in done],
            "failed": failed,
        }
        chosen.json.write_text(json.dumps(content, indent=1) + "\n", "utf-8")
    return 1 if failed else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m eval.speed",
        description="Compare the speed and memory of textrep with its peers on this machine.",
    )
    parser.add_argument("--data", help="folder with corpora; default: $TEXTREP_DATA")
    parser.add_argument(
        "--corpus",
        help="name of a corpus, or a text file; default: general-en if it is there, else miniworld",
    )
    parser.add_argument("--only", action="append", choices=COMPARISONS, help="may be repeated")
    parser.add_argument("--repeats", type=_positive, default=5, help="runs of each side (5)")
    parser.add_argument("--threads", type=_positive, default=cores(), help="default: all cores")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every figure there")
    return parser


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError
    return number


def _absolute(name: str | None) -> str | None:
    """Make the name of a file or folder independent of the current folder."""
    return str(Path(name).resolve()) if name is not None and Path(name).exists() else name
