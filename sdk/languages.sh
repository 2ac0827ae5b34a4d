#!/usr/bin/env bash
# Measures the example rule in every language and prints a table for docs/languages.md. `make languages` builds what it needs.
# Usage: sdk/languages.sh [DIRECTORY]: where the inventory is made, with 10,000 machines.
set -euo pipefail

cd "$(dirname "$0")/.."
reddalert=target/release/reddalert
place=${1:-target/languages}
archive=$place/inventory.db
runs=5

mkdir -p "$place"
if [ ! -e "$archive" ]; then
  python3 sdk/many_machines.py 10000 > "$place/machines.jsonl"
  "$reddalert" archive import --silent --archive "$archive" --format records "$place/machines.jsonl"
fi

# The seconds of a build that starts without the component, but with what it is made of and with.
build_seconds() {
  rm -f "target/examples/$1/public_without_owner.wasm"
  { TIMEFORMAT=%R; time make --no-print-directory "example-$1" > "$place/$1.build.log" 2>&1; } 2>&1
}

# What `rule bench` measured under a name: the first number behind it, with its unit.
measured() { sed -n "s/^ *$2  *\([0-9.]* [a-zA-Z]*\).*/\1/p" "$place/$1.bench.txt" | head -n 1; }

echo "| language | build | size | compiling | start, compiled | run | of it computing | memory |"
echo "| --- | --- | --- | --- | --- | --- | --- | --- |"
for language in rust c go javascript python; do
  rule=target/examples/$language/public_without_owner.wasm
  build=$(build_seconds "$language")
  "$reddalert" rule bench "$rule" --edda "archive:$archive" --runs "$runs" > "$place/$language.bench.txt"
  echo "| $language | $build s | $(($(wc -c < "$rule") / 1024)) KiB | $(measured "$language" compiling) | $(measured "$language" "start, compiled") |" \
    "$(measured "$language" run) | $(measured "$language" computing) | $(measured "$language" memory) |"
done
