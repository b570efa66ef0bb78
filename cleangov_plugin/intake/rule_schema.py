"""The shape of a rule file: one marshmallow schema, from which the JSON Schema is made."""

from typing import Final

from marshmallow import Schema, fields, validate

from cleangov_hooks import Stream
from cleangov_plugin.domain.terms import Eased, OnFailure, Phase, Result, Severity, Visibility

from .answer_schema import AnswerSchema
from .schema_fields import one_of, text, texts, words

_TYPES: Final = (
    "boolean", "integer", "money", "percent", "text", "choice", "date", "datetime", "days",
    "working_days", "duration", "list",
)  # fmt: skip
_ENTRIES: Final = ("text", "choice", "integer", "days", "money", "date")


class QuoteSchema(Schema):
    """The words of a law, in the language it was made in."""

    zh = fields.String(validate=validate.Length(max=2000))
    en = fields.String(validate=validate.Length(max=2000))


class BasisSchema(Schema):
    """What the rule stands on; the one valid on the day of the act is cited."""

    law = words("law, local rule, or method with its source", required=True)
    article = words("article")
    quote = fields.Nested(QuoteSchema, metadata={"description": "the words themselves"})
    valid_from = text("first day of acts it applies to, 2026-03-10")
    valid_to = text("last day of acts it applies to")
    status = text("kind of ground", required=True, validate=one_of(["law", "local", "method"]))
    source = text("where it can be read")


class EntrySchema(Schema):
    """The type of the entries of a list."""

    type = text("type of an entry", required=True, validate=one_of(_ENTRIES))
    currency = text("ISO 4217 code of money; CNY where left out")
    choices = texts("the closed list of a choice")
    range = fields.List(
        fields.Raw(),
        validate=validate.Length(equal=2),
        metadata={"description": "least and greatest value of an entry"},
    )


class QuantitySchema(Schema):
    """What a field and a parameter have in common."""

    type = text("type with its unit", required=True, validate=one_of(_TYPES))
    currency = text("ISO 4217 code of money; CNY where left out")
    choices = texts("the closed list of a choice")
    range = fields.List(
        fields.Raw(),
        validate=validate.Length(equal=2),
        metadata={"description": "least and greatest value"},
    )
    items = fields.Nested(
        EntrySchema, metadata={"description": "of a list: the type of its entries; text else"}
    )
    label = words("how it is called")


class FieldSchema(QuantitySchema):
    """A field of the event that the rule reads."""

    required = fields.Boolean(
        metadata={"description": "whether a missing value forbids the answer clear"}
    )
    code = text("code of the host's attribute, where it is not the name")


class ParameterSchema(QuantitySchema):
    """A number that a binding may set."""

    default = fields.Raw(required=True, metadata={"description": "value where nothing is set"})
    unit = text("unit, for people")
    local = fields.Boolean(metadata={"description": "local law, to be confirmed locally"})


class FactSchema(Schema):
    """A value over earlier events of the case, or a figure over other cases."""

    count = fields.Raw(metadata={"description": "how many events of these kinds"})
    exists = fields.Raw(metadata={"description": "whether there is an event of these kinds"})
    elapsed_since = fields.Raw(metadata={"description": "time since the latest such event"})
    missing_before = fields.Raw(metadata={"description": "which of these kinds were not seen"})
    same_actor = fields.Raw(
        metadata={"description": "whether the present actor did one of these kinds"}
    )
    sum = text("field that is added up")
    distinct = text("field whose different values are counted")
    latest = text("field of the latest such event")
    first = text("field of the first such event")
    min = text("field whose least value is taken")
    max = text("field whose greatest value is taken")
    median = text("field whose median over other cases is taken")
    mean = text("field whose mean over other cases is taken")
    quantile = text("field of which a quantile over other cases is taken")
    share = fields.Raw(metadata={"description": "how many of these events meet the condition"})
    at = text("rank of a quantile, as 90%")
    toward = texts("fields of the wider group that the share of a small one is drawn to")
    of = fields.Raw(metadata={"description": "kinds of events a field is taken from"})
    where = text("condition on the past event")
    after = text("only events after the latest of this kind")
    before = text("only events before the latest of this kind")
    within = text("window before the present event")
    in_ = fields.String(data_key="in", validate=one_of(["civil_days", "working_days", "duration"]))
    per = texts("fields that a figure over other cases is grouped by")
    as_ = fields.Dict(
        data_key="as",
        keys=fields.String(),
        values=fields.String(),
        metadata={"description": "what fields of 'per' are called on earlier events"},
    )
    at_least = fields.Integer(strict=True, metadata={"description": "fewest events of a figure"})
    range = fields.List(fields.Raw(), validate=validate.Length(equal=2))
    label = words("how it is called")


class TextsSchema(Schema):
    """Templates of what people read."""

    headline = words("one sentence", required=True)
    body = words("facts and legal duty", required=True)
    hint = words("beside the field, without a click")
    done = words("after the step was done")


