"""What all encoders can be told, and how their docstrings say it.

The parameters are fields of a dataclass, so that each encoder adds its own to those that all have
and writes no constructor; the same goes for the docstrings, where ``$parameters``, ``$attributes``
and ``$determinism`` stand for what is said here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Self

from textrep.checks import check_boolean, check_choice, check_integer, check_number
from textrep.errors import InvalidParameterError
from textrep.models.base import plain
from textrep.models.docstrings import fill_docstring, parameters_of
from textrep.models.iterative import IterativeModel
from textrep.optim.settings import TrainingParameters
from textrep.training import check_initial
from textrep.vectors.subwords import check_subwords

__all__ = ["INITIALISERS", "OBJECTIVES", "POOLINGS", "SOFTMAXES", "VECTORS", "EncoderParameters"]

OBJECTIVES = ("language-model", "masked", "sentences", "neighbours")
SOFTMAXES = ("tied", "full", "adaptive")
POOLINGS = ("mean", "max", "last", "first")
VECTORS = ("embedding", "contexts")
INITIALISERS = ("glorot", "he", "lecun", "orthogonal", "uniform")

_PARAMETERS = """\
dim : int, default=200
    Numbers of the embedding of a word, from 1 to 4096.
objective : {"language-model", "masked", "sentences", "neighbours"}, default="$objective"
    What is learnt. "language-model": the next word, the text being one stream. "masked": words that
    are hidden, from those around them. "sentences": to tell the same sentence, under another
    dropout mask, from the others of a batch. "neighbours": to tell the sentence that follows.
softmax : {"tied", "full", "adaptive"}, default="tied"
    What predicts words: a softmax by the embeddings, by vectors of its own, or an adaptive one,
    which is faster where there are tens of thousands of words.
pooling : {$poolings}, default="$pooling"
    How the vectors of a text's words become one.
vectors : {"embedding", "contexts"}, default="embedding"
    What the vector of a word is: its embedding, or the mean of its states in sentences.
occurrences : int, default=50
    About how many occurrences of a word that mean is of, 1 to 100,000; of rarer words all.
mask_share : float, default=0.15
    Share of the words that "masked" hides, above 0 up to 1.
temperature : float, default=0.05
    What divides the cosines of sentences, above 0.
longest : int, default=256
    Most words of a sequence, 1 to 100,000. Longer sentences are cut for "masked", and cut short for
    "sentences" and "neighbours"; texts to be encoded are cut, and their pieces pooled together.
bptt : int, default=35
    Words that a gradient of the language model goes back through, 1 to 10,000.
batch_tokens : int, optional
    Words of a batch, padding included, from 1 up. Default: 4096; of a language model, which is read
    as ``batch_tokens`` / ``bptt`` streams (fewer, for a short text to make ten steps), 1024.
accumulate : int, default=1
    Batches of a step, 1 to 10,000.
dropout : float, default=0.1
    Share of the numbers that embeddings, and what layers give, lose in training; below 1.
word_dropout : float, default=0.0
    Share of the words that a batch of training does without; below 1.
input_noise : float, default=0.0
    Standard deviation of what is added to each number of embeddings in training, 0 or more. Of
    vectors that were drawn, a number's is 1 / √dim.
label_smoothing : float, default=0.0
    Share of the loss that all words have in equal parts, 0 to 1.
subwords : bool, default=False
    Whether the embedding of a word is the mean of a vector of its own and those of its n-grams.
min_n : int, default=3
    Characters of the shortest n-gram, 1 to 100; a word is ``<word>``.
max_n : int, default=6
    Characters of the longest n-gram, ``min_n`` to 100.
buckets : int, default=2000000
    n-grams share so many vectors, 1 to 100,000,000. Those that no word uses take no memory.
initialiser : {"glorot", "he", "lecun", "orthogonal", "uniform"}, default="glorot"
    What the weights are drawn by.
initial : str, optional
    A model folder or a file of word vectors of ``dim`` numbers: the words that it has begin with
    its vectors. Default: embeddings are drawn.
frozen : bool, default=False
    Whether embeddings stay as ``initial`` has them.
holdout : float, default=0.0
    Share of the sentences, up to 0.9, that is kept out of the training to measure the loss on.
$training"""

_ATTRIBUTES = """\
vocabulary_ : Vocabulary
    The words and their counts.
word_vectors_ : ndarray of shape (n_words, dim), float32
    The embeddings; or mean states, of as many numbers as the encoder has units.
weights_ : dict of str to ndarray
    Everything that the network keeps, by name.
tokenizer_ : str or None
    The tokenizer that cut the corpus into subwords, as JSON.
