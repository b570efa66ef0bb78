"""An event read back from its body as far as somebody asks, for readings of whole ledgers.

Most past events of a case are asked for their kind and their day alone; reading all of each takes
longer than all that rules do with them.
"""

import json
from collections.abc import Callable
from typing import Any, Final

from cleangov_plugin.domain.record import Record

from .body import VERSION, attributes_in, own_fields
from .canonical import ProfileError
from .instants import instant

_set: Final[Callable[[object, str, object], None]] = object.__setattr__
_decoded: Final = json.JSONDecoder().raw_decode


class LaterRecord(Record):
    """A `Record` whose fields are read from its document when they are first asked for."""

    __slots__ = ("document",)

    document: Any

    def __getattr__(self, name: str) -> Any:
        """Read a field that was not read yet: slots that are set never come here.

        :param name: the field.
        :raises ProfileError: where it cannot be read.
        :raises AttributeError: where a record has no such field.
        """
        if name not in _FIELDS:
            raise AttributeError(name)
        try:
            document = self.document
            if name in _MOMENTS:
                _set(self, name, instant(document[_MOMENTS[name]]))
            elif name == "attributes":
                _set(self, name, attributes_in(document["attrs"]))
            else:
                for field, value in own_fields(document).items():
                    _set(self, field, value)
        except (ValueError, KeyError, TypeError, AttributeError) as problem:
            what = f"this is no body ({type(problem).__name__})."
            raise ProfileError(what, where="body") from None
        return object.__getattribute__(self, name)


_MOMENTS: Final = {"occurred_at": "at", "recorded_at": "recorded"}
_FIELDS: Final = frozenset(Record.__dataclass_fields__)


def document_of(body: str) -> Any:
    """Read the JSON of a stored body.

    :param body: the body.
    :return: what it holds.
    :raises ProfileError: where it is no JSON, or of a version that this code does not read.
    """
    try:
        document, end = _decoded(body)
        version = document["v"]
    except (ValueError, RecursionError, KeyError, TypeError) as problem:
        raise ProfileError(f"this is no body ({type(problem).__name__}).", where="body") from None
    if end != len(body) or version != VERSION:
        what = f"a body of version {version!r} cannot be read."
        raise ProfileError(what, where="v", remedy="Install the newer release.")
    return document


def later_record(document: Any, row: int | None, body: str) -> Record:
    """Answer the event of a body.

    :param document: what `document_of` answered.
    :param row: number of its row.
    :param body: the body itself.
    :return: the event, as `body.decode_record` answers it.
    :raises ProfileError: where it is no body.
    """
    record = object.__new__(LaterRecord)
    _set(record, "document", document)
    _set(record, "row", row)
    try:
        _set(record, "kind", document["kind"])
    except KeyError:
        raise ProfileError("this is no body (KeyError).", where="body") from None
    # Which event it corrects is asked of every one. A text that escapes nothing names it or not.
    if "e.supersedes" not in body and "\\u" not in body:
        _set(record, "supersedes", None)
    return record
