# The front door; meson does the work. `make help` lists what there is.
FUZZ_SECONDS ?= 60
PREFIX ?= /usr/local
DEPS ?= yes
export DEPS FUZZ_SECONDS CONFORMANCE_DIR

.DEFAULT_GOAL := build
.PHONY: build demo test test-long bench fuzz lint install clean help deps-build deps-test deps-bench deps-lint deps-fuzz

# on a terminal ninja shows one line that moves; elsewhere only what goes wrong
build: build/build.ninja
	@echo 'building into build/'
	@ninja $(if $(MAKE_TERMOUT),,--quiet) -C build

build/build.ninja:
	@command -v meson >/dev/null || { echo "meson is missing: run \`make deps-build\` first"; exit 1; }
	@said=$$(meson setup build -Dbuildtype=release -Dtests=false -Dprefix=$(PREFIX) 2>&1) || { echo "$$said"; exit 1; }

# set-up on Debian 12, as root or with sudo; DEPS=no skips it
deps-build:
	@tools/deps build
deps-test:
	@tools/deps build test
deps-bench:
	@tools/deps build bench
deps-lint:
	@tools/deps build lint
deps-fuzz:
	@tools/deps build fuzz

demo: deps-build
	@$(MAKE) --no-print-directory build
	@tools/demo build

test: deps-test
	@tools/run-tests

test-long: deps-test
	@LONG=yes tools/run-tests

bench: deps-bench
	@tools/bench

fuzz: deps-fuzz
	@tools/fuzz $(FUZZ)

lint: deps-lint
	@tools/lint

install: build
	@meson configure build -Dprefix=$(PREFIX)
	@meson install -C build

clean:
	rm -rf build build-test-* build-fuzz build-bench build-lint

help:
	@echo 'make              release build into build/'
	@echo 'make demo         set-up, build, and verdicts on the mails of examples/, offline'
	@echo 'make test         set-up and all tests (under 5 minutes)'
	@echo 'make test-long    the same with the slow ones'
	@echo 'make bench        measures speed beside others; keeps it in bench/results/'
	@echo 'make fuzz         each fuzz target for FUZZ_SECONDS=$(FUZZ_SECONDS); FUZZ="a b" picks targets'
	@echo 'make lint         clang-tidy, cppcheck, shellcheck'
	@echo 'make install      PREFIX=$(PREFIX), DESTDIR for packagers'
	@echo 'make deps-build   only the set-up; also deps-test, deps-bench, deps-lint, deps-fuzz'
	@echo 'make clean        removes all builds'
	@echo
	@echo 'DEPS=no skips the set-up. CONFORMANCE_DIR=FOLDER runs the conformance suites found there.'
