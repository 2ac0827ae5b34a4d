"""Prints records of many machines, as `reddalert archive import --format records` takes them: what rules are measured with."""

import json
import sys

LAUNCHED = 1763973000000


def machine(number: int) -> dict:
    owner = "owner" if number % 2 else "service"
    return {
        "instanceId": f"i-{number:016x}",
        "launchTime": LAUNCHED,
        "publicIpAddress": f"198.51.{number % 200}.{number % 250}" if number % 73 == 0 else None,
        "placement": {"availabilityZone": "eu-west-1a", "tenancy": "default"},
        "tags": [{"key": "Name", "value": f"web-{number}"}, {"key": owner, "value": "web"}],
        "description": "x" * 2800,  # Documents of AWS have some three thousand bytes.
    }


for number in range(int(sys.argv[1])):
    document = machine(number)
    print(json.dumps({"collection": "view.instances", "id": document["instanceId"], "stime": LAUNCHED, "ltime": None, "data": document}))