history_ : list of dict
    For each epoch: mean ``loss`` of a prediction, ``examples`` (predictions), ``learning_rate`` at
    its start, ``seconds``, ``tokens`` and how many a second; of what is held out, if anything,
    ``held_out_loss``, ``accuracy``, and ``perplexity`` (``masked_perplexity`` of hidden words;
    ``bits_per_character`` of a corpus of characters)."""

_DETERMINISM = """\
Words, dropout and batches are drawn from the seed, so a training is repeatable, to the bit on a CPU
with the same number of torch threads."""


@dataclass(kw_only=True, eq=False, repr=False)
class EncoderParameters(TrainingParameters, IterativeModel):
    """The parameters that all encoders have."""

    poolings: ClassVar[tuple[str, ...]] = POOLINGS
    """What ``pooling`` may be."""

    dim: int = 200
    objective: str = "language-model"
    softmax: str = "tied"
    pooling: str = "mean"
    vectors: str = "embedding"
    occurrences: int = 50
    mask_share: float = 0.15
    temperature: float = 0.05
    longest: int = 256
    bptt: int = 35
    batch_tokens: int | None = None
    accumulate: int = 1
    dropout: float = 0.1
    word_dropout: float = 0.0
    input_noise: float = 0.0
    label_smoothing: float = 0.0
    subwords: bool = False
    min_n: int = 3
    max_n: int = 6
    buckets: int = 2_000_000
    initialiser: str = "glorot"
    initial: str | None = None
    frozen: bool = False
    holdout: float = 0.0

    def __init_subclass__(cls, **options: Any) -> None:
        """Put what all encoders have into the docstring of one."""
        super().__init_subclass__(**options)
        poolings = ", ".join(f'"{name}"' for name in cls.poolings)
        own = {"objective": cls.objective, "pooling": cls.pooling, "poolings": poolings}
        shared = {
            "parameters": _PARAMETERS,
            "attributes": _ATTRIBUTES,
            "determinism": _DETERMINISM,
        }
        fill_docstring(cls, shared, {"training": parameters_of(TrainingParameters)} | own)

    @property
    def predicts_words(self) -> bool:
        """Whether words are what is learnt, not sentences."""
        return self.objective in ("language-model", "masked")

    @property
    def is_uncertain(self) -> bool:
        """Whether a text that is read twice in training has two vectors."""
        return bool(self.dropout or self.word_dropout or self.input_noise)

    @property
    def most_tokens(self) -> int:
        """Words of a batch at most: ``batch_tokens``, or its default."""
        if self.batch_tokens is not None:
            return self.batch_tokens
        return 1024 if self.objective == "language-model" else 4096

    def plain(self) -> Self:
        """Return a copy whose parameters are Python's own numbers, as torch wants them."""
        return type(self)(**{name: plain(value) for name, value in self.get_params().items()})

    def check_shared(self) -> None:
        """Raise InvalidParameterError or UnknownNameError if a parameter breaks its rule."""
        name = type(self).__name__
        check_integer("dim", name, self.dim, 1, 4096)
        check_choice("objective", name, self.objective, OBJECTIVES)
        check_choice("softmax", name, self.softmax, SOFTMAXES)
        check_choice("pooling", name, self.pooling, self.poolings)
        check_choice("vectors", name, self.vectors, VECTORS)
        check_integer("occurrences", name, self.occurrences, 1, 100_000)
        check_number("mask_share", name, self.mask_share, 0.0, 1.0, above=True)
        check_number("temperature", name, self.temperature, 0.0, above=True)
        check_integer("longest", name, self.longest, 1, 100_000)
        check_integer("bptt", name, self.bptt, 1, 10_000)
        if self.batch_tokens is not None:
            check_integer("batch_tokens", name, self.batch_tokens, 1, 2**30)
        check_integer("accumulate", name, self.accumulate, 1, 10_000)
        check_number("dropout", name, self.dropout, 0.0, 0.99)
        check_number("word_dropout", name, self.word_dropout, 0.0, 0.99)
        check_number("input_noise", name, self.input_noise, 0.0)
        check_number("label_smoothing", name, self.label_smoothing, 0.0, 1.0)
        check_choice("initialiser", name, self.initialiser, INITIALISERS)
        check_boolean("subwords", name, self.subwords)
        check_subwords(name, self.min_n, self.max_n, self.buckets)
        check_initial(name, self.initial, False)
        check_boolean("frozen", name, self.frozen)
        check_number("holdout", name, self.holdout, 0.0, 0.9)
        self.check_training(name)
        self._check_combinations(name)

    def _check_combinations(self, name: str) -> None:
        if self.frozen and self.initial is None:
            raise InvalidParameterError("frozen", name, "False without initial vectors", True)
        if self.subwords and self.initial is not None:
            rule = "None with subwords, which compose the vectors of words"
            raise InvalidParameterError("initial", name, rule, self.initial)
        if self.halve_on_plateau and not self.holdout:
            rule = "False without a holdout, whose loss it looks at"
            raise InvalidParameterError("halve_on_plateau", name, rule, True)
        if self.label_smoothing and self.softmax == "adaptive":
            rule = "0 with an adaptive softmax, which never computes the probabilities of all words"
            raise InvalidParameterError("label_smoothing", name, rule, self.label_smoothing)
        if self.objective == "sentences" and not self.is_uncertain:
            rule = "above 0 with objective='sentences', which tells dropout masks from one another"
            raise InvalidParameterError("dropout", name, rule, self.dropout)
