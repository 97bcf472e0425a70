# 诉金 Sujin. `make run` serves the product, `make test` proves it. Nothing but Python, Node and make.
PYTHON ?= python3
BIN := .venv/bin
PORT ?= 8000
export PIP_DISABLE_PIP_VERSION_CHECK = 1

.PHONY: setup run test check e2e bench bench-watch bench-verify lint types messages lock clean

setup: .venv/.installed node_modules/.installed src/sujin/platform/static/build/app.css .venv/.messages

.venv/.installed: requirements-dev.lock pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/pip install -q --require-hashes -r requirements-dev.lock
	$(BIN)/pip install -q --no-deps --no-build-isolation -e .
	touch $@

node_modules/.installed: package-lock.json package.json
	npm ci --no-audit --no-fund --loglevel=error
	touch $@

src/sujin/platform/static/build/app.css: node_modules/.installed $(shell find frontend -type f)
	npm run --silent build
	touch $@

.venv/.messages: .venv/.installed $(shell find src/sujin/platform/locale -name '*.po')
	$(BIN)/python tools/messages.py --compile
	touch $@

run: setup
	SUJIN_MODE=demo $(BIN)/sujin up --port $(PORT)

# `make check` is what CI runs, letter for letter.
check: test

# Three processes on two cores: the tests that kill processes mostly wait.
test: setup lint types
	SUJIN_VAR=var/test SUJIN_MODE=demo $(BIN)/python -m pytest -n 3 --dist worksteal

lint:
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/python tools/messages.py --check

types:
	SUJIN_VAR=var/test $(BIN)/mypy

e2e: setup
	SUJIN_VAR=var/test SUJIN_MODE=demo $(BIN)/python -m pytest -o addopts="-q" tests/e2e

bench: setup
	$(BIN)/python -m bench

# The early-warning detectors beside their peers, on any seed: the last line is the verdict.
SEED ?= 7
bench-watch: setup
	$(BIN)/python -m bench.watch --seed $(SEED)

# Measures with a planted effect, judged beside published methods: the last line is the verdict.
bench-verify: setup
	$(BIN)/python -m bench.verify --seed $(SEED)

messages: setup
	$(BIN)/python tools/messages.py

lock:
	uv pip compile pyproject.toml --universal --generate-hashes --no-emit-index-url --no-annotate --custom-compile-command "make lock" --python-version 3.11 -o requirements.lock
	uv pip compile pyproject.toml --group dev --universal --generate-hashes --no-emit-index-url --no-annotate --custom-compile-command "make lock" --python-version 3.11 -o requirements-dev.lock

clean:
	rm -rf .venv node_modules var src/sujin/platform/static/build
