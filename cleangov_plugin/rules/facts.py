"""Facts with their parameters filled in: how each is named, shared and computed."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final, TypeAlias

from . import tree
from .across import Across, NotKnownError, across, group_key, plain
from .closure import Inputs, Run, closure
from .facts_at_once import short_of
from .frame import FactValue, Frame, Reader, reader
from .knowledge import FIGURES, StatisticKey
from .model import EventField, FactSpec
from .names import MOST_CASES
from .operations import OPERATIONS, Source
from .reading import unknowns
from .sums import minor
from .tree import Core, Name, Node
from .tree import Source as From


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A fact as one binding uses it.

    :param id: hash of everything that decides its value; equal facts are computed once.
    :param spec: its definition.
    :param compute: computes it for the present event.
    :param key: names the group a figure over other cases is looked up by.
    :param value: reads the field a figure over other cases is made from.
    :param where: asks whether an event counts for such a figure, or makes up its share.
    :param wide: names the wider group of a share.
    :param days: how many days back such a figure looks; None for all.
    :param across: finds the events of all cases that it looks at; None for all other facts.
    """

    id: str
    spec: FactSpec
    compute: Callable[[Frame], FactValue]
    key: Callable[[Frame], StatisticKey | None] | None = None
    value: Reader | None = None
    where: Callable[[Frame], Core] | None = None
    wide: Callable[[Frame], StatisticKey | None] | None = None
    days: int | None = None
    across: Across | None = None


def resolve(
    specs: Mapping[str, FactSpec],
    fields: Mapping[str, EventField],
    parameters: Mapping[str, Core],
    known: Mapping[str, Fact] | None = None,
) -> dict[str, Fact]:
    """Fill the parameters of one binding into the facts of its rule.

    :param specs: definitions by name, in order of dependency.
    :param fields: the rule's event fields.
    :param parameters: values of its parameters.
    :param known: facts of the same rule with the same parameters before some were changed; those
        that are as they were are taken from there.
    :return: facts by name.
    """
    readers = {name: reader(field) for name, field in fields.items()}
    found: dict[str, Fact] = {}
    for name, spec in specs.items():
        old = None if known is None else known.get(name)
        if old is not None and old.spec is spec and not _reads_changed(spec, known or {}, found):
            found[name] = old
        else:
            found[name] = _resolved(spec, fields, Inputs(readers, parameters, {**found}))
    return found


def _reads_changed(spec: FactSpec, known: Mapping[str, Fact], found: Mapping[str, Fact]) -> bool:
    """Answer whether the condition of a fact asks for another that was changed."""
    read = () if spec.where is None else tree.names(spec.where)
    return any(
        found.get(name.key) is not known.get(name.key)
        for name in read
        if name.source in (From.FACT, From.FACT_COUNT)
    )


def _resolved(spec: FactSpec, fields: Mapping[str, EventField], inputs: Inputs) -> Fact:
    id_ = _id(spec, fields, inputs)
    if spec.is_statistic:
        return _figure(id_, spec, inputs)
    where, found = spec.where, None
    if spec.is_across and spec.within is not None:
        found = across(spec, fields, reader, constant(spec.within, inputs.parameters))
    source = Source(
        spec=spec,
        within=None if spec.within is None else constant(spec.within, inputs.parameters),
        where=None if where is None else closure(where, inputs),
        doubts=_no_doubts if where is None else _doubts(where, inputs),
        value=None if spec.field is None else inputs.readers[spec.field],
        actor=inputs.readers["actor"],
        is_plain=not any((spec.within, where, spec.after, spec.before)),
        across=None if found is None else found.find,
    )
    operation, short = OPERATIONS[spec.operation], short_of(source)

    def asked(frame: Frame) -> FactValue:
        if short is not None and (at_once := short(frame)) is not None:
            return at_once
        try:
            return _proven(operation(source, frame), spec)
        except NotKnownError as unknown:
            return unknown.value

    return Fact(id=id_, spec=spec, compute=asked, across=found)


def _proven(found: FactValue, spec: FactSpec) -> FactValue:
    """Let a number pass that lies in the range its rule was proven with; another is unknown."""
    value, type_ = minor(found.value), spec.type
    if type(value) is not int or type_.low <= value <= type_.high:
        return found
    return FactValue(None, spec.kinds, True)


def constant(node: Node, parameters: Mapping[str, Core]) -> int:
    """Answer the value of a window: a written quantity or a parameter.

    :param node: a literal or the name of a parameter.
    :param parameters: values of the parameters.
    """
    value = node.value if isinstance(node, tree.Literal) else None
    if isinstance(node, Name):
        value = parameters[node.key]
    return value if isinstance(value, int) else 0


