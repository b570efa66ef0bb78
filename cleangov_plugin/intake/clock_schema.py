"""The shape of a clock file: one marshmallow schema, from which the JSON Schema is made."""

from typing import Any

from marshmallow import Schema, fields, validate

from cleangov_hooks import Precision
from cleangov_plugin.rules.clocks import Roll, Unit

from .rule_schema import BasisSchema, SignatureSchema
from .schema_fields import one_of, text, texts, words


def _kinds(meaning: str) -> fields.Raw:
    return fields.Raw(required=True, metadata={"description": meaning})


class TermSchema(Schema):
    """How long it is."""

    length = fields.Integer(strict=True, required=True, validate=validate.Range(min=1, max=2000))
    unit = text("in what it is counted", required=True, validate=one_of(Unit))
    range = fields.List(
        fields.Integer(strict=True),
        validate=validate.Length(equal=2),
        metadata={"description": "least and greatest length an authority may set"},
    )


class DeciderSchema(Schema):
    """Who must have decided a step."""

    attribute = text("the attribute of the event that names the role", required=True)
    roles = texts("the roles that may", required=True)


class PauseSchema(Schema):
    """A span that does not count."""

    id = text("its name", required=True)
    from_ = fields.Raw(
        required=True, data_key="from", metadata={"description": "kinds of event it begins with"}
    )
    until = _kinds("kinds of event it ends with")
    label = words("how it is called", required=True)
    decided_by = fields.Nested(DeciderSchema)


class ExtensionSchema(Schema):
    """What makes a term longer; extensions are used up in the order written."""

    id = text("its name", required=True)
    on = _kinds("kind of event")
    length = fields.Integer(
        strict=True, required=True, metadata={"description": "how much longer at most"}
    )
    given_in = text("the attribute that may say less")
    times = fields.Integer(strict=True, metadata={"description": "how often; once if left out"})
    decided_by = fields.Nested(DeciderSchema)


class ClockEventSchema(Schema):
    """An event of an example."""

    kind = text("kind of event", required=True)
    at = text("when it happened, with its offset", required=True)
    id = text("its id, where another one supersedes it")
    supersedes = text("id of the event that it puts right")
    precision = fields.String(validate=one_of(Precision))
    attributes = fields.Dict(keys=fields.String(), values=fields.Raw())


class ClockCalendarSchema(Schema):
    """The working days of an example: Monday to Friday, but for these."""

    off = texts("weekdays that are off")
    work = texts("weekend days that are worked on")
    provisional = fields.List(
        fields.Raw(), metadata={"description": "years without an official notice"}
    )
    last = text("the last day that is known")


class ClockGivenSchema(Schema):
    """The small case of an example."""

    now = text("the moment asked about, with its offset", required=True)
    events = fields.List(fields.Nested(ClockEventSchema), required=True)
    calendar = fields.Nested(ClockCalendarSchema)
    zone = text("IANA zone; Asia/Shanghai where left out")
    length = fields.Integer(strict=True, metadata={"description": "a promised length"})


class ClockExpectSchema(Schema):
    """What the last run says; what is left out is not looked at."""

    state = text("where it stands", validate=one_of(["not_started", "running", "paused", "ended"]))
    due = text("the last day, none, or a range: 2027-01-07 .. 2027-01-19")
    used = fields.Integer(strict=True, metadata={"description": "share certainly used, percent"})
    overdue = fields.Raw(metadata={"description": "true, false, or unknown"})
    missing = texts("what would have to be known")
    without = texts("steps that did not do what they were meant to")
    runs = fields.Integer(strict=True, metadata={"description": "how many runs there were"})


class ClockExampleSchema(Schema):
    """A small case and what is expected of it."""

    name = text("its name", required=True)
    given = fields.Nested(ClockGivenSchema, required=True)
    expect = fields.Nested(ClockExpectSchema, required=True)
    why = text("the reason for the expectation", required=True)


class ClockSchema(Schema):
    """One version of a clock: a term of law, or one that was promised."""

    clock = text("public id, C01", required=True)
    version = fields.Integer(strict=True, required=True, validate=validate.Range(min=1))
    title = words("what it is called", required=True)
    why = words("what it is for", required=True)
    basis: Any = fields.List(
        fields.Nested(BasisSchema), required=True, validate=validate.Length(min=1)
    )
    starts = _kinds("kinds of event it starts with; the day of the event is not counted")
    stops = _kinds("kinds of event it ends with")
    term = fields.Nested(TermSchema, required=True)
    roll = text("what becomes of a last day off", validate=one_of(Roll))
    hours = texts("windows of a working day, 09:00-12:00, for terms in working hours")
    pauses = fields.List(fields.Nested(PauseSchema))
    extensions = fields.List(fields.Nested(ExtensionSchema))
    owner = text("who looks after it", required=True)
    review_by = text("when it is to be looked at again", required=True)
    examples = fields.List(fields.Nested(ClockExampleSchema))
    signed = fields.List(fields.Nested(SignatureSchema))
