# `make` lists the commands. Everything runs from .venv, which is made on first use.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
PIP_INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes

.PHONY: help demo catalogue test chaos bench lint format install lock clean

help: ## List these commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: $(VENV)/development ## Use the bot in your browser: no token, no key, no network
	@$(BIN)/python -m bot demo

catalogue: $(VENV)/development ## Serve the offline music catalogue alone, to develop against
	@$(BIN)/python -m bot catalogue

test: $(VENV)/development ## Run every test; TESTS=tests/filters runs those of a package
	@$(BIN)/python -m pytest $(TESTS)

chaos: $(VENV)/development ## Kill the database a thousand times under load, and look for losses
	@PYTHONPATH=. $(BIN)/python tests/chaos.py

bench: $(VENV)/development ## Measure beside a minimal bot; PARTS="answers starts" measures those alone
	@PYTHONPATH=. $(BIN)/python tests/bench/bench.py $(PARTS)

lint: $(VENV)/development ## Check style, format and types
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy

format: $(VENV)/development ## Put the code into its format
	@$(BIN)/ruff check --fix
	@$(BIN)/ruff format

install: $(VENV)/runtime ## Install what the bot needs to run, and nothing else

lock: $(VENV)/development ## Resolve the dependencies anew and pin them with hashes
	@$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
		--no-header --no-annotate pyproject.toml -o requirements.txt
	@$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
		--no-header --no-annotate --extra dev -c requirements.txt pyproject.toml -o requirements-dev.txt

clean: ## Remove the virtual environment and what the tools leave behind
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .hypothesis

$(VENV)/bin/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed, and was not found on the PATH."; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed.")'
	@$(PYTHON) -m venv $(VENV)

$(VENV)/runtime: requirements.txt | $(VENV)/bin/python
	@echo "Installing what the bot runs on ..."
	@$(PIP_INSTALL) -r requirements.txt
	@touch $@

$(VENV)/development: requirements-dev.txt | $(VENV)/bin/python
	@echo "Installing what the demo and the tests need ..."
	@$(PIP_INSTALL) -r requirements-dev.txt
	@touch $@
