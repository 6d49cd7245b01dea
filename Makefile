# make run · make history · make test · make lint · make bench · make lock — each sets up what it needs first.

PYTHON ?= $(firstword $(foreach name,python3.11 python3 python,$(shell command -v $(name) 2>/dev/null)))
BIN := .venv/bin
READY := .venv/.ready
# So many processes test side by side, each file in one of them; each loads the models once, into 2 GB.
TOGETHER ?= 2
# PyTorch's own index has the build without CUDA, a tenth of the size; a machine that can't reach it takes PyPI's.
TORCH := --extra-index-url https://download.pytorch.org/whl/cpu --retries 1 --timeout 20

# The history that is lived for the demo.
CUSTOMERS ?= 500
DAYS ?= 60

.PHONY: run history test lint bench lock setup
.DEFAULT_GOAL := run

run: $(READY)
	@$(BIN)/handrail serve --demo

history: $(READY)
	@$(BIN)/handrail simulate --demo --customers $(CUSTOMERS) --days $(DAYS)

test: $(READY)
	@$(BIN)/handrail prepare --no-database
	@$(BIN)/pytest -n $(TOGETHER) --dist loadfile $(ARGS)

lint: $(READY)
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

bench: $(READY)
	@$(BIN)/handrail prepare --no-database
	@$(BIN)/python -m tests.benchmarks $(ARGS)

setup: $(READY)

$(READY): requirements.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "Handrail needs Python 3.11, and no Python was found. Install it and run make again."; exit 1; }
	@$(PYTHON) -c 'import sys; v = sys.version_info; sys.exit(0 if v[:2] == (3, 11) else f"Handrail needs Python 3.11; $(PYTHON) is {v[0]}.{v[1]}. Say which one to take: make PYTHON=/path/to/python3.11")'
	@echo "[1/3] Creating .venv"
	@$(PYTHON) -m venv .venv
	@echo "[2/3] Installing PyTorch for the CPU"
	@$(BIN)/python -m pip install --quiet --no-deps $(TORCH) $$(grep -o '^torch==[^ ]*' requirements.lock) 2>.venv/pip.log || $(call OFFLINE)
	@echo "[3/3] Installing the other packages (some minutes the first time)"
	@$(BIN)/python -m pip install --quiet --no-deps --ignore-requires-python --require-hashes -r requirements.lock 2>.venv/pip.log || $(call OFFLINE)
	@$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable . 2>.venv/pip.log || $(call OFFLINE)
	@touch $@

# pip's own words are kept in a file: they are long, and the reason is nearly always the network.
OFFLINE = { tail -n 3 .venv/pip.log; echo "Packages could not be installed. Is this machine connected? All that pip said is in .venv/pip.log; make goes on where it stopped."; exit 1; }

lock:
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet uv
	@$(BIN)/uv pip compile pyproject.toml --extra dev --python-version 3.11 --generate-hashes --quiet --output-file requirements.lock