def _no_doubts(_: Frame) -> Iterable[str]:
    return ()


def _doubts(where: Node, inputs: Inputs) -> Callable[[Frame], Iterable[str]]:
    def named(frame: Frame) -> Iterable[str]:
        for name in unknowns(where, inputs, frame):
            if name.source is From.EVENT:
                yield f"{frame.record.kind}.{name.key}"
            elif name.source is From.CURRENT:
                yield name.key
            else:
                yield from frame.fact(inputs.facts[name.key]).missing

    return named


def _figure(id_: str, spec: FactSpec, inputs: Inputs) -> Fact:
    key = _group(id_, spec.per or (), inputs.readers)
    is_share = spec.operation == "share"
    return Fact(
        id=id_,
        spec=spec,
        compute=_statistic(spec, key, inputs.readers),
        key=key,
        value=None if spec.field is None else inputs.readers[spec.field],
        where=None if spec.where is None else closure(spec.where, inputs),
        wide=_group(id_, spec.toward, inputs.readers) if is_share else None,
        days=None if spec.within is None else constant(spec.within, inputs.parameters),
    )


Grouped: TypeAlias = Callable[[Frame], StatisticKey | None]


def _group(id_: str, fields: Iterable[str], readers: Mapping[str, Reader]) -> Grouped:
    """Make the function that names the group of an event; None where a value is missing."""
    per = [readers[name] for name in fields]

    def grouped(frame: Frame) -> StatisticKey | None:
        values = [read(frame) for read in per]
        return None if None in values else StatisticKey(id_, group_key(values))

    return grouped


def _statistic(spec: FactSpec, key: Grouped, readers: Mapping[str, Reader]) -> Run:
    def compute(frame: Frame) -> FactValue:
        grouped = key(frame)
        if grouped is None:
            blank = tuple(name for name in spec.per or () if readers[name](frame) is None)
            return FactValue(None, blank, True)
        found = frame.knowledge.statistics.get(grouped)
        if found is None or found.n < spec.at_least:
            return FactValue(None, (f"facts.{spec.name}",))
        return _proven(FactValue(found.value, n=min(found.n, MOST_CASES)), spec)

    return compute


_LENGTH: Final = 32
_JSON: Final = json.JSONEncoder(ensure_ascii=True, separators=(",", ":"))


def _id(spec: FactSpec, fields: Mapping[str, EventField], inputs: Inputs) -> str:
    """Hash everything that decides the value of a fact."""
    used = [spec.field, *(spec.per or ())]
    parts: list[Any] = [
        spec.operation,
        spec.kinds,
        sorted(spec.by_kind.items()),
        [_field(fields[name]) for name in used if name],
        spec.after,
        spec.before,
        None if spec.within is None else _window(spec.within, inputs),
        spec.type.kind,
        [spec.type.low, spec.type.high],
        None if spec.where is None else _dump(spec.where, fields, inputs),
        None if spec.per is None else len(spec.per),
        [_field(fields[spec.also[name]]) for name in spec.per or () if name in spec.also],
        spec.at_least,
        *(
            [spec.at, len(spec.toward), *map(_field, (fields[name] for name in spec.toward))]
            if spec.operation in FIGURES[1:]
            else ()
        ),
    ]
    return sha256(_JSON.encode(parts).encode()).hexdigest()[:_LENGTH]


def _window(node: Node, inputs: Inputs) -> list[Any]:
    return [node.type.kind, constant(node, inputs.parameters)]


def _field(field: EventField) -> list[Any]:
    type_ = field.type
    named: list[Any] = [field.name, field.code]
    found = [*named, type_.kind, type_.currency, type_.low, type_.high]
    if type_.item is not None:  # facts over other fields keep their ids
        found.append(repr(type_.item))
    if type_.choices:  # a value that is none of them is missing
        found.append(sorted(type_.choices))
    return found


def _dump(node: Node, fields: Mapping[str, EventField], inputs: Inputs) -> list[Any]:
    """Write a condition with its parameters filled in, so that equal conditions look equal."""
    match node:
        case tree.Literal(type_, value):
            return ["=", type_.kind, type_.currency, plain(value)]
        case Name(type_, _, From.PARAMETER, key):
            return ["=", type_.kind, type_.currency, plain(inputs.parameters[key])]
        case Name(_, _, From.FACT | From.FACT_COUNT as source, key):
            return [source, inputs.facts[key].id]
        case Name(_, _, source, key):
            return [source, _field(fields[key])]
    head: list[Any] = [type(node).__name__, getattr(node, "op", "")]
    if isinstance(node, tree.Member):
        head.append(sorted(str(plain(option)) for option in node.options))
    return [*head, *(_dump(item, fields, inputs) for item in tree.below(node))]
