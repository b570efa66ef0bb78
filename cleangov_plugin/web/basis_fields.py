"""What a form asks of an answer besides words, and how it is read back: hostile."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from cleangov_hooks import Actor, CodedReason, Evidence
from cleangov_plugin.desk.answers.named import people_with
from cleangov_plugin.desk.desk import Desk
from cleangov_plugin.desk.prompting.views import ChoiceView

from .words import word

_FIELDS: Final = ("reason", "evidence", "approver", "until")
#: Longer values of a form are none of ours: they are cut, and refused as what they are then.
_LONGEST: Final = 300


def basis_of(desk: Desk, choice: ChoiceView, language: str) -> Mapping[str, Any] | None:
    """Answer what a choice asks for besides words; None where it asks for nothing.

    :param desk: the desk.
    :param choice: the choice.
    :param language: BCP 47 tag.
    """
    if not (choice.reasons or choice.approver_role or choice.latest or choice.then == "recuse"):
        return None
    person, role = desk.host.person(), choice.approver_role
    others = people_with(desk, role) if role else ()
    documents = [reason.needs_evidence for reason in choice.reasons]
    words = [choice.needs_text or reason.needs_text for reason in choice.reasons]
    words = words or [choice.needs_text]
    return {
        "reasons": [_reason(reason, language) for reason in choice.reasons],
        "takes_evidence": any(documents),
        "needs_evidence": bool(documents) and all(documents),
        "takes_words": any(words),
        "needs_words": all(words),
        "is_approved": role is not None,
        "approvers": [each for each in others if person is None or each.id != person.id],
        "latest": choice.latest.isoformat() if choice.latest else "",
    }


def _reason(reason: CodedReason, language: str) -> Mapping[str, str]:
    asked = [
        word(key, language)
        for key, is_asked in (
            ("panel.reason.text", reason.needs_text),
            ("panel.reason.evidence", reason.needs_evidence),
        )
        if is_asked
    ]
    joint = "、" if language.lower().startswith("zh") else ", "
    return {"code": reason.code, "label": reason.label, "asks": joint.join(asked)}


def read_basis(form: Mapping[str, str]) -> dict[str, Any]:
    """Read what a form says besides words.

    Of an approver a form tells no role: the host is asked for it.

    :param form: the form's fields; hostile.
    :return: arguments of an `Answer`.
    """
    given = {key: form.get(f"cleangov_{key}", "").strip()[:_LONGEST] for key in _FIELDS}
    return {
        "reason": given["reason"],
        "evidence": Evidence(reference=given["evidence"]) if given["evidence"] else None,
        "approver": Actor(id=given["approver"]) if given["approver"] else None,
        "until": _day(given["until"]),
    }


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
