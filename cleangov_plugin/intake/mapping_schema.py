"""The shape of a mapping: one marshmallow schema, from which the JSON Schema is made."""

from typing import Any, Final

from marshmallow import Schema, fields, validate

from cleangov_hooks import Precision, Privacy, Stream, ValueType

from .formats.csv_rows import ENCODINGS
from .odd_values import ODD
from .schema_fields import WordsSchema
from .sums import ROUNDINGS, SIGNS, UNITS

#: What becomes of a step that no entry names.
OTHERWISE: Final = ("keep", "drop", "refuse")
_NAME: Final = validate.Regexp(
    r"^[a-z][a-z0-9-]{1,62}$", error="2 to 63 of a-z, 0-9 and -, beginning with a letter."
)
_CODE: Final = validate.Regexp(
    r"^[a-z][a-z0-9_]{0,62}$", error="1 to 63 of a-z, 0-9 and _, beginning with a letter."
)
_KIND: Final = validate.Regexp(
    r"^[a-z]{3}(\.[a-z][a-z0-9_]*){1,3}$", error="A kind is written 'enf.decision.made'."
)


def _one_of(options: Any) -> validate.OneOf:
    return validate.OneOf([getattr(option, "value", option) for option in options])


def _text(meaning: str, **more: Any) -> fields.String:
    return fields.String(metadata={"description": meaning}, **more)


def _texts(meaning: str, **more: Any) -> "fields.List[Any]":
    return fields.List(fields.String(), metadata={"description": meaning}, **more)


def _words(meaning: str, **more: Any) -> fields.Nested:
    return fields.Nested(WordsSchema, metadata={"description": meaning}, **more)


def _names(meaning: str) -> fields.Dict:
    return fields.Dict(
        keys=fields.String(validate=_CODE),
        values=fields.Raw(),
        required=True,
        metadata={"description": meaning},
    )


class SourceSchema(Schema):
    """Where the log is from."""

    id = _text("name of the source system; part of every event's key", required=True)
    doi = _text("DOI of a published log")
    citation = _text("how the publishers want to be cited")
    url = _text("where it can be read")


class AgencySchema(Schema):
    """The authority of its own into which the log is fed."""

    id = _text("stable code; leads every key of the ledger", required=True, validate=_NAME)
    names = _words("name", required=True)
    zone = _text("IANA zone in which its civil days are counted", required=True)
    country = _text("ISO 3166 code of its holidays", required=True)


class XesSchema(Schema):
    """How the log is written as XES."""

    names = _names("key of an event's attribute, or {trace: key}, by our own name")


class CsvSchema(Schema):
    """How the log is written as CSV."""

    encoding = _text("encoding; UTF-8 where left out", validate=_one_of(ENCODINGS))
    delimiter = _text("between cells; a comma where left out", validate=validate.Length(equal=1))
    decimal_mark = _text("a point where left out", validate=_one_of([".", ","]))
    group_mark = _text("between thousands; none where left out", validate=validate.Length(equal=1))
    unpack = _text("column that holds a JSON object of further columns")
    names = _names("column by our own name")


class XlsxSchema(Schema):
    """How the log is written as a workbook."""

    sheet = _text("name of the sheet; the only one that is not hidden where left out")
    heading = fields.Integer(
        strict=True,
        validate=validate.Range(min=1, max=1000),
        metadata={"description": "number of the row with the headings; 1 where left out"},
    )
    serials = _texts("columns whose plain numbers are dates of the workbook")
    decimal_mark = _text("in sums written as text", validate=_one_of([".", ","]))
    group_mark = _text("in sums written as text", validate=validate.Length(equal=1))
    names = _names("column by our own name")


class JsonlSchema(Schema):
    """How the log is written as JSON lines."""

    decimal_mark = _text("in sums written as text", validate=_one_of([".", ","]))
    group_mark = _text("in sums written as text", validate=validate.Length(equal=1))
    names = _names("path of a member by our own name, as officer/id")


class OcdsSchema(Schema):
    """How the log is written as OCDS releases: ocds:step, ocds:at and ocds:dated_by are made."""

    names = _names("path within a step's section, or {trace: path} within the release")


class FormatsSchema(Schema):
    """The formats the log comes in; all of them yield equal events."""

    xes = fields.Nested(XesSchema)
    csv = fields.Nested(CsvSchema)
    xlsx = fields.Nested(XlsxSchema)
    jsonl = fields.Nested(JsonlSchema)
    ocds = fields.Nested(OcdsSchema)


