"""Dataclasses and JSON: reads values into dataclasses, and tells the selector that asks for their fields. A field is called as in the document.

Types that fields may have: `str`, `int`, `float`, `bool`, `Any`, `list[...]`, `dict[str, ...]`, dataclasses, and any of them `| None`.
"""

from __future__ import annotations

import dataclasses
import functools
import re
import types
import typing
from typing import Any, TypeVar, Union

try:  # Python 3.14 imports it only when the first type is looked at; in a component that is too late.
    import annotationlib as _annotationlib  # noqa: F401
except ImportError:
    pass

Kind = TypeVar("Kind")

DEEPEST = 4
"""How deep dataclasses in dataclasses are named in a selector; what lies deeper is asked for whole."""

_NAMES = {dict: "an object", list: "a list", str: "a text", bool: "a truth value", int: "a number", float: "a number", type(None): "null"}
_EXPECTED = {**_NAMES, int: "a whole number"}


class DoesNotFit(Exception):
    """A value is not what the dataclass says. Its text tells where and why."""


def read(kind: type[Kind], value: Any, *, where: str = "", strict: bool = False) -> Kind:
    """The value as `kind`. `where` names its place; with `strict`, keys that are no fields are refused. Raises `DoesNotFit`."""
    if kind is Any:
        return value
    if dataclasses.is_dataclass(kind):
        return _read_object(kind, value, where, strict)
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin in (Union, types.UnionType):
        return _read_optional(arguments, value, where, strict)
    outer = origin or kind
    if outer is int and isinstance(value, float) and value.is_integer():
        return int(value)
    if outer is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if outer not in _NAMES:
        raise TypeError(f"a field cannot be of the type {kind!r}: {__doc__.splitlines()[2]}")
    if not isinstance(value, outer) or (isinstance(value, bool) and outer is not bool):
        raise DoesNotFit(_mismatch(where, value, outer))
    if outer is list and arguments:
        return [read(arguments[0], element, where=f"{where}[{index}]", strict=strict) for index, element in enumerate(value)]
    if outer is dict and arguments:
        return {key: read(arguments[1], element, where=_inside(where, key), strict=strict) for key, element in value.items()}
    return value


def name_of(kind: type, value: Any) -> str | None:
    """What to call a document that does not fit: the value of the first field, if that is a text or a number."""
    if not dataclasses.is_dataclass(kind) or not isinstance(value, dict):
        return None
    name = value.get(next(iter(_types(kind)), ""))
    return str(name) if isinstance(name, (str, int, float)) and not isinstance(name, bool) else None


def with_selector(path: str, kind: type) -> str:
    """The path with the fields of a dataclass behind it, as `:(field,list:(field))`. As it is when it has a selector already."""
    selector = "" if path.endswith(")") else _selector(kind, DEEPEST)
    return f"{path}:{selector}" if selector else path


def _read_object(kind: type, value: Any, where: str, strict: bool) -> Any:
    if not isinstance(value, dict):
        raise DoesNotFit(_mismatch(where, value, dict))
    kinds = _types(kind)
    if strict:
        for key in value:
            if key not in kinds:
                raise DoesNotFit(f"unknown key `{_inside(where, key)}`, expected one of: {', '.join(kinds) or 'none'}")
    present = {}
    for field in dataclasses.fields(kind):
        if field.name in value:
            present[field.name] = read(kinds[field.name], value[field.name], where=_inside(where, field.name), strict=strict)
        elif field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING:
            raise DoesNotFit(f"missing field `{_inside(where, field.name)}`")
    return kind(**present)


def _read_optional(kinds: tuple[Any, ...], value: Any, where: str, strict: bool) -> Any:
    others = [kind for kind in kinds if kind is not type(None)]
    if len(others) != 1:
        raise TypeError("of the types of a field only one may be another than None; take Any and look at the value")
    return None if value is None else read(others[0], value, where=where, strict=strict)


@functools.cache
def _types(kind: type) -> dict[str, Any]:
    hints = typing.get_type_hints(kind)
    return {field.name: hints[field.name] for field in dataclasses.fields(kind)}


def _selector(kind: Any, depth: int) -> str:
    """The selector of the dataclass that lies behind lists and options; empty when there is none."""
    while not dataclasses.is_dataclass(kind):
        inner = [argument for argument in typing.get_args(kind) if argument is not type(None)]
        if typing.get_origin(kind) is dict or len(inner) != 1:
            return ""
        kind = inner[0]
    if depth == 0:
        return ""
    items = []
    for name, inner in _types(kind).items():
        if not re.fullmatch(r"[A-Za-z0-9_.-]+", name):
            return ""
        inside = _selector(inner, depth - 1)
        items.append(f"{name}:{inside}" if inside else name)
    return f"({','.join(items)})" if items else ""


def _mismatch(where: str, value: Any, expected: type) -> str:
    subject = f"`{where}` is" if where else "it is"
    return f"{subject} {_NAMES.get(type(value), 'something else')}, expected {_EXPECTED[expected]}"


def _inside(where: str, name: str) -> str:
    return f"{where}.{name}" if where else name
