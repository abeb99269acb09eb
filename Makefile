# Two commands set everything up: `make demo` to use Certilabel, `make test` to work on it.

PYTHON ?= python3
VENV ?= .venv
PORT ?= 8501
DATA ?=
ARGS ?=

BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --disable-pip-version-check

.DEFAULT_GOAL := help
.PHONY: help demo test check fix bench docs clean

help: ## Say what the targets do
	@grep -E '^[a-z]+:.*## ' Makefile | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 14

demo: $(VENV)/.demo ## Make the demo workspace if absent and serve it (DATA=folder, PORT=8501)
	$(BIN)/certilabel demo --port $(PORT) $(if $(DATA),--data "$(DATA:~/%=$(HOME)/%)")

test: check ## Run everything that CI runs (ARGS="-k margin" goes to pytest)
	$(BIN)/python -m pytest $(ARGS)

check: $(VENV)/.dev ## Format, lint, types and import contracts, in under a minute
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

fix: $(VENV)/.dev ## Format, and mend what the linter can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(VENV)/.dev ## Print the benchmark tables (ARGS="name …" picks some)
	$(BIN)/python benchmarks/run.py $(ARGS)

docs: $(VENV)/.dev ## Build the documentation into site/, every warning an error
	$(BIN)/sphinx-build --quiet --fail-on-warning --keep-going docs site
	@echo "Open site/index.html"

clean: ## Remove what was built and cached; keeps the environment and all workspaces
	rm -rf build site *.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find annotator ssl_core tests benchmarks -name __pycache__ -prune -exec rm -rf {} +

# The stamps make a second run start at once; a change of pyproject.toml installs again.

$(VENV)/.demo: pyproject.toml | $(BIN)/python
	@echo "Installing Certilabel (a few minutes the first time) …"
	$(PIP) --editable '.[demo]'
	@touch $@

$(VENV)/.dev: pyproject.toml | $(BIN)/python
	@echo "Installing Certilabel and its development tools (a few minutes the first time) …"
	$(PIP) --quiet --editable '.[demo,dev]'
	@touch $(VENV)/.demo $@

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "Certilabel needs Python 3.11 or newer, and '$(PYTHON)' is $$($(PYTHON) --version 2>/dev/null || echo missing)." >&2; \
	  echo "Name another one: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 2; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo "'$(PYTHON)' comes without its venv module. Install it (on Debian: apt install python3-venv)." >&2; \
	  exit 2; }
	$(PYTHON) -m venv $(VENV)
