"""Tokenizers by name.

Three *byte tokenizers* (``simple``, ``text8``, ``whitespace``) run inside the encoder's kernel and
are only named here. A *text tokenizer* is Python: it turns lines into lists of tokens. A *subword
tokenizer* is learnt from the text first, by the tokenizers library, and is a text tokenizer then.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from importlib.metadata import version
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, Literal, Protocol

from textrep.corpus.sentences import split_sentences
from textrep.errors import CorpusError, InvalidParameterError, UnknownNameError

if TYPE_CHECKING:
    from tokenizers import Tokenizer

__all__ = [
    "BYTE_TOKENIZERS",
    "SUBWORD_TOKENIZERS",
    "TOKENIZERS",
    "CharTokenizer",
    "NltkTokenizer",
    "SubwordTokenizer",
    "TextTokenizer",
    "describe_byte_tokenizer",
    "text_tokenizer",
    "tokenizer_kind",
    "train_subword",
]

TOKENIZERS = {
    "simple": "runs of letters, digits and combining marks of any script, in lower case",
    "text8": "runs of a to z after lower-casing; everything else separates",
    "whitespace": "what white space separates, as it is",
    "char": "single characters; a run of white space is one space",
    "nltk:treebank": "Penn Treebank conventions: do n't, it 's, punctuation apart",
    "nltk:tweet": "words, emoticons, hashtags, handles and addresses of social media",
    "bpe": "subwords: byte-pair encoding over bytes, learnt from the text",
    "unigram": "subwords: a unigram language model, learnt from the text",
    "wordpiece": "subwords: WordPiece, learnt from the text",
}
"""Name and description of every tokenizer; besides, the path of a ``tokenizer.json`` is one."""

BYTE_TOKENIZERS = ("simple", "text8", "whitespace")
SUBWORD_TOKENIZERS = ("bpe", "unigram", "wordpiece")

_SPACE = re.compile(r"[\s\x00-\x1f]+")


class TextTokenizer(Protocol):
    """Turns lines of text into tokens.

    No token is empty or has a line break or the character U+001F in it. Calls from several threads
    at once are fine.
    """

    @property
    def name(self) -> str:
        """The name in `TOKENIZERS`, or the path of the file."""

    def tokenize_lines(self, lines: list[str]) -> list[list[str]]:
        """Return the tokens of each line."""

    def describe(self) -> dict[str, object]:
        """Return what fixes the result, for the corpus's manifest: name, parameters, versions."""


def tokenizer_kind(name: str) -> Literal["bytes", "text", "subword"]:
    """Return what kind of tokenizer a name means.

    Parameters
    ----------
    name : str
        A key of `TOKENIZERS`, or the path of a ``tokenizer.json``.

    Returns
    -------
    str
        "bytes": the encoder's kernel tokenizes; "subword": it has to be trained, see
        `train_subword`; "text": `text_tokenizer` has it.

    Raises
    ------
    UnknownNameError
        There is no such tokenizer.
    """
    if name in BYTE_TOKENIZERS:
        return "bytes"
    if name in SUBWORD_TOKENIZERS:
        return "subword"
    if name in TOKENIZERS or name.endswith(".json"):
        return "text"
    hint = "The path of a tokenizer.json will do too."
    raise UnknownNameError("tokenizer", name, TOKENIZERS, hint)


def text_tokenizer(name: str) -> TextTokenizer:
    """Return a tokenizer that is ready to use.

    Parameters
    ----------
    name : str
        "char", "nltk:treebank", "nltk:tweet", or the path of a ``tokenizer.json``.

    Raises
    ------
    UnknownNameError
        There is no such tokenizer, or it is one of the bytes or has to be trained.
    CorpusError
        The file is missing or is not a tokenizer.
    """
    if name in _TEXT_TOKENIZERS:
        return _TEXT_TOKENIZERS[name]()
    if name.endswith(".json"):
        return SubwordTokenizer.from_file(name)
    raise UnknownNameError("text tokenizer", name, _TEXT_TOKENIZERS)


def describe_byte_tokenizer(name: str) -> dict[str, object]:
    """Return what fixes the result of a byte tokenizer, for the corpus's manifest."""
    if name == "text8":
        return {"name": name}
    return {"name": name, "unicode": unicodedata.unidata_version}


class CharTokenizer:
    """Each character (code point) is a token; a run of white space or controls is one space.

    A line of nothing else has no tokens.
    """

    name = "char"

    def tokenize_lines(self, lines: list[str]) -> list[list[str]]:
        """Return the characters of each line."""
        spaced = (_SPACE.sub(" ", line) for line in lines)
        return [list(line) if line != " " else [] for line in spaced]

    def describe(self) -> dict[str, object]:
        """Return the name."""
        return {"name": self.name}


