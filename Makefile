# What a maintainer needs: run, test, format, bench. Everything lives in .venv and var/, both ignored by git.
SHELL := /bin/bash
.DEFAULT_GOAL := help

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
RUN_STAMP := $(VENV)/.installed
TEST_STAMP := $(VENV)/.installed-for-tests
SUPPLY_STAMP := $(VENV)/.installed-for-supply
RUN_OPTIONS ?=
PYTEST_OPTIONS ?= --quiet --numprocesses 3 --dist worksteal
# A small file system of its own needs root; without it a limit on file sizes stands in.
REAL_DISK ?= $(if $(filter 0,$(shell id -u)),--real-disk)

CHECKS := check-types check-scripts check-imports check-dependencies check-style check-form

.PHONY: $(CHECKS) help run test test-faults test-upgrade test-postgres check format bench scale load locks sbom wheel licences audit

help:
	@echo "make run     start tool, worker and practice LMS (RUN_OPTIONS=\"--port 8000 --lms-port 8010\")"
	@echo "make test    install all that tests need, then run every check and test"
	@echo "make test-faults   1,000 learners, 50 processes killed at random, database, disk and platform away: no grade lost"
	@echo "make test-upgrade  walk from launch to confirmation while an older version (OLD=REVISION) becomes this one"
	@echo "make test-postgres  the tests that use a database, on PostgreSQL 16 or 17 (PG=17)"
	@echo "make check   only the checks that take seconds: style, types, import rules, dependencies"
	@echo "make format  bring the code into its form"
	@echo "make bench   measure"
	@echo "make scale   fill PostgreSQL with a country, 45 GB, and measure (SCALE_OPTIONS=\"--share 0.01\" for a hundredth)"
	@echo "make load    launches beside PyLTI1p3 and ltijs, then 30 minutes of mixed load (LOAD_OPTIONS=\"--minutes 5\")"
	@echo "make locks, sbom, wheel, licences, audit   the supply chain: docs/supply-chain.md"

run: $(RUN_STAMP)
	@exec $(BIN)/smartcity run $(RUN_OPTIONS)

test: $(TEST_STAMP)
	@scripts/chromium.sh
	@scripts/node.sh
	@scripts/redis.sh
	@scripts/scorm_again.sh $(VENV)/scorm-again
	@scripts/xapi_validation.sh $(VENV)/xapi-validation
	@$(MAKE) --no-print-directory check
	@echo "== tests"
	@scripts/in_memory.sh $(BIN)/python -m pytest $(PYTEST_OPTIONS)

test-faults: $(TEST_STAMP)
	@scripts/redis.sh
	@$(BIN)/python -m pytest -m faults --learners 1000 --kills 5 --random-kills 50 --real-leases $(REAL_DISK) $(PYTEST_OPTIONS)

# By default the newest version before the newest migration.
OLD ?= $$(git log -1 --diff-filter=A --format=%H -- lti_tool/db/migrations/versions)^
test-upgrade: $(TEST_STAMP)
	@old=$$(scripts/old_code.sh "$(OLD)" $(PYTHON) $(VENV)/old) && \
	$(BIN)/python -m pytest --quiet "--old-code=$$old" tests/upgrade

PG ?= 17
test-postgres: $(TEST_STAMP)
	@scripts/redis.sh
	@programs=$$(scripts/postgres.sh $(PG) $(VENV)/postgres) && \
	clients=$$(scripts/postgres_clients.sh $(BIN)/python $(VENV)/postgres) && \
	PATH=$$clients:$$PATH TEST_POSTGRES=$$programs $(BIN)/python -m pytest $(PYTEST_OPTIONS) \
	-k "postgres or hot_queries or time_limits or faults" -m "not browser"

# The longest first, two at a time.
check: $(TEST_STAMP)
	@$(MAKE) --no-print-directory --jobs 2 --output-sync=target $(CHECKS)

check-types:
	@echo "== types";           $(BIN)/mypy --no-error-summary
check-scripts:
	@echo "== types in scripts";  scripts/typescript.sh $(VENV)/typescript
check-imports:
	@echo "== import rules";    $(BIN)/lint-imports --no-logo > $(VENV)/imports.log || { cat $(VENV)/imports.log; exit 1; }
check-dependencies:
	@echo "== dependencies";    $(BIN)/deptry . 2> $(VENV)/deptry.log || { cat $(VENV)/deptry.log; exit 1; }
check-style:
	@echo "== style";           $(BIN)/ruff check --quiet .
check-form:
	@echo "== form";            $(BIN)/ruff format --check --quiet . || { echo "make format mends this"; exit 1; }

format: $(TEST_STAMP)
	@$(BIN)/ruff check --quiet --fix --exit-zero .
	@$(BIN)/ruff format --quiet .

bench: $(TEST_STAMP)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --group bench
	@$(BIN)/python -m benchmarks $(BENCH_OPTIONS)

scale: $(TEST_STAMP)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --group bench
	@$(BIN)/python -m benchmarks.scale $(SCALE_OPTIONS)

load: $(TEST_STAMP)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --group bench
	@$(BIN)/python -m benchmarks.load $(LOAD_OPTIONS)

# LOCK_OPTIONS=--upgrade takes newer versions
locks: $(SUPPLY_STAMP)
	@scripts/update_locks.sh $(BIN)/python $(LOCK_OPTIONS)

sbom: $(SUPPLY_STAMP)
	@$(BIN)/python scripts/sbom.py dist/sbom.cdx.json

wheel:
	@scripts/build_wheel.sh $(PYTHON) dist

licences: $(SUPPLY_STAMP)
	@$(BIN)/reuse lint --quiet || $(BIN)/reuse lint --lines

audit: $(SUPPLY_STAMP)
	@$(BIN)/pip-audit --strict --disable-pip --require-hashes --requirement requirements/run.lock

$(SUPPLY_STAMP): $(TEST_STAMP)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --group supply
	@touch $@

$(RUN_STAMP): pyproject.toml
	@scripts/install.sh $(PYTHON) $(VENV)
	@touch $@

$(TEST_STAMP): pyproject.toml scripts/install.sh
	@scripts/install.sh $(PYTHON) $(VENV) dev
	@touch $@ $(RUN_STAMP)
