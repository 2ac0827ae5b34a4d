"""Selectors that only name fields, applied as the real host does: `:(instanceId,tags:(key,value))`."""

from __future__ import annotations

import re
from typing import Any

Fields = dict[str, "Fields | None"]
"""The wanted fields, and of each those of the objects in it; none: all of it."""


def project(document: Any, selector: str) -> Any:
    """What the host hands out of a document. What has no fields (a null, a text) is kept. Raises `ValueError` for any other selector."""
    tokens = re.findall(r":\(|[),]|[^:(),]+|.", selector)
    fields = _read(tokens) if tokens[:1] == [":("] else None
    if fields is None or tokens:
        raise ValueError(f"the mock host knows only selectors such as `:(a,b:(c))`, not `{selector}`")
    return _of(document, fields)


def _read(tokens: list[str]) -> Fields | None:
    """Takes the tokens of one pair of parentheses; none when they do not fit."""
    tokens.pop(0)
    fields: Fields = {}
    while tokens and re.fullmatch(r"[A-Za-z0-9_.-]+", tokens[0]):
        name = tokens.pop(0)
        fields[name] = None
        if tokens[:1] == [":("]:
            inside = _read(tokens)
            if inside is None:
                return None
            fields[name] = inside
        end = tokens.pop(0) if tokens else ""
        if end != ",":
            return fields if end == ")" else None
    return None


def _of(value: Any, fields: Fields) -> Any:
    if isinstance(value, list):
        return [_of(element, fields) for element in value]
    if not isinstance(value, dict):
        return value
    return {name: value[name] if inside is None else _of(value[name], inside) for name, inside in fields.items() if name in value}
