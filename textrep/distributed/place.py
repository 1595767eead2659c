"""Where a corpus is, for workers that open it themselves."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from textrep.corpus.encoded import Corpus
from textrep.errors import CorpusError

__all__ = ["CorpusPlace", "trouble_with"]


class CorpusPlace(NamedTuple):
    """Where a corpus is, and which it is, for workers that open it themselves.

    Attributes
    ----------
    path : str
        The folder, absolute; on a file system that every worker sees.
    fingerprint : str
        Of its content.
    """

    path: str
    fingerprint: str

    @classmethod
    def of(cls, corpus: Corpus) -> CorpusPlace:
        """Return the place of a corpus."""
        return cls(str(Path(corpus.path).resolve()), corpus.fingerprint)

    def open(self) -> Corpus:
        """Open the corpus, on a worker; it stays open for the tasks that follow.

        Raises
        ------
        CorpusError
            It cannot be read, or it is another one.
        """
        if self not in _opened:
            corpus = Corpus.open(self.path)
            if corpus.fingerprint != self.fingerprint:
                raise CorpusError(f"{self.path} is another corpus there than here.")
            _opened.clear()  # a worker seldom needs two
            _opened[self] = corpus
        return _opened[self]


_opened: dict[CorpusPlace, Corpus] = {}


def trouble_with(place: CorpusPlace) -> str:
    """Return why a worker cannot use a corpus, or nothing. Runs on the worker."""
    try:
        place.open()
    except (CorpusError, OSError) as error:
        return str(error)
    return ""
