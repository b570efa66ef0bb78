"""Switching a detector off: its checks and functions are taken away where they are."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any

import pytest

from cleangov_plugin.desk.verified import held_heads, verifying, walking
from cleangov_plugin.desk.verified.alarms import Verified

#: The checks of each detector, by their names in the registry.
CHECKS = {
    "LEAF": ("missing", "bodies"),
    "ROOT": ("tiles",),
    "SIG": ("genesis",),
    "ANCH": (),
    "STRM": ("lanes",),
    "COL": ("bodies", "scan", "answers", "findings", "letters", "raised", "asked"),
    "MMD": ("delay",),
    "MAC": ("codes",),
    "ERAS": ("erasures",),
    "SCHEMA": ("schema",),
    "RULE": ("rules",),
    "RCPT": ("receipts",),
    "TIME": ("times",),
    "INDEX": ("index",),
    "WIT": (),
}


def _unheard(patched: pytest.MonkeyPatch, module: ModuleType, name: str) -> None:
    """Let a function raise its alarms where nobody hears them."""
    function = getattr(module, name)

    def quiet(*words: Any) -> Any:
        return function(*(Verified() if isinstance(w, Verified) else w for w in words))

    patched.setattr(module, name, quiet)


def _leaves(patched: pytest.MonkeyPatch) -> None:
    for name in ("_check_leaves", "_seen"):
        _unheard(patched, walking, name)


def _tree(patched: pytest.MonkeyPatch) -> None:
    for name in ("_check_head", "compare_tiles"):
        _unheard(patched, verifying, name)
    for name in ("_check_tiles", "_grow"):
        _unheard(patched, walking, name)


def _signatures(patched: pytest.MonkeyPatch) -> None:
    for name in ("_check_head", "held_heads"):
        _unheard(patched, verifying, name)


def _held(patched: pytest.MonkeyPatch) -> None:
    for name in ("compare", "compare_rows"):
        _unheard(patched, verifying, name)


#: What besides: functions of the walk and of the heads.
BESIDES: dict[str, Callable[[pytest.MonkeyPatch], None]] = {
    "LEAF": _leaves,
    "ROOT": _tree,
    "SIG": _signatures,
    "ANCH": _held,
    "WIT": lambda patched: _unheard(patched, held_heads, "_cosigned"),
}


@contextmanager
def without(detector: str) -> Iterator[None]:
    """Verify without a detector."""
    left = {name: make for name, make in verifying.CHECKS.items() if name not in CHECKS[detector]}
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(verifying, "CHECKS", left)
        BESIDES.get(detector, lambda _: None)(patched)
        yield
