# make demo   the main job, on a throw-away register
# make test   the whole suite
# make check  what CI runs: lint, types, import contracts, tests
# make docs   writes docs/lifecycle.md anew from the program
# make soak   the long forms, and a table of what they measured: RELIABILITY.md P2 to P28
# make lock   writes requirements*.txt anew from pyproject.toml
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
SOURCES := paraph.py domain eventstore projections cli tests bench examples

.PHONY: demo docs test check lint types contracts bench bench-registers bench-tables soak lock clean
.DELETE_ON_ERROR:

demo: $(VENV)/installed
	$(BIN)/paraph demo

test: $(VENV)/installed-dev
	$(BIN)/python -m pytest -n auto

check: lint types contracts test

lint: $(VENV)/installed-dev
	$(BIN)/ruff check $(SOURCES)
	$(BIN)/ruff format --check $(SOURCES)

types: $(VENV)/installed-dev
	$(BIN)/mypy

contracts: $(VENV)/installed-dev
	$(BIN)/lint-imports

docs: $(VENV)/installed
	$(BIN)/paraph lifecycle show all --format md > docs/lifecycle.md

bench: $(VENV)/installed-dev
	$(BIN)/python -m bench

bench-tables: $(VENV)/installed-dev
	$(BIN)/python -m bench.tables

bench-registers: $(VENV)/installed-dev
	$(BIN)/python -m bench.registers

soak: $(VENV)/installed-dev
	$(BIN)/python -m pytest -n auto -m soak

lock: $(VENV)/installed-dev
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile pyproject.toml requirements.in --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --quiet -o requirements.txt
	$(BIN)/uv pip compile pyproject.toml --extra dev -c requirements.txt --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --quiet -o requirements-dev.txt

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache .benchmarks dist build

$(VENV)/python-ok:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "paraph needs Python 3.11 or later; $(PYTHON) is $$($(PYTHON) --version 2>&1). Try: make PYTHON=python3.12" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/installed: $(VENV)/python-ok requirements.txt pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/installed-dev: $(VENV)/installed requirements-dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@
