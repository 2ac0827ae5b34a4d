"""Reports machines that were launched with a public address and without a tag that says whose they are.

A machine that was reported is remembered, and told again only when it was launched anew.
"""

from dataclasses import dataclass, field
from typing import Any, Iterator

from reddalert_sdk import Alert, Rule, Severity, Times

REPORTED = "reported"
"""Where it is remembered which machines were reported, and when these were launched."""

KEPT_FOR = 90 * 24 * 60 * 60 * 1000
"""How long a machine is remembered after its launch, in milliseconds."""


@dataclass
class Tag:
    key: Any = None
    value: Any = None


@dataclass
class Placement:
    availabilityZone: Any = None


@dataclass
class Machine:
    """A document. Only these fields are fetched; one without a text as `instanceId` is reported as skipped."""

    instanceId: str
    launchTime: Any = None
    publicIpAddress: str | None = None
    placement: Placement | None = None
    tags: list[Tag] | None = None

    def tag_texts(self) -> dict[str, str]:
        return {tag.key: tag.value for tag in self.tags or [] if isinstance(tag.key, str) and isinstance(tag.value, str)}

    def region(self) -> str:
        """The zone without its last letter; empty if it is not known."""
        zone = self.placement.availabilityZone if self.placement else None
        return zone[:-1] if isinstance(zone, str) else ""


class PublicWithoutOwner(Rule):
    @dataclass
    class Settings:
        """What an operator writes under `plugin.public_without_owner`."""

        tag: str = "owner"
        """The tag that names the owner, in whatever case."""
        ignore: list[str] = field(default_factory=list)
        """Ids of machines that are left out."""

    def run(self) -> Iterator[Alert]:
        window = self.host.window
        reported = {
            machine: launched for machine, launched in self.host.recall(REPORTED, {}).items() if launched >= window.until - KEPT_FOR
        }
        for machine in self.newest_revisions():
            is_known = reported.get(machine.instanceId) == machine.launchTime
            if machine.launchTime in window and not is_known and self.deserves_alert(machine):
                reported[machine.instanceId] = machine.launchTime
                yield self.alert(machine)
        self.host.remember(REPORTED, reported)

    def newest_revisions(self) -> Iterator[Machine]:
        """Of each machine the newest revision, which comes first."""
        seen = set()
        for machine in self.host.documents("view/instances;_expand", Times.UPDATED, Machine):
            if machine.instanceId not in seen:
                seen.add(machine.instanceId)
                yield machine

    def deserves_alert(self, machine: Machine) -> bool:
        return bool(machine.publicIpAddress) and machine.instanceId not in self.settings.ignore and not self.has_owner(machine)

    def has_owner(self, machine: Machine) -> bool:
        return any(key.lower() == self.settings.tag.lower() and value.strip() for key, value in machine.tag_texts().items())

    def alert(self, machine: Machine) -> Alert:
        tags = machine.tag_texts()
        is_test = any(key.lower() == "environment" and value.lower() == "test" for key, value in tags.items())
        return Alert(
            machine.instanceId,
            title=f"Machine {machine.instanceId} is public and has no {self.settings.tag}",
            details=[
                {
                    "instanceId": machine.instanceId,
                    "publicIpAddress": machine.publicIpAddress,
                    "launchTime": machine.launchTime,
                    "tags": dict(sorted(tags.items())),
                }
            ],
            severity=Severity.LOW if is_test else Severity.HIGH,
            labels={"region": machine.region(), "resource-type": "instance"},
        )
