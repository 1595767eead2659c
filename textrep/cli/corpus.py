"""``textrep corpus``: encode text once, train everything from it."""

from __future__ import annotations

import functools
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from textrep.cli.cluster import Scheduler, computing_on
from textrep.cli.flags import Flag, config_option, flags_of, parameter, settings, with_options
from textrep.cli.framework import Command, Group, lazy_group, make_command
from textrep.cli.options import Json, OutputFolder, Quiet
from textrep.cli.output import columns, print_json, quantity, writing
from textrep.cli.progress import showing_progress

if TYPE_CHECKING:
    from textrep.corpus import Corpus
    from textrep.corpus.manifest import Manifest

__all__ = ["build_command", "group", "info"]

_BUILD = "Encode text into a folder of numbers, with a count of all that was dropped"


def group() -> Group:
    """Return the group ``textrep corpus``."""

    def corpus() -> None:
        """Encode text into a folder that every model trains from, or describe such a folder."""

    return lazy_group(
        "corpus",
        corpus,
        {"build": build_command, "info": "textrep.cli.corpus:info"},
        summaries={"build": _BUILD},
    )


_Inputs = Annotated[
    list[Path],
    typer.Argument(
        metavar="INPUT",
        help="Text files (.gz .bz2 .xz .zst too), .jsonl, .csv, .tsv, .parquet, folders, patterns, "
        "nltk:NAME, a name of 'textrep data list', or '-' for stdin.",
    ),
]


def build_command() -> Command:
    """Return ``textrep corpus build``, with a flag for each of the library's build options."""
    from textrep.corpus.options import BuildOptions

    flags = flags_of(BuildOptions)
    function = with_options(
        functools.partial(_build, flags),
        before=[parameter("inputs", _Inputs), parameter("output", OutputFolder)],
        flags=flags,
        after=[
            config_option(),
            parameter("scheduler", Scheduler, default=None),
            parameter("json", Json, default=False),
            parameter("quiet", Quiet, default=False),
        ],
    )
    function.__doc__ = f"""{_BUILD}.

    $ textrep corpus build texts/ more.txt.gz -o corpus --min-count 10
    """
    return make_command("build", function)


def _build(
    flags: Sequence[Flag],
    *,
    inputs: list[Path],
    output: Path,
    config: Path | None,
    scheduler: str | None,
    json: bool,
    quiet: bool,
    **given: Any,
) -> None:
    from textrep.corpus import Corpus

    options = settings(flags, given, config)
    started = time.perf_counter()
    with computing_on(scheduler) as cluster, showing_progress(quiet), writing(output):
        # Paths, not strings: a list of strings could be documents.
        if cluster is None:
            corpus = Corpus.build(inputs, output, **options)
        else:
            from textrep.distributed import build_corpus

            corpus = build_corpus(inputs, output, cluster, **options)
    _report(corpus, json, time.perf_counter() - started)


def info(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A folder of 'corpus build'.")],
    json: Json = False,
) -> None:
    """Describe an encoded corpus."""
    from textrep.corpus import Corpus

    _report(Corpus.open(folder), json, None)


def _report(corpus: Corpus, json: bool, seconds: float | None) -> None:
    """Print what was read and what became of it; ``seconds`` is None for a corpus of old."""
    manifest = corpus.manifest
    if json:
        facts: dict[str, Any] = {
            "path": str(corpus.path),
            "fingerprint": manifest.fingerprint,
            "tokenizer": manifest.tokenizer,
            "options": manifest.options,
            "sources": manifest.sources,
            "read": manifest.read,
            "dropped": manifest.dropped,
            "joined": manifest.joined,
            "kept": manifest.kept,
        }
        print_json(facts if seconds is None else facts | {"seconds": seconds})
        return
    print(corpus.path)
    print(columns(_counts(manifest), indent="  ", right=(1,)))
    if seconds is None:
        print(f"  tokenizer {manifest.tokenizer['name']}, fingerprint {corpus.fingerprint[:16]}")
    else:
        rate = quantity(manifest.read["tokens"] / seconds)
        print(f"  {seconds:.1f} s, {rate} tokens/s")


def _counts(manifest: Manifest) -> list[tuple[str, str]]:
    """Return rows in which the tokens read are those kept, dropped by each rule, and joined."""
    kept, read = manifest.kept, manifest.read
    rows = [
        ("documents", f"{kept['documents']:,}"),
        ("sentences", f"{kept['sentences']:,}"),
        ("words", f"{kept['types']:,}"),
        ("tokens read", f"{read['tokens']:,}"),
        ("  kept", f"{kept['tokens']:,}"),
    ]
    for rule, numbers in manifest.dropped.items():
        if numbers["tokens"]:
            rows.append((f"  dropped by {rule}", f"{numbers['tokens']:,}"))
    if manifest.joined:
        rows.append(("  joined into phrases", f"{manifest.joined:,}"))
    if read["invalid_utf8"]:
        rows.append(("broken UTF-8 replaced", f"{read['invalid_utf8']:,}"))
    return rows
