"""The representations: one file a model.

A model is an estimator: its constructor is its configuration, ``fit`` trains it, and what it
learnt ends in an underscore.
"""

from textrep.models.registry import MODELS, ModelEntry, load_model, model_class, resolve_source

__all__ = ["MODELS", "ModelEntry", "load_model", "model_class", "resolve_source"]
