"""A second reading of the core, made to be obvious: it shares no code with what it is held to."""

from collections.abc import Mapping
from typing import Any

from cleangov_plugin.rules.core import nodes as core


class CoreReading:
    """Works out terms of the core over values by name; None is unknown."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self.values = values

    def read(self, term: core.Term) -> Any:
        name = type(term).__name__.lower()
        return getattr(self, f"of_{name}")(term)

    def of_input(self, term: core.Input) -> Any:
        return self.values[term.name]

    def of_constant(self, term: core.Constant) -> Any:
        return term.value

    def of_all(self, term: core.All) -> Any:
        return self.kleene([self.read(item) for item in term.items], least=True)

    def of_any(self, term: core.Any) -> Any:
        return self.kleene([self.read(item) for item in term.items], least=False)

    def kleene(self, values: list[Any], *, least: bool) -> Any:
        """False < unknown < true: a conjunction is the least of its parts, as Kleene has it."""
        order = [False, None, True]
        places = [order.index(value) for value in values]
        neutral = 2 if least else 0
        return order[min(places, default=neutral) if least else max(places, default=neutral)]

    def of_opposite(self, term: core.Opposite) -> Any:
        return {True: False, False: True, None: None}[self.read(term.item)]

    def of_compared(self, term: core.Compared) -> Any:
        a, b = self.read(term.left), self.read(term.right)
        if a is None or b is None:
            return None
        if term.op in ("==", "!="):
            return (a == b) is (term.op == "==")
        less, same = a < b, a == b
        return {"<": less, "<=": less or same, ">": not (less or same), ">=": not less}[term.op]

    def of_oneof(self, term: core.OneOf) -> Any:
        value = self.read(term.item)
        return None if value is None else any(value == option for option in term.options)

    def of_computed(self, term: core.Computed) -> Any:
        a, b = self.read(term.left), self.read(term.right)
        if a is None or b is None:
            return None
        found = {"+": a + b, "-": a - b, "*": a * b}[term.op]
        assert -(2**63) < found < 2**63
        return found

    def of_floored(self, term: core.Floored) -> Any:
        value = self.read(term.item)
        assert value is None or abs(value) <= term.shift
        return None if value is None else value // term.by

    def of_within(self, term: core.Within) -> Any:
        value = self.read(term.item)
        return value if value is not None and term.low <= value <= term.high else None

    def of_where(self, term: core.Where) -> Any:
        return self.read(term.item) if self.read(term.test) is True else None

    def of_entry(self, _: core.Entry) -> Any:
        return self.values[""]

    def of_each(self, term: core.Each) -> Any:
        entries = self.values[term.entries.name]
        if entries is None:
            return None
        said = [type(self)({**self.values, "": each}).read(term.test) for each in entries]
        if term.op == "count":
            return None if any(value is None for value in said) else sum(said)
        return self.kleene(said, least=term.op == "all")

    def of_first(self, term: core.First) -> Any:
        known = [value for value in map(self.read, term.items) if value is not None]
        return known[0] if known else None

    def of_isunknown(self, term: core.IsUnknown) -> Any:
        return self.values[term.item.name] is None
