"""Which rules can run on what a platform or a log tells, and which field is missing."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from . import tree
from .model import ANY_KIND, FactSpec, Rule
from .mutation.fact_mutants import deciding
from .tree import Node, Source

#: Fields that every event has: no declaration names them.
_ALWAYS = frozenset(
    {"kind", "step", "occurred_at", "occurred_on", "recorded_at", "recorded_on", "clock", "mode",
     "origin", "actor", "actor_kind", "unit"}
)  # fmt: skip


class Verdict(StrEnum):
    """Whether a rule can run."""

    RUNS = "runs"
    PARTLY = "partly"
    NEVER_ASKED = "never_asked"
    NOTHING_TO_JUDGE = "cannot_be_checked"


@dataclass(slots=True, kw_only=True)
class Told:
    """What is told of one kind of event.

    :param events: how many there are; 0 where a platform only declares them.
    :param fields: attributes and own fields, each with in how many events it is there.
    """

    events: int = 0
    fields: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Covered:
    """Whether one rule can run.

    :param rule_id: the rule.
    :param verdict: whether it can.
    :param kinds: the kinds it judges that are told.
    :param absent: the kinds it judges or looks for that are not told.
    :param missing: fields it needs that are never there, ``"kind.field"``.
    :param partial: fields it needs that are there in a part of the events, with that part.
    """

    rule_id: str
    verdict: Verdict
    kinds: tuple[str, ...]
    absent: tuple[str, ...]
    missing: tuple[str, ...]
    partial: Mapping[str, tuple[int, int]]


def covered(rule: Rule, told: Mapping[str, Told]) -> Covered:
    """Work out whether a rule can run.

    :param rule: the rule.
    :param told: what is told, by kind of event.
    """
    looked = sorted(told) if ANY_KIND in rule.on else sorted(rule.on & told.keys())
    judged = [kind for kind in looked if not _is_shut(rule, kind, told)]
    needed = [(kind, name) for kind in judged for name in _present(rule)]
    past = [(spec, kind) for spec in _facts(rule) for kind in sorted(spec.history_kinds)]
    needed += [(kind, name) for spec, kind in past if kind in told for name in _past(spec)]
    if not judged:  # what would have let it in
        needed += [(kind, name) for kind in looked for name in _asked_by_guard(rule)]
    missing, partial = _missing(rule, dict.fromkeys(needed), told)
    absent = {kind for kind in rule.on - {ANY_KIND} if kind not in told}
    absent |= {kind for _, kind in past if kind not in told}
    is_blind = bool(judged) and all(_blind(rule, kind, missing, told) for kind in judged)
    if not judged:
        verdict = Verdict.NEVER_ASKED
    elif is_blind:
        verdict = Verdict.NOTHING_TO_JUDGE
    else:
        verdict = Verdict.PARTLY if missing or partial or absent else Verdict.RUNS
    return Covered(
        rule_id=rule.id,
        verdict=verdict,
        kinds=tuple(judged),
        absent=tuple(sorted(absent)),
        missing=tuple(f"{kind}.{name}" for kind, name in missing),
        partial={f"{kind}.{name}": share for (kind, name), share in partial.items()},
    )


def _is_shut(rule: Rule, kind: str, told: Mapping[str, Told]) -> bool:
    """Answer whether the guard never lets a kind through: it asks for what is never told."""

    def is_absent(name: tree.Name) -> bool:
        if name.source is Source.EVENT:
            return bool(_missing(rule, [(kind, name.key)], told)[0])
        spec = rule.facts.get(name.key) if name.source is Source.FACT else None
        if spec is None or spec.operation not in _UNKNOWN_WITHOUT:
            return False
        return not _usable(rule, spec, told)

    def is_false(node: Node) -> bool:
        if isinstance(node, tree.And | tree.Or):
            return (any if isinstance(node, tree.And) else all)(map(is_false, node.items))
        match node:
            case tree.Not(tree.Missing(name)):
                return is_absent(name)
            case tree.Compare("==" | "!=", tree.Name(path="kind"), tree.Literal(_, value)):
                return (value == kind) is (node.op == "!=")
            case tree.Name(source=Source.FACT):
                spec = rule.facts[node.key]
                return spec.operation == "exists" and not told.keys() & {*spec.kinds}
        return False

    return rule.applies is not None and is_false(rule.applies)


def _asked_by_guard(rule: Rule) -> list[str]:
    named = () if rule.applies is None else tree.names(rule.applies)
    return [name.key for name in named if name.source is Source.EVENT]


#: Facts that are unknown where no such event was.
_UNKNOWN_WITHOUT = frozenset({"latest", "first", "min", "max", "elapsed_since"})


def _usable(rule: Rule, spec: FactSpec, told: Mapping[str, Told]) -> list[str]:
    """Name the kinds of earlier events that a fact can be made from."""
    kinds = [kind for kind in spec.kinds if kind in told]
    if spec.field is None:
        return kinds
    return [kind for kind in kinds if not _missing(rule, [(kind, spec.field)], told)[0]]


def _facts(rule: Rule) -> list[FactSpec]:
    return [rule.facts[name] for name in deciding(rule)[0]]


def _present(rule: Rule) -> list[str]:
    """Name the fields of the present event without which the rule cannot say "clear"."""
    trees: list[Node] = [node for node in (rule.condition, rule.applies) if node is not None]
    found = [n.key for node in trees for n in tree.names(node, with_missing=False) if _own(n)]
    for spec in _facts(rule):
        found.extend(spec.per or ())
        if spec.operation == "same_actor":
            found.append("actor")
        if spec.where is not None:
            named = tree.names(spec.where, with_missing=False)
            found.extend(n.key for n in named if n.source is Source.CURRENT)
    return list(dict.fromkeys(found))


def _own(name: tree.Name) -> bool:
    return name.source is Source.EVENT


def _past(spec: FactSpec) -> list[str]:
    """Name the fields of earlier events that a fact is made from."""
    found = [spec.field] if spec.field else []
    if spec.where is not None:
        named = tree.names(spec.where, with_missing=False)
        found.extend(n.key for n in named if n.source is Source.EVENT)
    if spec.operation == "same_actor":
        found.append("actor")
    return list(dict.fromkeys(found))


_Place = tuple[str, str]


def _missing(
    rule: Rule, needed: Iterable[_Place], told: Mapping[str, Told]
) -> tuple[list[_Place], dict[_Place, tuple[int, int]]]:
    missing: list[_Place] = []
    partial: dict[_Place, tuple[int, int]] = {}
    for kind, name in needed:
        of = told[kind]
        code = rule.fields[name].code or name
        if not of.events:
            if name not in (*_ALWAYS, "amount") and code not in of.fields:
                missing.append((kind, name))
            continue
        there = of.fields.get(code, 0)
        if name in _ALWAYS - {"actor", "unit", "actor_kind"}:
            continue
        if not there:
            missing.append((kind, name))
        elif there < of.events:
            partial[kind, name] = (there, of.events)
    return missing, partial


def _blind(rule: Rule, kind: str, missing: Collection[_Place], told: Mapping[str, Told]) -> bool:
    """Answer whether a rule can never judge a kind: a field it needs is never there.

    A fact that is unknown without such an event, and of which none is told, blinds a rule, too.
    """
    lacking = {name for place, name in missing if place == kind}
    if any(rule.fields[name].is_required for name in lacking):
        return True
    return _never_known(rule, told)


def _never_known(rule: Rule, told: Mapping[str, Told]) -> bool:
    """Answer whether a fact that the answer hangs on can never be known."""
    trees = [node for node in (rule.condition, rule.applies) if node is not None]
    read = {
        name.key
        for node in trees
        for name in tree.names(node, with_missing=False)
        if name.source is Source.FACT
    }
    specs = (rule.facts[name] for name in read)
    return any(s.operation in _UNKNOWN_WITHOUT and not _usable(rule, s, told) for s in specs)
