"""What ``cleangov rules`` says, in Chinese and English."""

from collections.abc import Mapping
from typing import Final

from cleangov_plugin.domain.terms import Result
from cleangov_plugin.rules.mutation.mutants import Operator
from cleangov_plugin.rules.trace import RESULT_WORDS

#: By key: zh, then en.
WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "tested": (
        (
            "{id} {title}：示例 {examples} 个，改动 {mutants} 处：示例察觉 {killed}，无区别 "
            "{equivalent}，已签认 {signed}，未察觉 {alive}"
        ),
        (
            "{id} {title}: {examples} examples, {mutants} changes: {killed} noticed by an "
            "example, {equivalent} make no difference, {signed} signed for, {alive} not noticed"
        ),
    ),
    "all": (
        "规则 {rules} 条，示例 {examples} 个，改动 {mutants} 处，未察觉 {alive}",
        "{rules} rules, {examples} examples, {mutants} changes, {alive} not noticed",
    ),
    "failed": (
        "  示例“{name}”：应为 {expected}，实为 {found}。{why}",
        "  example '{name}': expected {expected}, found {found}. {why}",
    ),
    "alive": (
        "  若把“{was}”改成“{becomes}”，没有一个示例能察觉。（{id}）",
        "  If '{was}' became '{becomes}', no example would notice. ({id})",
    ),
    Operator.MISSING_CLEAR: (
        "  若把“{was}”当作“未命中”，没有一个示例能察觉。（{id}）",
        "  If '{was}' were taken for 'clear', no example would notice. ({id})",
    ),
    Operator.GUARD_DROPPED: (
        "  若删去适用条件“{was}”，没有一个示例能察觉。（{id}）",
        "  If the guard '{was}' were left out, no example would notice. ({id})",
    ),
    "clock_alive": (
        "  若改动“{what}”，没有一个示例能察觉。",
        "  If '{what}' were changed, no example would notice.",
    ),
    "digest": (
        "  由第二人签认时写：mutant: {id!r}，digest: {digest}",
        "  To be signed for by a second person as mutant: {id!r}, digest: {digest}",
    ),
    "apart": (
        (
            "  下面的案例能分清两者：规则现在答“{result}”，改动后答“{instead}”。若现在的答复正确，"
            "请补上理由，作为示例贴入规则文件："
        ),
        (
            "  This case tells them apart: the rule now says '{result}', the changed one "
            "'{instead}'. If the rule is right, give the reason and paste it as an example:"
        ),
    ),
    "undecided": (
        "  邻近的案例太多，没有全部试完。请写一个示例，或由第二人签认。",
        (
            "  There are too many cases beside the examples to try them all. Write an example, or "
            "let a second person sign."
        ),
    ),
    "equivalent": ("  无区别：{id}", "  makes no difference: {id}"),
    "signed": ("  已签认：{id}", "  signed for: {id}"),
    "name": ("待命名：{moves}", "to be named: {moves}"),
    "why": ("待写明理由", "give the reason"),
    "candidates": (
        "  建议的示例（{number} 个；答复为规则现在的答复，请逐个核对）：",
        "  Proposed examples ({number}; the answers are what the rule says now, so look at each):",
    ),
    "none": ("没有规则文件", "there are no rule files"),
    "looked": ("不看这类事件", "it does not look at such events"),
    "ok": ("{name}：无误", "{name}: ok"),
}


def number_of(language: str) -> int:
    """Answer which of the two texts is meant.

    :param language: BCP 47 tag.
    """
    return 0 if language.startswith("zh") else 1


def said(key: str, language: str, **values: object) -> str:
    """Write one sentence.

    :param key: its key.
    :param language: BCP 47 tag.
    :param values: what stands in it.
    """
    return WORDS[key][number_of(language)].format(**values).rstrip()


def result_said(result: Result | None, language: str) -> str:
    """Write what a rule answers.

    :param result: the answer; None where it does not look at the event.
    :param language: BCP 47 tag.
    """
    return said("looked", language) if result is None else RESULT_WORDS[result][number_of(language)]
