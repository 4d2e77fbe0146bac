# Two commands: `make run` and `make test`. Both stand on `make setup`.
# On Windows, or without make, see "Without make" in README.md.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: setup run test check

setup: $(VENV)/.installed
	@$(BIN)/playground models pull

run: setup
	@$(BIN)/playground serve

test: setup $(VENV)/.installed-dev
	@$(BIN)/python -m pytest

check: $(VENV)/.installed-dev
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/pyright
	@$(BIN)/lint-imports

$(VENV)/.installed: pyproject.toml constraints.txt
	@echo "Installing the playground and what it needs into $(VENV) (once, a minute or two) ..."
	@$(PYTHON) -c "import sys; sys.exit(sys.version_info < (3, 11))" || \
	  { echo "Python 3.11 or newer is needed; name one with: make $(MAKECMDGOALS) PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --upgrade --constraint constraints.txt pip
	@$(BIN)/python -m pip install --constraint constraints.txt --editable .
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed
	@echo "Installing what the tests need ..."
	@$(BIN)/python -m pip install --constraint constraints.txt --group dev
	@touch $@
