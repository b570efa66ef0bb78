"""Where in a rule's document a mistake can be made."""

import random
import re
from typing import Any

from cleangov_plugin.domain.vocabulary import KINDS

Document = dict[str, Any]


def expressions(document: Document) -> list[tuple[Document, str]]:
    """Answer the places of all expressions that decide what a rule says."""
    found = [(document, key) for key in ("condition", "applies", "hint_when") if key in document]
    found += [(f, "where") for f in document.get("facts", {}).values() if "where" in f]
    return found


def replaced(document: Document, chance: random.Random, pattern: str, new: Any) -> None:
    """Put something in the place of one match in one expression."""
    places = [
        (holder, key, match)
        for holder, key in expressions(document)
        for match in re.finditer(pattern, holder[key])
    ]
    if places:
        holder, key, match = chance.choice(places)
        text = new(match, chance) if callable(new) else new
        holder[key] = holder[key][: match.start()] + text + holder[key][match.end() :]


def misspelt(word: str, chance: random.Random) -> str:
    """Leave out, double or exchange letters of a word."""
    at = chance.randrange(len(word) - 1)
    return chance.choice(
        [
            word[:at] + word[at + 1 :],
            word[: at + 1] + word[at:],
            word[:at] + word[at + 1] + word[at] + word[at + 2 :],
        ]
    )


def kind_places(document: Document) -> list[tuple[Any, Any]]:
    """Answer where a kind of event stands, as holder and key."""
    found: list[tuple[Any, Any]] = []
    if isinstance(document["on"], list):
        found += [(document["on"], n) for n in range(len(document["on"]))]
    for fact in document.get("facts", {}).values():
        for key in ("of", "after", "before", "count", "exists", "elapsed_since", "missing_before"):
            value = fact.get(key)
            if isinstance(value, list):
                found += [(value, n) for n in range(len(value))]
            elif isinstance(value, str):
                found.append((fact, key))
    return found


def other_kind(kind: str, chance: random.Random) -> str:
    stream = kind.partition(".")[0]
    others = sorted(k for k in KINDS if k.startswith(f"{stream}.") and k != kind)
    return chance.choice(others or ["elsewhere"])
