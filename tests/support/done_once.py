"""What every start of a host does anew and always alike, done once for all tests of a process.

Rule files that are equal, routes that are equal, distributions that are installed: what comes of
them is that of the real reader, compiler and finder, kept. The first keys of ledgers are drawn as
ever, but a few of them serve all ledgers of a process: to go from 1970 to 2026 day by day costs
as much as a fifth of the rest of a start.
"""

import itertools
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import Any, TypeVar

import pytest
from werkzeug.routing import Rule

T = TypeVar("T")
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
            from cleangov_plugin.intake import clock_files, rule_files
            from cleangov_plugin.store import rulebook
        except ImportError:
            pass
        else:
            shipped: list[Any] = []
            _read_files_once(patched, rule_files, clock_files, shipped)
            patched.setattr(rulebook, "_split", _split_once(rulebook._split, shipped))
            patched.setattr(codes, "_first_key", _drawn_again(codes._first_key))
            patched.setattr(codes.CodeKey, "on", _stepped_once(codes.CodeKey.on))
            patched.setattr(Coders, "__init__", _keys_shared(Coders.__init__))
        yield


def _read_files_once(
    patched: pytest.MonkeyPatch, rule_files: Any, clock_files: Any, shipped: list[Any]
) -> None:
    for module, name in (
        (rule_files, "load_rule_file"),
        (rule_files, "holds_a_clock"),
        (clock_files, "load_clock_file"),
    ):
        patched.setattr(module, name, _read_once(getattr(module, name)))
    folder = rule_files.rulebook_folder()
    loading = _shipped_once(rule_files.load_rulebook, folder, shipped)
    patched.setattr(rule_files, "load_rulebook", loading)


def _read_once(read: Callable[[Path], T]) -> Callable[[Path], T]:
    """Read equal files once; what is no file is the real reader's."""
    known: dict[tuple[str, bytes], T] = {}

    def reading(path: Path) -> T:
        if not path.is_file():
            return read(path)
        key = path.name, path.read_bytes()
        if key not in known:
            known[key] = read(path)
        return known[key]

    return reading


def _shipped_once(
    load: Callable[[Path], list[Any]], folder: Path, shipped: list[Any]
) -> Callable[[Path], list[Any]]:
    """Load the shipped rules once: their files do not change while tests run."""

    def loading(wanted: Path) -> list[Any]:
        if wanted != folder:
            return load(wanted)
        if not shipped:
            shipped.extend(load(folder))
        return [*shipped]

    return loading


def _split_once(
    split: Callable[[Iterable[Any]], T], shipped: list[Any]
) -> Callable[[Iterable[Any]], T]:
    """Write the shipped rules as rows once; whoever gets the rows changes none."""
    known: list[T] = []

    def splitting(documents: Iterable[Any]) -> T:
        given = [*documents]
        if not given or [*map(id, given)] != [*map(id, shipped)]:
            return split(given)
        if not known:
            known.append(split(given))
        return known[0]

    return splitting


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
