# make demo   set up and watch a vague prompt become a good one, answered, and answered again from the cache
# make test   set up what the tests need and run all of them; what cannot run here is named and counted as skipped
# make check  linters, types, floors, and whether generated files are current
# make bench  measure; make docs  regenerate the reference; make wheel, make vsix  what is released

SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help demo test check bench docs wheel vsix needs format

# The first Python on this machine that is new enough.
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$p" && break; done)
EXTRAS ?=
BIN := .venv/bin
comma := ,
NPM := npm --prefix client-vscode
# Set where Node.js is new enough for the client and its tests.
NODE := $(shell node -e 'process.exit(parseInt(process.versions.node) < 20 ? 1 : 0)' 2>/dev/null && command -v npm)
CLIENT := $(if $(NODE),client-vscode/node_modules/.installed)
# What cannot be had here is named; it is an error where everything is required.
unless-required = { echo "$(1)" >&2; test "$$OPTAFLY_REQUIRE" != 1; }
NO_MODEL := NOT INSTALLED: the embedding model. Without it only the same words are found again, and its tests are skipped.
NO_NODE := NOT RUN: the VS Code client and its tests need Node.js 20 or newer, and npm.

help:
	@sed -n '1,4s/^# //p' Makefile

.venv/pip:
	@test -n "$(PYTHON)" || { echo "OptaFly needs Python 3.11 or newer; none was found on the PATH."; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --upgrade "pip>=25"
	touch $@

.venv/core: .venv/pip pyproject.toml constraints.txt
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable .
	touch $@

.venv/dev$(EXTRAS): .venv/core
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable ".[test,check$(if $(EXTRAS),$(comma)$(EXTRAS))]"
	touch $@

client-vscode/node_modules/.installed: client-vscode/package.json
	$(NPM) install --no-audit --no-fund --no-package-lock
	touch $@

demo: .venv/core
	$(BIN)/optafly models install || echo "$(NO_MODEL)" >&2
	$(BIN)/optafly demo

needs: .venv/dev$(EXTRAS) $(CLIENT)
	$(BIN)/optafly models install || $(call unless-required,$(NO_MODEL))
	bash tests/e2e/install.sh

test: needs
	$(if $(NODE),$(NPM) test,$(call unless-required,$(NO_NODE)))
	$(BIN)/python -m pytest $(PYTEST)

check: .venv/dev$(EXTRAS) $(CLIENT)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/pyright
	for system in Windows Darwin; do $(BIN)/pyright --pythonplatform $$system server || exit 1; done
	$(BIN)/lint-imports
	$(BIN)/python docs/generate.py --check
	$(if $(NODE),$(NPM) run check,$(call unless-required,$(NO_NODE)))

format: .venv/dev$(EXTRAS)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: .venv/dev$(EXTRAS)
	$(BIN)/optafly bench road --json
	$(BIN)/python tests/bench/cache_risk.py >&2

docs: .venv/dev$(EXTRAS)
	$(BIN)/python docs/generate.py

wheel: .venv/dev$(EXTRAS)
	$(BIN)/python -m optafly.models.build_data
	$(BIN)/python -m build --wheel
	rm -r server/optafly/models/data

vsix: .venv/core client-vscode/node_modules/.installed
	rm -rf client-vscode/server
	$(BIN)/python -m pip wheel --quiet --no-deps --wheel-dir client-vscode/server .
	$(NPM) run package
