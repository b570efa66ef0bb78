"""An example written again as a rule file writes it, so that a proposed case can be pasted."""

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from cleangov_hooks import ActorKind, AttributeValue, Clock, Mode, Origin, Precision
from cleangov_plugin.domain.record import Record
from cleangov_plugin.rules.examples import Example
from cleangov_plugin.rules.kinds import Kind
from cleangov_plugin.rules.model import Rule, core

from .rewriting import written_value

_DEFAULTS: Mapping[str, Any] = {
    "actor_kind": ActorKind.PERSON,
    "precision": Precision.SECOND,
    "clock": Clock.SERVER,
    "mode": Mode.ORDINARY,
    "origin": Origin.LIVE,
}


def given(rule: Rule, example: Example) -> dict[str, Any]:
    """Write the case of an example.

    :param rule: the rule.
    :param example: the example.
    :return: what stands under ``given``; figures over other cases are left to the author.
    """
    zone = example.knowledge.zone
    found: dict[str, Any] = {}
    if zone.key != "Asia/Shanghai":
        found["zone"] = zone.key
    if example.phase.value != "event":
        found["phase"] = example.phase.value
    if example.sets:
        values = example.binding.parameters
        types = {name: parameter.type for name, parameter in rule.parameters.items()}
        found["parameters"] = {
            name: _plain(written_value(values[name], types[name]), values[name])
            for name in sorted(example.sets)
        }
    if example.knowledge.calendar is not None:
        found["calendar"] = example.days
    found["event"] = _event(rule, example.record, example)
    for key in ("history", "elsewhere"):
        records = getattr(example.knowledge, key)
        if records:
            found[key] = [_event(rule, record, example) for record in records]
    return found


def _plain(text: str, value: object) -> object:
    """A list, a text or a plain number stands in YAML as itself."""
    if isinstance(value, tuple):
        return list(value)
    return value if isinstance(value, str | bool) else text


def _event(rule: Rule, record: Record, example: Example) -> dict[str, Any]:
    zone = example.knowledge.zone
    found: dict[str, Any] = {"kind": record.kind, "at": _moment(record.occurred_at, zone)}
    if record.recorded_at != record.occurred_at:
        found["recorded"] = _moment(record.recorded_at, zone)
    for key in ("actor", "unit"):
        if getattr(record, key) is not None:
            found[key] = getattr(record, key)
    for key, usual in _DEFAULTS.items():
        value = getattr(record, key)
        if value is not None and value != usual:
            found[key] = value.value
    if record.step != "example":
        found["step"] = record.step
    if record.amount is not None:
        found["amount"] = written_value(record.amount, rule.fields["amount"].type)
    attributes = _attributes(rule, record, example)
    if attributes:
        found["attributes"] = attributes
    return found


def _moment(moment: datetime, zone: Any) -> str:
    return moment.astimezone(zone).isoformat()


def _attributes(rule: Rule, record: Record, example: Example) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for code, value in record.attributes.items():
        name = _field(rule, code, value)
        if name is not None:
            found[name] = _value(rule, name, value, example)
    return found


def _field(rule: Rule, code: str, value: AttributeValue) -> str | None:
    """Choose the field under which a value is written: a moment and a day may share a code."""
    fields = [field for field in rule.fields.values() if field.code == code]
    wanted = Kind.INSTANT if isinstance(value, datetime) else Kind.DATE
    fit = [f for f in fields if not isinstance(value, date) or f.type.kind is wanted]
    return (fit or fields)[0].name if fields else None


def _value(rule: Rule, name: str, value: AttributeValue, example: Example) -> Any:
    if isinstance(value, datetime):
        return _moment(value, example.knowledge.zone)
    if isinstance(value, date):
        return value.isoformat()
    type_ = rule.fields[name].type
    if isinstance(value, tuple):
        return [str(item) for item in value]
    return _plain(written_value(core(value, type_), type_), value)


def pasted(name: str, given_: Mapping[str, Any], expect: str, why: str) -> str:
    """Write an example as lines of a rule file.

    :param name: its name.
    :param given_: its case.
    :param expect: the result.
    :param why: the reason.
    :return: lines that stand under ``examples``.
    """
    lines = [f"  - name: {_scalar(name)}", "    given:"]
    for key, value in given_.items():
        if isinstance(value, list):
            lines.append(f"      {key}:")
            lines.extend(f"        - {_flow(item)}" for item in value)
        else:
            lines.append(f"      {key}: {_flow(value)}")
    return "\n".join([*lines, f"    expect: {expect}", f"    why: {_scalar(why)}"])


def _flow(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {_flow(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_flow(item) for item in value) + "]"
    return _scalar(value)


def _scalar(value: Any) -> str:
    """Write a scalar; a text that YAML may read otherwise stands in quotes."""
    if not isinstance(value, str):
        return json.dumps(value)
    is_plain = value and all(c.isalnum() or c in "_.-%" for c in value) and value[0] not in "-.%"
    looks_otherwise = value.lower() in ("true", "false", "null", "yes", "no") or value.isdecimal()
    words = value.replace(" ", "")
    is_sentence = " " in value and all(c.isalnum() or c in "_.-%," for c in words)
    if (is_plain or is_sentence) and not looks_otherwise:
        return value
    return json.dumps(value, ensure_ascii=False)
