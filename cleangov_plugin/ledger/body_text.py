"""The text of an ordinary body, written at once: an officer waits for every entry.

`canonical.encode` looks through whatever it is given, and the JSON encoder sorts and writes it by
its types. Of a body it is known beforehand which keys it has and that nearly all else are texts.
Where anything is not as usual, `canonical.encode` is asked, which says what is wrong with it, too.
The tests compare both ways.
"""

from collections.abc import Mapping, Sequence
from json.encoder import encode_basestring as written
from typing import Any, Final

from .canonical import LARGEST

_NUMBERS: Final = ("calendar", "contract", "lane", "no", "ruleset", "v")


def ordinary_body(document: Mapping[str, Any]) -> bytes | None:
    """Write a body in which no rule said anything, and to which nothing is attached.

    :param document: the body as `body.encode_body` puts it together.
    :return: what `canonical.encode` answers of it; None where that has to be asked.
    """
    if document["outcomes"] or "att" in document:
        return None
    for name in _NUMBERS:
        number = document[name]
        if type(number) is not int or not -LARGEST <= number <= LARGEST:
            return None
    try:
        return _text(document).encode("utf-8")
    except (TypeError, ValueError):  # half a character is a ValueError, too
        return None


def _text(body: Mapping[str, Any]) -> str:
    """Write the text; the keys stand as `sort_keys` would have them.

    :raises TypeError: where something is no text.
    """
    digests: Sequence[str] = body.get("_sd", ())
    first = f'"_sd":[{",".join(map(written, digests))}],' if digests else ""
    rows = [
        f"[{written(code)},{written(kind)},{written(text)}]" for code, kind, text in body["attrs"]
    ]
    return (
        f'{{{first}"at":{written(body["at"])},"attrs":[{",".join(rows)}]'
        f',"calendar":{body["calendar"]},"contract":{body["contract"]}'
        f',"id":{written(body["id"])},"kind":{written(body["kind"])}'
        f',"lane":{body["lane"]},"log_id":{written(body["log_id"])},"no":{body["no"]}'
        f',"outcomes":[],"prev":{written(body["prev"])},"recorded":{written(body["recorded"])}'
        f',"ruleset":{body["ruleset"]},"subject":{written(body["subject"])},"v":{body["v"]}}}'
    )
