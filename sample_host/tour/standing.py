"""What the plugins say waits: the panel of a step and the requests in an inbox, asked as data."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from cleangov_hooks import AnswerKind, Fragment, Step
from sample_host.city import City


@dataclass(frozen=True, slots=True, kw_only=True)
class Control:
    """A button that a plugin has put on the page, as its slot describes it.

    :param kind: the kind of answer it gives.
    :param label: its words.
    :param form: id of the form it sends.
    :param name: what it adds to that form; empty where nothing.
    :param value: the value of it.
    """

    kind: str
    label: str
    form: str
    name: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Something that waits.

    :param case_id: the matter.
    :param state: ``"held"``, ``"waiting"``, ``"agreed"``, ``"refused"``, ``"lapsed"``; of a
        request ``"asked"`` or ``"own"``.
    :param controls: the buttons that one press is enough for.
    """

    case_id: str
    state: str
    controls: tuple[Control, ...]

    def control(self, kind: AnswerKind) -> Control | None:
        """Answer the button that gives a kind of answer.

        :param kind: the kind.
        """
        return next((control for control in self.controls if control.kind == kind.value), None)


def standing(city: City, slot: str, step: Step | None) -> tuple[Standing, ...]:
    """Ask the plugins what waits; one that says nothing, or nothing to be read, is passed over.

    :param city: the shared parts.
    :param slot: ``"step.panel"`` or ``"person.inbox"``.
    :param step: where the officer stands; None for the inbox of who is signed in.
    """
    report = city.call("cleangov_slot", name=slot, step=step, medium="json")
    told = [f for f in report.values if isinstance(f, Fragment) and f.medium == "json"]
    return tuple(read for fragment in told for read in _read(fragment.content))


def _read(content: str) -> Iterator[Standing]:
    try:
        listed = json.loads(content)
    except (ValueError, TypeError, RecursionError):
        return
    for item in _objects(listed):
        yield Standing(
            case_id=_text(item, "case_id"),
            state=_text(item, "state"),
            controls=tuple(
                _control(choice)
                for choice in _objects(item.get("choices"))
                if choice.get("needs_text") is not True and _text(choice, "form")
            ),
        )


def _control(choice: dict[str, Any]) -> Control:
    return Control(
        kind=_text(choice, "kind"),
        label=_text(choice, "label"),
        form=_text(choice, "form"),
        name=_text(choice, "name"),
        value=_text(choice, "value"),
    )


def _objects(value: object) -> list[dict[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _text(item: dict[str, Any], key: str) -> str:
    found = item.get(key)
    return found if isinstance(found, str) else ""
