"""What a reddalert rule in Python is made of.

A rule is a subclass of `Rule`: it takes its settings, asks the `Host` for documents of the inventory, and returns `Alert`s.
`python -m reddalert_sdk.build` makes a component of it; natively the same class runs on `reddalert_sdk.mock.MockHost`, so its tests need
neither a component nor an inventory.
"""

from .alert import Alert, Severity
from .errors import CallError, ErrorKind, RuleError
from .host import At, Host, Level, Page, Times, Window
from .network import Request, Response, Target
from .rule import NoSettings, Rule

__all__ = [
    "Alert",
    "At",
    "CallError",
    "ErrorKind",
    "Host",
    "Level",
    "NoSettings",
    "Page",
    "Request",
    "Response",
    "Rule",
    "RuleError",
    "Severity",
    "Target",
    "Times",
    "Window",
]
