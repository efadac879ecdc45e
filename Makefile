# Two targets do all the set-up: `make demo` answers a question, `make test` runs the tests.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

# Of the page; 8765 unless given: make page PORT=8766
PORT :=

.PHONY: demo page test lint types bench clean
.DEFAULT_GOAL := demo

$(VENV)/pip.stamp:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Python 3.11 or newer is needed; name one: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/package.stamp: $(VENV)/pip.stamp pyproject.toml
	@echo "Installing the package into $(VENV) …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/dev.stamp: $(VENV)/pip.stamp pyproject.toml
	@echo "Installing the package and its development tools into $(VENV) …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@ $(VENV)/package.stamp

$(VENV)/web.stamp: $(VENV)/package.stamp
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[web]'
	@touch $@

$(VENV)/bench.stamp: $(VENV)/package.stamp
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[bench]'
	@touch $@

## Set up, and print the pairs that relate as EGF and EGFR do.
demo: $(VENV)/package.stamp
	@$(BIN)/gene-analogies pairs EGF EGFR

## Set up, and serve the page on this computer.
page: $(VENV)/web.stamp
	@$(BIN)/gene-analogies serve $(PORT:%=--port %)

## Set up, and run the whole test suite, a process a core.
# Bytecode is written, whatever the environment says: many processes read it.
test: export PYTHONDONTWRITEBYTECODE :=
test: $(VENV)/dev.stamp
	@.ci/browser
	@$(BIN)/python -m pytest --numprocesses logical --maxprocesses 8 --dist worksteal

lint: $(VENV)/dev.stamp
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/lint-imports --no-logo

types: $(VENV)/dev.stamp
	@$(BIN)/mypy

## Compare with the floor, a blocked brute force and FAISS: about ten minutes.
bench: $(VENV)/bench.stamp
	@$(BIN)/python -m benchmarks.speed.pairs

clean:
	rm -rf $(VENV) .import_linter_cache .mypy_cache .pytest_cache .ruff_cache .hypothesis dist
