# make run    clean the sample articles in seeds/ into out/
# make test   run every test
# make lint   style and types
# make bench  speed and accuracy beside peers that are installed; what else is in bench/ says how to call it
#
# Each sets up what it needs in .venv, and again only when pyproject.toml changes. Another Python: make run PYTHON=python3.12

PYTHON ?= python3
BIN := .venv/bin
CODE := $(wildcard cleaner tests bench)

.PHONY: run test lint bench clean
.DEFAULT_GOAL := run

run: .venv/installed
	@$(BIN)/cleaner run seeds --out out

test: .venv/installed-dev
	@$(BIN)/python -m pytest

lint: .venv/installed-dev
	@$(BIN)/ruff check $(CODE)
	@$(BIN)/ruff format --check $(CODE)
	@$(BIN)/mypy

bench: .venv/installed-dev
	@for program in speed scaling peers; do echo "== $$program"; $(BIN)/python bench/$$program.py || exit 1; done

clean:
	rm -rf .venv out

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "This needs Python 3.11 or later; $(PYTHON) is not. Say which is: make run PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -m venv .venv || { rm -rf .venv; \
	  echo "Python could not make .venv; on Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }

.venv/installed: pyproject.toml | .venv/bin/python
	@echo "Installing what cleaner needs into .venv ..."
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --editable .
	@touch $@

.venv/installed-dev: pyproject.toml | .venv/bin/python
	@echo "Installing what cleaner and its tests need into .venv ..."
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --editable '.[dev]'
	@touch .venv/installed $@
