"""torch modules that encode sequences: embeddings, encoders and heads. They know no training."""

from textrep.nn.activations import ACTIVATIONS
from textrep.nn.convolution import ConvEncoder
from textrep.nn.embeddings import Embedding, SubwordEmbedding, WordEmbedding
from textrep.nn.encode import encode_batches, encode_texts, encode_tokens
from textrep.nn.encoder import Encoded, Encoder, MeanEncoder, State
from textrep.nn.heads import AdaptiveSoftmax, Head, Softmax
from textrep.nn.initialisers import INITIALISERS, initialise
from textrep.nn.look import attention_of
from textrep.nn.padding import real_positions
from textrep.nn.pooling import POOLINGS, pool, pool_texts
from textrep.nn.recurrent import CELLS, RecurrentEncoder
from textrep.nn.transformer import TransformerEncoder

__all__ = [
    "ACTIVATIONS",
    "CELLS",
    "INITIALISERS",
    "POOLINGS",
    "AdaptiveSoftmax",
    "ConvEncoder",
    "Embedding",
    "Encoded",
    "Encoder",
    "Head",
    "MeanEncoder",
    "RecurrentEncoder",
    "Softmax",
    "State",
    "SubwordEmbedding",
    "TransformerEncoder",
    "WordEmbedding",
    "attention_of",
    "encode_batches",
    "encode_texts",
    "encode_tokens",
    "initialise",
    "pool",
    "pool_texts",
    "real_positions",
]
