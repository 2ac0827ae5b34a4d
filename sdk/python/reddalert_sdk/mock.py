"""A host for native tests: it answers from what the test gives it, and keeps what the rule said.

As the real one, it is closed in `__init__`, turns pages, and hands out only the fields of a document that were asked for.
"""

from __future__ import annotations

import dataclasses
import json
from typing import Any, Iterable, Sequence

from . import rule as rules
from .alert import Alert
from .errors import CallError, ErrorKind
from .host import At, Host, Level, Page, Times, Window
from .network import Request, Response, Target
from .rule import Rule
from .selector import project


def run(kind: type[Rule], settings: dict[str, Any], host: MockHost) -> list[Alert]:
    """Makes the rule and runs it. What it raises is raised. (The real host forgets what a failed run remembered; this one does not.)"""
    host.in_init = True
    made = rules.make(kind, settings, host)
    host.in_init = False
    return rules.alerts(made)


class MockHost(Host):
    """A host whose inventory holds nothing: every question is answered `not found`, every request `denied`."""

    def __init__(self, since: int = 0, until: int = 1, page_size: int = 64, status: dict[str, Any] | None = None) -> None:
        """`status` is what the rule remembers from earlier runs."""
        self._window = Window(since, until)
        self._page_size = page_size
        self._answers: dict[tuple[str, Times | At | None], list[Any] | CallError] = {}
        self._texts: dict[str, str | CallError] = {}
        self._responses: dict[str, Response | CallError] = {}
        self._ports: dict[str, bool | CallError] = {}
        self._pages: dict[str, Page] = {}
        self._status = {key: json.dumps(value) for key, value in (status or {}).items()}
        self.in_init = False
        """Whether the rule is being made: then the inventory is closed."""
        self.asked: list[tuple[str, Times | At]] = []
        """What was asked for as documents, with selectors, in order."""
        self.log_lines: list[tuple[Level, str]] = []
        """What was logged."""
        self.skipped_things: list[tuple[str, str]] = []
        """What was reported as skipped: what, and why."""
        self.incomplete_parts: list[str] = []
        """What was reported as incomplete."""
        self.sent_requests: list[Request] = []
        """The web requests that were sent, in order."""
        self.probed_ports: list[str] = []
        """The ports that were probed, as `host:port`, in order."""

    def answer(self, path: str, documents: Iterable[Any] | CallError, times: Times | At | None = None) -> MockHost:
        """Answers a path (without selector) with these documents, or with an error. An answer for certain times goes before one for all."""
        self._answers[path, times] = documents if isinstance(documents, CallError) else list(documents)
        return self

    def answer_text(self, path: str, text: str | CallError) -> MockHost:
        """Answers a path that is asked as text."""
        self._texts[path] = text
        return self

    def answer_request(self, url: str, response: Response | CallError) -> MockHost:
        """Answers a request of this address. A body is cut to what the request allows."""
        self._responses[url] = response
        return self

    def answer_probe(self, target: str, is_open: bool | CallError) -> MockHost:
        """Whether this port (`192.0.2.1:22`) takes a connection."""
        self._ports[target] = is_open
        return self

    @property
    def status(self) -> dict[str, Any]:
        """What the rule remembers now."""
        return {key: json.loads(text) for key, text in self._status.items()}

    @property
    def window(self) -> Window:
        return self._window

    def texts(self, paths: Sequence[str], times: Times | At) -> list[str | CallError]:
        self._refuse_in_init()
        return [self._texts.get(path, CallError(ErrorKind.NOT_FOUND, f"the test has no text for {path}")) for path in paths]

    def forget(self, key: str) -> None:
        self._refuse_in_init()
        self._status.pop(key, None)

    def remembered_keys(self) -> list[str]:
        return sorted(self._status)

    def log(self, message: str, level: Level = Level.INFO) -> None:
        self.log_lines.append((level, message))

    def skipped(self, what: str, reason: str) -> None:
        self.skipped_things.append((what, reason))

    def incomplete(self, reason: str) -> None:
        self.incomplete_parts.append(reason)

    def send(self, requests: Sequence[Request]) -> list[Response | CallError]:
        self._refuse_in_init()
        self.sent_requests.extend(requests)
        return [self._response(request) for request in requests]

    def probe(self, targets: Sequence[Target], timeout: float = 30.0) -> list[bool | CallError]:
        self._refuse_in_init()
        names = [str(target) for target in targets]
        self.probed_ports.extend(names)
        return [self._ports.get(name, _denied(name)) for name in names]

    def _response(self, request: Request) -> Response | CallError:
        response = self._responses.get(request.url, _denied(request.url))
        if isinstance(response, CallError):
            return response
        return dataclasses.replace(response, body=response.body[: request.max_body], cut=len(response.body) > request.max_body)

    def _first_page(self, path: str, times: Times | At) -> Page:
        self._refuse_in_init()
        self.asked.append((path, times))
        path, separator, selector = path.partition(":(")
        documents = self._answers.get((path, times), self._answers.get((path, None)))
        if documents is None:
            raise CallError(ErrorKind.NOT_FOUND, f"the test has no answer for {path} ({times})")
        if isinstance(documents, CallError):
            raise documents
        texts = [json.dumps(project(document, separator + selector) if separator else document) for document in documents]
        return self._bind(texts)

    def _bind(self, texts: list[str]) -> Page:
        """Makes pages of the texts, and returns the first."""
        if len(texts) <= self._page_size:
            return Page(texts)
        rest = self._bind(texts[self._page_size :])
        name = f"page {len(self._pages)}"
        self._pages[name] = rest
        return Page(texts[: self._page_size], name)

    def _next_page(self, name: str) -> Page:
        if name not in self._pages:
            raise CallError(ErrorKind.BAD_REQUEST, f"no such page: {name}")
        return self._pages[name]

    def _status_get(self, key: str) -> str | None:
        return self._status.get(key)

    def _status_set(self, key: str, text: str) -> None:
        self._refuse_in_init()
        self._status[key] = text

    def _refuse_in_init(self) -> None:
        if self.in_init:
            raise CallError(ErrorKind.DENIED, "not before `run`")


def _denied(what: str) -> CallError:
    return CallError(ErrorKind.DENIED, f"`{what}` is not granted")
