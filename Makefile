PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: help run test check bench clean

help:  ## Show what can be made
	@grep -E '^[a-z]+:.*##' Makefile | sed -E 's/:.*## /\t/'

run: $(VENV)/run.done  ## Start the demo: own authorities, cast and meetings
	$(BIN)/python -m meeting_app demo

test: $(VENV)/test.done tools  ## Install what the tests need and run all of them
	$(BIN)/python -m pytest -n 2 --dist loadfile -m "not alone"
	$(BIN)/python -m pytest -m alone

check: $(VENV)/test.done  ## Lint, types and import contracts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(VENV)/test.done  ## Measure the push, votes, coming back, the pages, reading, the signatures and the seals
	$(BIN)/python -m meeting_app bench push
	$(BIN)/python -m meeting_app bench vote
	$(BIN)/python -m meeting_app bench join
	$(BIN)/python -m meeting_app bench pages
	$(BIN)/python -m meeting_app bench read
	$(BIN)/python -m meeting_app bench sign
	$(BIN)/python -m meeting_app bench seal

clean:  ## Remove the virtual environment
	rm -rf $(VENV)

.PHONY: tools
tools:
	sh tests/install_tools.sh

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/run.done: requirements.txt | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	touch $@

$(VENV)/test.done: requirements.txt tests/requirements.txt | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r tests/requirements.txt
	touch $@
