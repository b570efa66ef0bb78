"""The shape of the answers in a rule file."""

from marshmallow import Schema, fields

from cleangov_hooks import AnswerKind
from cleangov_plugin.rules.rule_answers import THEN

from .schema_fields import one_of, text, texts, words


class ReasonSchema(Schema):
    """A reason that an answer takes."""

    code = text("stable code", required=True)
    label = words("its text", required=True)
    needs_text = fields.Boolean(metadata={"description": "whether words are required with it"})
    needs_evidence = fields.Boolean(
        metadata={"description": "whether a document has to be named with it"}
    )


class AnswerSchema(Schema):
    """A way to answer a hit."""

    code = text("stable code", required=True)
    kind = text("kind of answer", required=True, validate=one_of(AnswerKind))
    label = words("its text", required=True)
    needs_text = fields.Boolean(metadata={"description": "whether words are required"})
    patch = fields.Dict(
        keys=fields.String(),
        values=fields.String(),
        metadata={"description": "corrected values by event field"},
    )
    then = text("what follows", required=True, validate=one_of(THEN))
    role = text("role of the second person, of the approver, or of whoever assigns the case")
    reasons = fields.List(fields.Nested(ReasonSchema))
    days = fields.Integer(metadata={"description": "working days until what follows is due"})
    awaits = texts("kinds of event that fulfil what was put off")
