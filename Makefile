# make run    clean the sample articles in seeds/ into out/
# make test   run every test
# make test-browser  report and review in Chromium (apt-get install chromium), by Playwright
# make slow   the tests that take a minute or so
# make test-engines  runs with Ray, Spark, Dask and datatrove, an S3 server, hosts of namespaces (as root) and other pipelines, in .engines (some GB)
# make test-pinned  dolma and data-juicer, which want versions of their own, in .engines-dolma and .engines-juicer
# make native compile native/ anew, after a change there
# make lint   style and types
# make docs   the pages of docs/ as a web site in site/, every link checked
# make check  all three: what must pass before a change goes in
# make lowest every test with the lowest versions that pyproject.toml allows, in .lowest
# make bench  speed and accuracy beside peers that are installed; what else is in bench/ says how to call it
#
# Each sets up what it needs in .venv, and again only when pyproject.toml changes. Another Python: make run PYTHON=python3.12

PYTHON ?= python3
BIN := .venv/bin
JOBS ?= 2
CODE := $(wildcard cleaner tests bench)

.PHONY: run native test test-browser slow test-engines test-pinned lint docs check lowest bench clean
.DEFAULT_GOAL := run

run: .venv/installed
	@$(BIN)/cleaner run seeds --out out

test: .venv/installed-dev
	@$(BIN)/python -m pytest -n $(JOBS) --dist worksteal

slow: .venv/installed-dev
	@$(BIN)/python -m pytest -m slow

test-browser: .venv/installed-dev
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --editable '.[dev,browser]'
	@command -v chromium chromium-browser > /dev/null || { \
	  echo "Chromium is missing; on Debian and Ubuntu: apt-get install chromium" >&2; exit 1; }
	@$(BIN)/python -m pytest -m browser tests/reporting/review

test-engines: .engines/installed
	@OPENBLAS_NUM_THREADS=1 .engines/bin/python -m pytest -m engines tests/engines tests/integrations
	@.engines/bin/python -m pytest tests/integrations
	@.engines/bin/python -m pytest tests/test_documents.py -k program

test-pinned: .engines-dolma/installed .engines-juicer/installed
	@for name in dolma juicer; do \
	  OPENBLAS_NUM_THREADS=1 .engines-$$name/bin/python -m pytest -m "not slow" -k $$name tests/integrations || exit 1; done

native: .venv/installed-dev
	@$(BIN)/python hatch_build.py

lint: .venv/installed-dev
	@$(BIN)/ruff check $(CODE)
	@$(BIN)/ruff format --check $(CODE)
	@$(BIN)/mypy

docs: .venv/installed-dev
	@$(BIN)/mkdocs build --strict --quiet

check: lint test docs

lowest: .lowest/installed
	@.lowest/bin/python -P -m pytest -n $(JOBS) --dist worksteal

bench: .venv/installed-dev
	@for program in speed scaling peers; do echo "== $$program"; $(BIN)/python bench/$$program.py || exit 1; done

clean:
	rm -rf .venv .lowest .engines .engines-dolma .engines-juicer out site

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "This needs Python 3.11 or later; $(PYTHON) is not. Say which is: make run PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -m venv .venv || { rm -rf .venv; \
	  echo "Python could not make .venv; on Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }

.venv/installed: pyproject.toml $(wildcard native/*) | .venv/bin/python
	@echo "Installing what cleaner needs into .venv ..."
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --editable .
	@touch $@

.venv/installed-dev: pyproject.toml $(wildcard native/*) | .venv/bin/python
	@echo "Installing what cleaner and its tests need into .venv ..."
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --editable '.[dev]'
	@touch .venv/installed $@

.engines/installed: pyproject.toml
	@test -d .engines || $(PYTHON) -m venv .engines
	@echo "Installing the engines into .engines ..."
	@.engines/bin/python -m pip install -qq --disable-pip-version-check --editable '.[engines]'
	@touch $@

.engines-dolma/installed .engines-juicer/installed: .engines-%/installed: pyproject.toml
	@test -d .engines-$* || $(PYTHON) -m venv .engines-$*
	@echo "Installing $* into .engines-$* ..."
	@.engines-$*/bin/python -m pip install -qq --disable-pip-version-check --editable '.[$*]' hypothesis itemadapter pytest
	@touch $@

.lowest/installed: pyproject.toml
	@rm -rf .lowest && $(PYTHON) -m venv .lowest
	@$(PYTHON) tests/lowest.py > .lowest/versions.txt
	@echo "Installing the lowest versions into .lowest ..."
	@.lowest/bin/python -m pip install -qq --disable-pip-version-check --constraint .lowest/versions.txt --editable '.[test]'
	@touch $@
