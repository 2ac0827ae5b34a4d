"""The example rule on the mock host: what a test of a rule looks like."""

import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "example"))
from public_without_owner import KEPT_FOR, PublicWithoutOwner  # noqa: E402

from reddalert_sdk import RuleError, Severity, Times, mock
from reddalert_sdk.mock import MockHost

NOW = 200 * 24 * 60 * 60 * 1000
SINCE = NOW - 1000


def machine(instance_id="i-1", **parts):
    usual = {"launchTime": SINCE, "publicIpAddress": "192.0.2.1", "placement": {"availabilityZone": "eu-west-1b"}, "tags": []}
    return {"instanceId": instance_id, **usual, **parts}


def run(machines, settings=None, status=None):
    host = MockHost(SINCE, NOW, status=status).answer("view/instances;_expand", machines)
    return mock.run(PublicWithoutOwner, settings or {}, host), host


class PublicMachines(unittest.TestCase):
    def ids(self, *machines, **options):
        return [alert.id for alert in run(machines, **options)[0]]

    def test_a_public_machine_without_an_owner_is_reported(self):
        tags = [{"key": "Name", "value": "web"}, {"key": "App", "value": "x"}, {"key": "OWNER", "value": "  "}]
        [alert], host = run([machine(tags=tags)])
        self.assertEqual(alert.title, "Machine i-1 is public and has no owner")
        sorted_tags = {"App": "x", "Name": "web", "OWNER": "  "}
        fields = {"instanceId": "i-1", "publicIpAddress": "192.0.2.1", "launchTime": SINCE, "tags": sorted_tags}
        self.assertEqual(alert.details, [fields])
        self.assertEqual((alert.severity, alert.labels), (Severity.HIGH, {"region": "eu-west-1", "resource-type": "instance"}))
        self.assertEqual(host.status, {"reported": {"i-1": SINCE}})
        selector = ":(instanceId,launchTime,publicIpAddress,placement:(availabilityZone),tags:(key,value))"
        self.assertEqual(host.asked, [(f"view/instances;_expand{selector}", Times.UPDATED)])

    def test_near_misses_are_not_reported(self):
        for parts in (
            {"launchTime": SINCE - 1},
            {"launchTime": NOW},
            {"launchTime": None},
            {"publicIpAddress": ""},
            {"publicIpAddress": None},
            {"tags": [{"key": "Owner", "value": "bob"}]},
        ):
            with self.subTest(parts=parts):
                self.assertEqual(self.ids(machine(**parts)), [])

    def test_the_newest_revision_alone_counts(self):
        self.assertEqual(self.ids(machine(publicIpAddress=None), machine()), [])
        self.assertEqual(self.ids(machine(), machine(tags=[{"key": "owner", "value": "bob"}])), ["i-1"])

    def test_settings_say_which_tag_counts_and_what_is_ignored(self):
        owned = machine(tags=[{"key": "owner", "value": "bob"}])
        self.assertEqual(self.ids(owned, machine("i-2"), settings={"tag": "Team", "ignore": ["i-2"]}), ["i-1"])
        with self.assertRaisesRegex(RuleError, "`tga`"):
            run([], settings={"tga": "x"})

    def test_a_test_machine_matters_less(self):
        [alert], _ = run([machine(tags=[{"key": "Environment", "value": "TEST"}], placement=None)])
        self.assertEqual((alert.severity, alert.labels), (Severity.LOW, {"resource-type": "instance"}))

    def test_what_was_reported_is_not_reported_again_unless_launched_anew(self):
        self.assertEqual(self.ids(machine(), status={"reported": {"i-1": SINCE}}), [])
        self.assertEqual(self.ids(machine(), status={"reported": {"i-1": SINCE - 1}}), ["i-1"])

    def test_old_launches_are_forgotten(self):
        _, host = run([], status={"reported": {"old": NOW - KEPT_FOR - 1, "recent": NOW - KEPT_FOR}})
        self.assertEqual(host.status, {"reported": {"recent": NOW - KEPT_FOR}})

    def test_odd_documents_are_skipped(self):
        _, host = run([7, {"launchTime": 1}, {"instanceId": 5}])
        self.assertEqual([what for what, _ in host.skipped_things], ["a document of view/instances"] * 2 + ["5"])


if __name__ == "__main__":
    unittest.main()
