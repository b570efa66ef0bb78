"""From the text of a form's fields to values, and back; nothing typed is ever lost."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from cleangov_hooks import AttributeValue, Input, Money

from .flow import Field, FieldType, StepType
from .matter import Matter

_LONGEST: Final = {FieldType.TEXT: 120, FieldType.LONG: 2000}
_MOST_FEN: Final = 10**13
_SUM: Final = re.compile(r"(-?)(\d{1,3}(?:,\d{3})+|\d{1,12})(?:\.(\d{1,2}))?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """A form as it was filled in.

    :param raw: the text of each field.
    :param values: the values that could be read, by field name.
    :param amount: the sum, if the form has one and it could be read.
    :param errors: key of the message by field name.
    """

    raw: Mapping[str, str]
    values: Mapping[str, AttributeValue]
    amount: Money | None
    errors: Mapping[str, str]


def fill(step: StepType, matter: Matter | None, form: Mapping[str, str]) -> Filled:
    """Read a form.

    :param step: the step whose form it is.
    :param matter: the matter; None where the step opens one.
    :param form: the posted fields.
    :return: values, and what could not be read.
    """
    raw = {field.name: form.get(field.name, "").strip() for field in step.fields}
    values: dict[str, AttributeValue] = {}
    errors: dict[str, str] = {}
    for field in step.fields:
        try:
            value = _value(field, raw[field.name], field.options(matter))
        except ValueError as problem:
            errors[field.name] = str(problem)
        else:
            if value is not None:
                values[field.name] = value
    amount = values.pop("amount", None)
    return Filled(
        raw=raw,
        values=values,
        amount=amount if isinstance(amount, Money) else None,
        errors=errors,
    )


def first_texts(step: StepType, matter: Matter | None) -> dict[str, str]:
    """Answer the texts a form begins with: what the matter already says, else nothing.

    :param step: the step.
    :param matter: the matter; None where the step opens one.
    """
    texts = {}
    for field in step.fields:
        texts[field.name] = ""
        if field.type is FieldType.INTEGER and field.least is not None:
            texts[field.name] = str(field.least)
        if field.type is FieldType.CHOICE:
            texts[field.name] = next(iter(field.options(matter)), "")
    if step.name == "collect" and matter is not None and matter.own["fine_minor"] is not None:
        texts["amount"] = typed(matter.own["fine_minor"])
    return texts


def inputs(step: StepType, raw: Mapping[str, str]) -> tuple[Input, ...]:
    """List the fields of a form for the contract's `Step`.

    :param step: the step.
    :param raw: the text of each field.
    """
    return tuple(
        Input(name=field.name, value=raw.get(field.name, ""), field=field.feeds, scale=2)
        for field in step.fields
    )


def typed(minor: int) -> str:
    """Write a sum as somebody would type it.

    :param minor: fen.
    :return: ``"800"`` or ``"800.50"``.
    """
    sign, rest = ("-" if minor < 0 else ""), abs(minor)
    return f"{sign}{rest // 100}" + (f".{rest % 100:02d}" if rest % 100 else "")


def read_sum(text: str) -> int:
    """Read a sum in yuan, in half-width or full-width digits, without any float.

    :param text: ``"2000"``, ``"2,000.50"``, ``"¥２０００"``, ``"800 元"``.
    :return: fen.
    :raises ValueError: with the key of the message, where it is no sum.
    """
    plain = unicodedata.normalize("NFKC", text).strip().removeprefix("¥").removesuffix("元").strip()
    found = _SUM.fullmatch(plain)
    if found is None:
        raise ValueError("error.sum")
    sign, yuan, fen = found.groups()
    minor = int(yuan.replace(",", "")) * 100 + int((fen or "").ljust(2, "0"))
    if minor > _MOST_FEN:
        raise ValueError("error.sum")
    return -minor if sign else minor


def _value(field: Field, text: str, options: tuple[str, ...]) -> AttributeValue:
    if not text:
        if field.is_required:
            raise ValueError("error.required")
        return None
    if field.type is FieldType.CHOICE:
        if text not in options:
            raise ValueError("error.choice")
        return text
    if field.type in _LONGEST:
        return _text(text, _LONGEST[field.type])
    number = read_sum(text) if field.type is FieldType.MONEY else _whole(text)
    if field.least is not None and number < field.least:
        raise ValueError("error.least")
    return Money(minor=number) if field.type is FieldType.MONEY else number


def _text(text: str, longest: int) -> str:
    if len(text) > longest:
        raise ValueError("error.long")
    cleaned = "".join(char for char in text if char in "\n\t" or char.isprintable())
    return cleaned.replace("\r", "")


def _whole(text: str) -> int:
    plain = unicodedata.normalize("NFKC", text)
    if not re.fullmatch(r"\d{1,9}", plain):
        raise ValueError("error.whole")
    return int(plain)
