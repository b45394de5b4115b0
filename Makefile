# Every target does its own set-up. `make` alone lists them.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
export CARGO_INCREMENTAL ?= 1

.PHONY: help
help: ## List the targets
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: demo
demo: ## Start everything, let viewers watch a live event, print the page's address; Ctrl-C ends it
	@stack/demo

.PHONY: test
test: ## Run every test on a stack of its own (Kafka, ClickHouse, Chromium)
	@tests/run

.PHONY: chaos
chaos: ## Kill, pause, cut and fill at random under load, and compare every number (half an hour)
	@stack/prerequisites test
	@tests/chaos/run

.PHONY: lint
lint: web ## Formatting, clippy and rustdoc with warnings denied, page and Python checks
	cargo fmt --all --check
	cargo clippy --workspace --all-targets -- -D warnings
	RUSTDOCFLAGS="-D warnings" cargo doc --workspace --no-deps --document-private-items
	npm --prefix web run check
	tests/python/run

.PHONY: web
web: ## Build the pages and the clip of /watch
	@stack/prerequisites demo
	@web/build

.PHONY: up
up: ## Start the embedded stack (Kafka, ClickHouse) and leave it running
	@stack/prerequisites demo
	@stack/stack up

.PHONY: down
down: ## Stop the embedded stack; its data stays
	@stack/stack down

.PHONY: schema
schema: ## Write sql/schema.sql anew from the migrations
	cargo run --quiet -- schema --write sql/schema.sql

.PHONY: bench
bench: ## CPU per beacon of every protocol and encoding, from its body to its record
	cargo bench --bench ingest

.PHONY: fuzz
fuzz: ## A million inputs for every parser; what makes one fail is left in fuzz/found
	@fuzz/run