class TimeSchema(Schema):
    """How a time is read."""

    name = _text("our own name of the value", required=True)
    format = _text("as Python's strptime has it; ISO 8601 where left out")
    zone = _text("IANA zone of values that tell no offset")
    precision = _text("how finely it is known", validate=_one_of(Precision))
    unknown_ = _texts("values that stand for no time known", data_key="unknown")


class RecordedSchema(TimeSchema):
    """How it is read when an event was recorded; when it happened, where that is unknown."""

    odd = _text(
        "what becomes of a value that cannot be read: the file is refused, or it counts as unknown",
        validate=_one_of(ODD),
    )


class ActorSchema(Schema):
    """Who acted."""

    name = _text("our own name of the value", required=True)
    unknown_ = _texts("values that stand for nobody known", data_key="unknown")
    systems = _texts("accounts that are machines")


class UnitSchema(Schema):
    """The unit of who acted."""

    name = _text("our own name of the value", required=True)
    unknown_ = _texts("values that stand for no unit known", data_key="unknown")


class SumSchema(Schema):
    """A sum of money."""

    name = _text("our own name of the value", required=True)
    currency = _text("ISO 4217 code of all of them")
    currency_name = _text("our own name of the value that is the currency, where it is told")
    unit = _text("what 1 stands for; whole currency where left out", validate=_one_of(UNITS))
    sign = _text("which sign the file may have; plus where left out", validate=_one_of(SIGNS))
    rounding = _text(
        "what is done with parts of a minor unit; refused where left out",
        validate=_one_of(ROUNDINGS),
    )


class StepSchema(Schema):
    """What a step of the log is in the canonical vocabulary."""

    kind = _text("canonical kind of event", validate=_KIND)
    title = _words("how the step is called")
    amount = fields.Nested(SumSchema)
    actor = fields.Boolean(metadata={"description": "false where the log's actor is a dummy"})
    drop = fields.Boolean(metadata={"description": "true where the step is left out"})


class AttributeSchema(Schema):
    """A further fact of an event."""

    name = _text("our own name of the value", required=True)
    type = _text("its type", required=True, validate=_one_of(ValueType))
    privacy = _text("how it is kept", required=True, validate=_one_of(Privacy))
    label = _words("how it is called", required=True)
    choices = _texts("the closed list of a choice")
    unknown_ = _texts("values that stand for nothing known", data_key="unknown")
    steps = _texts("steps that have it; all where left out")
    currency = _text("of money")
    currency_name = _text("of money: our own name of the value that is the currency")
    unit = _text("of money", validate=_one_of(UNITS))
    sign = _text("of money", validate=_one_of(SIGNS))
    rounding = _text("of money", validate=_one_of(ROUNDINGS))
    format = _text("of a date or time, as strptime has it")
    zone = _text("of a time without offset")
    odd = _text(
        "what becomes of a value that cannot be read: the file is refused, or it counts as unknown",
        validate=_one_of(ODD),
    )


class DerivedSchema(Schema):
    """An event that the log tells as a value of the case; counted apart."""

    kind = _text("canonical kind of event", required=True, validate=_KIND)
    step = _text("name of the step", required=True)
    title = _words("how it is called")
    at = fields.Nested(TimeSchema, required=True)
    attributes = _texts("codes of the attributes it takes from the row that tells it")


class MappingSchema(Schema):
    """How a log becomes events: names, steps, times, sums, people, privacy."""

    id = _text("name by which it is chosen", required=True, validate=_NAME)
    version = fields.Integer(
        strict=True,
        required=True,
        validate=validate.Range(min=1),
        metadata={"description": "raised when it means something else"},
    )
    title = _words("what it is", required=True)
    source = fields.Nested(SourceSchema, required=True)
    agency = fields.Nested(AgencySchema, required=True)
    stream = _text("business stream", required=True, validate=_one_of(Stream))
    formats = fields.Nested(FormatsSchema, required=True)
    case = _text("our own name of the case", required=True)
    step = _text("our own name of the step", required=True)
    occurred_at = fields.Nested(TimeSchema, required=True)
    recorded_at = fields.Nested(RecordedSchema)
    actor = fields.Nested(ActorSchema)
    unit = fields.Nested(UnitSchema)
    steps = fields.Dict(keys=fields.String(), values=fields.Nested(StepSchema), required=True)
    otherwise = _text("what becomes of other steps", required=True, validate=_one_of(OTHERWISE))
    attributes = fields.Dict(
        keys=fields.String(validate=_CODE), values=fields.Nested(AttributeSchema)
    )
    derived = fields.List(fields.Nested(DerivedSchema), validate=validate.Length(max=20))
