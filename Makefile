# Safe Conduct. `make up` shows the line on this machine; `make test` proves it. Both set up what they need.
SHELL := /bin/sh
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
WORKERS ?= 2
SHARED := $(BIN)/python -m pytest -n $(WORKERS) --dist loadfile
NODE_TESTS := tests/sealing/independent tests/edge/axe
export PATH := $(CURDIR)/$(BIN):$(PATH)

.DEFAULT_GOAL := help
.PHONY: help up test check bench soak mutations lock clean tools

help: ## what can be done here
	@sed -n 's/^\([a-z]*\):.*## /  make \1	/p' Makefile

up: .venv/run.stamp ## run the whole line on this machine, with demonstration keys
	@$(BIN)/safeconduct up

test: tools ## run every test, the browser ones included
	$(SHARED) -m "not alone"
	$(BIN)/python -m pytest -m alone
	SAFECONDUCT_TEST_POSTGRES=1 $(SHARED) -m "not browser and not alone" tests/desk
	SAFECONDUCT_HOUSE=custody $(SHARED) tests/custody
	SAFECONDUCT_HOUSE=custody SAFECONDUCT_TEST_POSTGRES=1 $(SHARED) -m "not browser" tests/custody

check: .venv/dev.stamp ## linters, types, contracts, catalogues, rules
	$(BIN)/ruff check src tests bench
	$(BIN)/ruff format --check src tests bench
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint --lint src/safeconduct/desk src/safeconduct/edge
	@SAFECONDUCT_HOME=var/check SAFECONDUCT_DEMONSTRATION=yes $(BIN)/python -m safeconduct.cli.preparation
	SAFECONDUCT_HOME=var/check SAFECONDUCT_DEMONSTRATION=yes $(BIN)/safeconduct desk manage check --database default
	SAFECONDUCT_HOME=var/check SAFECONDUCT_DEMONSTRATION=yes $(BIN)/safeconduct desk manage makemigrations --check --dry-run
	SAFECONDUCT_HOME=var/check SAFECONDUCT_DEMONSTRATION=yes $(BIN)/safeconduct custody manage makemigrations --check --dry-run --skip-checks
	$(BIN)/safeconduct dialogue check
	$(BIN)/safeconduct texts check
	$(BIN)/safeconduct rules --check
	$(BIN)/python -m pytest -q -p no:randomly tests/house
	@bin/audit-dependencies

bench: tools ## the benchmarks, each as a ratio to its limit
	$(BIN)/python -m bench

soak: tools ## the long runs: a thousand kills, ten million fuzzed inputs, an hour of flood, a day of telephone calls
	SAFECONDUCT_SOAK_KILLS=1000 SAFECONDUCT_SOAK_INPUTS=10000000 SAFECONDUCT_SOAK_FLOOD=3600 $(BIN)/python -m pytest -o timeout=0 tests/spool tests/edge
	$(BIN)/python -m bench.soak_calls

mutations: tools ## break each of custody's rules once, and see its tests fail
	$(BIN)/python -m tests.mutations

lock: .venv/dev.stamp ## lock the requirements anew
	requirements/lock.sh

clean: ## remove what was installed and built here; var/ (the line's state) stays
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache $(addsuffix /node_modules,$(NODE_TESTS))

# --- set-up ---------------------------------------------------------------------------------------------------------
.venv/bin/pip:
	@bin/need-venv "$(PYTHON)"
	$(PYTHON) -m venv .venv

.venv/run.stamp: requirements/run.txt pyproject.toml | .venv/bin/pip
	@echo "Installing the locked requirements into .venv (once) …"
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/run.txt
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --no-index -e .
	@touch $@

.venv/dev.stamp: requirements/dev.txt .venv/run.stamp
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@touch $@

tools: .venv/dev.stamp .venv/node.stamp
	@bin/need-chromium
	@bin/need-sip-tools

.venv/node.stamp: .venv/dev.stamp $(addsuffix /package-lock.json,$(NODE_TESTS))
	@for d in $(NODE_TESTS); do $(BIN)/npm ci --silent --no-audit --no-fund --prefix $$d || exit 1; done
	@touch $@
