"""JSON of strangers: read exactly and strictly, and looked up by path."""

import json
from typing import Any

from .log_rows import Cell


def read_json(text: str) -> Any:
    """Read one JSON value; numbers stay the text they are written as.

    :param text: what should be JSON; hostile.
    :return: plain values.
    :raises ValueError: where it is none, holds a name twice in one object, nests too deep, or
        escapes half of a character.
    """
    try:
        found = json.loads(
            text, parse_float=str, parse_int=str, parse_constant=str, object_pairs_hook=_once
        )
    except RecursionError:
        raise ValueError("it is nested too deep") from None
    if "\\u" in text:  # half a surrogate pair is no text, and no database would take it
        json.dumps(found, ensure_ascii=False).encode()
    return found


def cell_of(value: Any) -> Cell | None:
    """Answer a JSON value as text; null is a missing value, a list several texts.

    :param value: what `read_json` answered.
    """
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return tuple(text for item in value if isinstance(text := cell_of(item), str))
    return json.dumps(value)


def look_up(value: Any, path: str) -> Cell | None:
    """Answer what stands under a path, as ``buyer/name``; through a list, of each of its items.

    :param value: what `read_json` answered.
    :param path: names with ``/`` between them; a name that holds one itself is found, too.
    :return: the text or texts; None where there is nothing.
    """
    if isinstance(value, list):
        found = [look_up(item, path) for item in value]
        texts = [
            text for each in found for text in ((each,) if isinstance(each, str) else each or ())
        ]
        return texts[0] if len(texts) == 1 else tuple(texts) or None
    if not isinstance(value, dict):
        return None
    if path in value:
        return cell_of(value[path])
    name, _, rest = path.partition("/")
    return look_up(value[name], rest) if rest and name in value else None


def _once(members: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(members)
    if len(found) != len(members):
        raise ValueError("a name twice")
    return found
