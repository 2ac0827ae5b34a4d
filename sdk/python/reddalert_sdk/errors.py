"""What can go wrong: a call that the host refused or that failed, and a rule that cannot go on."""

from __future__ import annotations

from enum import Enum


class ErrorKind(Enum):
    """Why a call was refused or failed."""

    DENIED = "denied"
    """Not granted, or not allowed at this moment. The message holds the line to add to the config."""
    BAD_REQUEST = "bad-request"
    """The rule asked for something malformed."""
    NOT_FOUND = "not-found"
    """No such collection, document or host name."""
    UNAVAILABLE = "unavailable"
    """The other side is down, or answered nonsense. Trying again later may help."""
    TIMED_OUT = "timed-out"
    """No answer came in time."""
    OVER_LIMIT = "over-limit"
    """One of the rule's limits."""
    OTHER = "other"
    """Something that this version of the SDK has no word for."""


class CallError(Exception):
    """A call of the host that was refused or failed. One that nobody catches fails the rule, with its message."""

    def __init__(self, kind: ErrorKind, message: str, status: int | None = None) -> None:
        super().__init__(message)
        self.kind = kind
        """Why."""
        self.message = message
        """For people. EDDA's own message word for word, where EDDA gave one."""
        self.status = status
        """The status of an HTTP answer, if one came."""

    def __repr__(self) -> str:
        return f"CallError({self.kind}, {self.message!r}, {self.status!r})"


class RuleError(Exception):
    """Why a rule cannot go on, in words for the operator: a fragment in small letters without a full stop.

    Any other exception fails the rule too, but is told as a mistake in the rule, with its place.
    """
