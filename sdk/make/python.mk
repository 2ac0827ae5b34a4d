# Rules in Python.
# make example-python   the example rule as a component: target/examples/python/public_without_owner.wasm
# make test-python      the SDK's own tests, and the component that the whole-program tests use

PYTHON ?= python3
PYTHON_TOOLS := target/tools/python
PYTHON_SDK := $(wildcard sdk/python/reddalert_sdk/*.py) $(wildcard wit/*.wit)
BUILD_PYTHON_RULE = PYTHONPATH=sdk/python $(PYTHON_TOOLS)/bin/python -m reddalert_sdk.build

.PHONY: example-python test-python

example-python: target/examples/python/public_without_owner.wasm

target/examples/python/public_without_owner.wasm: sdk/python/example/public_without_owner.py sdk/python/example/manifest.json $(PYTHON_SDK) $(PYTHON_TOOLS)/have
	$(BUILD_PYTHON_RULE) $< -o $@

# The world with the network, so that its tests see all of the contract.
target/test-rules/python/troubled.wasm: sdk/python/tests/component/troubled.py $(PYTHON_SDK) $(PYTHON_TOOLS)/have
	$(BUILD_PYTHON_RULE) $< --network -o $@

$(PYTHON_TOOLS)/have: sdk/python/requirements.txt
	rm -rf $(PYTHON_TOOLS)
	$(PYTHON) -m venv $(PYTHON_TOOLS)
	$(PYTHON_TOOLS)/bin/pip install --quiet --disable-pip-version-check -r $<
	touch $@

# Where Python, or the package index, cannot be had, the tests say so and are counted as skipped.
test-python:
	@skip() { echo "skipped: sdk/python: $$1" | tee -a "$(SKIPPED_TESTS)"; exit 0; }; \
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || skip "Python 3.11 or later is missing"; \
	(cd sdk/python && PYTHONDONTWRITEBYTECODE=1 $(PYTHON) -m unittest discover --quiet -t . -s tests) || exit 1; \
	$(MAKE) --no-print-directory $(PYTHON_TOOLS)/have || skip "venv and the package index are needed for components"; \
	$(MAKE) --no-print-directory example-python target/test-rules/python/troubled.wasm
