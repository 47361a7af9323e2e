# `make demo` and `make serve` need nothing but Python 3.11 or newer.
PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin

.PHONY: demo demo-sabotage serve test test-all check format clean

# An installation is repeated only when what it depends on has changed.
$(VENV)/.installed: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --editable .
	touch $@

$(VENV)/.installed-test: pyproject.toml $(VENV)/.installed
	$(BIN)/pip install --quiet --disable-pip-version-check --editable '.[test]'
	touch $@

$(VENV)/.installed-dev: pyproject.toml $(VENV)/.installed
	$(BIN)/pip install --quiet --disable-pip-version-check --editable '.[dev]'
	touch $@

demo: $(VENV)/.installed
	@$(BIN)/jeongsan demo

# The demo must be able to fail: one rule at a time is broken under it.
demo-sabotage: $(VENV)/.installed
	@$(BIN)/jeongsan demo --sabotage

serve: $(VENV)/.installed
	$(BIN)/jeongsan serve --demo-data

# Tests make thousands of databases and start the program dozens of times: where memory can hold the former, no
# disk keeps anybody waiting, and the latter is compiled once. They need two gigabytes at most.
test test-all: export PYTHONDONTWRITEBYTECODE =
test test-all: export PYTEST_DEBUG_TEMPROOT = $(shell \
  df --output=avail,target /dev/shm 2>/dev/null | awk '$$1 > 4000000 && $$2 == "/dev/shm" {print $$2}')

# Python and SQLite only.
test: $(VENV)/.installed-test
	$(BIN)/python -m pytest --numprocesses 2

# Everything: PostgreSQL, crash, fuzz, browser, Node and slow tests too.
test-all: $(VENV)/.installed-dev check
	$(BIN)/python -m pytest --all --numprocesses 2

check: $(VENV)/.installed-dev
	$(BIN)/ruff format --check src tests
	$(BIN)/ruff check src tests
	$(BIN)/mypy
	$(BIN)/python -m pytest --quiet tests/house

format: $(VENV)/.installed-dev
	$(BIN)/ruff format src tests
	$(BIN)/ruff check --fix src tests

clean:
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
