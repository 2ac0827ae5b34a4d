# make demo      a first alert, with nothing installed by hand
# make test      all tests of the program, the SDK and the rules
# make build     the program at target/release/reddalert, the rules at target/plugins/*.wasm
# make install   PREFIX=/usr/local DESTDIR=
# make crash-test    kills the program at every system call that counts, and 500 times at random; some minutes (docs/reliability.md)
# make load-test      what many alerts and many rules cost, and how that grows (docs/reliability.md)
# make bench     what a run costs, as in docs/benchmarks.md
# make bench-archive   how fast an archive is, and how that grows: some minutes, an hour on a busy machine, and 6 GB of disk
# make test-tools      real counterparts for the tests, among them the AWS command line and a stand-in for AWS; part of `make test`
# make examples   the example rule in every language; make example-c, -go, -javascript, -python, -rust: one of them, as target/examples/LANGUAGE/public_without_owner.wasm
# make test-python, make test-javascript         the tests of what such rules are written with; part of `make test`

PREFIX ?= /usr/local
RULES := $(notdir $(wildcard plugins/*))
RULE_FILES := $(RULES:%=target/plugins/%.wasm)

.PHONY: build program rules demo test test-tools bench bench-archive crash-test load-test install clean

build: program rules

program:
	cargo build --release --locked

# Cargo decides what is out of date, so this always asks it.
rules:
	rustup target add wasm32-wasip2
	cargo build --profile rule --locked --target wasm32-wasip2 $(RULES:%=-p rule-%)
	install -d -m 755 target/plugins # Rules that others can write are refused.
	for rule in $(RULES); do install -m 644 "target/wasm32-wasip2/rule/$$rule.wasm" "target/plugins/$$rule.wasm"; done

demo: build
	etc/demo/demo.sh

SKIPPED_TESTS := $(CURDIR)/target/skipped-tests

test: build test-tools
	rm -f "$(SKIPPED_TESTS)"
	$(MAKE) --no-print-directory test-python test-javascript test-go test-c example-rust
	REDDALERT_SKIPPED_TESTS="$(SKIPPED_TESTS)" cargo test --release --locked --workspace
	@if [ -e "$(SKIPPED_TESTS)" ]; then cat "$(SKIPPED_TESTS)"; echo "$$(wc -l < "$(SKIPPED_TESTS)") tests skipped"; fi

# Tests that need these tools say so and are left out where they cannot be had.
TEST_TOOLS := aiosmtpd==1.4.6 awscli==1.46.3 bugsink==2.6.1 moto[server]==5.2.5 osmem-server==0.1.6

test-tools:
	@if [ "$$(cat target/test-tools/have 2>/dev/null)" = "$(TEST_TOOLS)" ]; then exit 0; fi; \
	rm -rf target/test-tools; \
	if python3 -m venv target/test-tools && target/test-tools/bin/pip install --quiet --disable-pip-version-check $(TEST_TOOLS); \
	then echo "$(TEST_TOOLS)" > target/test-tools/have; \
	else echo "make test-tools: python3 with venv and the package index are needed; tests that need them will be skipped" >&2; fi

crash-test: build test-tools
	cargo test --release --locked -p reddalert --test program crash:: -- --ignored --nocapture --test-threads 1

load-test: build
	cargo test --release --locked -p reddalert --test program load::what -- --ignored --nocapture

bench-archive:
	cargo bench --locked -p reddalert-edda --bench archive

bench: build
	cargo bench --locked --package reddalert --bench whole_run -- $(BENCH)

install: build
	install -d "$(DESTDIR)$(PREFIX)/bin" "$(DESTDIR)$(PREFIX)/lib/reddalert/plugins" "$(DESTDIR)$(PREFIX)/share/reddalert"
	install -m 755 target/release/reddalert "$(DESTDIR)$(PREFIX)/bin/"
	install -m 644 $(RULE_FILES) "$(DESTDIR)$(PREFIX)/lib/reddalert/plugins/"
	install -m 644 etc/aws-policy.json etc/configfile.json etc/configfile.schema.json etc/crontab etc/reddalert.service etc/reddalert.timer "$(DESTDIR)$(PREFIX)/share/reddalert/"

include sdk/make/python.mk sdk/make/javascript.mk sdk/make/rust.mk sdk/make/go.mk sdk/make/c.mk sdk/make/bindings.mk

clean:
	cargo clean
