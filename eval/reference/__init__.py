"""Reference results: every representation on the same text, with default and with tuned parameters.

Make them with ``python -m eval.reference``; README.md beside this file says how and what is done.
"""
