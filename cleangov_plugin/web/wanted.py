"""What a script asked for instead of a page: JSON, and problem details (RFC 9457) for a no."""

import json
from collections.abc import Mapping
from typing import Any, Final

from flask import Response, request

_PROBLEM: Final = "application/problem+json"


def wants_data() -> bool:
    """Answer whether the caller is a script that reads JSON, and not a browser's own form."""
    accept = request.accept_mimetypes
    return accept["application/json"] > accept["text/html"]


def said(document: Mapping[str, Any]) -> Response:
    """Write a document as an answer.

    :param document: in JSON's own types.
    """
    return Response(json.dumps(document, ensure_ascii=False), content_type="application/json")


def problem(key: str, title: str, status: int) -> Response:
    """Write a no for a script.

    :param key: key of the phrase, ``"error.gone"``.
    :param title: the phrase.
    :param status: HTTP status.
    """
    code = key.removeprefix("error.")
    document = {"type": f"urn:cleangov:problem:{code}", "title": title, "status": status}
    text = json.dumps({**document, "reason": code}, ensure_ascii=False)
    return Response(text, status=status, content_type=_PROBLEM)
