"""Representations of words in context: encoders of sequences, trained on a corpus."""
