"""The shape of a rule."""

from __future__ import annotations

from dataclasses import dataclass, is_dataclass
from types import ModuleType
from typing import Any, Iterable

from . import fields
from .alert import Alert
from .errors import RuleError
from .host import Host


@dataclass
class NoSettings:
    """The settings of a rule that has nothing to set."""


class Rule:
    """A rule. The host makes a fresh one for each run, and calls `run` once."""

    Settings: type = NoSettings
    """What an operator writes under `plugin.<name>`: a dataclass, usually inside the rule. A key that is no field of it is refused. Give fields
    a default: without a section a rule gets `{}`."""

    def __init__(self, settings: Any, host: Host) -> None:
        """Checks the settings. Here the inventory answers `denied` and nothing can be remembered yet; what is remembered can be read.

        Raise `RuleError` for settings that mean nothing, in words for the operator: the run does not take place.
        """
        self.settings = settings
        self.host = host

    def run(self) -> Iterable[Alert]:
        """Looks at the window of this run and returns (or yields) what is worth an alert.

        With an exception nothing of this run counts: no alert goes out, nothing is remembered, and the next run looks at the same window
        again. Where only a part could not be looked at, return what was found and call `host.incomplete`.
        """
        raise NotImplementedError


def make(kind: type[Rule], settings: Any, host: Host) -> Rule:
    """The rule with its settings, given as JSON values. Raises `RuleError` for settings that do not fit."""
    if not is_dataclass(kind.Settings):
        raise TypeError(f"{kind.__name__}.Settings is to be a dataclass")
    try:
        read = fields.read(kind.Settings, settings, strict=True)
    except fields.DoesNotFit as error:
        raise RuleError(f"settings: {error}") from None
    return kind(read, host)


def alerts(rule: Rule) -> list[Alert]:
    """What the rule finds. Raises `TypeError` when it returns anything but alerts."""
    found = list(rule.run() or [])
    for alert in found:
        if not isinstance(alert, Alert):
            raise TypeError(f"{type(rule).__name__}.run is to return alerts, but returned {type(alert).__name__}")
    return found


def only_rule(module: ModuleType) -> type[Rule]:
    """The rule that a module defines. Raises `TypeError` if that is not exactly one."""
    own = [kind for kind in vars(module).values() if isinstance(kind, type) and issubclass(kind, Rule) and kind.__module__ == module.__name__]
    if len(own) != 1:
        names = ", ".join(kind.__name__ for kind in own) or "none"
        raise TypeError(f"{module.__name__} is to define exactly one subclass of reddalert_sdk.Rule, but defines: {names}")
    return own[0]
