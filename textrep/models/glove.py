"""GloVe: word vectors whose products are logarithms of co-occurrence counts."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from textrep.checks import check_choice, check_integer, check_number
from textrep.corpus import Corpus
from textrep.counting.outlook import Outlook
from textrep.distributed.either import Matrix
from textrep.distributed.glove import StratifiedGloVe
from textrep.distributed.matrix import DistributedMatrix
from textrep.errors import CorpusError, FormatError, InvalidParameterError
from textrep.models.base import Representation
from textrep.models.cost import PROGRAM_BYTES, Cost, Trial, about, folder_bytes
from textrep.models.counting import CountingModel
from textrep.models.counting_cost import counting_ahead
from textrep.models.iterative import IterativeModel
from textrep.sgd.devices import resolve_device
from textrep.sgd.glove import ADAGRADS, OUTPUTS, WEIGHTINGS, GloVeSettings, GloVeTrainer

if TYPE_CHECKING:
    from textrep.sgd.glove_torch import GloVeTorchTrainer

__all__ = ["GloVe"]

_Trainer: TypeAlias = "GloVeTrainer | GloVeTorchTrainer | StratifiedGloVe"

_SETTINGS = tuple(GloVeSettings.__dataclass_fields__)
_ENTRY_BYTES = 8  # of the matrix, in tiles
_EPOCH_BYTES = 200  # of the history
_PADDED = 16  # rows are padded to multiples of it while they are trained


@dataclass(kw_only=True, eq=False, repr=False)
class GloVe(IterativeModel, CountingModel):
    """Global vectors: products of vectors that approximate the logarithms of counts.

    AdaGrad lowers Σ f(X_ij) · (w_i · c_j + b_i + b_j - log X_ij)² / 2 over the words i and contexts
    j that occur together, with f(x) = min(1, (x / x_max)^alpha).

    Parameters
    ----------
    dim : int, default=200
        Dimensions, from 1 to 4096.
    x_max : float, default=10.0
        Counts from here on weigh 1; above 0. 100 in the paper, on billions of tokens.
    alpha : float, default=0.75
        Exponent of the weight of smaller counts, 0 to 2.
    weighting : {"power", "none"}, default="power"
        f as above; or 1 for every entry, the plain factorisation of the logarithms.
    vectors : {"sum", "word", "context"}, default="sum"
        What the word vectors are: w + c, w or c. The first and last need contexts equal to the
        words.
    epochs : int, default=15
        Passes over the counts, 1 to 10,000.
    learning_rate : float, default=0.05
        The first step's; AdaGrad divides it by what it has summed up. Above 0.
    adagrad : {"stanford", "published"}, default="stanford"
        How steps shrink: as in the authors' program, or as in AdaGrad's paper; see the notes.
    clip : float, default=100.0
        Larger components of a gradient are set to it; above 0.
    random_state : int, default=0
        Seed of the first vectors, and of the order of the entries.
    $counting
    memory : int, optional
        Bytes that counting may use, at least 16,777,216; the counts are then in temporary files
        (TMPDIR), and training reads them from there. Default: in memory.
    device : str, default="cpu"
        ``cpu``; ``cuda`` or, of several GPUs, ``cuda:1``, which needs PyTorch; or ``auto``: a GPU
        where there is one. The entries come to it a part at a time.
    batch_size : int, optional
        Entries of a step on a GPU, from 32 up; default: by their number, 256 to 16,384.
    n_jobs : int, optional
        Threads; default: every core. The result does not depend on it.

    Attributes
    ----------
    vocabulary_ : Vocabulary
        The words and their counts.
    word_vectors_ : ndarray of shape (n_words, dim), float32
        As ``vectors`` says.
    context_vectors_ : ndarray of shape (n_contexts, dim), float32
        c.
    word_biases_ : ndarray of shape (n_words,), float32
        b_i.
    context_biases_ : ndarray of shape (n_contexts,), float32
        b_j.
    history_ : list of dict
        For each epoch: ``loss``, the mean cost of an entry, f · (…)² / 2, each before its step, as
        Stanford's program reports it; ``examples`` and ``entries``, ``learning_rate``, ``seconds``.

    Notes
    -----
    Both AdaGrads divide a gradient g by the root of a sum of squares. ``published`` has
    rate · g / √(Σ g²), where the sum includes g itself, for vectors and biases (Duchi et al.).
    ``stanford`` has sums that begin at 1 and do not yet include g, of (rate · g)² for vectors and
    of g² for biases, whose step has no rate: g / √(1 + Σ g²). ``published`` ends at a lower cost,
    ``stanford`` at better vectors, so it is the default: on 3 million tokens of general English,
    Spearman's correlation in the mean of 11 relatedness benchmarks is .360 against .301, and with
    x_max 100 .234 against .284. With ``weighting="none"`` it is .245.

    Entries are trained in tiles of some hundred words and contexts. Tiles that are trained at the
    same time share no word and no context, so that nothing depends on the threads. A training that
    is repeated on the same machine gives the same vectors to the bit.

    A GPU takes the gradients of ``batch_size`` entries at one place, and AdaGrad divides each by
    the root of a sum that also has the squares of the others in the batch. The cost is that of the
    compiled kernels to .5% from the third epoch on. The order of sums changes there, and with it
    their rounding, so vectors differ a little from run to run.

    Besides the vectors, and as much again for the sums, training takes 8 bytes an entry of the
    matrix, in memory or, with ``memory``, in temporary files.

    On a cluster the counts stay there, and blocks of them that share no word and no context are
    trained at the same time (Gemulla et al.), so that nothing is averaged: the result is that of
    one machine which trains them in turn. On a million tokens, the mean cost after 15 epochs was
    .0197 on one machine, .0197 to .0201 with two to eight replicas; relatedness .262 to .271 over
    three seeds, and .250 to .269 over four such runs.

    References
    ----------
    Pennington, Socher and Manning 2014, GloVe: Global Vectors for Word Representation, EMNLP,
    equations 8 and 9.
    Duchi, Hazan and Singer 2011, Adaptive Subgradient Methods for Online Learning and Stochastic
    Optimization, JMLR 12.
    Gemulla, Nijkamp, Haas and Sismanis 2011, Large-Scale Matrix Factorization with Distributed
    Stochastic Gradient Descent, KDD.
    """

    averaged = False  # replicas on a cluster share no vector

    context_vectors_: NDArray[np.float32] = field(init=False)
    word_biases_: NDArray[np.float32] = field(init=False)
    context_biases_: NDArray[np.float32] = field(init=False)

    dim: int = 200
    x_max: float = 10.0
    alpha: float = 0.75
    weighting: str = "power"
    vectors: str = "sum"
    epochs: int = 15
    learning_rate: float = 0.05
    adagrad: str = "stanford"
    clip: float = 100.0
    random_state: int = 0
    window: int = 10
    device: str = "cpu"
    batch_size: int | None = None

    def check_parameters(self) -> None:
        """Check the parameters of counting and of the factorisation."""
        super().check_parameters()
        name = type(self).__name__
        check_integer("dim", name, self.dim, 1, 4096)
        check_number("x_max", name, self.x_max, 0.0, above=True)
        check_number("alpha", name, self.alpha, 0.0, 2.0)
        check_choice("weighting", name, self.weighting, WEIGHTINGS)
        check_choice("vectors", name, self.vectors, OUTPUTS)
        check_integer("epochs", name, self.epochs, 1, 10_000)
        check_number("learning_rate", name, self.learning_rate, 0.0, above=True)
        check_choice("adagrad", name, self.adagrad, ADAGRADS)
        check_number("clip", name, self.clip, 0.0, above=True)
        check_integer("random_state", name, self.random_state, 0, 2**63 - 1)
        if self.batch_size is not None:
            check_integer("batch_size", name, self.batch_size, 32, 2**24)
        resolve_device(self.device)

    def _check_source(self, source: Corpus | Representation) -> None:
        """Accept what has counts, which is checked where they are taken."""

    def _trainer(self, source: Corpus | Representation) -> _Trainer:
        if len(self.vocabulary_) < 2:
            raise CorpusError("GloVe needs a text of at least two different words.")
        counts = self._counts(source)
        words, contexts = counts.shape
        if self.vectors != "word" and words != contexts:
            rule = f"'word' where the {contexts:,} contexts are not the {words:,} words"
            raise InvalidParameterError("vectors", "GloVe", rule, self.vectors)
        if counts.nnz == 0:
            raise self._nothing()
        trainer = self._trainer_of(counts)
        if isinstance(trainer, StratifiedGloVe):
            return trainer
        if self._claims_symmetry(words == contexts) and not trainer.is_symmetric:
            raise FormatError(
                "The counts are damaged: they are of both sides, but not symmetric. Count again, "
                "or restore the folder."
            )
        return trainer

    def _trainer_of(self, counts: Matrix) -> _Trainer:
        """Return what trains where the counts are, or on the device."""
        settings = GloVeSettings(**{name: getattr(self, name) for name in _SETTINGS})
        if isinstance(counts, DistributedMatrix):
            return StratifiedGloVe(counts, settings, counts.cluster.n_replicas)
        device, threads, on_disk = resolve_device(self.device), self._threads(), bool(self.memory)
        if device == "cpu":
            return GloVeTrainer(counts, settings, threads, on_disk=on_disk)
        from textrep.sgd.glove_torch import GloVeTorchTrainer

        batch = self.batch_size
        return GloVeTorchTrainer(counts, settings, device, threads, batch, on_disk=on_disk)

    def predict_cost(self, outlook: Outlook) -> Cost:
        """Return what the text of ``outlook`` will cost; see :class:`PredictsCost`."""
        self.check_parameters()
        counting = counting_ahead(self, outlook)
        rows = outlook.n_words + counting.n_contexts
        width = -(-(self.dim + 1) // _PADDED) * _PADDED
        entries = _ENTRY_BYTES * counting.entries
        on_disk = 0.0 if self.memory is None else entries
        training = entries - on_disk + 2 * 4 * width * rows
        saved = 4.0 * ((self.dim + 1) * rows)
        trial = Trial(self, outlook, memory=None, epochs=1)
        work = [float(model.metrics_["entries"]) for model in trial.models]
        return Cost(
            memory=PROGRAM_BYTES
            + math.ceil(max(counting.memory, counting.after + training) + saved),
            disk=folder_bytes(outlook, saved + _EPOCH_BYTES * self.epochs)
            + math.ceil(counting.disk + on_disk),
            seconds=trial.seconds(self.epochs * counting.entries, work),
            notes=(f"{about(counting.entries)} counts",),
        )

    def _claims_symmetry(self, square: bool) -> bool:
        """Return whether each word should be a context of its contexts, and as often."""
        return square and self.corpus_.get("counting", {}).get("side") == "both"

    def _nothing(self) -> CorpusError:
        return CorpusError(
            "No word has a context: the sentences have one word each. Build the corpus with "
            "sentences='none', or choose another boundary or contexts."
        )

    def _take(self, trainer: _Trainer) -> None:
        self.word_vectors_ = trainer.vectors()
        self.context_vectors_ = trainer.context_vectors()
        self.word_biases_ = trainer.word_biases()
        self.context_biases_ = trainer.context_biases()
        self.metrics_["entries"] = trainer.work

    @classmethod
    def _tensor_names(cls) -> tuple[str, ...]:
        return ("word_vectors", "context_vectors", "word_biases", "context_biases")
