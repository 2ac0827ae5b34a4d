"""Web requests and port probes. Each needs a grant of the operator; what is not granted is answered with a `CallError` of the kind
`DENIED`, which holds the line to add to the config. Only a rule that was built with `--network` can ask."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Request:
    """A web request. As it is by default, it is a `GET` that takes at most 30 s, follows no redirect and reads at most 1 MiB."""

    url: str
    """`http:` or `https:`, without user and password."""
    method: str = "GET"
    """`GET`, `HEAD`, `POST`, ..."""
    headers: list[tuple[str, str]] = field(default_factory=list)
    """Names and values. The host sets `host`, `content-length` and `authorization` itself."""
    body: bytes = b""
    """What is sent."""
    timeout: float = 30.0
    """How many seconds the whole answer may take."""
    redirects: int = 0
    """How many redirects are followed, at most 255. Each needs a grant as well."""
    max_body: int = 1024 * 1024
    """How many bytes of the answer's body are read; the rest is cut off."""
    options: dict[str, str] = field(default_factory=dict)
    """What the host needs to know to sign the request: `aws-region`, `aws-service`."""


@dataclass
class Response:
    """What a server answered. Any status is an answer."""

    url: str
    """Where the last redirect that was followed led."""
    status: int
    """200, 404, ..."""
    headers: list[tuple[str, str]] = field(default_factory=list)
    """Names and values, as they came."""
    body: bytes = b""
    """Up to `Request.max_body` bytes."""
    cut: bool = False
    """Whether the body had more bytes."""

    def header(self, name: str) -> str | None:
        """The value of the first header of this name, in whatever case it was written."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)

    def text(self) -> str:
        """The body as text; what is no UTF-8 becomes U+FFFD."""
        return self.body.decode("utf-8", "replace")


@dataclass(frozen=True)
class Target:
    """A TCP port of a machine."""

    host: str
    """A host name or an address."""
    port: int
    """The port."""

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"
