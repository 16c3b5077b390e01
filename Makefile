# The commands of the project. `make help` lists them.
#
# Every target works in a fresh clone on Debian 12 with cargo and a C compiler; what else a target needs, it
# installs (tools/setup-*.sh) or names in one clear sentence.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help run console console-check test pictures faults pure lint corpus fuzz templates bench load scale status

CARGO ?= cargo
PYTHON ?= python3
# `make run ARGS=--once` ends after the first message; `make load` and `make bench` hand ARGS on as well.
ARGS ?=
# The folder with mime/, replies/, tnef/ and rtf/ that `make corpus` reads.
CORPUS ?= ../shared/corpus
# The program `make corpus` puts to the test.
TARGET_DIR := $(or $(CARGO_TARGET_DIR),target)
SIGNET ?= $(TARGET_DIR)/debug/signet

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## Build (5 minutes the first time) and start the demo: Signet between two ends of a played Microsoft 365
	@tools/setup-build.sh
	@$(MAKE) --no-print-directory console
	$(CARGO) build --locked --workspace --bins
	$(TARGET_DIR)/debug/signet-demo $(ARGS)

console: console/dist/.built ## Build the console's pages, which become part of the program

console/dist/.built: $(shell find console -path console/node_modules -prune -o -path console/dist -prune -o -name '*.tsbuildinfo' -o -type f -print)
	@tools/setup-console.sh
	cd console && npm run --silent build
	@touch $@

console-check: ## Types and tests of the console
	@tools/setup-console.sh
	cd console && npm run --silent check && npm test --silent

test: ## Install what the tests need, then run all checks and tests (root or sudo)
	@tools/setup-build.sh
	@tools/setup-tests.sh
	@$(MAKE) --no-print-directory console-check console
	@$(MAKE) --no-print-directory lint
	@# That the pure layers need nothing else; their tests run with all others below.
	$(CARGO) check --locked --package signet --lib --test guards --no-default-features
	PYTHONDONTWRITEBYTECODE=1 $(PYTHON) -m unittest discover --quiet --start-directory tools
	@# The tests start the programs, so these are built before any test runs.
	$(CARGO) build --locked --workspace --bins
	if $(CARGO) nextest --version >/dev/null 2>&1; \
		then $(CARGO) nextest run --locked --workspace --no-fail-fast; \
		else $(CARGO) test --locked --workspace --no-fail-fast; fi

pictures: ## A picture of every page of the console, wide and narrow, light and dark, in target/pictures
	@tools/setup-build.sh
	@tools/setup-tests.sh
	@$(MAKE) --no-print-directory console
	$(CARGO) build --locked --workspace --bins
	rm -rf $(TARGET_DIR)/pictures && mkdir -p $(TARGET_DIR)/pictures
	JOURNEY_PICTURES=$(abspath $(TARGET_DIR)/pictures) $(CARGO) test --locked --package standin --test e2e console::pages::axe
	@ls $(TARGET_DIR)/pictures | wc -l

faults: ## Every row of the fault table in every shape against the binary, and its table of counts (minutes; root or sudo)
	@tools/setup-build.sh
	@tools/setup-tests.sh
	$(CARGO) build --locked --workspace --bins
	$(CARGO) build --locked --package signet --features faults --bin signet-faults
	@# The tests of this binary that are too long for `make test`, and no others, are ignored there.
	$(CARGO) test --locked --package standin --test e2e -- --ignored --nocapture --test-threads 1

lint: ## Format and clippy, warnings are errors
	$(CARGO) fmt --all --check
	$(CARGO) clippy --locked --workspace --all-targets -- -D warnings

pure: ## Build and test the pure layers alone, but for the explorer: seconds, not minutes
	$(CARGO) check --locked --package signet --lib --test guards --no-default-features
	$(CARGO) test --quiet --locked --package signet --lib --test guards --no-default-features -- --skip explorer

corpus: ## Check the engine over real mail: make corpus CORPUS=DIR
	@tools/setup-tests.sh python3 python3-venv openssl gpg gpg-agent ytnef-tools
	@tools/setup-python.sh oracles
	$(CARGO) build --locked --package signet --bin signet
	cd tools && PYTHONDONTWRITEBYTECODE=1 $(abspath $(TARGET_DIR))/oracles/bin/python -m unittest --quiet trees_test outside_test
	$(TARGET_DIR)/oracles/bin/python tools/corpus.py --edge --signet "$(SIGNET)" "$(CORPUS)"

# The parsers that `make fuzz` tries, and how often each.
FUZZ_TARGETS := header message html plain quoted_printable base64 charset tnef compressed_rtf rtf
RUNS ?= 1000000
# None: nothing that is fuzzed has unsafe code, and without one it is several times as fast. `address` looks at the libraries.
SANITIZER ?= none

fuzz: ## Each parser under libFuzzer, a million times: make fuzz [RUNS=…] [FUZZ_TARGETS=…] [SANITIZER=address] (nightly; hours on one core)
	@$(CARGO) fuzz --version >/dev/null 2>&1 || $(CARGO) install --quiet --locked cargo-fuzz
	for target in $(FUZZ_TARGETS); do \
		mkdir -p "$(TARGET_DIR)/fuzz/$$target"; \
		$(CARGO) +nightly fuzz run --fuzz-dir fuzz --sanitizer $(SANITIZER) $$target "$(TARGET_DIR)/fuzz/$$target" src/imprint/tests/golden \
			$(wildcard $(CORPUS)/tnef $(CORPUS)/rtf) -- \
			-runs=$(RUNS) -max_len=16384 -rss_limit_mb=1024 -timeout=10 -verbosity=0 -print_final_stats=1; \
	done

templates: ## Pictures of every template of the library in light and dark, for people with all, few and no facts
	$(CARGO) test --quiet --locked --package signet --lib --no-default-features -- --ignored contact_sheet
	@tools/contact-sheet.sh

bench: ## Instructions of the pure layers beside the recorded ones, then times (criterion); ARGS=--record renews the record
	@tools/setup-tests.sh valgrind
	$(CARGO) bench --locked --package signet --no-default-features --bench instructions -- $(filter --record,$(ARGS))
	$(if $(filter --record,$(ARGS)),,$(CARGO) bench --locked --package signet --no-default-features --bench core -- $(ARGS))

load: ## All load measurements beside floor, Postfix and HAProxy, 12 minutes: make load [ARGS="run FILE…" or "memory"]
	@tools/setup-load.sh
	$(CARGO) build --locked --release --package signet --package loadtest --bins
	$(TARGET_DIR)/release/loadtest $(or $(ARGS),run $(sort $(wildcard loadtest/scenarios/[0-9]*.json))) \
		--signet $(TARGET_DIR)/release/signet

scale: ## 1 and 100,000 tenants; 10 million people in PostgreSQL; a directory of 100,000 people (half an hour)
	$(CARGO) build --locked --release --package signet --package loadtest --bins
	$(TARGET_DIR)/release/loadtest run $(sort $(wildcard loadtest/scenarios/scale*.json)) --name scale --signet $(TARGET_DIR)/release/signet

status: ## How many of the 145 requirements are done, partial and open
	@$(PYTHON) tools/status.py docs/requirements.csv
