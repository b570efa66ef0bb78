"""A draft of a mapping from the head of a file: every guess with its reason, no zone invented."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any, Final

from cleangov_plugin.intake.formats.log_rows import shown
from cleangov_plugin.intake.mapping import mappings_folder
from cleangov_plugin.intake.mapping_checks import UNFILLED, unfilled
from cleangov_plugin.intake.shapes import dotted
from cleangov_plugin.intake.yaml_lines import read_yaml

from .draft_words import KINDS, STREAMS, WORDS
from .guesses import Guess, guesses_of
from .heads import Head, described, head_of

_MOST_SHOWN: Final = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A draft of a mapping.

    :param head: what it was made from.
    :param guesses: what each column was taken for.
    :param text: the draft, as YAML.
    :param language: the language of its comments.
    """

    head: Head
    guesses: tuple[Guess, ...]
    text: str
    language: str

    @property
    def left(self) -> tuple[str, ...]:
        """Answer the keys that are still to be filled in."""
        document, _ = read_yaml(self.text.encode(), "draft.yaml")
        return tuple(map(dotted, unfilled(document)))

    def document(self) -> dict[str, Any]:
        """Answer the draft for machines."""
        return {
            "file": self.head.path.name,
            "format": self.head.format_,
            "options": dict(self.head.options),
            "rows": self.head.rows,
            "columns": [
                {"name": column.name, "of_case": column.of_case, "told": len(column.told)}
                for column in self.head.columns
            ],
            "guesses": [_as_told(guess, self.language) for guess in self.guesses],
            "fill_in": list(self.left),
            "mapping": self.text,
        }


def draft_of(path: Path, format_: str | None, language: str) -> Draft:
    """Draft a mapping for a file.

    :param path: the file; hostile.
    :param format_: its format; None: the name says it.
    :param language: BCP 47 tag of the comments.
    :return: the draft.
    :raises IntakeError: where nothing of the file can be read.
    """
    head = head_of(path, format_)
    if head.format_ == "ocds":
        return Draft(head=head, guesses=(), text=_of_ocds(head, language), language=language)
    guesses = guesses_of(head)
    text = _Writer(head, guesses, language).text()
    return Draft(head=head, guesses=guesses, text=text, language=language)


def _as_told(guess: Guess, language: str) -> dict[str, Any]:
    column = None if guess.column is None else guess.column.name
    told = {"role": guess.role, "column": column, "why": _why(guess, WORDS[language])}
    return {**told, "sure": guess.sure} if column is not None else told


def _why(guess: Guess, words: Mapping[str, str]) -> str:
    """Say why a column was taken, and how sure that is."""
    if guess.column is None:
        return words["no_column"]
    told, kinds = guess.fits
    named = words["by_name"].format(word=guess.word) if guess.word else words["by_values"]
    parts = (
        words[guess.sure],
        named,
        words["values"].format(told=told, kinds=kinds),
        words["as"].format(values=described(guess.column)),
    )
    return "; ".join(parts)


def _id_of(path: Path) -> str:
    stem = path.name.partition(".")[0].lower()
    found = re.sub(r"[^a-z0-9]+", "-", stem).strip("-")[:40]
    return found if re.match(r"[a-z][a-z0-9-]", found) else "our-log"


