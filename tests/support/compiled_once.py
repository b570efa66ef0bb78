"""Statements and templates that are compiled once for all engines and applications of a process.

SQLAlchemy keeps what it compiled with its engine and Flask with its application; a test has its
own of either. Statements are shared by engines whose dialect is of one kind, of one server and of
one default schema; templates where their text is the same to the letter.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import pytest
import sqlalchemy as sa
from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from sqlalchemy.util import LRUCache

_MOST: Final = 5_000
_NAME: Final = "_compiled_cache"


class _Statements:
    """The statements that engines have compiled.

    :param kept: where they are kept by their keys.
    """

    def __init__(self, kept: LRUCache[Any, Any]) -> None:
        self._all = kept

    def get(self, key: Any, default: Any = None) -> Any:
        return self._all.get(_shared(key), default)

    def __setitem__(self, key: Any, compiled: Any) -> None:
        self._all[_shared(key)] = compiled

    def __len__(self) -> int:
        return len(self._all)

    def clear(self) -> None:
        """Forget nothing: what is forgotten is compiled again, and comes out the same."""


def _shared(key: Any) -> Any:
    """Answer a key in which what makes a difference of its dialect stands for the dialect."""
    dialect, *rest = key
    is_of = (type(dialect), dialect.paramstyle, dialect.server_version_info)
    return (*is_of, dialect.default_schema_name, *rest)


class _Templates(BytecodeCache):
    def __init__(self) -> None:
        self._known: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if (known := self._known.get(bucket.key + bucket.checksum)) is not None:
            bucket.bytecode_from_string(known)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._known[bucket.key + bucket.checksum] = bucket.bytecode_to_string()


class _Cache:
    """Stands for what an engine keeps of its own: each engine is given the shared one."""

    def __init__(self) -> None:
        self._shared = _Statements(LRUCache(_MOST))

    def __set__(self, engine: Any, own: Any) -> None:
        engine.__dict__[_NAME] = own if own is None else self._shared

    def __get__(self, engine: Any, kind: type) -> Any:
        return self if engine is None else engine.__dict__[_NAME]


@contextmanager
def compiled_once() -> Iterator[None]:
    """Share what is compiled, as long as this is held."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(sa.Engine, _NAME, _Cache(), raising=False)
        patched.setattr(Flask, "jinja_options", {"bytecode_cache": _Templates()})
        yield
