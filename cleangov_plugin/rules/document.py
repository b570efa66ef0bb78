"""Reading a rule's document with a path to every key, so that an error says where it is."""

import json
from collections.abc import Mapping
from datetime import date
from enum import Enum
from hashlib import sha256
from typing import Any, TypeVar

from cleangov_plugin.domain.errors import RuleError

from .names import near
from .rule_answers import Words

E = TypeVar("E", bound=Enum)

LANGUAGES = ("zh", "en")


def _is_text(key: object) -> bool:
    return isinstance(key, str)


class Part:
    """A mapping of the document, with its path."""

    def __init__(self, value: object, path: str) -> None:
        """Take a value that should be a mapping.

        :param value: the value; hostile.
        :param path: where it stands, ``"E07.facts.noticed"``.
        :raises RuleError: where it is none.
        """
        if not isinstance(value, dict | Mapping) or not all(map(_is_text, value)):
            raise RuleError("this must be a mapping of names.", where=path)
        self.values: Mapping[str, Any] = value
        self.path = path

    def only(self, *known: str) -> None:
        """Refuse keys that are not known.

        :param known: the keys that may stand here.
        """
        for key in self.values:
            if key not in known:
                hint = near(key, known) or f"Known here: {', '.join(known)}."
                raise RuleError(f"there is no key '{key}'.", where=self.at(key), remedy=hint)

    def at(self, key: object) -> str:
        """Answer the path of a key.

        :param key: the key, or a number in a list.
        """
        return f"{self.path}.{key}"

    def wrong(self, key: str, what: str, remedy: str = "") -> RuleError:
        """Make the error for a key.

        :param key: the key.
        :param what: what is wrong with it.
        :param remedy: what to write instead.
        """
        return RuleError(what, where=self.at(key), remedy=remedy)

    def text(self, key: str, *, default: str | None = None, longest: int = 2_000) -> str:
        """Read a text.

        :param key: the key.
        :param default: used where the key is absent; without one it must be there.
        :param longest: most characters.
        """
        value = self.values.get(key, default)
        if not isinstance(value, str) or len(value) > longest:
            raise self.wrong(key, f"a text of at most {longest:,} characters must stand here.")
        return value

    def optional_text(self, key: str) -> str | None:
        """Read a text that may be absent.

        :param key: the key.
        """
        return None if self.values.get(key) is None else self.text(key)

    def integer(self, key: str, low: int, high: int, *, default: int | None = None) -> int:
        """Read a whole number.

        :param key: the key.
        :param low: least.
        :param high: greatest.
        :param default: used where the key is absent.
        """
        value = self.values.get(key, default)
        if type(value) is not int or not low <= value <= high:
            raise self.wrong(key, f"a whole number from {low} to {high} must stand here.")
        return value

    def flag(self, key: str, *, default: bool = False) -> bool:
        """Read yes or no.

        :param key: the key.
        :param default: used where the key is absent.
        """
        value = self.values.get(key, default)
        if not isinstance(value, bool):
            raise self.wrong(key, "true or false must stand here.")
        return value

    def choice(self, key: str, options: type[E], *, default: E | None = None) -> E:
        """Read one of a closed list.

        :param key: the key.
        :param options: the list.
        :param default: used where the key is absent.
        """
        if default is not None and key not in self.values:
            return default
        value = self.values.get(key)
        for option in options:
            if value == option.value and type(value) in (str, int, options):
                return option
        known = [str(option.value) for option in options]
        hint = near(str(value), known) or f"Known here: {', '.join(known)}."
        raise self.wrong(key, f"'{value}' is not one of the allowed values.", hint)

    def day(self, key: str) -> date | None:
        """Read a day that may be absent, written 2026-03-10.

        :param key: the key.
        """
        value = self.values.get(key)
        if value is None:
            return None
        try:
            return value if type(value) is date else date.fromisoformat(str(value))
        except ValueError:
            raise self.wrong(key, f"'{value}' is no day.", "Write 2026-03-10.") from None

    def words(self, key: str, *, is_required: bool = True) -> Words:
        """Read a text in both languages.

        :param key: the key.
        :param is_required: whether it must be there.
        """
        if key not in self.values and not is_required:
            return {}
        part = self.part(key)
        part.only(*LANGUAGES)
        return {language: part.text(language) for language in LANGUAGES}

    def part(self, key: str) -> "Part":
        """Read a mapping.

        :param key: the key; absent is an empty mapping.
        """
        return Part(self.values.get(key) or {}, self.at(key))

    def parts(self, key: str) -> "list[tuple[str, Part]]":
        """Read a mapping of mappings, in order.

        :param key: the key; absent is an empty mapping.
        """
        outer = self.part(key)
        return [(name, Part(value, outer.at(name))) for name, value in outer.values.items()]

    def listed(self, key: str) -> "list[Part]":
        """Read a list of mappings.

        :param key: the key; absent is an empty list.
        """
        value = self.values.get(key) or []
        if not isinstance(value, list | tuple):
            raise self.wrong(key, "a list must stand here.")
        return [Part(item, f"{self.at(key)}[{n}]") for n, item in enumerate(value, start=1)]

    def texts(self, key: str) -> tuple[str, ...]:
        """Read one text or a list of texts.

        :param key: the key; absent is an empty list.
        """
        value = self.values.get(key)
        items = [value] if isinstance(value, str) else value or []
        if not isinstance(items, list | tuple) or not all(isinstance(item, str) for item in items):
            raise self.wrong(key, "a text or a list of texts must stand here.")
        return tuple(items)


def digest(document: Mapping[str, object]) -> str:
    """Answer the SHA-256 of a document, whatever order its keys stand in.

    :param document: a rule's document.
    :return: hexadecimal digits.
    :raises RuleError: where a key in it is no text.
    """
    try:
        text = json.dumps(
            document, sort_keys=True, ensure_ascii=True, separators=(",", ":"), default=str
        )
    except (TypeError, ValueError, RecursionError):
        raise RuleError("every key of a rule is a text.", where="rule") from None
    return sha256(text.encode()).hexdigest()
