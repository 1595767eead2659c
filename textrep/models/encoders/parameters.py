"""What all encoders can be told, and how their docstrings say it.

The parameters are fields of a dataclass, so that each encoder adds its own to those that all have
and writes no constructor; the same goes for the docstrings, where ``$parameters`` and
``$attributes`` stand for what is said here.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, ClassVar, Self

from textrep.checks import check_boolean, check_choice, check_integer, check_number
from textrep.errors import InvalidParameterError
from textrep.models.base import plain
from textrep.models.docstrings import fill_docstring
from textrep.models.iterative import IterativeModel
from textrep.optim.settings import TrainingSettings
from textrep.training import check_initial

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
label_smoothing : float, default=0.0
    Share of the loss that all words have in equal parts, 0 to 1.
initialiser : {"glorot", "he", "lecun", "orthogonal", "uniform"}, default="glorot"
    What the weights are drawn by.
initial : str, optional
    A model folder or a file of word vectors of ``dim`` numbers: the words that it has begin with
    its vectors. Default: embeddings are drawn.
frozen : bool, default=False
    Whether embeddings stay as ``initial`` has them.
holdout : float, default=0.0
    Share of the sentences, up to 0.9, that is kept out of the training to measure the loss on.
epochs : int, default=10
    Passes over the text.
optimizer : {"sgd", "momentum", "nesterov", "adagrad", "rmsprop", "adadelta", "adam", "adamw", \
"adamax", "nadam", "maxprop"}, default="adamw"
    What makes steps of gradients.
learning_rate : float, optional
    The largest, above 0. Default: that of the optimizer, 0.001 for AdamW.
momentum : float, default=0.9
    Of optimizers that have it, and the first decay of Adam and its kind; below 1.
momentum_schedule : {"constant", "sutskever"}, default="constant"
    Whether momentum rises to ``momentum``; of "momentum" and "nesterov".
schedule : {"constant", "linear", "cosine", "step", "exponential", "inverse", "cosine-restarts", \
"triangular"}, default="constant"
    How the learning rate changes.
warmup : float, default=0.0
    Share of the training, below 1, in which it rises to its largest.
floor : float, default=0.0
    The least share of it that a schedule goes down to, 0 to 1.
decay : float, default=0.5
    What "step", "exponential" and "inverse" bring it down to in a cycle; above 0 up to 1.
cycles : int, default=1
    Of the schedule, from 1 up.
growth : float, default=1.0
    How many times as long as the one before a cycle of "cosine-restarts" or "triangular" is, 1 to
    100.
halve_on_plateau : bool, default=False
    Whether, after an epoch whose held-out loss is not the lowest, the best weights are taken up
    again and the learning rate is halved.
clip_norm : float, default=1.0
    Longest gradient; a longer one is shortened to it. 0 leaves them as they are.
clip_value : float, default=0.0
    Largest number of a gradient; larger ones are set to it. 0 leaves them as they are.
weight_decay : float, default=0.0
    L2 of matrices, 0 or more.
l1 : float, default=0.0
    L1 of matrices, 0 or more.
average : {"none", "exponential", "mean"}, default="none"
    Which average of the weights over the training is measured and kept.
average_decay : float, default=0.999
    Share of the exponential average that stays at each step, below 1.
average_start : float, default=0.0
    Share of the training after which averaging begins, 0 to 1.
precision : {"float32", "bfloat16"}, default="float32"
    Of products.
compiled : bool, default=False
    Whether torch.compile makes code for the network first, which takes a minute or so.
device : str, default="cpu"
    ``cpu``; ``cuda`` or, of several GPUs, ``cuda:1``; or ``auto``: a GPU where there is one.
random_state : int, default=0
    Seed."""

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


@dataclass(kw_only=True, eq=False, repr=False)
class EncoderParameters(IterativeModel):
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
    label_smoothing: float = 0.0
    initialiser: str = "glorot"
    initial: str | None = None
    frozen: bool = False
    holdout: float = 0.0
    epochs: int = 10
    optimizer: str = "adamw"
    learning_rate: float | None = None
    momentum: float = 0.9
    momentum_schedule: str = "constant"
    schedule: str = "constant"
    warmup: float = 0.0
    floor: float = 0.0
    decay: float = 0.5
    cycles: int = 1
    growth: float = 1.0
    halve_on_plateau: bool = False
    clip_norm: float = 1.0
    clip_value: float = 0.0
    weight_decay: float = 0.0
    l1: float = 0.0
    average: str = "none"
    average_decay: float = 0.999
    average_start: float = 0.0
    precision: str = "float32"
    compiled: bool = False
    device: str = "cpu"
    random_state: int = 0

    def __init_subclass__(cls, **options: Any) -> None:
        """Put what all encoders have into the docstring of one."""
        super().__init_subclass__(**options)
        poolings = ", ".join(f'"{name}"' for name in cls.poolings)
        own = {"objective": cls.objective, "pooling": cls.pooling, "poolings": poolings}
        fill_docstring(cls, {"parameters": _PARAMETERS, "attributes": _ATTRIBUTES}, own)

    @property
    def predicts_words(self) -> bool:
        """Whether words are what is learnt, not sentences."""
        return self.objective in ("language-model", "masked")

    @property
    def most_tokens(self) -> int:
        """Words of a batch at most: ``batch_tokens``, or its default."""
        if self.batch_tokens is not None:
            return self.batch_tokens
        return 1024 if self.objective == "language-model" else 4096

    def plain(self) -> Self:
        """Return a copy whose parameters are Python's own numbers, as torch wants them."""
        return type(self)(**{name: plain(value) for name, value in self.get_params().items()})

    def training_settings(self) -> TrainingSettings:
        """Return how the network is trained."""
        chosen = {field.name: getattr(self, field.name) for field in fields(TrainingSettings)}
        clipped = {"clip_norm": self.clip_norm or None, "clip_value": self.clip_value or None}
        return TrainingSettings(**(chosen | clipped))

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
        check_number("label_smoothing", name, self.label_smoothing, 0.0, 1.0)
        check_choice("initialiser", name, self.initialiser, INITIALISERS)
        check_initial(name, self.initial, False)
        check_boolean("frozen", name, self.frozen)
        check_number("holdout", name, self.holdout, 0.0, 0.9)
        check_number("clip_norm", name, self.clip_norm, 0.0)
        check_number("clip_value", name, self.clip_value, 0.0)
        self.training_settings().check(name)
        self._check_combinations(name)

    def _check_combinations(self, name: str) -> None:
        if self.frozen and self.initial is None:
            raise InvalidParameterError("frozen", name, "False without initial vectors", True)
        if self.halve_on_plateau and not self.holdout:
            rule = "False without a holdout, whose loss it looks at"
            raise InvalidParameterError("halve_on_plateau", name, rule, True)
        if self.label_smoothing and self.softmax == "adaptive":
            rule = "0 with an adaptive softmax, which never computes the probabilities of all words"
            raise InvalidParameterError("label_smoothing", name, rule, self.label_smoothing)
        if self.objective == "sentences" and not (self.dropout or self.word_dropout):
            rule = "above 0 with objective='sentences', which tells dropout masks from one another"
            raise InvalidParameterError("dropout", name, rule, self.dropout)
