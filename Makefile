# Everything runs in .venv, which the first call makes; a second call reuses it.
#
#   make quickstart   every representation on a small built-in corpus, with a table of scores
#   make test         the tests
#   make test-all     the tests, the slow ones too
#   make lint         ruff and mypy
#   make bench        speed beside the peers that are installed
#   make reference    scores of every representation, in eval/results; long, and can be interrupted
#   make docs         docs/cli.md, from the help texts
#   make clean        remove .venv and caches
#
# Another Python: make test PYTHON=python3.13

PYTHON ?= python3
VENV ?= .venv
RUN := $(VENV)/bin/python -m
PIP := $(RUN) pip --disable-pip-version-check install --quiet -c constraints.txt

.PHONY: quickstart test test-all lint bench reference docs clean

quickstart: $(VENV)/base
	$(VENV)/bin/textrep quickstart

test: $(VENV)/dev
	$(RUN) pytest -m "not slow"

test-all: $(VENV)/dev
	$(RUN) pytest

lint: $(VENV)/dev
	$(RUN) ruff check .
	$(RUN) ruff format --check .
	$(RUN) mypy

bench: $(VENV)/peers
	$(RUN) eval.speed

reference: $(VENV)/dev
	$(RUN) eval.reference

docs: $(VENV)/dev
	$(RUN) textrep.cli.reference > docs/cli.md

clean:
	rm -rf $(VENV) build *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' || \
	  { echo "textrep needs Python 3.11 to 3.13; name one with PYTHON=python3.12"; exit 1; }
	$(PYTHON) -m venv $(VENV)

# One file a set of packages, newer than what it was installed from.
$(VENV)/base: $(VENV)/bin/python pyproject.toml constraints.txt
	$(PIP) -e .
	@touch $@

$(VENV)/dev: $(VENV)/bin/python pyproject.toml constraints.txt
	$(PIP) -e '.[dev,parquet,torch,distributed]'
	@touch $(VENV)/base $@

$(VENV)/peers: $(VENV)/dev
	$(PIP) -e '.[peers]'
	@touch $@
