# make demo   the whole thing on this machine      make test   everything that is checked
# make check  format, lint, types, contracts       make bench  the benchmarks       make lock  renew the pins
# make faults every call of a removal, and everything that can befall it
# make crash  the real bot killed a hundred times on each kind of database, and what else may befall it

PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin/python
PIP := $(RUN) -m pip --disable-pip-version-check --quiet
# Tests that start the bot wait for much of their time: one worker more than there are processors keeps those busy.
WORKERS ?= $(shell expr $$(getconf _NPROCESSORS_ONLN) + 1)
# Hundreds of processes import the same files: what one has compiled the next reads.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo test check faults crash bench lock format clean

demo: $(VENV)/.installed
	@$(RUN) -m bot demo

test: $(VENV)/.installed-dev
	@sh tests/prepare.sh
	@$(MAKE) --no-print-directory check
	$(RUN) -m pytest -n $(WORKERS) --dist loadscope

check: $(VENV)/.installed-dev
	$(RUN) -m ruff format --check .
	$(RUN) -m ruff check .
	$(RUN) -m mypy --num-workers auto
	$(VENV)/bin/lint-imports --no-cache

faults: $(VENV)/.installed-dev
	$(RUN) -m tests.faults

crash: $(VENV)/.installed-dev
	$(RUN) -m tests.crash

bench: $(VENV)/.installed-dev
	$(RUN) -m bench

format: $(VENV)/.installed-dev
	$(RUN) -m ruff format .
	$(RUN) -m ruff check --fix .

$(VENV)/.made:
	@PYTHON="$(PYTHON)" sh .ci/venv $(VENV)
	@touch $@

$(VENV)/.installed: $(VENV)/.made requirements.lock pyproject.toml
	$(PIP) install --require-hashes --requirement requirements.lock
	$(PIP) install --no-build-isolation --no-deps --editable .
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed requirements-dev.lock
	$(PIP) install --require-hashes --requirement requirements-dev.lock
	@touch $@

lock:
	uv pip compile pyproject.toml --extra build --universal --generate-hashes --no-emit-index-url \
	  --no-annotate --no-header --python-version 3.11 --output-file requirements.lock
	uv pip compile pyproject.toml --extra build --extra dev --universal --generate-hashes --no-emit-index-url \
	  --no-annotate --no-header --python-version 3.11 --constraint requirements.lock --output-file requirements-dev.lock

clean:
	rm -rf $(VENV) build *.egg-info .mypy_cache .ruff_cache .pytest_cache
