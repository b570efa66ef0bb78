"""Whether an answer holds what its type promises: frozen values check nothing when they are built.

A host goes on with a plugin's answer outside the guard, so what is wrong in it is found inside.
"""

from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime
from functools import lru_cache
from types import NoneType, UnionType
from typing import Any, TypeAlias, Union, get_args, get_origin, get_type_hints

Check: TypeAlias = Callable[[Any], bool]


def misfit(value: Any) -> str | None:
    """Name the first field of a contract value that is not of its declared type.

    :param value: a value of one of the contract's frozen classes.
    :return: ``"Verdict.decision"``, with the fields of values inside it: ``"Prompt.tier"``;
        None where all of it is as declared.
    """
    kind: Any = type(value)
    for name, fits in _checks(kind):
        held = getattr(value, name)
        if not fits(held):
            return _inner(held) or f"{kind.__name__}.{name}"
    return None


@lru_cache(maxsize=64)
def _checks(kind: type) -> tuple[tuple[str, Check], ...]:
    hints = get_type_hints(kind)
    return tuple((field.name, _check(hints[field.name])) for field in fields(kind))


def _check(wanted: Any) -> Check:
    """Make the check for one annotation of the contract."""
    origin, inner = get_origin(wanted), get_args(wanted)
    if origin in (Union, UnionType):
        options = [_check(option) for option in inner if option is not NoneType]
        if len(options) < len(inner) and len(options) == 1:  # nearly all of them: something or None
            only = options[0]
            return lambda value: value is None or only(value)
        options += [_check(option) for option in inner if option is NoneType]
        return lambda value: any(fits(value) for fits in options)
    if origin is tuple:  # always tuple[X, ...]; a list does as well
        item = _check(inner[0])
        return lambda value: isinstance(value, list | tuple) and all(map(item, value))
    if origin is frozenset:
        item = _check(inner[0])
        return lambda value: isinstance(value, frozenset) and all(map(item, value))
    if origin is not None and issubclass(origin, Mapping):
        key, item = _check(inner[0]), _check(inner[1])
        return lambda value: (
            isinstance(value, Mapping) and all(key(k) and item(v) for k, v in value.items())
        )
    if wanted is datetime:
        return lambda value: isinstance(value, datetime) and value.utcoffset() is not None
    if isinstance(wanted, type) and is_dataclass(wanted):
        return lambda value: isinstance(value, wanted) and misfit(value) is None
    return lambda value: isinstance(value, wanted)


def _inner(held: Any) -> str | None:
    """Name the field inside a value or list of values, where it is there that something is odd."""
    for each in held if isinstance(held, list | tuple) else (held,):
        found = misfit(each) if is_dataclass(each) and not isinstance(each, type) else None
        if found:
            return found
    return None
