"""A rule as a component: the host behind the contract's imports, and the exports. Not for use by rules, and only there inside a component.

Everything is imported at the top: when the component runs, there are no files that a later import could read.
"""

from __future__ import annotations

import functools
import json
import re
from types import ModuleType
from typing import Any, Callable, Sequence, TypeVar

from componentize_py_types import Err, Ok
from wit_world.imports import alerts as wit_alerts
from wit_world.imports import edda, report, status
from wit_world.imports import types as wit_types

try:  # Only in the world `network-rule`.
    from wit_world.imports import http, tcp
except ImportError:
    http = tcp = None

from . import failure, surroundings
from . import rule as rules
from .alert import Alert
from .errors import CallError, ErrorKind
from .host import At, Host, Level, Page, Times, Window
from .network import Request, Response, Target

Value = TypeVar("Value")

_KINDS = {getattr(wit_types.ErrorKind, kind.name): kind for kind in ErrorKind}
_NO_NETWORK = "this rule was built without the network; build it with `--network`"


def lifecycle(module: ModuleType) -> type:
    """The exports `init` and `run` of the rule that a module defines. Every exception becomes an error in words."""
    kind = rules.only_rule(module)
    # The class below is made anew for each call, so the rule is kept here.
    made: list[rules.Rule] = []

    class Lifecycle:
        def init(self, settings: str) -> None:
            host = ComponentHost()
            surroundings.arrange(host)
            made[:] = [_told(lambda: rules.make(kind, json.loads(settings), host))]

        def run(self) -> list[wit_alerts.Alert]:
            return _told(lambda: [_to_wit(alert) for alert in rules.alerts(made[0])])

    return Lifecycle


def _told(call: Callable[[], Value]) -> Value:
    try:
        return call()
    except BaseException as error:
        message = failure.describe(error)
    raise Err(_text(message))


class ComponentHost(Host):
    """The program itself."""

    @functools.cached_property
    def window(self) -> Window:
        # The same at every call, and calls are counted.
        span = edda.window()
        return Window(span.since, span.until)

    def texts(self, paths: Sequence[str], times: Times | At) -> list[str | CallError]:
        return _answers(edda.texts([_text(path) for path in paths], _times(times)))

    def forget(self, key: str) -> None:
        _called(lambda: status.remove(_text(key)))

    def remembered_keys(self) -> list[str]:
        return status.keys()

    def log(self, message: str, level: Level = Level.INFO) -> None:
        report.log(getattr(report.Level, level.name), _text(message))

    def skipped(self, what: str, reason: str) -> None:
        report.skipped(_text(what), _text(reason))

    def incomplete(self, reason: str) -> None:
        report.incomplete(_text(reason))

    def send(self, requests: Sequence[Request]) -> list[Response | CallError]:
        if http is None:
            raise CallError(ErrorKind.DENIED, _NO_NETWORK)
        answers = _answers(http.send([_request(request) for request in requests]))
        return [answer if isinstance(answer, CallError) else Response(**vars(answer)) for answer in answers]

    def probe(self, targets: Sequence[Target], timeout: float = 30.0) -> list[bool | CallError]:
        if tcp is None:
            raise CallError(ErrorKind.DENIED, _NO_NETWORK)
        return _answers(tcp.probe([tcp.Target(_text(target.host), target.port) for target in targets], _milliseconds(timeout)))

    def _first_page(self, path: str, times: Times | At) -> Page:
        return _page(_called(lambda: edda.documents(_text(path), _times(times))))

    def _next_page(self, name: str) -> Page:
        return _page(_called(lambda: edda.more(name)))

    def _status_get(self, key: str) -> str | None:
        return status.get(_text(key))

    def _status_set(self, key: str, text: str) -> None:
        _called(lambda: status.set(_text(key), _text(text)))


def _called(call: Callable[[], Value]) -> Value:
    try:
        return call()
    except Err as error:
        failed = _error(error.value)
    raise failed


def _answers(answers: list[Any]) -> list[Any]:
    return [answer.value if isinstance(answer, Ok) else _error(answer.value) for answer in answers]


def _error(error: wit_types.Error) -> CallError:
    return CallError(_KINDS.get(error.kind, ErrorKind.OTHER), error.message, error.status)


def _page(page: edda.Page) -> Page:
    return Page(page.documents, page.next)


def _times(times: Times | At) -> edda.Times:
    if isinstance(times, At):
        return edda.Times_At(times.moment)
    return getattr(edda, f"Times_{times.name.capitalize()}")()


def _request(request: Request) -> Any:
    return http.Request(
        method=_text(request.method),
        url=_text(request.url),
        headers=[(_text(name), _text(value)) for name, value in request.headers],
        body=bytes(request.body),
        timeout_ms=_milliseconds(request.timeout),
        redirects=request.redirects,
        max_body=request.max_body,
        options=[(_text(name), _text(value)) for name, value in request.options.items()],
    )


def _milliseconds(seconds: float) -> int:
    """At least one: nothing would be the host's own idea of a long time."""
    return min(max(round(seconds * 1000), 1), 2**32 - 1)


def _to_wit(alert: Alert) -> wit_alerts.Alert:
    return wit_alerts.Alert(
        id=_text(alert.id),
        title=None if alert.title is None else _text(alert.title),
        details=[_detail(detail) for detail in alert.details],
        severity=None if alert.severity is None else getattr(wit_alerts.Severity, alert.severity.name),
        url=None if alert.url is None else _text(alert.url),
        labels=[(_text(name), _text(value)) for name, value in alert.labels.items()],
    )


def _detail(detail: Any) -> wit_alerts.Detail:
    if isinstance(detail, str):
        return wit_alerts.Detail_Text(_text(detail))
    return wit_alerts.Detail_Fields(_text(json.dumps(dict(detail), ensure_ascii=False, allow_nan=False)))


def _text(text: str) -> str:
    """The text without lone surrogates, which end the rule without a word when they are handed over."""
    return re.sub("[\ud800-\udfff]", "\ufffd", text)
