# Toolcensus. `make` lists the targets.
PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.set-up

.DEFAULT_GOAL := help
.PHONY: help setup crawl crawl-all classify query export train evaluate test check bench

help: ## list these targets
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  make %-10s %s\n", $$1, $$2}' Makefile

setup: $(STAMP) ## make .venv from the lock file, with Toolcensus and what its tests need

$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Toolcensus needs Python 3.11 or newer; name one with: make setup PYTHON=python3.12"; exit 2; }
	@$(PYTHON) -m venv .venv || { echo "This Python cannot make virtual environments; on Debian: apt-get install python3-venv"; exit 2; }
	@echo "Installing $$(grep -c '==' requirements.lock) pinned packages into .venv (about a minute) ..."
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --no-deps --require-hashes --only-binary :all: -r requirements.lock
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $(STAMP)
	@echo "Ready: $$($(BIN)/toolcensus --version). Next: make crawl classify"

crawl: $(STAMP) ## list the tools of the servers on the starter list into data/index.db
	@$(BIN)/toolcensus crawl

crawl-all: $(STAMP) ## read every public registry that needs no key, and resolve what they say into one list of servers
	@$(BIN)/toolcensus crawl --all

classify: $(STAMP) ## label every tool that is new or changed
	@$(BIN)/toolcensus classify

query: $(STAMP) ## the riskiest tools in the index; other words: make query Q="delete file"
	@$(BIN)/toolcensus query $(Q)

export: $(STAMP) ## write the catalogue to data/catalogue.json
	@$(BIN)/toolcensus export --format json --out data/catalogue.json

train: $(STAMP) ## make the model again from data/labels and the definitions in the index; GOLD=FOLDER adds yours
	@$(BIN)/toolcensus train $(if $(GOLD),--gold $(GOLD))

evaluate: $(STAMP) ## how good the labels are on vendors that the model has not seen; GOLD=FOLDER names labelled definitions
	@$(BIN)/toolcensus evaluate $(if $(GOLD),--gold $(GOLD))

test: $(STAMP) ## run the tests; they never leave this machine
	@$(BIN)/python -m pytest -q

check: $(STAMP) ## ruff, mypy strict and the import contracts
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

bench: $(STAMP) ## measure speed and quality; every figure in the README comes from here
	@$(BIN)/python -m benchmarks
