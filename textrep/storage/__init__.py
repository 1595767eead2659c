"""Models and vectors on disk: the model folder, and other programs' formats."""

from __future__ import annotations

from textrep.storage.load import load_vectors
from textrep.storage.model_folder import (
    ModelData,
    is_model_folder,
    read_config,
    read_model,
    write_model,
)

__all__ = [
    "ModelData",
    "is_model_folder",
    "load_vectors",
    "read_config",
    "read_model",
    "write_model",
]
