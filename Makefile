# make demo      a first alert, with nothing installed by hand
# make test      all tests of the program, the SDK and the rules
# make bench     what a run costs, as in docs/benchmarks.md
# make build     the program at target/release/reddalert, the rules at target/plugins/*.wasm
# make install   PREFIX=/usr/local DESTDIR=

PREFIX ?= /usr/local
RULES := $(notdir $(wildcard plugins/*))
RULE_FILES := $(RULES:%=target/plugins/%.wasm)

.PHONY: build program rules demo test bench install clean

build: program rules

program:
	cargo build --release --locked

# Cargo decides what is out of date, so this always asks it.
rules:
	rustup target add wasm32-wasip2
	cargo build --profile rule --locked --target wasm32-wasip2 $(RULES:%=-p rule-%)
	mkdir -p target/plugins
	for rule in $(RULES); do cp "target/wasm32-wasip2/rule/$$rule.wasm" "target/plugins/$$rule.wasm"; done

demo: build
	etc/demo/demo.sh

test: build
	cargo test --release --locked --workspace

bench: build
	cargo bench --locked --package reddalert --bench whole_run -- $(BENCH)

install: build
	install -d "$(DESTDIR)$(PREFIX)/bin" "$(DESTDIR)$(PREFIX)/lib/reddalert/plugins" "$(DESTDIR)$(PREFIX)/share/reddalert"
	install -m 755 target/release/reddalert "$(DESTDIR)$(PREFIX)/bin/"
	install -m 644 $(RULE_FILES) "$(DESTDIR)$(PREFIX)/lib/reddalert/plugins/"
	install -m 644 etc/configfile.json etc/configfile.schema.json etc/crontab etc/reddalert.service etc/reddalert.timer "$(DESTDIR)$(PREFIX)/share/reddalert/"

clean:
	cargo clean
