# run        build the receiving server and start it          make run ARGS='--mbox inbox'
# test       build everything, run every test, print their number
# fuzz       run every fuzz target, each for so many minutes  make fuzz MINUTES=5
# test-asan  the tests of the libraries under AddressSanitizer; test-tsan under ThreadSanitizer
# test-ubsan the C functions that Swift calls under UndefinedBehaviorSanitizer and AddressSanitizer
# coverage   how many lines of SMTPCore the tests and the fuzz corpus run, and which do not run
# test-release  the tests of the tools, against the binaries that people install   make test-release QUICK=1, FILTER='ToolTests\.'
# torture    kills, full disks, cut connections and more, against the server   make torture MINUTES=10, KIND=kills SEED=4711
# soak       hundreds of thousands of sessions and messages, and the growth of the server's memory
# bench      measure beside smtp-sink and the limit server    make bench QUICK=1
# counts     count instructions and mallocs, and fail where they grew   make counts COUNT=refresh sets new budgets
# install    release build, statically linked Swift runtime   make install PREFIX=/usr/local
# docs       the documentation of the libraries, in docs-out   make docs
# format     rewrite the sources in the house style
# lint       complain where the sources are not in it, and about words that CONTRIBUTING.md advises against
# deb        a Debian package of the tools, as lintian likes it; deb-try installs it into a clean Debian and uses it
# deb-source a Debian source package and the binary package made from it
# dist       what people download, in .build-dist: the tools, the source, checksums
# try-image  makes the root of the container image and delivers a message in it
# try-clean  all of .ci/run in a clean Debian that has only Swift      make try-clean COMMAND='make deb'
# clean      remove what was built

SHELL       := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c

SWIFT  ?= swift
CLANG  ?= clang
PREFIX ?= /usr/local
ARGS   ?=

TOOLS   := $(notdir $(wildcard Sources/smtpd-lite Sources/smtp-probe Sources/smtp-codes))
STYLED  := Package.swift Sources Tests Examples
# The trait is part of what everything is compiled with: who builds for the server alone takes it only into a tree that has it.
ALL     := --enable-all-traits
SAME    := $(if $(wildcard .build/checkouts/swift-log),$(ALL))
# Where nothing was built yet, run builds the server alone, without what only editors and debuggers want: a fifth less work.
# The flags differ, so it has a folder of its own; a tree that was built for the tests is used as it is.
FIRST   := --scratch-path .build-run --disable-index-store -debug-info-format none \
    $(addprefix -Xswiftc ,-wmo -disable-batch-mode -num-threads 2)
RUN     := $(if $(wildcard .build/debug),$(SAME),$(FIRST))
# The trait is for smtp-probe load; every product has it, so that they share what is compiled.
# Debug builds check for overlapping accesses to memory, and the tests run those. Release builds leave the checks out:
# EXCLUSIVITY=checked compiles them in, as programs that embed the library do by default.
# Functions return the metadata of types. By default the runtime reads mangled names for that, for a fifth of a start.
# The tools export no symbols, because no other program links them.
EXCLUSIVITY ?= unchecked
RELEASE := --configuration release --traits Tools,Load --static-swift-stdlib -Xswiftc -enforce-exclusivity=$(EXCLUSIVITY) \
    -Xswiftc -Xfrontend -Xswiftc -disable-concrete-type-metadata-mangled-name-accessors \
    -Xswiftc -use-ld=lld -Xlinker --no-export-dynamic

.PHONY: run test test-release torture soak release-tools quick-tools fuzz test-asan test-tsan test-ubsan coverage bench bench-tools counts api-check docs release install uninstall manual deb deb-source deb-try dist try-image try-clean format lint clean setup-run setup-lint setup-test setup-fuzz setup-bench setup-counts setup-deb setup-try-clean

run: setup-run
	@$(SWIFT) build $(RUN) --product smtpd-lite >&2
	@exec "$$($(SWIFT) build $(RUN) --show-bin-path)/smtpd-lite" $(ARGS)

test: setup-test
	$(SWIFT) build $(ALL) --build-tests
	@Scripts/build-smtp-codes >/dev/null
	@log=$$(mktemp); times=$$(mktemp); trap 'rm -f "$$log" "$$times"' EXIT; \
	if ! TEST_TIMES="$$times" $(SWIFT) test $(ALL) --skip-build --disable-xctest 2>&1 | tee "$$log"; then \
	    echo "what failed:"; \
	    grep -A 8 '^✘.*recorded an issue\|^error: ' "$$log" | grep -v '^[✔◇]' | cut -c -500 | tail -n 60; \
	    exit 1; \
	fi; \
	echo "the ten slowest suites, by the seconds that their tests took together:"; \
	awk -F'\t' '{ took[$$2] += $$1 } END { for (suite in took) printf "%8.1f  %s\n", took[suite], suite }' "$$times" | \
	    sed 's/\.swift$$//' | sort -rn | awk 'NR <= 10'; \
	count=$$(sed -n 's/.*Test run with \([0-9]*\) test.* passed.*/\1/p' "$$log" | awk '{ n += $$1 } END { print n + 0 }'); \
	echo "$$count tests passed"; \
	test "$$count" -gt 0

