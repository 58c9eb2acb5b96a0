# Every habit is one word. `make help` lists them; docs/running.md explains them.
SHELL := /bin/sh
.NOTPARALLEL:
.DEFAULT_GOAL := help
PYTHON_RUN := .venv/bin/python
export PORT RESET

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "  make %-7s %s\n", $$1, $$2}' Makefile

setup: ## Make .venv and install everything the portal needs
	@tools/setup.sh

demo: setup ## Run the portal with demo people (PORT=8000; RESET=1 begins afresh)
	@exec $(PYTHON_RUN) tools/demo.py

dev:
	@tools/setup.sh dev

test: dev ## Check style, layers and every test
	@tools/check.sh

fix: dev ## Format and repair what ruff and djade can
	.venv/bin/ruff check --fix --quiet . || true
	.venv/bin/ruff format --quiet .
	find templates partnership -name '*.html' -print0 | xargs -0 -r .venv/bin/djade --target-version 5.2 || true
	.venv/bin/ruff check .

walk: dev ## Visit every address as every persona
	@WALK=every exec .venv/bin/python -m pytest tests/walk -q -s

bench: setup ## Measure and write bench/results.json
	@exec $(PYTHON_RUN) bench/run.py

load: setup ## Let 1,200 people answer an audit at once, for five minutes (PEOPLE=1200 SECONDS=300)
	@exec $(PYTHON_RUN) -m bench.load $(or $(PEOPLE),1200) $(or $(SECONDS),300)

faults: dev ## Kill, stop and starve the loops that remind people; print what was lost or doubled
	@exec $(PYTHON_RUN) faults/run.py $(ONLY)

.PHONY: help setup dev demo test fix walk bench load faults
