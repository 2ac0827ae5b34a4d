"""What a rule finds. The host adds the rule's name, the alert's id, the time and the window."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Mapping


class Severity(Enum):
    """How much an alert matters, in ascending order."""

    INFO = "info"
    """Worth knowing."""
    LOW = "low"
    """Worth a look some day."""
    MEDIUM = "medium"
    """Worth a look soon. What an alert means that says nothing."""
    HIGH = "high"
    """Worth a look today."""
    CRITICAL = "critical"
    """Worth getting up for."""


@dataclass
class Alert:
    """An alert. The id, the details and the labels are its identity: keep what changes from run to run (a count, a time) out of them.

    Raises `TypeError` when a part has the wrong type, so that the mistake is told where it was made.
    """

    id: str
    """The thing the alert is about, such as an instance id."""
    title: str | None = None
    """One line that reads well alone. None: the host makes one from the manifest's title and the id. Control characters become spaces."""
    details: list[str | Mapping[str, Any]] = field(default_factory=list)
    """What was found: a text is a paragraph for people, a mapping becomes named values."""
    severity: Severity | None = None
    """None: the manifest's, else medium."""
    url: str | None = None
    """An `https:` page about the thing."""
    labels: dict[str, str] = field(default_factory=dict)
    """Named texts; empty ones are left out. Known names: `account`, `region`, `resource-type`, `resource-arn`, `owner`."""

    def __post_init__(self) -> None:
        _expect("id", self.id, str)
        _expect("title", self.title, str, type(None))
        _expect("details", self.details, list)
        for detail in self.details:
            _expect("a detail", detail, str, Mapping)
        _expect("severity", self.severity, Severity, type(None))
        _expect("url", self.url, str, type(None))
        _expect("labels", self.labels, Mapping)
        for name, value in self.labels.items():
            _expect("the name of a label", name, str)
            _expect(f"label {name}", value, str)
        if self.title is not None:
            self.title = "".join(" " if _is_control(character) else character for character in self.title)
        self.labels = {name: value for name, value in self.labels.items() if value}


def _expect(what: str, value: object, *kinds: type) -> None:
    if not isinstance(value, kinds):
        names = " or ".join(kind.__name__ for kind in kinds)
        raise TypeError(f"{what} of an alert is to be {names}, but is {type(value).__name__}")


def _is_control(character: str) -> bool:
    return character < " " or "\x7f" <= character <= "\x9f"