fuzz: setup-fuzz
	@Scripts/fuzz --all $(or $(MINUTES),1)

# Sanitizers change how everything is compiled, so each has a folder of its own. They make some tests too slow for the usual limit.
test-asan test-tsan: setup-test
	@kind=$(if $(filter %-asan,$@),address,thread); \
	options="$(ALL) --sanitize $$kind --scratch-path .build-$$kind"; \
	$(SWIFT) build $$options --build-tests; \
	if test $$kind = thread; then \
	    $(CLANG) -O1 -shared -fPIC -fuse-ld=lld -o .build-thread/mutex.so Tests/Shims/MutexForThreadSanitizer.c -ldl; \
	    export LD_PRELOAD="$$PWD/.build-thread/mutex.so"; \
	fi; \
	TEST_LIMIT=1800 SWIFT_BACKTRACE=enable=no $(SWIFT) test $$options --skip-build --disable-xctest \
	    --filter '^(SMTPCoreTests|SMTPTLSTests|SMTPKitTests)\.'

# The compiler of the Swift toolchain, because its sanitizers come with it.
test-ubsan: setup-run
	@mkdir -p .build-undefined
	@$(CLANG) -std=gnu11 -Wall -Wextra -Werror -g -O1 -fsanitize=undefined,address -fno-sanitize-recover=all -fuse-ld=lld \
	    -I Sources/SMTPKit -I Sources/SMTPKit/CSpawn/include -o .build-undefined/shims \
	    Tests/Shims/Shims.c Sources/SMTPKit/CSpawn/CSpawn.c $$(pkg-config --cflags --libs openssl libidn2) -lcrypt -lunistring
	@.build-undefined/shims

coverage: setup-test
	@Scripts/coverage

# The tests themselves are a debug build; they start the tools that they find in SMTPKIT_TOOLS. With QUICK=1, a part of them runs
# for a minute, against a smtpd-lite and a smtp-codes that are built for release. `make test` has built that smtp-codes.
QUICK_SUITES := BadOutput|Chunking|ClientMatrix|Durability|HostileClient|HostileTLS|Leniency|Listen|LMTPClient|Lock|Mailbox|Output
QUICK_SUITES := $(QUICK_SUITES)|PostfixLeniency|Privilege|Process|ProxyClient|Resource|Secrecy|Show|Spool|Systemd
FILTER ?= $(if $(QUICK),^ToolTests\.($(QUICK_SUITES))Tests/|^SmtpCodesTests\.,^(ToolTests|SmtpProbeTests|SmtpCodesTests)\.)
test-release: setup-test $(if $(QUICK),quick-tools,release-tools)
	$(SWIFT) build $(ALL) --build-tests
	SMTPKIT_TOOLS='$(CURDIR)/.build-tools/$(if $(QUICK),quick,bin)' $(SWIFT) test $(ALL) --skip-build --disable-xctest --filter '$(FILTER)'

quick-tools: setup-run
	$(SWIFT) build $(RELEASE) --product smtpd-lite
	@mkdir -p .build-tools/quick
	@strip -o .build-tools/quick/smtpd-lite "$$($(SWIFT) build $(RELEASE) --show-bin-path)/smtpd-lite"
	@ln -sf "$$(Scripts/build-smtp-codes)" "$$($(SWIFT) build $(ALL) --show-bin-path)/smtp-probe" .build-tools/quick

# The tools as `make install` installs them: built for release, without symbols.
release-tools:
	@$(MAKE) --no-print-directory install DESTDIR='$(CURDIR)/.build-tools' PREFIX=

soak: setup-test release-tools
	$(SWIFT) build $(ALL) --build-tests
	SOAK=full TEST_LIMIT=6000 SMTPKIT_TOOLS='$(CURDIR)/.build-tools/bin' \
	    nice $(SWIFT) test $(ALL) --skip-build --disable-xctest --filter '^Campaigns\.SoakTests'

# With SEED, one round. Without KIND, all kinds.
MINUTES ?= 10
torture: setup-test release-tools
	$(SWIFT) build $(ALL) --build-tests
	MINUTES='$(MINUTES)' KIND='$(KIND)' $(if $(SEED),SEED='$(SEED)') TEST_LIMIT=$$(($(MINUTES) * 60 + 600)) \
	    SMTPKIT_TOOLS='$(CURDIR)/.build-tools/bin' nice $(SWIFT) test $(ALL) --skip-build --disable-xctest --filter '^Campaigns\.CampaignTests'

