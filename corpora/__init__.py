"""Corpus recipes: one TOML file a corpus. Data only; nothing here is executed."""
