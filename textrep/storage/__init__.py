"""Models and vectors on disk: the model folder, and other programs' formats."""

from __future__ import annotations

from textrep.storage.load import load_vectors
from textrep.storage.model_folder import ModelData, read_model, write_model

__all__ = ["ModelData", "load_vectors", "read_model", "write_model"]
