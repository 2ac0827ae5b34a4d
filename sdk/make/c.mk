# Rules in C, compiled by Zig.
# make example-c   the example rule as a component: target/examples/c/public_without_owner.wasm
# make test-c      builds it for the whole-program tests

C_TOOLS := target/tools/c
# The name of the package index's package that brings the compiler.
C_PACKAGE := ziglang==0.17.1
ZIG ?= $(C_TOOLS)/bin/python -m ziglang
C_SDK := $(wildcard sdk/c/*/*.c sdk/c/*/*.h sdk/c/third_party/cjson/*)

.PHONY: example-c test-c

example-c: target/examples/c/public_without_owner.wasm

target/examples/c/public_without_owner.wasm: sdk/c/example/public_without_owner.c sdk/c/example/manifest.json $(C_SDK) $(C_TOOLS)/have target/release/reddalert
	mkdir -p $(@D)
	$(ZIG) cc --target=wasm32-wasi -mexec-model=reactor -O2 -Wall -Wextra -Isdk/c/include -Isdk/c/bindings -Isdk/c/third_party/cjson \
		-o target/examples/c/core.module $< sdk/c/src/*.c sdk/c/bindings/*.c sdk/c/third_party/cjson/cJSON.c -Wl,--strip-all
	target/release/reddalert rule package target/examples/c/core.module --manifest sdk/c/example/manifest.json -o $@

$(C_TOOLS)/have: sdk/make/c.mk
	rm -rf $(C_TOOLS)
	python3 -m venv $(C_TOOLS)
	$(C_TOOLS)/bin/pip install --quiet --disable-pip-version-check $(C_PACKAGE)
	touch $@

# Where Python, or the package index, cannot be had, the tests say so and are counted as skipped.
test-c:
	@skip() { echo "skipped: sdk/c: $$1" | tee -a "$(SKIPPED_TESTS)"; exit 0; }; \
	$(MAKE) --no-print-directory $(C_TOOLS)/have || skip "venv and the package index are needed for C"; \
	$(MAKE) --no-print-directory example-c
