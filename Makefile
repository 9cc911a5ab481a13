# Two commands do all set-up on a machine with python3 (3.11 or newer), git and make:
#   make demo    runs the main job end to end on embedded pages
#   make test    passes the tests
PYTHON ?= python3
BIN := .venv/bin

.PHONY: demo test check format lock bench clean

demo: .venv/ok
	$(BIN)/policy-monitor demo

test: .venv/ok
	$(BIN)/python -m pytest -n auto $(PYTEST)

check: .venv/ok
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -n auto $(PYTEST)

format: .venv/ok
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: .venv/ok
	for script in bench/*.py; do $(BIN)/python $$script || exit 1; done

# Hashed pins for every supported Python and platform, without any index address.
lock: .venv/ok
	$(BIN)/uv pip compile pyproject.toml --universal --generate-hashes --no-annotate --no-header --python-version 3.11 --no-emit-index-url --no-strip-extras --extra documents --extra metrics -q -o requirements.lock
	$(BIN)/uv pip compile pyproject.toml --group dev --extra documents --extra metrics --universal --generate-hashes --no-annotate --no-header --python-version 3.11 --no-emit-index-url --no-strip-extras -q -o requirements-dev.lock
	! grep -n '://' requirements.lock requirements-dev.lock

.venv/ok: requirements-dev.lock pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps -e .
	touch $@

clean:
	rm -rf .venv build dist
