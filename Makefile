# Kuulolla. `make run` and `make test` are all that a newcomer needs; `make help` lists the rest.
.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/bin
UV := uv==0.13.9
EXAMPLES ?= 1
RUN := $(BIN)/python -m local $(if $(filter 0,$(EXAMPLES)),--no-examples) $(ARGS)

.PHONY: help run run-fresh test check setup clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: setup ## everything on this machine: the form on the left, a phone on the right
	@$(RUN)

run-fresh: setup ## the same, forgetting what was done before (EXAMPLES=0 starts empty)
	@rm -rf .local
	@$(RUN)

test: setup .venv/tests-installed ## all checks and tests that this machine allows
	@$(BIN)/python -m tests.run

setup: .venv/installed .tools/ministack/installed ## install what the others need


.venv/installed: requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed, and this is " + sys.version.split()[0]) if sys.version_info < (3, 11) else None'
	@echo "Installing into .venv (once)."
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check $(UV)
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements.txt
	@touch $@

.venv/tests-installed: tests/requirements.txt .venv/installed
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r tests/requirements.txt
	@touch $@

.tools/ministack/installed: local/ministack.txt .venv/installed
	@echo "Installing the embedded AWS into .tools/ministack (once)."
	@$(BIN)/uv venv --quiet --allow-existing --python $(BIN)/python .tools/ministack
	@$(BIN)/uv pip install --quiet --python .tools/ministack/bin/python --require-hashes -r local/ministack.txt
	@touch $@

clean: ## remove what was installed and what was done
	@rm -rf .venv .tools .local build
