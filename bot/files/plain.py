"""
Values as JSON that can only become values again.

A child's answer is not trusted: the child has read a file from outside. So it is no pickle, which
could run code, but JSON that names only data classes and enums of `conversations`, which reaches
neither disk nor network.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from decimal import Decimal
from enum import Enum
from importlib import import_module
from typing import Any

ROOM = "conversations."


def dumps(value: object) -> bytes:
    """
    A value as JSON.

    Raises:
        TypeError: It cannot be sent.
    """
    return json.dumps(_written(value), separators=(",", ":")).encode()


def loads(data: bytes) -> Any:
    """
    The value again.

    Raises:
        ValueError: It was not written by `dumps`.
    """
    try:
        return _read(json.loads(data))
    except Exception as error:  # any malformed answer
        raise ValueError("no value") from error


def _written(value: object) -> object:
    """Text, numbers and None as they are; others as a list that begins with a kind."""
    match value:
        case Enum():
            return ["enum", _name(type(value)), _written(value.value)]
        case None | bool() | int() | float() | str():
            return value
        case bytes():
            return ["bytes", base64.b64encode(value).decode()]
        case Decimal():
            return ["decimal", str(value)]
        case tuple() | list() | frozenset() | set():
            return [type(value).__name__, *map(_written, value)]
        case Mapping():
            return ["dict", *([_written(key), _written(kept)] for key, kept in value.items())]
        case _ if is_dataclass(value) and not isinstance(value, type):
            kept = [[each.name, _written(getattr(value, each.name))] for each in fields(value)]
            return ["data", _name(type(value)), *kept]
    raise TypeError(type(value).__qualname__)


def _name(kind: type) -> str:
    if not kind.__module__.startswith(ROOM):
        raise TypeError(f"{kind.__module__}.{kind.__qualname__}")
    return f"{kind.__module__}:{kind.__qualname__}"


def _read(value: Any) -> Any:
    if not isinstance(value, list):
        return value
    return _KINDS[value[0]](value[1:])


def _pairs(value: list[Any]) -> dict[Any, Any]:
    return {_read(key): _read(kept) for key, kept in value}


def _class(name: str) -> Any:
    module, _, kind = name.partition(":")
    found = getattr(import_module(module), kind) if module.startswith(ROOM) else None
    if not isinstance(found, type) or not (is_dataclass(found) or issubclass(found, Enum)):
        raise TypeError(name)
    return found


_KINDS: Mapping[str, Callable[[list[Any]], Any]] = {
    "enum": lambda value: _class(value[0])(_read(value[1])),
    "bytes": lambda value: base64.b64decode(value[0]),
    "decimal": lambda value: Decimal(value[0]),
    "tuple": lambda value: tuple(map(_read, value)),
    "list": lambda value: list(map(_read, value)),
    "frozenset": lambda value: frozenset(map(_read, value)),
    "set": lambda value: set(map(_read, value)),
    "dict": _pairs,
    "data": lambda value: _class(value[0])(**_pairs(value[1:])),
}
