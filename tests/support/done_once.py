"""What every start of a host does anew and always alike, done once for all tests of a process.

Rule files that are equal, routes that are equal, distributions that are installed: what comes of
them is that of the real reader, compiler and finder, kept. The first keys of ledgers are drawn as
ever, but a few of them serve all ledgers of a process: to go from 1970 to 2026 day by day costs
as much as a fifth of the rest of a start.
"""

import itertools
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from werkzeug.routing import Rule

#: First keys of a process: no test has as many ledgers at once that must differ.
_KEYS = 8


@contextmanager
def done_once() -> Iterator[None]:
    """Do these things once, as long as this is held.

    A host alone, without the plugin, has no rule files and no keys.
    """
    manager = import_module("cleangov_hooks.manager")  # the package calls its function so
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(manager, "entry_points", _found_once(manager.entry_points))
        patched.setattr(Rule, "_compile_builder", _built_once(Rule._compile_builder))
        try:
            from cleangov_plugin.desk import codes
            from cleangov_plugin.desk.verified.code_days import Coders
            from cleangov_plugin.intake import rule_files
        except ImportError:
            pass
        else:
            patched.setattr(rule_files, "load_rule_file", _read_once(rule_files.load_rule_file))
            patched.setattr(codes, "_first_key", _drawn_again(codes._first_key))
            patched.setattr(codes.CodeKey, "on", _stepped_once(codes.CodeKey.on))
            patched.setattr(Coders, "__init__", _keys_shared(Coders.__init__))
        yield


def _read_once(read: Callable[[Path], dict[str, Any]]) -> Callable[[Path], dict[str, Any]]:
    """Read equal rule files once; what is no file is the real reader's."""
    known: dict[tuple[str, bytes], dict[str, Any]] = {}

    def reading(path: Path) -> dict[str, Any]:
        if not path.is_file():
            return read(path)
        key = path.name, path.read_bytes()
        if key not in known:
            known[key] = read(path)
        return known[key]

    return reading


def _found_once(find: Callable[..., Any]) -> Callable[..., Any]:
    """Look for entry points once for each path of imports."""
    known: dict[tuple[str, ...], Any] = {}

    def finding(group: str) -> Any:
        key = (group, *sys.path)
        if key not in known:
            known[key] = find(group=group)
        return known[key]

    return finding


def _built_once(build: Callable[..., Any]) -> Callable[..., Any]:
    """Compile what writes the addresses of a route once: its code gets the route as argument."""
    known: dict[object, Any] = {}

    def building(rule: Rule, append_unknown: bool = True) -> Any:
        if rule.defaults:  # they are written into the code
            return build(rule, append_unknown)
        key = rule.rule, tuple(rule._trace), frozenset(rule.arguments), append_unknown
        if key not in known:
            known[key] = build(rule, append_unknown)
        return known[key]

    return building


def _drawn_again(draw: Callable[..., Any]) -> Callable[..., Any]:
    """Give each ledger the next of a few first keys that were really drawn."""
    drawn: list[bytes] = []
    turns = itertools.cycle(range(_KEYS))

    def drawing(log_id: str, now: datetime) -> Any:
        found = draw(log_id, now)
        place = next(turns)
        if place == len(drawn):
            drawn.append(found.key)
        return type(found)(log_id=log_id, epoch=0, first=found.first, key=drawn[place])

    return drawing


def _stepped_once(step: Callable[..., Any]) -> Callable[..., Any]:
    """Go the long way from a first key to a day once."""
    known: dict[tuple[bytes, int], bytes] = {}

    def stepping(key: Any, epoch: int) -> Any:
        place = key.key, epoch
        if key.epoch or place not in known:
            found = step(key, epoch)
            if key.epoch == 0:
                known[place] = found.key
            return found
        return type(key)(log_id=key.log_id, epoch=epoch, first=key.first, key=known[place])

    return stepping


def _keys_shared(begin: Callable[..., None]) -> Callable[..., None]:
    """Let all verifiers of a first key go along one list of its days."""
    known: dict[bytes, Any] = {}

    def beginning(coders: Any, key: Any) -> None:
        begin(coders, key)
        if key.epoch == 0:
            coders._keys = known.setdefault(key.key, coders._keys)

    return beginning
