"""Subword tokenizers: learnt from text, or read from a file, by the tokenizers library."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
from collections.abc import Iterable, Iterator
from importlib.metadata import version
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from textrep.errors import CorpusError, InvalidParameterError, UnknownNameError

if TYPE_CHECKING:
    from tokenizers import Tokenizer

__all__ = ["SUBWORD_TOKENIZERS", "SubwordTokenizer", "train_subword"]

SUBWORD_TOKENIZERS = ("bpe", "unigram", "wordpiece")

_UNKNOWN = "[UNK]"
_SPACE = re.compile(r"[\s\x00-\x1f]+")


class SubwordTokenizer:
    """A tokenizer of the tokenizers library. It neither cuts nor pads, whatever its file says.

    Parameters
    ----------
    tokenizer : tokenizers.Tokenizer or str
        A trained one, or the text of its ``tokenizer.json``.
    name : str
        "bpe", "unigram", "wordpiece", or the path that it was read from.

    Raises
    ------
    CorpusError
        The text is not that of a tokenizer.
    """

    def __init__(self, tokenizer: Tokenizer | str, name: str) -> None:
        # The library writes floats that it does not read back to the last bit. What is used here is
        # what was read from the text that is saved, so it is the same before and after saving.
        self._json = tokenizer if isinstance(tokenizer, str) else tokenizer.to_str(pretty=True)
        self.name = name
        try:
            self.tokenizer: Tokenizer = _library().Tokenizer.from_str(self._json)
        # The library raises plain Exception, with its parser's words.
        except Exception as error:
            raise CorpusError(
                f"{name} is not a tokenizer.json of the tokenizers library ({error})."
            ) from error
        self.tokenizer.no_truncation()
        self.tokenizer.no_padding()

    @classmethod
    def from_file(cls, path: str | Path, name: str | None = None) -> SubwordTokenizer:
        """Read a ``tokenizer.json``; ``name`` is its path if not given.

        Raises
        ------
        CorpusError
            The file is missing or is not a tokenizer.
        """
        try:
            text = Path(path).read_text(encoding="utf-8")
        except (OSError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
            raise CorpusError(f"Cannot read the tokenizer {path}: {reason}.") from error
        return cls(text, str(path) if name is None else name)

    def tokenize_lines(self, lines: list[str]) -> list[list[str]]:
        """Return the subwords of each line, as the tokenizer spells them."""
        encoded = self.tokenizer.encode_batch(
            [_SPACE.sub(" ", line) for line in lines], add_special_tokens=False
        )
        return [encoding.tokens for encoding in encoded]

    def save(self, path: str | Path) -> None:
        """Write ``tokenizer.json``; `from_file` reads it."""
        Path(path).write_text(self._json, encoding="utf-8")

    def describe(self) -> dict[str, object]:
        """Return the name, the vocabulary's size, the file's checksum, the library's version."""
        return {
            "name": self.name,
            "vocab_size": self.tokenizer.get_vocab_size(),
            "sha256": hashlib.sha256(self._json.encode()).hexdigest(),
            "tokenizers": version("tokenizers"),
        }


