# Everything a person or CI does with this repository. `make help` lists it.
SHELL := /bin/bash
.DEFAULT_GOAL := help
VERSION ?= 1.0.0
# Linked statically, at a fixed address and without symbols: a third of the start-up time is load-time relocation.
RELEASE_FLAGS := -c release --product relsh --disable-local-rpath --static-swift-stdlib -Xswiftc -Xclang-linker -Xswiftc -no-pie -Xlinker -s
# So are libstdc++ with libgcc, SQLite, and libedit with what it needs, where there are archives of theirs: a directory that holds
# nothing else makes the linker find the archive before the shared library. Without one they stay shared.
CXX_ARCHIVE = $(firstword $(wildcard $(foreach cxx,g++ clang++,$(shell $(cxx) -print-file-name=libstdc++.a 2>/dev/null))))
SQLITE_ARCHIVE = $(firstword $(wildcard $(foreach cc,gcc clang,$(shell $(cc) -print-file-name=libsqlite3.a 2>/dev/null))))
EDIT_ARCHIVES = $(wildcard $(foreach name,edit tinfo bsd md,$(shell gcc -print-file-name=lib$(name).a 2>/dev/null)))
ALL_EDIT_ARCHIVES = $(if $(word 4,$(EDIT_ARCHIVES)),$(EDIT_ARCHIVES))
ARCHIVES = $(CURDIR)/.build/static-libraries
ARCHIVE_FLAGS = -Xswiftc -L$(ARCHIVES) $(if $(CXX_ARCHIVE),-Xswiftc -Xclang-linker -Xswiftc -static-libgcc) \
	$(if $(ALL_EDIT_ARCHIVES),$(foreach name,tinfo bsd md,-Xlinker -l$(name)))

.PHONY: help
help: ## List what make can do
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | awk -F'\t' '{printf "  make %-14s %s\n", $$1, $$2}'

.PHONY: build
build: libraries ## Build the release binary, .build/release/relsh
	@rm -rf '$(ARCHIVES)' && mkdir -p '$(ARCHIVES)'
	@for archive in $(CXX_ARCHIVE) $(SQLITE_ARCHIVE) $(ALL_EDIT_ARCHIVES); do ln -sf "$$archive" '$(ARCHIVES)/'; done
	swift build $(RELEASE_FLAGS) $(ARCHIVE_FLAGS)

.PHONY: libraries
libraries: ## Make sure of the headers and libraries that relsh is built with: SQLite's and libedit's
	@scripts/libraries.sh

.PHONY: engine
engine: ## Find or start a Docker Engine and three registries
	scripts/engine.sh up

.PHONY: down
down: ## Stop the engine and the registries that `make engine` started
	scripts/engine.sh down

.PHONY: demo
demo: engine build ## Release the sample project to three registries: make demo VERSION=1.1.0
	scripts/demo.sh $(VERSION)

.PHONY: test
test: engine build ## Run every test, those against the real engine and registries included
	scripts/test.sh

.PHONY: sanitize
sanitize: ## Run the tests of the language with the address sanitizer, in stress mode
	scripts/sanitize.sh

.PHONY: fuzz
fuzz: ## Make up programs until one breaks relsh: make fuzz TIME=600, in seconds for each of the two targets
	scripts/fuzz.sh

.PHONY: drill
drill: engine build ## Kill a release at every point of every change, resume it, and compare
	RELSH_DRILL_ALL=1 scripts/test.sh --filter Drills

.PHONY: bench
bench: engine build ## Compare the language with others, then a release and a mirror with what relsh replaces
	scripts/bench-language.sh
	scripts/bench-ledger.sh
	scripts/bench.sh
	scripts/bench-registry.sh

.PHONY: bench-language
bench-language: build ## Compare the language with Lua, CPython and starlark; needs no engine
	scripts/bench-language.sh

.PHONY: bench-registry
bench-registry: engine build ## Compare mirroring with skopeo, imagetools and docker, and releases for two platforms
	scripts/bench-registry.sh

.PHONY: format
format: ## Format the Swift sources
	swift format -i -r Package.swift Sources Tests

.PHONY: lint
lint: ## Check the format of the Swift sources and of the scripts
	swift format lint --strict -r Package.swift Sources Tests
	bash -n scripts/*.sh

.PHONY: embed
embed: ## Write the recipes into the sources, so that relsh ships them
	scripts/embed-recipes.sh

.PHONY: record
record: ## Rewrite the expectations of tests; fails, so that CI cannot record
	scripts/record.sh
