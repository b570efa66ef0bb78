"""The copied vectors, and refusals told as their rule."""

import base64
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from cleangov_plugin.ledger.strict import Refused

VECTORS = Path(__file__).parent / "vectors"


def load(path: str) -> Any:
    """Answer what a file of vectors holds."""
    return json.loads((VECTORS / path).read_text(encoding="utf-8"))


def unb64(text: str | None) -> bytes:
    """Answer the bytes of a vector's base64; none for null."""
    return base64.b64decode(text or "")


def rule_of(act: Callable[[], object]) -> str | None:
    """Answer the rule that an act is refused by; None where it is not refused."""
    try:
        act()
    except Refused as refused:
        return refused.rule
    return None
