"""The JSON Schemas of rule files and mappings, for editors, made from the marshmallow schemas."""

from typing import Any, Final

from marshmallow import Schema, fields, validate

from .clock_schema import ClockSchema
from .mapping_schema import MappingSchema
from .rule_schema import RuleSchema

_PLAIN: Final = (
    (fields.Boolean, "boolean"),
    (fields.Integer, "integer"),
    (fields.String, "string"),
)


def rule_json_schema() -> dict[str, Any]:
    """Answer the JSON Schema (draft 2020-12) of a rule file."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "CleanGov rule",
        **_object(RuleSchema()),
    }


def clock_json_schema() -> dict[str, Any]:
    """Answer the JSON Schema (draft 2020-12) of a clock file."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "CleanGov clock",
        **_object(ClockSchema()),
    }


def mapping_json_schema() -> dict[str, Any]:
    """Answer the JSON Schema (draft 2020-12) of a mapping."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "CleanGov mapping",
        **_object(MappingSchema()),
    }


def _object(schema: Schema) -> dict[str, Any]:
    named = {field.data_key or name: field for name, field in schema.fields.items()}
    described: dict[str, Any] = {
        "type": "object",
        "description": (type(schema).__doc__ or "").strip(),
        "additionalProperties": False,
        "properties": {name: _field(field) for name, field in sorted(named.items())},
    }
    required = sorted(name for name, field in named.items() if field.required)
    return {**described, "required": required} if required else described


def _field(field: "fields.Field[Any]") -> dict[str, Any]:
    found = _shape(field)
    meaning = field.metadata.get("description")
    if meaning:
        found["description"] = meaning
    for validator in field.validators:
        found.update(_limits(validator, found.get("type")))
    return found


def _shape(field: "fields.Field[Any]") -> dict[str, Any]:
    if isinstance(field, fields.Nested):
        return _object(field.schema)
    if isinstance(field, fields.List):
        return {"type": "array", "items": _field(field.inner)}
    if isinstance(field, fields.Dict):
        inner = field.value_field
        return {"type": "object", "additionalProperties": True if inner is None else _field(inner)}
    for kind, name in _PLAIN:
        if isinstance(field, kind):
            return {"type": name}
    return {}


def _limits(validator: Any, kind: str | None) -> dict[str, Any]:
    if isinstance(validator, validate.OneOf):
        return {"enum": list(validator.choices)}
    if isinstance(validator, validate.Range):
        bounds = {"minimum": validator.min, "maximum": validator.max}
    elif isinstance(validator, validate.Length):
        unit = "Items" if kind == "array" else "Length"
        least = validator.min if validator.equal is None else validator.equal
        most = validator.max if validator.equal is None else validator.equal
        bounds = {f"min{unit}": least, f"max{unit}": most}
    else:
        bounds = {}
    return {name: bound for name, bound in bounds.items() if bound is not None}
