"""Exceptions, told to people. The module `traceback` wants to read source files, which a component cannot do, so frames are read here."""

from __future__ import annotations

import re

from .errors import CallError, RuleError

INNERMOST = 10
"""How many frames are told."""


def describe(error: BaseException) -> str:
    """The message of an exception; for a mistake in the rule its type and its place too, the innermost first."""
    if isinstance(error, (CallError, RuleError)):
        return str(error) or type(error).__name__
    message = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    return "\n".join([message, *(f"    at {frame}" for frame in _frames(error))])


def _frames(error: BaseException) -> list[str]:
    frames = []
    position = error.__traceback__
    while position is not None:
        code = position.tb_frame.f_code
        frames.append(f"{_short(code.co_filename)}:{position.tb_lineno} in {code.co_qualname}")
        position = position.tb_next
    frames.reverse()
    # Frames of the SDK itself come last and say nothing about the rule.
    return [frame for frame in frames if not frame.startswith("reddalert_sdk/component.py")][:INNERMOST]


def _short(path: str) -> str:
    """A component numbers the directories of its modules: `/0/rule.py`."""
    return re.sub(r"^/\d+/", "", path)
