#!/usr/bin/env python3
"""A past to run rules over: reads the records of a small account (`reddalert archive export`), and prints those of a large one over some days.

    year.py MACHINES DAYS < small.jsonl > large.jsonl

One machine in a hundred changes each day: half of those are tagged anew, the others are replaced by new ones, now and then from an image that
is new. A tenth as many security groups, and a thirtieth as many load balancers, of which a few change. The same arguments print the same.
"""

import copy
import json
import random
import sys

BEGIN = 1_735_689_600_000  # 2025-01-01T00:00:00Z
HOUR = 3_600_000

machines, days = int(sys.argv[1]), int(sys.argv[2])
chance = random.Random(1)
small = {}
for line in sys.stdin:
    record = json.loads(line)
    small.setdefault(record["collection"], []).append(record)


def moment(millis):
    return {"$date": millis}


def show(kept):
    print(json.dumps(kept, separators=(",", ":")))


class Thing:
    """The current revision of one document; what went before has been printed."""

    def __init__(self, collection, key, identity, at):
        self.record = copy.deepcopy(chance.choice(small[collection]))
        self.record["id"] = self.record["data"][key] = identity
        self.record["ftime"] = self.record["ctime"] = self.record["stime"] = moment(at)
        self.record["ltime"], self.record["mtime"] = None, moment(at)

    def end(self, at):
        show({**self.record, "ltime": moment(at), "mtime": moment(at)})

    def become(self, at, change):
        self.end(at)
        self.record["stime"] = self.record["mtime"] = moment(at)
        change(self.record["data"])


class Machine(Thing):
    number = 0

    def __init__(self, at):
        Machine.number += 1
        super().__init__("view.instances", "instanceId", f"i-{Machine.number:017x}", at)
        self.record["data"]["launchTime"] = moment(at)
        if chance.random() < 0.02:
            self.record["data"]["imageId"] = f"ami-{chance.randrange(1 << 32):08x}"
        name = f"service{chance.randrange(300)}"
        self.record["data"]["tags"] = [{"key": "service_name", "value": name}, {"key": "Name", "value": f"{name}-{Machine.number}"}]


fleet = [Machine(BEGIN) for _ in range(machines)]
groups = [Thing("aws.securityGroups", "groupId", f"sg-{number:017x}", BEGIN) for number in range(machines // 10)]
balancers = [Thing("aws.loadBalancers", "loadBalancerName", f"lb-{number}", BEGIN) for number in range(machines // 30)]
users = [Thing("aws.iamUsers", "name", f"user{number}", BEGIN) for number in range(100)]

for step in range(1, days * 24):
    at = BEGIN + step * HOUR
    for number in chance.sample(range(machines), machines // 2400 + (chance.random() < machines / 2400 % 1)):
        if chance.random() < 0.5:
            fleet[number].become(at, lambda data: data["tags"].append({"key": f"seen{step}", "value": "yes"}))
        else:
            fleet[number].end(at)
            fleet[number] = Machine(at)
    if step % 12 == 0:
        port = chance.randrange(1024, 9000)
        opened = {"ipProtocol": "tcp", "fromPort": port, "toPort": port, "ipRanges": ["0.0.0.0/0"], "userIdGroupPairs": []}
        chance.choice(groups).become(at, lambda data: data["ipPermissions"].append(opened))

for thing in [*fleet, *groups, *balancers, *users]:
    show({**thing.record, "mtime": moment(BEGIN + days * 24 * HOUR)})
