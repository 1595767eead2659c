"""Where the installed package finds the recipes: the folders ``corpora`` and ``eval``."""
