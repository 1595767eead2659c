"""Text to an encoded corpus on a cluster: each file is a shard that a worker reads and numbers.

What workers number is gathered in the order of the files, and the vocabulary is chosen from all of
it here, so the corpus is the same as one that is built on one machine.
"""

from __future__ import annotations

import os
import tempfile
from functools import partial
from pathlib import Path
from typing import Any

from textrep.corpus.build import build
from textrep.corpus.encoded import Corpus
from textrep.corpus.encoder import EncodedText, encode_text
from textrep.corpus.readers.paths import is_pattern
from textrep.corpus.stream import BlockStream
from textrep.corpus.tokenization import Tokenization
from textrep.distributed.cluster import Cluster
from textrep.errors import ClusterError
from textrep.progress import track

__all__ = ["build_corpus"]

_SHARD = ".shard"


def build_corpus(inputs: Any, output: str | Path, cluster: Cluster, **options: Any) -> Corpus:
    """Encode files of text into a corpus folder, on a cluster.

    Parameters
    ----------
    inputs : str, path, or list of these
        Files, folders and patterns, which every worker sees under the same absolute paths.
    output : str or path
        The folder; workers write beside it, so they must see that, too.
    cluster : Cluster
        Where to read and number the text. A file is read by one worker, so a corpus in as many
        files as there are threads, or more, is read fastest.
    **options
        See :class:`textrep.corpus.options.BuildOptions`; ``n_jobs`` counts threads here.

    Returns
    -------
    Corpus
        The same as :meth:`textrep.corpus.Corpus.build` makes; its manifest names absolute paths.

    Raises
    ------
    ClusterError
        An input is no file, a worker cannot write beside ``output``, or the cluster is lost.
    CorpusError
        An input cannot be read.
    VocabularyError
        No word is left in the vocabulary.
    """
    items = inputs if isinstance(inputs, list | tuple) else [inputs]
    encode = partial(_encode, cluster)
    build([_absolute(item) for item in items], output, encode=encode, **options)
    return Corpus.open(output)


def _absolute(item: Any) -> Any:
    """Return the absolute path of what names a file, a folder or a pattern."""
    if not isinstance(item, str | os.PathLike):
        return item
    path = Path(os.path.expanduser(item))
    return path.absolute() if os.path.lexists(path) or is_pattern(str(path)) else item


def _encode(
    cluster: Cluster,
    tokenization: Tokenization,
    path: Path,
    *,
    sentences: str,
    errors: str,
    n_jobs: int,
) -> EncodedText:
    """Do what :func:`textrep.corpus.encoder.encode_text` does, a file a task."""
    for source in tokenization.sources:
        if not os.path.isfile(source.name):
            raise ClusterError(
                f"Workers can read files only, and {source.name} is none: build without a cluster."
            )
    submit = cluster.client.submit
    with track("reading", len(tokenization.sources), "files") as task:
        futures = [
            submit(_encode_file, shard, str(path), sentences, errors, pure=False)
            for shard in tokenization.shards()
        ]
        cluster.wait(futures, task)
    whole = EncodedText(BlockStream(path), [])
    for future in futures:
        _append(whole, cluster.results([future])[0])
    for left in path.parent.glob(f"*{_SHARD}"):  # by workers that ended
        left.unlink(missing_ok=True)
    return whole


def _encode_file(tokenization: Tokenization, path: str, sentences: str, errors: str) -> EncodedText:
    """Encode one file on a worker, into a file of its own beside ``path``.

    Its name is new each time: a worker that was given up may still be writing to another.
    """
    try:
        handle, name = tempfile.mkstemp(suffix=_SHARD, dir=os.path.dirname(path))
    except OSError as error:
        raise ClusterError(
            f"A worker cannot write beside the corpus, to {os.path.dirname(path)} "
            f"({error.strerror}). Put it on a file system that every worker sees."
        ) from None
    os.close(handle)
    text = encode_text(tokenization, Path(name), sentences=sentences, errors=errors, n_jobs=1)
    text.tables = [table.trimmed() for table in text.tables]
    return text


def _append(whole: EncodedText, text: EncodedText) -> None:
    """Add what a worker has encoded; remove its file."""
    whole.stream.extend(text.stream, first_table=len(whole.tables))
    text.stream.remove()
    whole.tables += text.tables
    whole.n_bytes += text.n_bytes
    whole.invalid_utf8 += text.invalid_utf8
    whole.sources += text.sources
