"""What a platform that cannot be asked says of itself: who the authority is, and what it sends."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, Final

from cleangov_hooks import Agency, AttributeType, EventType, Privacy, Stream, ValueType

from .shapes import Field, listed, member_of, members, text, whole

_ID: Final = text(200)
_LABELS: Final = members(Field(name="zh", kind=_ID), Field(name="en", kind=_ID))
_ATTRIBUTE: Final = members(
    Field(name="code", kind=_ID, is_needed=True),
    Field(name="type", kind=member_of(ValueType), is_needed=True),
    Field(name="labels", kind=_LABELS),
    Field(name="choices", kind=listed(_ID)),
    Field(name="privacy", kind=member_of(Privacy)),
    Field(name="max_length", kind=whole(1, 100_000)),
    make=AttributeType,
)
_UNIT: Final = members(
    Field(name="code", kind=_ID, is_needed=True), Field(name="names", kind=_LABELS, is_needed=True)
)


def _agency(units: Sequence[Mapping[str, Any]] = (), **told: Any) -> Agency:
    return Agency(units={unit["code"]: unit["names"] for unit in units}, **told)


#: What a platform that cannot be asked says of itself, once, in a file.
PLATFORM: Final = members(
    Field(
        name="agency",
        kind=members(
            Field(name="id", kind=_ID, is_needed=True),
            Field(name="names", kind=_LABELS, is_needed=True),
            Field(name="zone", kind=_ID, about="IANA time zone.", is_needed=True),
            Field(name="country", kind=text(2, shortest=2)),
            Field(name="units", kind=listed(_UNIT, most=1000), about="Shown instead of codes."),
            make=_agency,
        ),
        is_needed=True,
    ),
    Field(
        name="kinds",
        kind=listed(
            members(
                Field(name="kind", kind=_ID, is_needed=True),
                Field(name="stream", kind=member_of(Stream), is_needed=True),
                Field(name="version", kind=whole(1, 10_000)),
                Field(name="labels", kind=_LABELS),
                Field(name="attributes", kind=listed(_ATTRIBUTE)),
                make=partial(EventType),
            ),
            most=1000,
        ),
        is_needed=True,
    ),
)
