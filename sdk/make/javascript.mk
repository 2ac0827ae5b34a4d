# Rules in JavaScript.
# make example-javascript   the example rule as a component: target/examples/javascript/public_without_owner.wasm
# make test-javascript      the SDK's own tests, and the component that the whole-program tests use

NODE ?= node
NPM ?= npm
JAVASCRIPT_TOOLS := target/tools/javascript
JAVASCRIPT_SDK := sdk/javascript/build.js $(wildcard sdk/javascript/src/*.js) $(wildcard wit/*.wit)
BUILD_JAVASCRIPT_RULE = $(NODE) sdk/javascript/build.js

.PHONY: example-javascript test-javascript

example-javascript: target/examples/javascript/public_without_owner.wasm

target/examples/javascript/public_without_owner.wasm: sdk/javascript/example/public_without_owner.js sdk/javascript/example/manifest.json $(JAVASCRIPT_SDK) $(JAVASCRIPT_TOOLS)/have
	$(BUILD_JAVASCRIPT_RULE) $< -o $@

# The world with the network, so that its tests see all of the contract.
target/test-rules/javascript/troubled.wasm: sdk/javascript/test/component/troubled.js $(JAVASCRIPT_SDK) $(JAVASCRIPT_TOOLS)/have
	$(BUILD_JAVASCRIPT_RULE) $< --network -o $@

# The packages lie under target; the link is where Node looks for them. No package of these needs its install script.
$(JAVASCRIPT_TOOLS)/have: sdk/javascript/package.json sdk/javascript/package-lock.json
	rm -rf $(JAVASCRIPT_TOOLS)
	mkdir -p $(JAVASCRIPT_TOOLS)
	cp $^ $(JAVASCRIPT_TOOLS)
	cd $(JAVASCRIPT_TOOLS) && $(NPM) ci --ignore-scripts --no-audit --no-fund --loglevel=error
	ln -sfn ../../$(JAVASCRIPT_TOOLS)/node_modules sdk/javascript/node_modules
	touch $@

# Where Node, or the package registry, cannot be had, the tests say so and are counted as skipped.
test-javascript:
	@skip() { echo "skipped: sdk/javascript: $$1" | tee -a "$(SKIPPED_TESTS)"; exit 0; }; \
	$(NODE) -e 'process.exit(parseInt(process.versions.node) < 20 ? 1 : 0)' 2>/dev/null || skip "Node 20 or later is missing"; \
	(cd sdk/javascript && $(NODE) --test --test-reporter=dot test/*.test.js) || exit 1; \
	$(MAKE) --no-print-directory $(JAVASCRIPT_TOOLS)/have || skip "npm and the package registry are needed for components"; \
	$(MAKE) --no-print-directory example-javascript target/test-rules/javascript/troubled.wasm
