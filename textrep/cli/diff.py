"""``textrep diff``."""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from textrep.cli.evaluated import model_names
from textrep.cli.options import Json, Quiet, Seeds, Threads
from textrep.cli.output import columns, print_json, terminal_width
from textrep.cli.progress import showing_progress
from textrep.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from textrep.inspection import ChangedWord, Difference

__all__ = ["diff"]

_ABOVE = 3  # the exit code where more changed than --fail-above allows
_SHOWN = 5  # words that one model alone has


def diff(
    a: Annotated[
        Path, typer.Argument(metavar="A", help="A model folder or a file of word vectors.")
    ],
    b: Annotated[Path, typer.Argument(metavar="B", help="The one to compare it with.")],
    seeds: Seeds = None,
    number: Annotated[
        int, typer.Option("-n", "--number", metavar="N", min=1, help="How many words to list.")
    ] = 20,
    neighbors: Annotated[
        int,
        typer.Option("--neighbors", metavar="K", min=1, help="Neighbours of a word to compare."),
    ] = 10,
    min_count: Annotated[
        int,
        typer.Option(
            "--min-count", metavar="N", min=1, help="Compare words that are so frequent in both."
        ),
    ] = 1,
    fail_above: Annotated[
        float | None,
        typer.Option(
            "--fail-above",
            metavar="SHARE",
            min=0.0,
            max=1.0,
            help="Exit with 3 if a larger share of words changed beyond noise, which alone makes "
            "it 0.01.",
            show_default="exit with 0",
        ),
    ] = None,
    json: Json = False,
    threads: Threads = None,
    quiet: Quiet = False,
) -> None:
    """Align two models, and list the words that changed most, beside the noise of seeds.

    --seeds names models that were trained as A was, with other seeds. What they change is noise; a
    word has changed if it changed more than 99% of the words of its frequency do from seed to seed.
    Beside change (1 - cosine) and overlap of neighbours (Jaccard) stand those of noise.

    $ textrep diff svd svd-new
    $ textrep diff w2v w2v-new --seeds w2v-1 --seeds w2v-2 --fail-above 0.02
    """
    from textrep import inspection

    if fail_above is not None and not seeds:
        raise UsageError(f"--fail-above needs to know the noise. {_HOW_TO_KNOW}")
    names = model_names([a, b])
    with showing_progress(quiet):
        found = inspection.diff(a, b, seeds or [], min_count=min_count, n_jobs=threads)
        listed = found.most_changed(number, neighbors, threads)
    if json:
        print_json(_as_json(found, listed))
    else:
        print("\n".join(_lines(found, listed, names)))
    if fail_above is not None and (found.share or 0.0) > fail_above:
        raise typer.Exit(_ABOVE)


_HOW_TO_KNOW = "Train A again with other seeds (--seed 1), and name those models with --seeds."


def _as_json(found: Difference, listed: Sequence[ChangedWord]) -> dict[str, Any]:
    changed = found.changed
    return {
        "words": len(found.words),
        "only_a": len(found.only_a),
        "only_b": len(found.only_b),
        "without_vector": found.without_vector,
        "seeds": len(found.seeds),
        "median_change": found.median_change,
        "changed": None if changed is None else int(changed.sum()),
        "share": found.share,
        "false_share": found.false_share,
        "bands": [band._asdict() for band in found.bands],
        "most_changed": [word._asdict() for word in listed],
    }


def _lines(found: Difference, listed: Sequence[ChangedWord], names: Sequence[str]) -> Iterator[str]:
    width = terminal_width() or 80
    for paragraph in (_words(found, names), _verdict(found)):
        yield textwrap.fill(paragraph, width, break_on_hyphens=False)
    if listed:
        yield ""
        yield _table(listed, width)


def _words(found: Difference, names: Sequence[str]) -> str:
    """Return which words were compared, and which were not."""
    text = f"{len(found.words):,} words compared."
    for name, only in zip(names, (found.only_a, found.only_b), strict=True):
        if only:
            more = ", …" if len(only) > _SHOWN else ""
            text += f" Only in {name}: {len(only):,} ({', '.join(only[:_SHOWN])}{more})."
    if found.without_vector:
        text += f" Left out, because one has a zero vector: {found.without_vector:,}."
    return text


def _verdict(found: Difference) -> str:
    """Return how much changed, and what of it is noise."""
    text = f"Median change, 1 - cosine after alignment: {found.median_change:.3f}"
    if found.share is None or found.changed is None or found.false_share is None:
        return f"{text}. No noise is known, and other seeds change words, too. {_HOW_TO_KNOW}"
    number, n_seeds = int(found.changed.sum()), len(found.seeds)
    text += (
        f". Changed beyond noise, the 99% of their frequency with {n_seeds} other "
        f"{'seed' if n_seeds == 1 else 'seeds'}: {number:,} words, {100 * found.share:.1f}%"
    )
    if not number:
        return f"{text}."
    return f"{text}; noise alone accounts for about {100 * found.false_share:.0f}% of them."


def _table(listed: Sequence[ChangedWord], width: int) -> str:
    """Return the words, a row each; columns of what is not known are left out."""
    head = ("word", "in A", "in B", "change", "noise", "overlap", "noise", "new neighbours")
    rows = [head]
    for word in listed:
        new = [near for near in word.neighbors_b if near not in word.neighbors_a]
        rows.append(
            (
                word.word,
                "" if word.count_a is None else f"{word.count_a:,}",
                "" if word.count_b is None else f"{word.count_b:,}",
                f"{word.change:.3f}",
                "" if word.limit is None else f"{word.limit:.3f}",
                f"{word.overlap:.2f}",
                "" if word.seed_overlap is None else f"{word.seed_overlap:.2f}",
                ", ".join(new[:2]),
            )
        )
    known = [place for place in range(len(head)) if any(row[place] for row in rows[1:])]
    numbers = [at for at, place in enumerate(known) if 0 < place < len(head) - 1]
    return columns([[row[place] for place in known] for row in rows], right=numbers, width=width)
