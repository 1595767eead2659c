"""How the text of a build is cut into words: compiled code where there is some, else a tokenizer.

Tokenizers written in Python hold the interpreter's lock, so each worker thread has a process of its
own for them: the process reads blocks of text from a pipe and writes them back with the tokens
separated, and the compiled code goes on from there.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Any

from textrep.corpus.options import BuildOptions
from textrep.corpus.readers import UNIT_SEPARATOR, Source
from textrep.corpus.subword import SubwordTokenizer, train_subword
from textrep.corpus.tokenizers import (
    TextTokenizer,
    describe_byte_tokenizer,
    text_tokenizer,
    tokenizer_kind,
)
from textrep.errors import CorpusError

_BLANK = "".join(map(chr, range(33)))  # what an empty line may hold, as the compiled code has it

__all__ = ["Tokenization", "TokenizerProcess", "separate_tokens", "serve"]


@dataclass(frozen=True)
class Tokenization:
    """The sources of a build and what cuts them into words.

    Parameters
    ----------
    sources : list of Source
        The text.
    name : str
        Name of the tokenizer.
    tokenizer : TextTokenizer, optional
        The tokenizer, unless it is one that runs as compiled code.
    """

    sources: list[Source]
    name: str
    tokenizer: TextTokenizer | None = None

    @classmethod
    def prepare(cls, options: BuildOptions, sources: list[Source]) -> Tokenization:
        """Find the tokenizer by name; train it on the sources if it has to learn.

        Raises
        ------
        UnknownNameError
            There is no such tokenizer.
        CorpusError
            A tokenizer must be trained on text that can be read only once.
        """
        name = str(options.tokenizer)  # the path of a file may come as a Path
        kind = tokenizer_kind(name)
        if kind == "bytes":
            return cls(sources, name)
        if kind == "text":
            return cls(sources, name, text_tokenizer(name))
        for source in sources:
            if not source.reopenable:
                raise CorpusError(
                    f"A {name} tokenizer reads the text twice, and {source.name} can be read only "
                    "once. Write it to a file first."
                )
            if source.pretokenized:
                raise CorpusError(
                    f"A {name} tokenizer learns from text, and {source.name} comes in tokens. Join "
                    "them into strings, or choose another tokenizer."
                )
        trained = train_subword(name, _Lines(sources), options.vocab_size)
        return cls(sources, name, SubwordTokenizer(trained, name))

    def shards(self) -> Iterator[Tokenization]:
        """Yield the same for each source alone."""
        for source in self.sources:
            yield replace(self, sources=[source])

    @property
    def characters(self) -> str:
        """The character table that the compiled code uses."""
        return "pretokenized" if self.tokenizer else self.name

    @property
    def subword(self) -> bool:
        """Whether words are cut into pieces that a tokenizer learnt."""
        return isinstance(self.tokenizer, SubwordTokenizer)

    @property
    def needs_process(self) -> bool:
        """Whether the tokenizer holds the interpreter's lock."""
        return self.tokenizer is not None and not self.subword

    def describe(self) -> dict[str, Any]:
        """Return what the manifest says of the tokenizer."""
        if all(source.pretokenized for source in self.sources):
            return {"name": "pretokenized"}
        return self.tokenizer.describe() if self.tokenizer else describe_byte_tokenizer(self.name)

    def save(self, path: Path) -> None:
        """Write a tokenizer that was learnt to ``path``; others need no file."""
        if isinstance(self.tokenizer, SubwordTokenizer):
            self.tokenizer.save(path)


def separate_tokens(tokenizer: TextTokenizer, data: bytes) -> bytes:
    """Return the text with one separator between tokens and a line feed after each line.

    A line without a token is a lone separator unless it is empty, so that it ends no document.
    """
    lines = data.decode("utf-8").split("\n")
    return "\n".join(
        UNIT_SEPARATOR.join(tokens) or (UNIT_SEPARATOR if line.strip(_BLANK) else "")
        for line, tokens in zip(lines, tokenizer.tokenize_lines(lines), strict=True)
    ).encode()


class TokenizerProcess:
    """A process that runs :func:`separate_tokens` for one thread.

    Parameters
    ----------
    name : str
        Name of the tokenizer.
    """

    def __init__(self, name: str) -> None:
        code = "import sys; from textrep.corpus.tokenization import serve; serve(sys.argv[1])"
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and code
            [sys.executable, "-c", code, name],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,  # Ctrl-C is for us; this process ends when its pipe does
        )

    def __call__(self, data: bytes) -> bytes:
        """Tokenise a block.

        Raises
        ------
        CorpusError
            The process ended.
        """
        pipe_in, pipe_out = self._process.stdin, self._process.stdout
        if pipe_in is None or pipe_out is None:
            raise CorpusError("The tokenizer's process has no pipes.")
        try:
            _send(pipe_in, data)
        except BrokenPipeError:
            raise CorpusError("The tokenizer's process ended; its message is above.") from None
        answer = _receive(pipe_out)
        if answer is None:
            raise CorpusError("The tokenizer's process ended; its message is above.")
        return answer

    def stop(self) -> None:
        """End the process, even while another thread waits for its answer."""
        self._process.terminate()

    def close(self) -> None:
        """End the process and release its pipes."""
        self.stop()
        self._process.communicate()


def serve(name: str) -> None:
    """Tokenise blocks from standard input until it ends: the body of a tokenizer's process."""
    tokenizer = text_tokenizer(name)
    while (data := _receive(sys.stdin.buffer)) is not None:
        _send(sys.stdout.buffer, separate_tokens(tokenizer, data))


def _send(pipe: IO[bytes], data: bytes) -> None:
    pipe.write(len(data).to_bytes(8, "little") + data)
    pipe.flush()


def _receive(pipe: IO[bytes]) -> bytes | None:
    header = pipe.read(8)
    size = int.from_bytes(header, "little")
    data = pipe.read(size) if len(header) == 8 else b""
    return data if len(header) == 8 and len(data) == size else None


class _Lines:
    """The lines of the sources, as often as they are asked for."""

    def __init__(self, sources: list[Source]) -> None:
        self._sources = sources

    def __iter__(self) -> Iterator[str]:
        for source in self._sources:
            for data, _ in source.open():
                yield from data.decode("utf-8", "replace").split("\n")