class NltkTokenizer:
    """One of NLTK's word tokenizers; neither needs data.

    Parameters
    ----------
    name : {"nltk:treebank", "nltk:tweet"}
        The Treebank tokenizer expects single sentences, so each line is split into sentences by
        `textrep.corpus.sentences` first; its lists of tokens are joined again.
    """

    def __init__(self, name: str) -> None:
        from nltk.tokenize import NLTKWordTokenizer, TweetTokenizer

        self.name = name
        self._splits = name == "nltk:treebank"
        self._tokenizer = NLTKWordTokenizer() if self._splits else TweetTokenizer()

    def tokenize_lines(self, lines: list[str]) -> list[list[str]]:
        """Return the tokens of each line."""
        tokenize: Callable[[str], list[str]] = self._tokenizer.tokenize
        if not self._splits:
            return [tokenize(_SPACE.sub(" ", line)) for line in lines]
        return [
            [token for sentence in split_sentences(line) for token in tokenize(sentence)]
            for line in (_SPACE.sub(" ", line) for line in lines)
        ]

    def describe(self) -> dict[str, object]:
        """Return the name and NLTK's version."""
        return {"name": self.name, "nltk": version("nltk")}


class SubwordTokenizer:
    """A tokenizer of the tokenizers library. It neither cuts nor pads, whatever its file says.

    Parameters
    ----------
    tokenizer : tokenizers.Tokenizer
        A trained one.
    name : str
        "bpe", "unigram", "wordpiece", or the path that it was read from.
    """

    def __init__(self, tokenizer: Tokenizer, name: str) -> None:
        tokenizer.no_truncation()
        tokenizer.no_padding()
        self.name = name
        self.tokenizer = tokenizer

    @classmethod
    def from_file(cls, path: str | Path, name: str | None = None) -> SubwordTokenizer:
        """Read a ``tokenizer.json``.

        Raises
        ------
        CorpusError
            The file is missing or is not a tokenizer.
        """
        tokenizer_class = _library().Tokenizer
        try:
            text = Path(path).read_text(encoding="utf-8")
        except (OSError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
            raise CorpusError(f"Cannot read the tokenizer {path}: {reason}.") from error
        try:
            return cls(tokenizer_class.from_str(text), str(path) if name is None else name)
        # The library raises plain Exception, with its parser's words.
        except Exception as error:
            raise CorpusError(
                f"{path} is not a tokenizer.json of the tokenizers library ({error})."
            ) from error

    def tokenize_lines(self, lines: list[str]) -> list[list[str]]:
        """Return the subwords of each line, as the tokenizer spells them."""
        encoded = self.tokenizer.encode_batch(
            [_SPACE.sub(" ", line) for line in lines], add_special_tokens=False
        )
        return [encoding.tokens for encoding in encoded]

    def save(self, path: str | Path) -> None:
        """Write ``tokenizer.json``; `from_file` reads it."""
        Path(path).write_text(self.tokenizer.to_str(pretty=True), encoding="utf-8")

    def describe(self) -> dict[str, object]:
        """Return the name, the vocabulary's size, a checksum, and the library's version."""
        return {
            "name": self.name,
            "vocab_size": self.tokenizer.get_vocab_size(),
            "sha256": hashlib.sha256(self.tokenizer.to_str().encode()).hexdigest(),
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
        or WordPiece [3]_ over characters: one that the text does not have becomes the unknown
        token, ``<unk>`` or ``[UNK]``.
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
        token for token in settings["added_tokens"] if token["content"] == "[UNK]"
    ]
    trained: Tokenizer = type(tokenizer).from_str(json.dumps(settings))
    return trained


def _untrained(kind: str, lowercase: bool) -> tuple[Tokenizer, Any, dict[str, Any]]:
    """Return a tokenizer that knows nothing yet, the class of its trainer, and its options."""
    library = _library()
    from tokenizers import decoders, models, normalizers, pre_tokenizers, trainers

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
        tokenizer = library.Tokenizer(models.WordPiece(unk_token="[UNK]"))
        tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
        tokenizer.decoder = decoders.WordPiece()
        options = {"special_tokens": ["[UNK]"]}
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


_TEXT_TOKENIZERS: dict[str, Callable[[], TextTokenizer]] = {
    "char": CharTokenizer,
    "nltk:treebank": lambda: NltkTokenizer("nltk:treebank"),
    "nltk:tweet": lambda: NltkTokenizer("nltk:tweet"),
}
