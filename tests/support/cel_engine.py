"""cel-expr-python, Google's CEL for Python, as the oracle of what is exported as CEL."""

from collections.abc import Iterable, Mapping
from importlib.util import find_spec
from typing import Any

import pytest

from cleangov_plugin.rules.core.nodes import Input, Sort

#: There are wheels for Linux with glibc, macOS and Windows, and no source to build.
needed = pytest.mark.skipif(
    find_spec("cel_expr_python") is None,
    reason="cel-expr-python, the oracle of CEL, has no wheel for this Python or system",
)
_MAPS = {Sort.NUMBER: "numbers", Sort.TRUTH: "truths", Sort.TEXT: "texts"}
_LISTS = {Sort.NUMBER: "number_lists", Sort.TEXT: "text_lists"}


def _map_of(given: Input) -> str:
    return _MAPS[given.sort] if given.entry is None else _LISTS[given.entry.sort]


class Cel:
    """Expressions over the three maps of an export, asked of some rows."""

    def __init__(self, inputs: Iterable[Input], rows: Iterable[Mapping[str, Any]]) -> None:
        from cel_expr_python import cel

        self.engine, string = cel, cel.Type.STRING
        types = {"numbers": cel.Type.INT, "truths": cel.Type.BOOL, "texts": string}
        lists = {"number_lists": cel.Type.INT, "text_lists": string}
        types |= {name: cel.Type.List(of) for name, of in lists.items()}
        self.environment = cel.NewEnv(
            variables={name: cel.Type.Map(string, of) for name, of in types.items()}
        )
        sorts = {each.name: _map_of(each) for each in inputs}
        self.activations = [self.environment.Activation(_given(sorts, row)) for row in rows]

    def answers(self, text: str) -> list[Any]:
        """Answer what it says of each row: a truth, or None for an error of a missing entry.

        Its errors are values that count as true in Python, so their type is looked at first.
        """
        expression = self.environment.compile(text)
        assert expression.return_type() == self.engine.Type.BOOL
        return [self._said(expression.eval(activation)) for activation in self.activations]

    def _said(self, found: Any) -> Any:
        if found.type() == self.engine.Type.BOOL:
            return found.value()
        message = str(found.value())
        return None if "Key not found" in message else message


def _given(sorts: Mapping[str, str], row: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Leave out what is unknown."""
    maps: dict[str, dict[str, Any]] = {name: {} for name in (*_MAPS.values(), *_LISTS.values())}
    for name, kind in sorts.items():
        if row[name] is not None:
            value = row[name]
            maps[kind][name] = list(value) if isinstance(value, tuple) else value
    return maps
