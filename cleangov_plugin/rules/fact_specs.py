"""Reading the facts of a rule from its document."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from cleangov_plugin.domain.errors import RuleError

from . import tree
from .checker import check
from .document import Part
from .figure_specs import SHARE, fits_figure, rank, toward
from .kinds import ORDERED, RANGES, Kind, Type, of
from .knowledge import FIGURES
from .model import EventField, FactSpec
from .names import MOST_CASES, Names, near
from .quantities import NAME, bounds
from .tree import Node, Source

_OF_KINDS: Final = ("count", "exists", "elapsed_since", "missing_before", "same_actor", "share")
_OF_FIELD: Final = (
    "sum", "distinct", "latest", "first", "min", "max", "median", "mean", "quantile",
)  # fmt: skip
_OF_ONE_TYPE: Final = {
    "exists": tree.TRUTH,
    "same_actor": tree.TRUTH,
    "missing_before": of(Kind.LIST),
    "share": SHARE,
}
_OPTIONS: Final = (
    "of", "where", "after", "before", "within", "in", "per", "as", "at_least", "at", "toward",
    "range", "label",
)  # fmt: skip
_UNITS: Final = {
    "civil_days": Kind.DAYS,
    "working_days": Kind.WORKING_DAYS,
    "duration": Kind.DURATION,
}
#: What may be asked of the events of all cases, and what those must not be grouped by.
_ACROSS: Final = ("count", "exists", "sum", "distinct", "elapsed_since")
_LOOK: Final = f"Over other cases there are {', '.join((*FIGURES, *_ACROSS))}."
_NO_KEYS: Final = ("actor", "occurred_at", "occurred_on", "recorded_at", "recorded_on")
_EVENT_KIND: Final = re.compile(r"[a-z][a-z0-9_]*(?:\.[a-z0-9_]+)+")

#: A case has at most ten thousand events of a kind; sums of money then stay within this range,
#: chosen so that a ratio of such a sum still passes the proof of 64 bits.
_COUNT: Final = of(Kind.INTEGER).within(0, 10_000)
_SUM: Final = 8 * 10**13


def event_kinds(part: Part, key: str) -> tuple[str, ...]:
    """Read one or more kinds of events.

    :param part: where they stand.
    :param key: the key.
    :return: at least one kind.
    """
    kinds = part.texts(key)
    for kind in kinds:
        if not _EVENT_KIND.fullmatch(kind):
            remedy = "Write a canonical kind such as enf.decision.made."
            raise part.wrong(key, f"'{kind}' is no kind of event.", remedy)
    if not kinds:
        raise part.wrong(key, "at least one kind of event must stand here.")
    return kinds


def fact_specs(
    part: Part, names: Names, fields: Mapping[str, EventField]
) -> tuple[dict[str, FactSpec], Names]:
    """Read the facts of a rule; each may use those before it.

    :param part: the rule's document.
    :param names: fields and parameters.
    :param fields: the event fields, for their types.
    :return: the facts by name, and the names with the facts added.
    """
    found: dict[str, FactSpec] = {}
    for name, declared in part.parts("facts"):
        if not NAME.fullmatch(name):
            raise RuleError(f"'{name}' is no name.", where=declared.path, remedy="Write a_z0_9.")
        spec = _spec(name, declared, names, fields)
        found[name] = spec
        counted = names.counted | {name} if spec.is_statistic else names.counted
        names = replace(names, facts={**names.facts, name: spec.type}, counted=counted)
        names = names.called(spec.label.get("zh", ""), f"facts.{name}")
    return found, names


def _spec(name: str, part: Part, names: Names, fields: Mapping[str, EventField]) -> FactSpec:
    operation = _operation(part)
    part.only(operation, *_OPTIONS)
    of_field = operation in _OF_FIELD
    field = part.text(operation) if of_field else None
    by_kind = _by_kind(part) if isinstance(part.values.get("same_actor"), Mapping) else {}
    kinds = tuple(dict.fromkeys(kind for kinds in by_kind.values() for kind in kinds))
    if not by_kind:
        kinds = event_kinds(part, "of" if of_field else operation)
    per = _per(part, operation, fields)
    spec = FactSpec(
        name=name,
        operation=operation,
        kinds=kinds,
        by_kind=by_kind,
        field=None if field is None else _field(part, operation, field, names),
        type=_type(part, operation, field, names),
        where=_where(part, names),
        after=_anchor(part, "after"),
        before=_anchor(part, "before"),
        within=_within(part, names),
        per=per,
        also=_also(part, per, fields),
        at_least=part.integer("at_least", 1, 10_000, default=1),
        at=rank(part) if operation == "quantile" else 0,
        toward=toward(part, per) if operation == "share" else (),
        label=part.words("label", is_required=False),
    )
    _fits(part, spec)
    return spec


def _operation(part: Part) -> str:
    known = (*_OF_KINDS, *_OF_FIELD)
    found = [key for key in part.values if key in known]
    if len(found) == 1:
        return found[0]
    stray = next((key for key in part.values if key not in known and key not in _OPTIONS), "")
    hint = near(stray, known) or f"Write one of {', '.join(known)}."
    raise RuleError("a fact needs exactly one operation.", where=part.path, remedy=hint)


def _by_kind(part: Part) -> dict[str, tuple[str, ...]]:
    inner = part.part("same_actor")
    found = {kind: event_kinds(inner, kind) for kind in inner.values}
    event_kinds(Part({"kinds": list(found)}, inner.path), "kinds")
    return found


def _field(part: Part, key: str, field: str, names: Names) -> str:
    return names.resolve(field, part.at(key)).key


def _type(part: Part, operation: str, field: str | None, names: Names) -> Type:
    if operation in ("count", "distinct"):
        is_nightly = "per" in part.values and "within" not in part.values
        return _COUNT.within(0, MOST_CASES) if is_nightly else _COUNT
    if operation in _OF_ONE_TYPE:
        return _OF_ONE_TYPE[operation]
    if operation == "elapsed_since":
        unit = part.text("in", default="civil_days")
        if unit not in _UNITS:
            raise part.wrong("in", f"there is no unit '{unit}'.", f"Write {', '.join(_UNITS)}.")
        return of(_UNITS[unit])
    type_ = names.resolve(field or "", part.at(operation)).type
    if operation in ("latest", "first"):
        return type_
    if operation in ("min", "max"):
        if type_.kind not in ORDERED:
            raise part.wrong(operation, f"{type_.described()} has no order.")
        return type_
    if type_.kind not in RANGES:
        raise part.wrong(operation, f"'{field}' is {type_.described()}: no numbers to add.")
    if operation in FIGURES and type_.is_of_any_currency:
        remedy = "Declare the currency of the field."
        raise part.wrong(operation, "a figure over other cases is of one currency.", remedy)
    return _ranged(part, type_) if operation == "sum" else type_


def _ranged(part: Part, type_: Type) -> Type:
    """Answer the type of a sum: the declared range, else one that still passes the proof."""
    written = part.values.get("range")
    if written is None:
        return type_.within(-_SUM, _SUM)
    if not isinstance(written, list | tuple) or len(written) != 2:
        raise part.wrong("range", "a range is [least, greatest].")
    return bounds(written, type_.within(-(2**62), 2**62), part.at("range"))


def _where(part: Part, names: Names) -> Node | None:
    if "where" not in part.values:
        return None
    return check(part.text("where"), replace(names, is_past=True), part.at("where"))


def _anchor(part: Part, key: str) -> str | None:
    if key not in part.values:
        return None
    kinds = event_kinds(part, key)
    if len(kinds) != 1:
        raise part.wrong(key, "one kind of event must stand here.")
    return kinds[0]


def _within(part: Part, names: Names) -> Node | None:
    if "within" not in part.values:
        return None
    where = part.at("within")
    node = check(part.text("within"), names, where, wanted=None)
    is_constant = isinstance(node, tree.Literal) or (
        isinstance(node, tree.Name) and node.source is Source.PARAMETER
    )
    if not is_constant or node.type.kind not in _UNITS.values():
        remedy = "Write 90 days, 5 working days, 24 hours or a parameter."
        raise part.wrong("within", "a window is a written span.", remedy)
    if "per" in part.values and node.type.kind is not Kind.DAYS:
        raise part.wrong("within", "a figure over other cases looks back civil days.")
    return node


def _per(part: Part, operation: str, fields: Mapping[str, EventField]) -> tuple[str, ...] | None:
    if "per" not in part.values and operation not in FIGURES:
        return None
    if operation not in (*FIGURES, *_ACROSS):
        raise part.wrong("per", f"'{operation}' does not look over other cases.", _LOOK)
    per = part.texts("per")
    for name in per:
        _check_key(part, "per", name, fields)
    if "within" not in part.values and operation not in (*FIGURES, "count"):
        remedy = "Write within: 90 days."
        raise part.wrong("per", "events of other cases are looked at within civil days.", remedy)
    if "within" in part.values and operation not in FIGURES and not per:
        raise part.wrong("per", "at least one field must stand here.")
    return per


def _check_key(part: Part, key: str, name: str, fields: Mapping[str, EventField]) -> None:
    if name not in fields:
        raise part.wrong(key, f"there is no field '{name}'.", near(name, fields))
    if name in _NO_KEYS:
        remedy = "Group by what the case is about."
        raise part.wrong(key, "no figure is kept of one person or moment.", remedy)


def _also(
    part: Part, per: tuple[str, ...] | None, fields: Mapping[str, EventField]
) -> dict[str, str]:
    """Read what the fields of `per` are called on earlier events."""
    found: dict[str, str] = {}
    if "as" not in part.values:
        return found
    inner = part.part("as")
    for name in inner.values:
        if name not in (per or ()):
            raise part.wrong("as", f"'{name}' does not stand under 'per'.", near(name, per or ()))
        past = inner.text(name)
        _check_key(inner, name, past, fields)
        if fields[past].type.kind is not fields[name].type.kind:
            raise inner.wrong(name, f"'{name}' and '{past}' are not of one type.")
        found[name] = past
    return found


def _fits(part: Part, spec: FactSpec) -> None:
    """Refuse options that an operation would silently ignore."""
    ignored: tuple[str, ...] = {
        "missing_before": ("where", "after", "before", "within"),
        "same_actor": ("where", "after", "before", "within"),
    }.get(spec.operation, ())
    if spec.is_statistic:
        ignored = ("after", "before", "as", *(("where",) if spec.operation == "count" else ()))
        fits_figure(part, spec)
    if spec.is_across:
        ignored = ("after", "before")
    if spec.per is not None:
        _names_nobody(part, spec)
    allowed = {
        "in": spec.operation == "elapsed_since",
        "range": spec.operation == "sum",
        "at_least": spec.is_statistic,
        "at": spec.operation == "quantile",
        "toward": spec.operation == "share",
        "of": spec.field is not None,
        "as": spec.is_across,
    }
    for key in part.values:
        if key in ignored or not allowed.get(key, True):
            raise part.wrong(key, f"'{key}' does nothing for {spec.operation}.", "Leave it out.")


def _names_nobody(part: Part, spec: FactSpec) -> None:
    """Refuse a condition by which events of all cases would be one person's after all."""
    read = () if spec.where is None else tree.names(spec.where)
    if any(name.key == "actor" for name in read if name.source in (Source.EVENT, Source.CURRENT)):
        remedy = "Ask for the person within the case: leave 'per' out."
        raise part.wrong("where", "no figure over other cases is kept of one person.", remedy)
    if any(name.source in (Source.FACT, Source.FACT_COUNT) for name in read):
        raise part.wrong("where", "a fact over other cases reads no other fact.")
