# Each target is one word for `python3 dev.py`, which does the work and runs where make does not.
SUPPORTED := import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 14))
PYTHON ?= $(or $(shell for it in python3 python3.13 python3.12 python3.11 python3.14 python; do \
	$$it -c "$(SUPPORTED)" 2>/dev/null && echo $$it && break; done),python3)

.DEFAULT_GOAL := help
.PHONY: help setup build run test test-slow check fix bench types lock audit-deps sbom clean

help: ## list the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 20

setup: ## install everything the lock files name
	@$(PYTHON) dev.py setup

build: ## build the dashboard
	@$(PYTHON) dev.py build

run: ## run the platform (PORT=8000)
	@$(PYTHON) dev.py run $(PORT)

test: ## test everything that takes seconds (ARGS="tests/trading -x" goes to pytest)
	@$(PYTHON) dev.py test $(ARGS)

test-slow: ## test what takes minutes
	@$(PYTHON) dev.py test-slow $(ARGS)

check: ## lint, check types, layers and the generated client
	@$(PYTHON) dev.py check

fix: ## mend what the linters can mend
	@$(PYTHON) dev.py fix

bench: ## measure each hot path against its limit
	@$(PYTHON) dev.py bench $(ARGS)

types: ## regenerate the dashboard's client from the routes
	@$(PYTHON) dev.py types

lock: ## compile the Python locks from pyproject.toml
	@$(PYTHON) dev.py lock

audit-deps: ## ask for known weaknesses of all packages (needs a network)
	@$(PYTHON) dev.py audit-deps

sbom: ## write bills of material to build/
	@$(PYTHON) dev.py sbom

clean: ## remove everything installed or built; data/ stays
	@$(PYTHON) dev.py clean
