"""How a build finds its tokenizer, and the processes that run those of Python."""

from __future__ import annotations

import io
import os
import signal
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from textrep.corpus import tokenization
from textrep.corpus.options import BuildOptions
from textrep.corpus.readers import Source, sources
from textrep.corpus.tokenization import Tokenization, TokenizerProcess, separate_tokens
from textrep.corpus.tokenizers import text_tokenizer
from textrep.errors import CorpusError, UnknownNameError

TEXT = sources(["some plain text", "and more"])


def prepared(name: str, given: list[Source] = TEXT) -> Tokenization:
    return Tokenization.prepare(BuildOptions(tokenizer=name, vocab_size=40), given)


@pytest.mark.parametrize(
    ("name", "characters", "process", "subword"),
    [("simple", "simple", False, False), ("text8", "text8", False, False),
     ("char", "pretokenized", True, False), ("nltk:tweet", "pretokenized", True, False),
     ("wordpiece", "pretokenized", False, True)],
)  # fmt: skip
def test_what_runs_where(name: str, characters: str, process: bool, subword: bool) -> None:
    found = prepared(name)
    assert found.characters == characters
    assert found.needs_process is process
    assert found.subword is subword
    assert found.describe()["name"] == name


def test_an_unknown_tokenizer() -> None:
    with pytest.raises(UnknownNameError, match="Did you mean 'simple'"):
        prepared("simpel")
    with pytest.raises(CorpusError, match="Cannot read the tokenizer"):
        prepared("absent/tokenizer.json")
    with pytest.raises(UnknownNameError, match="Unknown tokenizer '5'"):
        Tokenization.prepare(BuildOptions(tokenizer=5), TEXT)  # type: ignore[arg-type]


def test_learning_needs_text_that_can_be_read_twice() -> None:
    once = Source("a pipe", TEXT[0].open, None, reopenable=False)
    with pytest.raises(CorpusError, match="reads the text twice, and a pipe can be read only once"):
        prepared("bpe", [once])
    tokens = sources([["a", "b"]])
    with pytest.raises(CorpusError, match="comes in tokens"):
        prepared("bpe", tokens)
    assert prepared("simple", tokens).describe() == {"name": "pretokenized"}


@given(st.lists(st.text("ab \u3000\t", max_size=6), min_size=1, max_size=6))
def test_lines_stay_lines(lines: list[str]) -> None:
    separated = separate_tokens(text_tokenizer("char"), "\n".join(lines).encode()).decode()
    expected = text_tokenizer("char").tokenize_lines(lines)
    assert [[t for t in line.split("\x1f") if t] for line in separated.split("\n")] == expected
    for line, after in zip(lines, separated.split("\n"), strict=True):
        assert (after == "") == (line.strip(" \t") == "")


def test_a_process_gives_what_the_tokenizer_gives() -> None:
    process = TokenizerProcess("nltk:treebank")
    try:
        for text in (b"", b"It isn't.\n\nNo?", "é".encode() * 300_000, b"last"):
            assert process(text) == separate_tokens(text_tokenizer("nltk:treebank"), text)
    finally:
        process.close()


def test_a_process_that_ends_is_noticed(capfd: pytest.CaptureFixture[str]) -> None:
    process = TokenizerProcess("char")
    assert process(b"ab") == b"a\x1fb"
    os.kill(process._process.pid, signal.SIGKILL)
    process._process.wait()
    for _ in range(2):
        with pytest.raises(CorpusError, match="process ended"):
            process(b"ab" * 100_000)
    process.close()
    assert capfd.readouterr().err == ""


def test_an_answer_that_is_cut_is_no_answer() -> None:
    whole = io.BytesIO()
    tokenization._send(whole, b"some tokens")
    for size in range(len(whole.getvalue())):
        assert tokenization._receive(io.BytesIO(whole.getvalue()[:size])) is None
    assert tokenization._receive(io.BytesIO(whole.getvalue())) == b"some tokens"


def test_ctrl_c_is_not_for_the_process() -> None:
    """A terminal sends it to the whole group; only the build shall answer it."""
    process = TokenizerProcess("char")
    assert process(b"a") == b"a"
    assert os.getpgid(process._process.pid) != os.getpgid(0)
    process.close()
    assert process._process.returncode is not None


def test_a_process_serves_threads_of_its_own() -> None:
    answers: list[bytes] = []

    def run() -> None:
        process = TokenizerProcess("char")
        answers.append(process(b"ab"))
        process.close()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [b"a\x1fb"] * 2
