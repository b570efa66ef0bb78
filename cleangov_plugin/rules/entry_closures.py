"""The closures of tests of entries: ``any``, ``all`` and ``count`` over a list, and the entry."""

from collections.abc import Callable
from typing import Any, TypeAlias

from . import tree
from .entries import entry
from .frame import Frame
from .items import reads_entry

Run: TypeAlias = Callable[[Frame], Any]


def of_entry(node: tree.Item) -> Run:
    """Compile the reading of the entry that is looked at, or of the one around it.

    :param node: the entry.
    """
    return (lambda frame: frame.outer) if node.level else (lambda frame: frame.item)


def of_each(node: tree.Each, entries: Run, test: Run) -> Run:
    """Compile a test of every entry.

    :param node: the test of a list.
    :param entries: closure of the list.
    :param test: closure of the test.
    :return: as `Each` says; None is unknown.
    """
    type_, decided = node.entries.type.entry, node.op == "any"
    is_counted, reads_outer = node.op == "count", reads_entry(node.test, 1)

    def run(frame: Frame) -> Any:
        texts = entries(frame)
        if texts is None:
            return None
        inner, found, is_unknown = frame.inside(), 0, False
        if reads_outer:
            inner.outer = frame.item
        for text in texts:
            inner.item = entry(text, type_)
            value = test(inner)
            if value is decided and not is_counted:
                return decided
            is_unknown = is_unknown or value is None
            found += value is True
        if is_unknown:
            return None
        return found if is_counted else not decided

    return run
