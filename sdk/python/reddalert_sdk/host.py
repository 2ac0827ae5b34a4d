"""What a rule may ask of the program that runs it. The component's host calls the program; the mock answers in native tests."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from dataclasses import dataclass
from enum import Enum
from typing import Any, Iterator, Sequence, TypeVar

from . import fields
from .errors import CallError, RuleError
from .network import Request, Response, Target

Document = TypeVar("Document")


@dataclass(frozen=True)
class Window:
    """The window of a run, in milliseconds since 1970 (UTC). The same for the whole run. `moment in window` asks whether it holds a moment."""

    since: int
    """The first moment of the window; 0 for a rule that looks for the first time."""
    until: int
    """The end of the window, not part of it, and the moment that counts as now."""

    def __contains__(self, moment: object) -> bool:
        is_number = isinstance(moment, (int, float)) and not isinstance(moment, bool)
        return is_number and self.since <= moment < self.until


class Times(Enum):
    """Which revisions of the documents are asked for. The moments themselves are the host's business. For the state at a moment: `At`."""

    NOW = "now"
    """The state at the end of the window (where the inventory keeps no history: the current state)."""
    CONTEXT = "context"
    """As `NOW`, for what only decorates a finding: how far this collection is known does not hold the rule's progress back."""
    WINDOW = "window"
    """Every revision that was valid at some moment of the window, newest first."""
    UPDATED = "updated"
    """Every revision that began in the window, newest first."""


@dataclass(frozen=True)
class At:
    """The state at a moment, in milliseconds since 1970, not after the end of the window."""

    moment: int

    def __post_init__(self) -> None:
        if not isinstance(self.moment, int) or self.moment < 0:
            raise ValueError(f"a moment is a number of milliseconds since 1970, not {self.moment!r}")


@dataclass
class Page:
    """A part of an answer."""

    documents: list[str]
    """One JSON text for each document (or id)."""
    next: str | None = None
    """The name of the next page; none after the last one."""


class Level(Enum):
    """How loud a log line is."""

    DEBUG = "debug"
    """For the author of the rule."""
    INFO = "info"
    """For a curious operator."""
    WARN = "warn"
    """Something that the operator may want to mend."""
    ERROR = "error"
    """Something that the operator has to mend."""


class Host(ABC):
    """The program that runs the rule. Rules use the methods without an underscore; those with one are its plain calls."""

    @property
    @abstractmethod
    def window(self) -> Window:
        """The window of this run."""

    def documents(self, path: str, times: Times | At, kind: type[Document] = dict) -> Iterator[Document]:
        """All documents of an answer, read one by one; pages are turned as needed.

        `kind` is a dataclass: then only its fields are asked for (unless the path ends with a selector of its own), and a document that does
        not fit is reported as skipped, under the dataclass's first field, and the reading goes on. Or it is `dict` for whatever object is
        there, or `str` for ids. Raises `CallError` when the inventory fails.
        """
        collection = path.split(";")[0].split(":")[0]
        page = self._first_page(fields.with_selector(path, kind), times)
        while True:
            for text in page.documents:
                value = json.loads(text)
                try:
                    document = fields.read(kind, value)
                except fields.DoesNotFit as error:
                    self.skipped(fields.name_of(kind, value) or f"a document of {collection}", str(error))
                else:
                    yield document
            if page.next is None:
                return
            page = self._next_page(page.next)

    @abstractmethod
    def texts(self, paths: Sequence[str], times: Times | At) -> list[str | CallError]:
        """Whole answers as text (`_diff` is no JSON), asked side by side, answered in the order of the paths."""

    def recall(self, key: str, default: Any = None) -> Any:
        """What was remembered under a key, as a JSON value; `default` if nothing was. Raises `RuleError` when it cannot be read."""
        text = self._status_get(key)
        if text is None:
            return default
        try:
            return json.loads(text)
        except ValueError as error:
            raise RuleError(f"what the status file holds under `{key}` is no JSON: {error}") from None

    def remember(self, key: str, value: Any) -> None:
        """Remembers a JSON value for the next run. Kept only if `run` ends without an exception. Raises `CallError` (in `__init__`, or over
        a limit), and `TypeError` or `ValueError` for what is no JSON."""
        self._status_set(key, json.dumps(value, ensure_ascii=False, allow_nan=False))

    @abstractmethod
    def forget(self, key: str) -> None:
        """Forgets what was remembered under a key."""

    @abstractmethod
    def remembered_keys(self) -> list[str]:
        """The keys under which something is remembered."""

    @abstractmethod
    def log(self, message: str, level: Level = Level.INFO) -> None:
        """A line for the log, under the rule's name."""

    def warn(self, message: str) -> None:
        """A warning in the log: something that the operator may want to mend."""
        self.log(message, Level.WARN)

    @abstractmethod
    def skipped(self, what: str, reason: str) -> None:
        """One thing was odd and left out; the run counts as complete. Shown and counted in the summary."""

    @abstractmethod
    def incomplete(self, reason: str) -> None:
        """A part could not be looked at. The alerts returned go out, and the same window is looked at again by the next run."""

    @abstractmethod
    def send(self, requests: Sequence[Request]) -> list[Response | CallError]:
        """Sends web requests side by side. The answers are in the order of the requests. Not in `__init__`."""

    @abstractmethod
    def probe(self, targets: Sequence[Target], timeout: float = 30.0) -> list[bool | CallError]:
        """Whether ports take a connection, tried side by side, within `timeout` seconds. Nothing is sent. Not in `__init__`."""

    @abstractmethod
    def _first_page(self, path: str, times: Times | At) -> Page:
        """The first page of what the inventory answers to a path."""

    @abstractmethod
    def _next_page(self, name: str) -> Page:
        """The page that `Page.next` names."""

    @abstractmethod
    def _status_get(self, key: str) -> str | None:
        """What was remembered under a key, as JSON text."""

    @abstractmethod
    def _status_set(self, key: str, text: str) -> None:
        """Remembers a JSON text under a key."""
