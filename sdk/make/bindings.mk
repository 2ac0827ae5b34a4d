# make bindings   the C and Go side of wit/, generated again; what it writes is checked in

WIT_BINDGEN_VERSION := 0.61.1
WIT_BINDGEN := target/tools/wit-bindgen/bin/wit-bindgen
GO_BINDINGS := sdk/go/internal/bindings

.PHONY: bindings

# Of the two worlds the wider one: what a rule does not call, the linkers drop. `reddalert rule package` knows the types, so no object file holds them.
bindings: $(WIT_BINDGEN)
	$(WIT_BINDGEN) c wit --world network-rule --no-object-file --out-dir sdk/c/bindings
	rm -rf $(GO_BINDINGS)/reddalert_rule_* $(GO_BINDINGS)/wit_exports
	$(WIT_BINDGEN) go wit --world network-rule --pkg-name reddalert.internal/sdk/internal/bindings --out-dir $(GO_BINDINGS)
	find $(GO_BINDINGS) -name '*.go' -exec sed -i 's|"go.bytecodealliance.org/pkg/wit/|"reddalert.internal/sdk/internal/wit/|' {} +
	$(GO) fmt -C sdk/go ./... > /dev/null

$(WIT_BINDGEN):
	cargo install wit-bindgen-cli --version $(WIT_BINDGEN_VERSION) --locked --no-default-features --features c,go --root target/tools/wit-bindgen
