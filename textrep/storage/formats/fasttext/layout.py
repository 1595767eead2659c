"""The layout of fastText's model files: word vectors, n-gram vectors and output vectors.

All numbers are little-endian. In order:

======================== ========================================================================
signature                int32 793712314, int32 version (12)
arguments                twelve int32 (`Arguments`), then the subsampling threshold as float64
dictionary               int32 entries, words, labels; int64 tokens; int64 pruned entries, or -1
…a word                  its bytes, a zero byte, int64 count, int8 0 (1 for a label)
input matrix             byte 1 if quantized; int64 rows, columns; float32 values: a row a word,
                         then a row a bucket
output matrix            the same; a row a word
======================== ========================================================================

References
----------
Bojanowski, Grave, Joulin and Mikolov 2017, Enriching Word Vectors with Subword Information, TACL 5,
and the program ``fasttext`` published with it.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from typing import Any, NamedTuple

__all__ = [
    "ARGUMENTS",
    "DICTIONARY",
    "MAGIC",
    "MATRIX",
    "SIGNATURE",
    "SUPERVISED",
    "VERSIONS",
    "WORD_TAIL",
    "Arguments",
    "arguments_of",
    "is_fasttext",
    "parameters_of",
]

MAGIC = 793712314
VERSIONS = (11, 12)
SIGNATURE = struct.Struct("<2i")
ARGUMENTS = struct.Struct("<12id")
DICTIONARY = struct.Struct("<3i2q")
WORD_TAIL = struct.Struct("<qb")
MATRIX = struct.Struct("<?2q")
SUPERVISED = 3
# Our names for fastText's numbers.
ARCHITECTURES = {"cbow": 1, "skipgram": 2}
OBJECTIVES = {"hierarchical-softmax": 1, "negative-sampling": 2, "softmax": 3}
PARAMETERS = ("window", "epochs", "min_count", "negative", "subsample")


class Arguments(NamedTuple):
    """The arguments of the training, in the file's order."""

    dim: int
    window: int = 5
    epochs: int = 5
    min_count: int = 1
    negative: int = 5
    word_ngrams: int = 1
    loss: int = OBJECTIVES["negative-sampling"]
    model: int = ARCHITECTURES["skipgram"]
    buckets: int = 0
    min_n: int = 0
    max_n: int = 0
    update_rate: int = 100  # words between two looks at the learning rate
    subsample: float = 1e-4


def is_fasttext(head: bytes) -> bool:
    """Return whether a file that begins with ``head`` has fastText's signature."""
    return head[:4] == MAGIC.to_bytes(4, "little")


def parameters_of(arguments: Arguments) -> dict[str, Any]:
    """Return how a model was trained, by our names."""
    architectures = {number: name for name, number in ARCHITECTURES.items()}
    objectives = {number: name for name, number in OBJECTIVES.items()}
    return {
        **{name: getattr(arguments, name) for name in PARAMETERS},
        "architecture": architectures.get(arguments.model, "skipgram"),
        "objective": objectives.get(arguments.loss, "negative-sampling"),
    }


def arguments_of(
    parameters: Mapping[str, Any], dim: int, buckets: int, min_n: int, max_n: int
) -> Arguments:
    """Return the arguments of a model that was trained with our ``parameters``.

    Those that fastText does not know are left out; those that are absent have its defaults.
    """
    known = {name: parameters[name] for name in PARAMETERS if name in parameters}
    loss = OBJECTIVES.get(parameters.get("objective", ""), OBJECTIVES["negative-sampling"])
    model = ARCHITECTURES.get(parameters.get("architecture", ""), ARCHITECTURES["skipgram"])
    return Arguments(
        dim, loss=loss, model=model, buckets=buckets, min_n=min_n, max_n=max_n, **known
    )
