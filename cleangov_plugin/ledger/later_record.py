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
#: What most bodies begin with, where their moment stands then, what stands before their kind, and
#: what they end with: a text that stands inside another never looks so, its quotation marks being
#: escaped.
BEGINS: Final = '{"at":"'
MOMENT: Final = slice(len(BEGINS), len(BEGINS) + len("2026-03-10T04:00:00.000000Z"))
KIND: Final = '"kind":"'
ENDS: Final = ',"v":1}'


class LaterRecord(Record):
    """A `Record` whose fields are read from its document when they are first asked for.

    Where its moment and its kind could be cut out, the document, too, is read only then.
    """

    __slots__ = ("body", "document", "moment")

    body: str
    document: Any
    moment: Any

    def __getattr__(self, name: str) -> Any:
        """Read a field that was not read yet: slots that are set never come here.

        :param name: the field.
        :raises ProfileError: where it cannot be read.
        :raises AttributeError: where a record has no such field.
        """
        if name == "document":
            _set(self, name, document_of(self.body))
            return object.__getattribute__(self, name)
        if name not in _FIELDS:
            raise AttributeError(name)
        try:
            if name == "occurred_at":
                _set(self, name, instant(self.moment))
            elif name == "recorded_at":
                _set(self, name, instant(self.document["recorded"]))
            elif name == "attributes":
                _set(self, name, attributes_in(self.document["attrs"]))
            else:
                for field, value in own_fields(self.document).items():
                    _set(self, field, value)
        except (ValueError, KeyError, TypeError, AttributeError) as problem:
            what = f"this is no body ({type(problem).__name__})."
            raise ProfileError(what, where="body") from None
        return object.__getattribute__(self, name)


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


def record_in(body: str, row: int) -> LaterRecord:
    """Answer the event of a body; its document is read when more is asked than is cut out.

    :param body: the body.
    :param row: number of its row.
    :return: the event, as `body.decode_record` answers it.
    :raises ProfileError: where it is no body; of one that is ours at both ends, when it is read.
    """
    kind = body.partition(KIND)[2].partition('"')[0]
    is_ours = kind and body.startswith(BEGINS) and body.endswith(ENDS)
    if not is_ours or "\\u" in body or "\\" in kind:
        return later_record(document_of(body), row, body)
    record = object.__new__(LaterRecord)
    _set(record, "body", body)
    _set(record, "row", row)
    _set(record, "kind", kind)
    _set(record, "moment", body[MOMENT])
    if "e.supersedes" not in body:
        _set(record, "supersedes", None)
    return record


def later_record(document: Any, row: int | None, body: str) -> LaterRecord:
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
        _set(record, "moment", document["at"])
    except KeyError:
        raise ProfileError("this is no body (KeyError).", where="body") from None
    # Which event it corrects is asked of every one. A text that escapes nothing names it or not.
    if "e.supersedes" not in body and "\\u" not in body:
        _set(record, "supersedes", None)
    return record
