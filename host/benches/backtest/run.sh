#!/usr/bin/env bash
# How long rules take over a year of an account: `make bench-backtest`, or with other numbers `host/benches/backtest/run.sh MACHINES DAYS EVERY`.
set -euo pipefail

cd "$(dirname "$0")/../../.."
machines=${1:-10000} days=${2:-365} every=${3:-6h}
reddalert=target/release/reddalert
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT

"$reddalert" archive import --silent --archive "$place/small.db" --at 2025-11-23T09:00:00Z etc/demo/t0 >&2
"$reddalert" archive export --archive "$place/small.db" | python3 host/benches/backtest/year.py "$machines" "$days" > "$place/large.jsonl"
"$reddalert" archive import --silent --archive "$place/large.db" --format records "$place/large.jsonl" >&2
"$reddalert" archive stats --archive "$place/large.db"
for rules in "secgroups ami elbs newtag missingtag iam" ami secgroups iam; do
    echo "== $machines machines, $days days, every $every: $rules"
    # shellcheck disable=SC2086
    /usr/bin/time -f '%e s, %U s of processor time, %M KiB at most' \
        "$reddalert" backtest -c etc/demo/configfile.json -e "archive:$place/large.db" --from 2025-01-01T06:00:00Z --every "$every" $rules
done