def train_subword(
    kind: str, texts: Iterable[str], vocab_size: int = 30_000, *, lowercase: bool = True
) -> Tokenizer:
    """Learn a subword tokenizer.

    Parameters
    ----------
    kind : {"bpe", "unigram", "wordpiece"}
        Byte-pair encoding [1]_ over bytes: every text can be spelt. A unigram language model [2]_
        or WordPiece [3]_ over characters: of one that the texts do not have, the first makes a
        token of its own without a number, the second makes the word ``[UNK]``.
    texts : iterable of str
        Lines or documents; it is read twice, so no iterator.
    vocab_size : int, default=30_000
        Number of tokens aimed at; a short text gives fewer. At least 257 for "bpe"; room for each
        character of the texts for "unigram", and twice that for "wordpiece".
    lowercase : bool, default=True
        Whether texts are lower-cased, here and whenever the tokenizer is used.

    Returns
    -------
    tokenizers.Tokenizer
        "bpe" and "wordpiece": the same for the same texts. "unigram": see Notes.

    Raises
    ------
    UnknownNameError
        There is no such kind.
    InvalidParameterError
        ``vocab_size`` is too small for the characters of the text.
    CorpusError
        There is no text to learn from, or ``texts`` is an iterator.

    Notes
    -----
    Training uses one thread. Even so, the library's unigram trainer adds probabilities in the order
    of a hash table that differs from run to run, so the last digits of scores differ, and where two
    splits of a word are about as likely, so may the tokens. To repeat a result exactly, keep the
    ``tokenizer.json`` and use it.

    References
    ----------
    .. [1] R. Sennrich, B. Haddow and A. Birch (2016). Neural machine translation of rare words with
       subword units. ACL.
    .. [2] T. Kudo (2018). Subword regularization: improving neural network translation models with
       multiple subword candidates. ACL.
    .. [3] M. Schuster and K. Nakajima (2012). Japanese and Korean voice search. ICASSP.
    """
    if kind not in SUBWORD_TOKENIZERS:
        raise UnknownNameError("subword tokenizer", kind, SUBWORD_TOKENIZERS)
    if isinstance(texts, Iterator):
        raise CorpusError(
            "Texts to learn a tokenizer from are read more than once: pass a list, not an iterator."
        )
    tokenizer, trainer_class, options = _untrained(kind, lowercase)
    characters = _characters(texts, tokenizer)
    if not characters:
        raise CorpusError(f"There is no text to learn the {kind} tokenizer from.")
    # WordPiece spells each character in two ways, at the start of a word and inside it.
    least = {"bpe": 257, "unigram": 2 + len(characters), "wordpiece": 2 + 2 * len(characters)}[kind]
    if vocab_size < least:
        rule = f"at least {least}, for the characters there are"
        raise InvalidParameterError("vocab_size", "train_subword", rule, vocab_size)
    if kind == "wordpiece":
        # Without this the library numbers characters, and breaks ties, in the order of a hash
        # table that differs from run to run.
        options["special_tokens"] += [*characters, *(f"##{c}" for c in characters)]
    trainer = trainer_class(vocab_size=vocab_size, show_progress=False, **options)
    with _one_thread():
        tokenizer.train_from_iterator(texts, trainer)
    return _without_special_characters(tokenizer) if kind == "wordpiece" else tokenizer


def _characters(texts: Iterable[str], tokenizer: Tokenizer) -> list[str]:
    """Return the characters but white space that the tokenizer will see, in order."""
    found: set[str] = set()
    for text in texts:
        found.update(text)
    text = "".join(sorted(found))
    if tokenizer.normalizer is not None:
        text = tokenizer.normalizer.normalize_str(text)
    return sorted(character for character in set(text) if not character.isspace())


def _without_special_characters(tokenizer: Tokenizer) -> Tokenizer:
    """Return the tokenizer with plain characters where they had to be special for training."""
    settings = json.loads(tokenizer.to_str())
    settings["added_tokens"] = [
        token for token in settings["added_tokens"] if token["content"] == _UNKNOWN
    ]
    trained: Tokenizer = type(tokenizer).from_str(json.dumps(settings))
    return trained


def _untrained(kind: str, lowercase: bool) -> tuple[Tokenizer, Any, dict[str, Any]]:
    """Return a tokenizer that knows nothing yet, the class of its trainer, and its options."""
    library = _library()
    from tokenizers import decoders, models, normalizers, pre_tokenizers, trainers

    trainer: Any
    options: dict[str, Any]
    if kind == "bpe":
        tokenizer = library.Tokenizer(models.BPE())
        tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=True)
        tokenizer.decoder = decoders.ByteLevel()
        options = {"initial_alphabet": sorted(pre_tokenizers.ByteLevel.alphabet())}
        trainer = trainers.BpeTrainer
    elif kind == "unigram":
        tokenizer = library.Tokenizer(models.Unigram())
        tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
        tokenizer.decoder = decoders.Metaspace()
        options = {"special_tokens": ["<unk>"], "unk_token": "<unk>"}
        trainer = trainers.UnigramTrainer
    else:
        tokenizer = library.Tokenizer(models.WordPiece(unk_token=_UNKNOWN))
        tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
        tokenizer.decoder = decoders.WordPiece()
        options = {"special_tokens": [_UNKNOWN]}
        trainer = trainers.WordPieceTrainer
    if lowercase:
        tokenizer.normalizer = normalizers.Lowercase()
    return tokenizer, trainer, options


def _library() -> ModuleType:
    # The corpus builder has threads of its own, and the library warns on standard error if a
    # process that used its threads forks. Whoever sets the variable decides.
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    import tokenizers

    return tokenizers


@contextlib.contextmanager
def _one_thread() -> Iterator[None]:
    before = os.environ["TOKENIZERS_PARALLELISM"]
    os.environ["TOKENIZERS_PARALLELISM"] = "false"
    try:
        yield
    finally:
        os.environ["TOKENIZERS_PARALLELISM"] = before
