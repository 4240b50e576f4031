# Two commands do everything: `make demo` and `make test`.
PYTHON ?= python3
BIN := .venv/bin
PORT ?= 8000

.PHONY: demo test setup kernel check bench lock clean

demo: setup
	$(BIN)/intentrie demo --port $(PORT)

test: setup
	$(BIN)/pytest $(PYTEST)

setup: .venv/.ready .venv/.kernel

# uv comes from the same hash-pinned lock as everything else.
.venv/.ready: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; name it with: make $(MAKECMDGOALS) PYTHON=/path/to/python3.11"; exit 1; }
	$(PYTHON) -m venv --clear .venv
	sed -n '/^uv==/,/[^\\]$$/p' requirements.lock > .venv/uv.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r .venv/uv.lock
	$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements.lock
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation -e .
	@touch $@

# The hot loops; without a C compiler it says so, and Python answers.
.venv/.kernel: .venv/.ready data/compile_c.py autocomplete/matching/kernel.c autocomplete/unseen/word_model.c data/trees.c
	$(BIN)/python -m data.compile_c autocomplete.matching.kernel autocomplete.unseen.word_model data.trees
	@touch $@

kernel: .venv/.kernel

check: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: setup
	$(BIN)/python -m benchmarks.run

# Writes requirements.lock anew: pinned by hash, without addresses.
lock:
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url --no-emit-find-links --extra dev --extra train --extra teacher pyproject.toml requirements.uv.in --output-file requirements.lock

clean:
	rm -rf .venv var
