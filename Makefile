# Two commands set everything up: `make demo` to use Certilabel, `make test` to work on it.

PYTHON ?= python3
VENV ?= .venv
PORT ?= 8501
DATA ?=
ARGS ?=
PROCESSES ?= 3

BIN := $(VENV)/bin
BIOME := node_modules/.bin/biome
NODE := $(shell command -v npm >/dev/null && node -e \
  'process.exit(+(parseInt(process.versions.node) < 18))' 2>/dev/null && echo there)
PIP := $(BIN)/python -m pip install --disable-pip-version-check
# CI installs what was tried; a developer the newest that the bounds allow
LOCKED := $(if $(filter-out 0 false,$(CI)),--constraint constraints.txt)

.DEFAULT_GOAL := help
.PHONY: help demo test check scripts fix soak bench bench-full docs lock bom clean

help: ## Say what the targets do
	@grep -E '^[a-z-]+:.*## ' Makefile | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 18

demo: $(VENV)/.demo ## Make the demo workspace if absent and serve it (DATA=folder, PORT=8501)
	$(BIN)/certilabel demo --port $(PORT) $(if $(DATA),--data "$(DATA:~/%=$(HOME)/%)")

test: check ## Run everything that CI runs (ARGS="-k margin" goes to pytest)
	$(BIN)/python -m pytest --numprocesses $(PROCESSES) --dist loadfile \
	  --no-loadscope-reorder --max-worker-restart 0 $(ARGS)

check: $(VENV)/.dev scripts ## Format, lint, types, import contracts and scripts, in under a minute
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/bandit --quiet --recursive --configfile pyproject.toml annotator ssl_core app.py
	$(BIN)/mypy
	$(BIN)/lint-imports

ifeq ($(NODE),there)
scripts: node_modules/.installed
	$(BIOME) check --error-on-warnings
	node --test --test-reporter=spec tests/javascript/*.test.js
else ifeq ($(filter-out 0 false,$(CI)),)
scripts:
	@echo "Scripts and styles are not checked: that takes Node 18 or newer and npm."
else
scripts:
	@echo "CI checks scripts and styles too: install Node 18 or newer and npm." >&2; exit 2
endif

fix: $(VENV)/.dev $(if $(NODE),node_modules/.installed) ## Format, and mend what the linters can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(if $(NODE),$(BIOME) check --write)

soak: $(VENV)/.dev ## Kill, fill, stop and crowd for an hour; write docs/durability.md
	CERTILABEL_SOAK=1 $(BIN)/python -m pytest --timeout 3600 \
	  $$($(BIN)/python -m tests.crash.promises) $(ARGS)

bench: $(VENV)/.dev ## Print benchmark tables at small scale (ARGS="name …" picks some, whole)
	$(BIN)/python benchmarks/run.py $(ARGS)

bench-full: $(VENV)/.dev ## Print all of them at the sizes of the documentation: hours
	$(BIN)/python benchmarks/run.py --full

docs: $(VENV)/.dev ## Build the documentation into site/, every warning an error
	$(BIN)/sphinx-build --quiet --fail-on-warning --keep-going docs site
	@echo "Open site/index.html"

lock: $(VENV)/.dev ## Write the versions that are installed into constraints.txt, for CI
	$(BIN)/python -m pip freeze --all --exclude-editable --exclude pip > constraints.txt

bom: $(VENV)/.dev ## Write the bill of materials, CycloneDX, into build/bom.json
	mkdir -p build
	$(BIN)/cyclonedx-py environment --pyproject pyproject.toml --output-reproducible \
	  --output-format JSON --output-file build/bom.json $(BIN)/python

clean: ## Remove what was built and cached; keeps the environment and all workspaces
	rm -rf build site *.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find annotator ssl_core tests benchmarks -name __pycache__ -prune -exec rm -rf {} +

# The stamps make a second run start at once; a change of pyproject.toml or constraints.txt, or of
# package-lock.json for the scripts' tools, installs again.

$(VENV)/.demo: pyproject.toml constraints.txt | $(BIN)/python
	@echo "Installing Certilabel (a few minutes the first time) …"
	$(PIP) $(LOCKED) --editable '.[demo]'
	@touch $@

$(VENV)/.dev: pyproject.toml constraints.txt | $(BIN)/python
	@echo "Installing Certilabel and its development tools (a few minutes the first time) …"
	$(PIP) $(LOCKED) --quiet --editable '.[demo,dev]'
	@touch $(VENV)/.demo $@

node_modules/.installed: package-lock.json
	npm ci --no-audit --no-fund
	@touch $@

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "Certilabel needs Python 3.11 or newer, and '$(PYTHON)' is $$($(PYTHON) --version 2>/dev/null || echo missing)." >&2; \
	  echo "Name another one: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 2; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo "'$(PYTHON)' comes without its venv module. Install it (on Debian: apt install python3-venv)." >&2; \
	  exit 2; }
	$(PYTHON) -m venv $(VENV)