bench: setup-bench
	Benchmarks/run $(if $(QUICK),--quick)

# What smtpd-lite and smtp-codes do, whose builds take the least time; with ALL_COUNTS=1, everything.
counts: setup-counts
	$(SWIFT) build $(RELEASE) --product smtpd-lite
	@Scripts/build-smtp-codes >/dev/null
	$(if $(ALL_COUNTS),$(SWIFT) build $(RELEASE) --product smtp-probe)
	$(if $(ALL_COUNTS),$(SWIFT) build $(RELEASE) --product bench-hooks)
	Benchmarks/instructions $(COUNT) $(if $(ALL_COUNTS),,--tools smtpd-lite,smtp-codes)

# What the benchmarks measure: the tools, and the server with hooks. Prints the folder.
bench-tools: release
	@$(SWIFT) build $(RELEASE) --product bench-hooks >&2
	@$(SWIFT) build $(RELEASE) --show-bin-path

# smtp-codes has to start in a few milliseconds, so it has a build of its own: one static executable.
release: setup-run
	@for tool in $(TOOLS); do \
	    if test "$$tool" = smtp-codes; then Scripts/build-smtp-codes >/dev/null; \
	    else $(SWIFT) build $(RELEASE) --product "$$tool"; fi; \
	done

install: release
	@bin="$$($(SWIFT) build $(RELEASE) --show-bin-path)"; \
	to="$(DESTDIR)$(PREFIX)"; \
	for tool in $(TOOLS); do \
	    built="$$bin/$$tool"; \
	    if test "$$tool" = smtp-codes; then built="$$(Scripts/build-smtp-codes)"; fi; \
	    install -d "$$to/bin"; \
	    strip -o "$$to/bin/$$tool" "$$built" 2>/dev/null || install -m 755 "$$built" "$$to/bin/$$tool"; \
	    test ! -f "man/$$tool.1" || install -D -m 644 "man/$$tool.1" "$$to/share/man/man1/$$tool.1"; \
	    test ! -f "completions/$$tool.bash" || install -D -m 644 "completions/$$tool.bash" "$$to/share/bash-completion/completions/$$tool"; \
	    test ! -f "completions/$$tool.zsh" || install -D -m 644 "completions/$$tool.zsh" "$$to/share/zsh/site-functions/_$$tool"; \
	    test ! -f "completions/$$tool.fish" || install -D -m 644 "completions/$$tool.fish" "$$to/share/fish/vendor_completions.d/$$tool.fish"; \
	    echo "installed $$to/bin/$$tool"; \
	done

uninstall:
	@to="$(DESTDIR)$(PREFIX)"; \
	for tool in $(TOOLS); do \
	    rm -f "$$to/bin/$$tool" "$$to/share/man/man1/$$tool.1" "$$to/share/bash-completion/completions/$$tool" \
	        "$$to/share/zsh/site-functions/_$$tool" "$$to/share/fish/vendor_completions.d/$$tool.fish"; \
	done

docs: setup-run
	@Scripts/build-docs docs-out

# Writes man/ and completions/ anew from the tools themselves.
manual: setup-run
	$(SWIFT) build $(SAME)
	Scripts/manual smtpd-lite
	Scripts/manual smtp-probe
	@tool="$$($(SWIFT) build --show-bin-path)/smtp-codes"; \
	"$$tool" --generate-manual >man/smtp-codes.1; \
	for shell in bash zsh fish; do "$$tool" --generate-completion-script $$shell >completions/smtp-codes.$$shell; done

deb: setup-deb
	@Scripts/build-deb

deb-try: setup-deb
	@Scripts/try-deb "$$(Scripts/build-deb)"

deb-source: setup-deb
	@Scripts/build-deb-source

dist: setup-run
	@Scripts/build-dist

try-image: setup-run
	@Scripts/try-image

try-clean: setup-try-clean
	@Scripts/try-clean '$(COMMAND)'

format:
	$(SWIFT) format --in-place --parallel --recursive $(STYLED)

# Compares the public API with the baseline in API/.
api-check: setup-run setup-lint
	@Scripts/api-check

lint: setup-lint
	$(SWIFT) format lint --strict --parallel --recursive $(STYLED)
	Scripts/prose-check

clean:
	rm -rf .build .build-run .build-static .build-venv .build-deb .build-dist .build-tools .build-fuzz .build-address .build-thread .build-undefined .build-coverage bench-out docs-out

setup-run setup-lint setup-test setup-fuzz setup-bench setup-counts setup-deb setup-try-clean:
	@Scripts/setup $(@:setup-%=%)
