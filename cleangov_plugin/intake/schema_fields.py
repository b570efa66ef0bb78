"""Fields that the shapes of rule, clock and mapping files share."""

from typing import Any

from marshmallow import Schema, fields, validate


def one_of(options: Any) -> validate.OneOf:
    """Take one of a closed list alone.

    :param options: an enumeration, or texts.
    """
    return validate.OneOf([getattr(option, "value", option) for option in options])


def text(meaning: str, **more: Any) -> fields.String:
    """Make a field for a text.

    :param meaning: what it means, for editors.
    :param more: as marshmallow takes it.
    """
    return fields.String(metadata={"description": meaning}, **more)


def texts(meaning: str, **more: Any) -> "fields.List[Any]":
    """Make a field for a list of texts.

    :param meaning: what it means, for editors.
    :param more: as marshmallow takes it.
    """
    return fields.List(fields.String(), metadata={"description": meaning}, **more)


class WordsSchema(Schema):
    """A text in both languages."""

    zh = fields.String(required=True, validate=validate.Length(min=1, max=2000))
    en = fields.String(required=True, validate=validate.Length(min=1, max=2000))


def words(meaning: str, **more: Any) -> fields.Nested:
    """Make a field for a text in both languages.

    :param meaning: what it means, for editors.
    :param more: as marshmallow takes it.
    """
    return fields.Nested(WordsSchema, metadata={"description": meaning}, **more)
