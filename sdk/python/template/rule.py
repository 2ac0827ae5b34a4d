"""Reports machines that were launched in the window and have no name."""

from dataclasses import dataclass, field
from typing import Any, Iterator

from reddalert_sdk import Alert, Rule, Severity, Times


@dataclass
class Tag:
    key: str
    value: Any = None


@dataclass
class Machine:
    """A document. Only these fields are fetched; one that does not fit is reported as skipped, under its first field."""

    instanceId: str
    launchTime: int | None = None
    tags: list[Tag] | None = None


class Nameless(Rule):
    @dataclass
    class Settings:
        """What an operator writes under the key of this rule in the config. `manifest.json` describes it too."""

        ignore: list[str] = field(default_factory=list)

    def run(self) -> Iterator[Alert]:
        seen = set(self.settings.ignore)
        for machine in self.host.documents("view/instances;_expand", Times.UPDATED, Machine):
            # The newest revision of a machine comes first, and older ones behind it.
            if machine.instanceId in seen:
                continue
            seen.add(machine.instanceId)
            has_name = any(tag.key == "Name" and tag.value for tag in machine.tags or [])
            if machine.launchTime in self.host.window and not has_name:
                yield Alert(machine.instanceId, title=f"Machine {machine.instanceId} has no name", severity=Severity.LOW)
