# Two commands: `make run` and `make test`. Both stand on `make setup`. `make bench` measures,
# `make space` puts a Hugging Face Space together.
# On Windows, or without make, see "Without make" in README.md.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
BENCH_VENV := .venv-bench

.PHONY: setup run test check bench space

setup: $(VENV)/.installed
	@$(BIN)/playground models pull

run: setup
	@$(BIN)/playground serve

# Most tests wait for one process or page, so that two at a time take little longer than one.
test: setup $(VENV)/.installed-dev
	@$(BIN)/python -m pytest --numprocesses 2 --dist loadfile

# In an environment of its own, for llama.cpp is there only to be measured.
bench: $(BENCH_VENV)/.installed
	@$(BENCH_VENV)/bin/playground bench $(BENCH)

# What a Hugging Face Space holds: push the folder to one of the SDK gradio.
SPACE ?= build/space
space:
	@rm -rf $(SPACE) && mkdir -p $(SPACE)
	@git archive HEAD playground knowledge adapters pyproject.toml LICENSE | tar -x -C $(SPACE)
	@cp spaces/README.md spaces/app.py spaces/requirements.txt $(SPACE)
	@echo "The Space is in $(SPACE)"

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

$(BENCH_VENV)/.installed: pyproject.toml constraints.txt
	@echo "Installing the playground and its peers into $(BENCH_VENV) ..."
	@$(PYTHON) -m venv $(BENCH_VENV)
	@$(BENCH_VENV)/bin/python -m pip install --quiet --upgrade --constraint constraints.txt pip
	@$(BENCH_VENV)/bin/python -m pip install --constraint constraints.txt --editable . --group bench
	@touch $@