class DrawingSchema(Schema):
    """What is drawn of a case in which the rule hit: bars under a line."""

    bars = text("field whose values are drawn, a sum or a whole number", required=True)
    line = text("field each of them is measured by, of the same type", required=True)
    of = fields.Raw(
        required=True,
        metadata={"description": "kinds of earlier events drawn beside the one that hit"},
    )


class GivenSchema(Schema):
    """The small case of an example."""

    event = fields.Dict(keys=fields.String(), values=fields.Raw(allow_none=True), required=True)
    history = fields.List(fields.Dict(keys=fields.String(), values=fields.Raw(allow_none=True)))
    elsewhere = fields.List(fields.Dict(keys=fields.String(), values=fields.Raw(allow_none=True)))
    statistics = fields.Dict(keys=fields.String(), values=fields.Raw())
    zone = text("IANA zone; Asia/Shanghai where left out")
    calendar = fields.Dict(keys=fields.String(), values=texts("days"))
    phase = fields.String(validate=one_of(Phase))
    parameters = fields.Dict(keys=fields.String(), values=fields.Raw())


class ExampleSchema(Schema):
    """A small case and the answer expected."""

    name = text("its name", required=True)
    given = fields.Nested(GivenSchema, required=True)
    expect = text("the result", required=True, validate=one_of(Result))
    fields_ = fields.List(fields.String(), data_key="fields")
    why = text("the reason for the expectation", required=True)


class SignatureSchema(Schema):
    """A small change of the rule that no example tells apart, and who signed for it."""

    mutant = text("the change, as 'cleangov rules test' prints it", required=True)
    digest = text("of the change in this text, as the command prints it", required=True)
    why = text("why no example can or need tell it apart", required=True)
    by = text("who signed: never the owner of the rule", required=True)
    on = text("day of signing, 2026-03-10", required=True)


class ScopeSchema(Schema):
    """Where a binding applies; left out means everywhere."""

    streams = fields.List(fields.String(validate=one_of(Stream)))
    units = texts("units of the officer")
    steps = texts("the host's names of steps")
    sources = texts("source systems")


class BindingSchema(Schema):
    """A rule put to work."""

    id = text("unique among bindings", required=True)
    tier = fields.Integer(
        strict=True,
        required=True,
        validate=validate.Range(min=0, max=5),
        metadata={
            "description": "0 record, 1 inform, 2 confirm, 3 justify, 4 second person, 5 refuse"
        },
    )
    phases = fields.List(fields.String(validate=one_of(Phase)), required=True)
    parameters = fields.Dict(keys=fields.String(), values=fields.Raw())
    scope = fields.Nested(ScopeSchema)
    on_error = fields.String(validate=one_of(OnFailure))
    on_missing = fields.String(validate=one_of(OnFailure))
    on_timeout = fields.String(validate=one_of(OnFailure))
    visibility = fields.String(validate=one_of(Visibility))
    eased = fields.List(
        fields.String(validate=one_of(Eased)),
        metadata={"description": "modes in which a hit of tier 2 or 3 does not interrupt"},
    )
    effective_from = text("first day of acts it judges")
    effective_to = text("last day of acts it judges")


class RuleSchema(Schema):
    """One version of a rule."""

    id = text("public id, E07", required=True)
    version = fields.Integer(strict=True, required=True, validate=validate.Range(min=1))
    title = words("what it is called", required=True)
    why = words("why there is such a rule", required=True)
    basis = fields.List(fields.Nested(BasisSchema), required=True, validate=validate.Length(min=1))
    on = fields.Raw(required=True, metadata={"description": "kinds of events it judges"})
    severity = text("by law", required=True, validate=one_of(Severity))
    parameters = fields.Dict(keys=fields.String(), values=fields.Nested(ParameterSchema))
    fields_ = fields.Dict(
        keys=fields.String(), values=fields.Nested(FieldSchema), data_key="fields"
    )
    facts = fields.Dict(keys=fields.String(), values=fields.Nested(FactSchema))
    values = fields.Dict(
        keys=fields.String(),
        values=fields.String(),
        metadata={"description": "named values for texts"},
    )
    applies = text("guard: where it is false the rule does not apply")
    condition = text("what makes it hit", required=True)
    hint_when = text("when its hint is shown at open and edit")
    beside = text("event field the hint stands beside")
    texts = fields.Nested(TextsSchema, required=True)
    drawing = fields.Nested(DrawingSchema)
    answers = fields.List(fields.Nested(AnswerSchema))
    examples = fields.List(fields.Nested(ExampleSchema))
    signed = fields.List(fields.Nested(SignatureSchema))
    owner = text("who answers for it")
    review_by = text("when it is to be looked at again")
    bindings = fields.List(fields.Nested(BindingSchema))
