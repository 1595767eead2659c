"""Speed comparisons: textrep and its peers in turn, on the same text, in one run.

Run them with ``python -m eval.speed``; README.md beside this file says how and what is measured.
"""
