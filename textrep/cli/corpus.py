"""``textrep corpus``: encode text once, train everything from it."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from textrep.cli.framework import Group, lazy_group
from textrep.cli.options import Json, OutputFolder, Overwrite, Quiet, Threads
from textrep.cli.output import columns, print_json, quantity, writing
from textrep.cli.progress import showing_progress
from textrep.errors import InputError, UsageError

if TYPE_CHECKING:
    from textrep.corpus import Corpus
    from textrep.corpus.manifest import Manifest

__all__ = ["build", "group", "info"]


def group() -> Group:
    """Return the group ``textrep corpus``."""

    def corpus() -> None:
        """Encode text into a folder that every model trains from, or describe such a folder."""

    here = "textrep.cli.corpus"
    return lazy_group("corpus", corpus, {"build": f"{here}:build", "info": f"{here}:info"})


def build(
    inputs: Annotated[
        list[str],
        typer.Argument(
            metavar="INPUT",
            help="Text files (.gz .bz2 .xz .zst too), .jsonl, .csv, .parquet, folders, globs, "
            "nltk:NAME, a name of 'textrep data list', or '-' for stdin.",
        ),
    ],
    output: OutputFolder,
    tokenizer: Annotated[
        str,
        typer.Option(
            "--tokenizer",
            metavar="NAME",
            help="simple, text8, whitespace, char, nltk:treebank, nltk:tweet, bpe, unigram, "
            "wordpiece, or a tokenizer.json.",
        ),
    ] = "simple",
    sentences: Annotated[
        str,
        typer.Option(
            "--sentences",
            metavar="HOW",
            help="What ends a sentence: line, rules (punctuation), or none.",
        ),
    ] = "line",
    min_count: Annotated[
        int, typer.Option("--min-count", metavar="N", help="Drop words seen less often.")
    ] = 5,
    max_size: Annotated[
        int | None,
        typer.Option("--max-size", metavar="N", help="Keep the N most frequent words."),
    ] = None,
    min_df: Annotated[
        str,
        typer.Option(
            "--min-df",
            metavar="N|SHARE",
            help="Drop words in fewer documents: a number, or a share such as 0.001.",
        ),
    ] = "1",
    max_df: Annotated[
        str, typer.Option("--max-df", metavar="N|SHARE", help="Drop words in more documents.")
    ] = "1.0",
    stop_words: Annotated[
        str | None,
        typer.Option(
            "--stop-words", metavar="FILE|nltk:english", help="Words to drop, one a line."
        ),
    ] = None,
    words: Annotated[
        str | None,
        typer.Option("--words", metavar="FILE", help="Keep exactly these words, one a line."),
    ] = None,
    phrases: Annotated[
        int,
        typer.Option("--phrases", metavar="N", help="Passes that join frequent pairs of words."),
    ] = 0,
    phrase_score: Annotated[
        str, typer.Option("--phrase-score", metavar="NAME", help="word2vec or npmi.")
    ] = "word2vec",
    phrase_threshold: Annotated[
        float | None,
        typer.Option(
            "--phrase-threshold",
            metavar="X",
            help="Join pairs that score above this.",
            show_default="the score's own",
        ),
    ] = None,
    errors: Annotated[
        str,
        typer.Option(
            "--errors",
            metavar="POLICY",
            help="Broken UTF-8: replace (and count), or strict (stop).",
        ),
    ] = "replace",
    field: Annotated[
        str | None,
        typer.Option("--field", metavar="NAME", help="The field of JSON, CSV or Parquet to read."),
    ] = None,
    vocab_size: Annotated[
        int | None,
        typer.Option("--vocab-size", metavar="N", help="Size of a trained subword vocabulary."),
    ] = None,
    threads: Threads = None,
    overwrite: Overwrite = True,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Encode text into a folder: token numbers, a vocabulary, and a count of all that was dropped.

    $ textrep corpus build texts/ more.txt.gz -o corpus --min-count 10
    """
    from textrep.corpus import Corpus

    started = time.perf_counter()
    options: dict[str, Any] = {"vocab_size": vocab_size} if vocab_size is not None else {}
    with showing_progress(quiet), writing(output):
        corpus = Corpus.build(
            inputs,
            output,
            tokenizer=tokenizer,
            sentences=sentences,
            min_count=min_count,
            max_size=max_size,
            min_df=_count_or_share(min_df, "--min-df"),
            max_df=_count_or_share(max_df, "--max-df"),
            stop_words=_word_list(stop_words),
            words=_word_list(words),
            phrases=phrases,
            phrase_score=phrase_score,
            phrase_threshold=phrase_threshold,
            errors=errors,
            field=field,
            n_jobs=threads,
            overwrite=overwrite,
            **options,
        )
    _report(corpus, json, time.perf_counter() - started)


def info(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A folder of 'corpus build'.")],
    json: Json = False,
) -> None:
    """Describe an encoded corpus."""
    from textrep.corpus import Corpus

    _report(Corpus.open(folder), json, None)


def _count_or_share(text: str, option: str) -> int | float:
    """Read ``5`` as a number of documents and ``0.5`` as a share of them."""
    try:
        return float(text) if "." in text or "e" in text.lower() else int(text)
    except ValueError:
        raise UsageError(
            f"{option} must be a number of documents (5) or a share of them (0.5). Got {text!r}."
        ) from None


def _word_list(source: str | None) -> str | list[str] | None:
    """Return the lines of a file; ``nltk:…`` is left for the library to look up."""
    if source is None or source.startswith("nltk:"):
        return source
    try:
        text = Path(source).read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise InputError(f"{source} is not UTF-8 text: give a list of words, one a line.") from None
    return [line.strip() for line in text.splitlines() if line.strip()]


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
    invalid = manifest.read["invalid_utf8"]
    if invalid:
        print(f"  {invalid:,} broken UTF-8 sequences were replaced")
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
    return rows
