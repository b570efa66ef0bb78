"""From the answers of a rule's document to checked ones."""

from collections.abc import Mapping
from typing import Final

from cleangov_hooks import AnswerKind
from cleangov_plugin.domain.reasons import Reason

from .checker import check
from .document import Part
from .fact_specs import event_kinds
from .model import EventField
from .names import Names, near
from .quantities import NAME
from .rule_answers import KINDS, MOST_DAYS, REASONED, THEN, RuleAnswer
from .templates import check_template
from .tree import Node

_WRONG: Final = RuleAnswer(
    code="wrong",
    kind=AnswerKind.PROMPT_IS_WRONG,
    label={"zh": "这条提示不对", "en": "This prompt is wrong"},
    then="note",
)
#: Answers that name somebody's role.
_WITH_ROLE: Final = frozenset({"request", "recuse", "glass"})
#: More to choose from is not read by anybody.
_MOST_REASONS: Final = 12


def answers(
    part: Part, names: Names, event_fields: Mapping[str, EventField]
) -> tuple[RuleAnswer, ...]:
    """Read the ways to answer a hit; "this prompt is wrong" is always the last of them.

    :param part: the rule's document.
    :param names: what labels may show.
    :param event_fields: the fields that may be put right.
    :raises RuleError: where an answer is none.
    """
    found = [_answer(item, names, event_fields) for item in part.listed("answers")]
    _check_once(part, "answers", [answer.code for answer in found])
    if not any(answer.kind is AnswerKind.PROMPT_IS_WRONG for answer in found):
        found.append(_WRONG)
    return tuple(sorted(found, key=lambda answer: answer.kind is AnswerKind.PROMPT_IS_WRONG))


def _answer(part: Part, names: Names, event_fields: Mapping[str, EventField]) -> RuleAnswer:
    part.only(
        "code", "kind", "label", "needs_text", "patch", "then", "role", "reasons", "days", "awaits"
    )
    then = part.text("then")
    if then not in THEN:
        remedy = near(then, THEN) or f"Write one of {', '.join(THEN)}."
        raise part.wrong("then", f"'{then}' is not one of the allowed values.", remedy)
    kind = part.choice("kind", AnswerKind)
    _check_kind(part, kind, then)
    label = part.words("label")
    for language, template in label.items():
        check_template(template, names, f"{part.at('label')}.{language}")
    reasons = _reasons(part, then)
    needs_text = part.flag("needs_text")
    if then == "glass" and not (reasons or needs_text):
        raise part.wrong("reasons", "nobody breaks the glass without saying why.")
    return RuleAnswer(
        code=_code(part),
        kind=kind,
        label=label,
        then=then,
        needs_text=needs_text,
        role=_role(part, then),
        patch=_patch(part.part("patch"), names, event_fields),
        reasons=reasons,
        days=_days(part, then),
        awaits=_awaits(part, then),
    )


def _check_kind(part: Part, kind: AnswerKind, then: str) -> None:
    """Refuse what follows on another kind of answer; what is put off may also be left to a page."""
    wanted = KINDS.get(then)
    if wanted is not None and kind is not wanted:
        raise part.wrong("kind", f"'then: {then}' follows on '{wanted.value}' alone.")
    of_kind = next((name for name, each in KINDS.items() if each is kind), None)
    is_page = kind is AnswerKind.DEFERRED and then == "page"
    if of_kind is not None and then != of_kind and not is_page:
        raise part.wrong("then", f"on '{kind.value}' follows '{of_kind}'.")


def _role(part: Part, then: str) -> str | None:
    role = part.optional_text("role")
    if (then in _WITH_ROLE) != (role is not None):
        what = "a role belongs to 'then: request', 'recuse' and 'glass', and only there."
        raise part.wrong("role", what)
    return role


def _days(part: Part, then: str) -> int | None:
    if then not in MOST_DAYS:
        if "days" in part.values:
            raise part.wrong("days", "nothing is due after this answer.")
        return None
    return part.integer("days", 1, MOST_DAYS[then])


def _awaits(part: Part, then: str) -> tuple[str, ...]:
    if (then == "later") != ("awaits" in part.values):
        what = "the kinds awaited stand with 'then: later', and only there."
        raise part.wrong("awaits", what)
    return event_kinds(part, "awaits") if then == "later" else ()


def _reasons(part: Part, then: str) -> tuple[Reason, ...]:
    found = []
    for item in part.listed("reasons"):
        item.only("code", "label", "needs_text", "needs_evidence")
        reason = Reason(
            code=_code(item),
            label=item.words("label"),
            needs_text=item.flag("needs_text"),
            needs_evidence=item.flag("needs_evidence"),
        )
        found.append(reason)
    if found and then not in REASONED:
        raise part.wrong("reasons", f"'then: {then}' asks for no reason.")
    if len(found) > _MOST_REASONS:
        raise part.wrong("reasons", f"at most {_MOST_REASONS} reasons may stand here.")
    _check_once(part, "reasons", [reason.code for reason in found])
    return tuple(found)


def _check_once(part: Part, key: str, codes: list[str]) -> None:
    twice = next((code for code in codes if codes.count(code) > 1), None)
    if twice is not None:
        raise part.wrong(key, f"the code '{twice}' stands twice.", "Give it another code.")


def _code(part: Part) -> str:
    code = part.text("code", longest=64)
    if not NAME.fullmatch(code):
        raise part.wrong("code", f"'{code}' is no code.", "Write a_z0_9.")
    return code


def _patch(part: Part, names: Names, event_fields: Mapping[str, EventField]) -> dict[str, Node]:
    found = {}
    for name in part.values:
        field = event_fields.get(name)
        if field is None:
            raise part.wrong(name, f"there is no field '{name}'.", near(name, event_fields))
        found[name] = check(part.text(name), names, part.at(name), wanted=field.type)
    return found
