# Fairlead. `make help` tells what there is.
.DEFAULT_GOAL := help
HOME_DIR ?= run
SEEDS ?= 1..100
FAIRLEAD := .build/debug/fairlead

.PHONY: help run build test test-fast test-runtime simulate matrices seeds seeds-accept rule-mutants mutants reference \
    tca release bench bench-peers soak nightly fuzz lint format clean bootstrap

help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-14s %s\n", $$1, $$2}'

bootstrap: ## check Swift 6.3 and the system's packages; install or name what is missing
	@scripts/bootstrap

build: bootstrap
	@echo "building (the first time takes a few minutes) ..." >&2
	@swift build --product fairlead

run: build ## trade on paper: embedded venue, synthetic market, built-in screener
	@$(FAIRLEAD) run --home $(HOME_DIR)

test: ## everything that a clean machine can run
	@scripts/test bootstrap tidy core matrices seeds no-mutants mutants outer sceptic reference instructions

test-fast: ## tidy and Core's tests
	@scripts/test tidy core

test-runtime: ## the outer package: transports, runtime, command line
	@scripts/test outer

simulate: bootstrap ## the fault simulator: SEEDS=1..100, or a failing seed again: SEEDS=89
	@scripts/simulate $(SEEDS) $(OPTIONS)

matrices: bootstrap ## crash, cut and kill at every place of the golden runs; cases by kind
	@scripts/matrices

seeds: bootstrap ## 100 seeds hold; 20 of them, played twice and replayed, come to the hashes that are kept
	@scripts/seeds

seeds-accept: bootstrap ## keep the hashes that the 20 seeds come to now (a change of behaviour that is meant)
	@scripts/seeds --accept

rule-mutants: bootstrap ## turn each risk row and route gate off in turn; a test of its name must kill each
	@scripts/rule-mutants

mutants: bootstrap ## turn each seeded bug on in turn; a rule of the simulator must kill each within 200 seeds
	@scripts/mutants

reference: build ## the reference backtests over all recordings: twice, killed and resumed, judged by the sceptic
	@scripts/sceptic --self-test
	@scripts/reference-runs $(RUNS)

tca: release ## the tables of docs/TCA.md from the recordings beside the project
	@scripts/tca $(OPTIONS)

release: bootstrap ## optimised build of fairlead, with fairlead-simulate beside it
	swift build -c release --product fairlead
	swift build --package-path Core -c release --product fairlead-simulate
	cp Core/.build/release/fairlead-simulate .build/release/

bench: bootstrap ## the budgets of docs/BENCHMARKS.md, measured here
	@scripts/bench

bench-peers: bootstrap ## our rows beside the peers that install here, in one run
	@scripts/bench-peers

soak: release ## 30 minutes of the demo at ten times its rate: memory, descriptors, threads
	@scripts/soak

fuzz: bootstrap ## a minute of libFuzzer for every decoder of outside bytes
	@scripts/fuzz

nightly: bootstrap ## long runs: 2000 seeds with marks, mutants, fuzz, sanitizers, soak
	@scripts/nightly

lint: ## format and style, without changing anything
	@scripts/tidy

format: ## swift format in place
	swift format -i -r --configuration .swift-format Core Sources Tests Package.swift

clean: ## remove build output and run output
	rm -rf .build .build-* Core/.build Core/.build-* run out
