#!/usr/bin/env bash
# Shows a whole life of reddalert in a minute: an account is recorded, learned, changed, and the changes are reported.
set -euo pipefail

cd "$(dirname "$0")/../.."
reddalert=target/release/reddalert
place=target/demo
archive=$place/archive.db
run=("$reddalert" --configfile etc/demo/configfile.json --statusfile "$place/statusfile.json" --edda "archive:$archive")

step() { printf '\n== %s\n' "$1" >&2; }

rm -rf "$place"
mkdir -p "$place"

step "1. Import what the AWS CLI printed about an account, as it was on 23 November 2025 at 09:00 UTC."
"$reddalert" archive import --archive "$archive" --at 2025-11-23T09:00:00Z etc/demo/t0

step "2. Learn that state: everything is new at a first run, and nobody wants to be told."
"${run[@]}" --learn

step "3. Import the same account a day later: a few things have changed."
"$reddalert" archive import --archive "$archive" --at 2025-11-24T09:00:00Z etc/demo/t1

step "4. Run the rules: these are the alerts that the changes deserve."
"${run[@]}"

step "5. Run again: nothing has changed since, so nothing is reported."
"${run[@]}"

cat >&2 <<TEXT

That was it. What to try next:
  ${run[*]} --since 2025-11-23T09:00:00Z --dry-run -o jsonl   the same alerts as JSON lines, nothing remembered
  $reddalert rules                                            the rules found, and what each can do
  $reddalert --help                                           everything else; the config is explained in etc/configfile.json
Watch your own account: \`$reddalert archive collect --archive inventory.sqlite\`; docs/archive.md has the whole way.
TEXT