class _Writer:
    """Writes a draft line by line."""

    def __init__(self, head: Head, guesses: tuple[Guess, ...], language: str) -> None:
        self._head = head
        self._guess = {guess.role: guess for guess in guesses}
        self._words = WORDS[language]
        self._id = _id_of(head.path)

    def text(self) -> str:
        body = "\n".join(chain(self._top(), self._format(), self._reading(), self._rest())) + "\n"
        head = self._words["head"].format(
            file=shown(self._head.path.name), rows=self._head.rows, format=self._head.format_
        )
        fill = self._words["fill" if _open() in body else "all"]
        return f"# {head}\n# {fill}\n{body}"

    def _top(self) -> Iterator[str]:
        words, name = self._words, _quoted(self._head.path.name)
        stream, why = self._stream()
        yield f"id: {self._id}"
        yield "version: 1"
        yield f"title: {{zh: {name}, en: {name}}}"
        yield f"source: {{id: {self._id}}}"
        yield "agency:"
        yield f"  id: {self._id}-history"
        yield f"  names: {{zh: {name}, en: {name}}}"
        yield f"  zone: {_open()}  # {words['agency_zone']}"
        yield f"  country: {_open()}  # {words['country']}"
        yield f"stream: {stream}  # {why}"

    def _stream(self) -> tuple[str, str]:
        """Guess the business stream by the words of columns and steps; else leave it open."""
        step = self._guess["step"].column
        texts = [column.name for column in self._head.columns]
        text = " ".join(chain(texts, set(step.told) if step else ())).lower()
        found = {stream: word for stream, all_ in STREAMS.items() for word in all_ if word in text}
        if len(found) != 1:
            return _open(), self._words["stream"]
        ((stream, word),) = found.items()
        return stream, self._words["stream_why"].format(word=word)

    def _format(self) -> Iterator[str]:
        yield "formats:"
        yield f"  {self._head.format_}:"
        for key, value in self._head.options.items():
            written = value if isinstance(value, int) else _quoted(value)
            yield f"    {key}: {written}  # {self._words['encoding']}"
        yield from self._marks()
        yield "    names:"
        for role, guess in self._guess.items():
            if guess.column is not None or role in ("case", "step", "at"):
                yield f"      {role}: {self._key(guess)}  # {_why(guess, self._words)}"

    def _marks(self) -> Iterator[str]:
        """Say which marks stand in the sums, where they are not those of a plain number."""
        column = self._guess["sum"].column
        if column is None or self._head.format_ == "xes":
            return
        if any(re.search(r",\d{1,2}$", value.strip()) for value in column.told):
            yield '    decimal_mark: ","'
            if any("." in value for value in column.told):
                yield '    group_mark: "."'
        elif any("," in value for value in column.told):
            yield '    group_mark: ","'

    def _key(self, guess: Guess) -> str:
        if guess.column is None:
            return _open()
        name = _quoted(guess.column.name)
        return f"{{trace: {name}}}" if guess.column.of_case else name

    def _reading(self) -> Iterator[str]:
        yield "case: case"
        yield "step: step"
        yield "occurred_at:"
        yield "  name: at"
        yield from self._time()
        if self._guess["officer"].column is not None:
            yield "actor: {name: officer}"
            if self._guess["unit"].column is not None:
                yield "unit: {name: unit}"

    def _time(self) -> Iterator[str]:
        words, time = self._words, self._guess["at"].time
        if time is None:
            yield f"  zone: {_open()}  # {words['zone']}"
            return
        if len(time.formats) > 1:
            both = words["both_ways"].format(formats=", ".join(map(_quoted, time.formats)))
            yield f"  format: {_open()}  # {both}"
        elif time.formats:
            yield f"  format: {_quoted(time.formats[0])}"
        if time.precision != "second":
            yield f"  precision: {time.precision}"
        told = len(self._guess["at"].column.told) if self._guess["at"].column else 0
        if time.with_offset == told:
            yield f"  # {words['offset']}"
        else:
            some = words["some_offset"].format(with_offset=time.with_offset)
            typed = f"; {words['typed']}" if time.is_typed else ""
            yield f"  zone: {_open()}  # {some if time.with_offset else words['zone']}{typed}"

    def _rest(self) -> Iterator[str]:
        yield f"# {self._words['steps']}"
        yield "steps: {}"
        yield from self._steps()
        yield "otherwise: keep"
        yield from self._sum()
        used = [guess.column for guess in self._guess.values()]
        left = [column for column in self._head.columns if column not in used]
        if left:
            yield f"# {self._words['unread']}"
        yield from (f"#   {shown(column.name)}: {described(column)}" for column in left)

    def _steps(self) -> Iterator[str]:
        """Name the steps that were seen; none becomes a canonical kind without a person."""
        column = self._guess["step"].column
        stream = self._stream()[0]
        for step in list(dict.fromkeys(column.told if column else ()))[:_MOST_SHOWN]:
            kind = next(
                (k for word, k in KINDS.get(stream, {}).items() if word in step.lower()), ""
            )
            maybe = f"{self._words['maybe']} {kind}" if kind else "?"
            yield f"#   {_quoted(step)}: {{kind: {kind or '...'}}}  # {maybe}"

    def _sum(self) -> Iterator[str]:
        column = self._guess["sum"].column
        if column is None:
            return
        is_yuan = "元" in column.name
        currency = "CNY" if is_yuan else _open()
        why = self._words["currency_why" if is_yuan else "currency"]
        yield "attributes:"
        yield f"  sum:  # {self._words['amount'].format()}"
        yield "    name: sum"
        yield "    type: money"
        yield f"    currency: {currency}  # {why}"
        if "万元" in column.name:
            yield "    unit: ten_thousand"
        if any(value.strip().startswith("-") for value in column.told):
            yield "    sign: either"
        yield "    privacy: public"
        yield f"    label: {{zh: {_quoted(column.name)}, en: {_quoted(column.name)}}}"


def _quoted(text: str) -> str:
    """Write a text for YAML; whatever it holds, it stays one text on one line."""
    return json.dumps(text, ensure_ascii=not text.isprintable())


def _open() -> str:
    return f'"{UNFILLED}"'


def _of_ocds(head: Head, language: str) -> str:
    """Answer the shipped mapping of OCDS with all open that a publisher must say."""
    shipped = (mappings_folder() / "ocds.yaml").read_text(encoding="utf-8")
    body = shipped[shipped.index("id: ocds\n") :]
    name, words = _id_of(head.path), WORDS[language]
    for old, new in (
        ("id: ocds\n", f"id: {name}\n"),
        ("id: ocds-publisher\n", f"id: {name}-history\n"),
        ("  country: ZZ\n", f"  country: {_open()}  # {words['country']}\n"),
        ("  zone: UTC\n", f"  zone: {_open()}  # {words['agency_zone']}\n"),
        ("zone: UTC", f"zone: {_open()}"),
    ):
        body = body.replace(old, new)
    return f"# {words['ocds']}\n# {words['fill']}\n{body}"
