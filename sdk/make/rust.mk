# Rules in Rust.
# make example-rust   the example rule as a component: target/examples/rust/public_without_owner.wasm

.PHONY: example-rust examples

# Cargo decides what is out of date, so this always asks it.
example-rust: target/release/reddalert
	rustup target add wasm32-wasip2
	cargo build --profile rule --locked --target wasm32-wasip2 -p example-public_without_owner
	mkdir -p target/examples/rust
	target/release/reddalert rule package target/wasm32-wasip2/rule/public_without_owner.wasm -o target/examples/rust/public_without_owner.wasm

# The example rule in all languages.
examples: example-c example-go example-javascript example-python example-rust

target/release/reddalert:
	cargo build --release --locked
