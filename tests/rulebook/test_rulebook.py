"""Every shipped rule: its examples, its texts, and what it says when something is blank."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from cleangov_hooks import AnswerKind, Money
from cleangov_plugin.domain.record import Record
from cleangov_plugin.domain.terms import Phase, Result, Severity, Tier, Visibility
from cleangov_plugin.intake.rule_files import load_rulebook, rulebook_folder
from cleangov_plugin.rules import (
    Rule,
    compile_bindings,
    compile_rule,
    explain,
    patch,
    patch_from,
    run_examples,
    texts,
)
from cleangov_plugin.rules.examples import Example, ask, examples_of
from cleangov_plugin.rules.trace import missing_name
from cleangov_plugin.rules.tree import Source, names

DOCUMENTS = {document["id"]: document for document in load_rulebook(rulebook_folder())}
RULES = {id_: compile_rule(document) for id_, document in DOCUMENTS.items()}
EXAMPLES = [
    pytest.param(RULES[id_], example, id=f"{id_}: {example.name}")
    for id_, document in DOCUMENTS.items()
    for example in examples_of(document, RULES[id_])
]


def test_the_rules_are_there() -> None:
    first = ["E07", "E08", "E60", "J10", "J11", "J11A", "X10"]
    judged_by_logs = ["E61", "E62", "E63", "E64", "X10A", "X10B", "X10C", "X11", "X12", "X13"]
    permits, across_cases = ["P02", "P02A", "P04"], ["J01", "J01A"]
    assert set(RULES) >= {*first, *judged_by_logs, *permits, *across_cases}


@pytest.mark.parametrize("id_", sorted(DOCUMENTS))
def test_all_examples_come_out_as_they_say(id_: str) -> None:
    assert run_examples(DOCUMENTS[id_]) == []


@pytest.mark.parametrize("id_", sorted(DOCUMENTS))
def test_every_rule_has_a_ground_an_owner_a_review_and_a_binding(id_: str) -> None:
    rule = RULES[id_]
    assert rule.owner
    assert rule.review_by is not None
    assert compile_bindings(DOCUMENTS[id_], rule)
    assert all(b.source or b.valid_from for b in rule.basis)
    assert rule.answers[-1].kind is AnswerKind.PROMPT_IS_WRONG


@pytest.mark.parametrize("id_", sorted(DOCUMENTS))
def test_every_fact_field_and_parameter_is_called_something_in_both_languages(id_: str) -> None:
    """Whoever reads an explanation reads labels, never a name of the rule file."""
    rule = RULES[id_]
    declared = DOCUMENTS[id_].get("fields", {})
    called = {f"facts.{name}": spec.label for name, spec in rule.facts.items()}
    called |= {f"params.{name}": each.label for name, each in rule.parameters.items()}
    called |= {name: rule.fields[name].label for name in declared}
    assert [name for name, words in called.items() if not {"zh", "en"} <= words.keys()] == []
    assert all(word for words in called.values() for word in words.values())


def read_fields(rule: Rule, record: Record, now: str) -> Iterator[str]:
    """Name the fields a rule reads of an event, present or past."""
    if record.row is None:
        own = [n for n in names(rule.condition, with_missing=False) if n.source is Source.EVENT]
        yield from (n.key for n in own if rule.fields[n.key].is_required)
        if any(spec.operation == "same_actor" for spec in rule.facts.values()):
            yield "actor"
        return
    for spec in rule.facts.values():
        if record.kind not in spec.kinds or spec.is_statistic:
            continue
        if spec.operation == "same_actor" and record.kind in spec.by_kind[now]:
            yield "actor"
        read = [] if spec.where is None else names(spec.where)
        keys = [spec.field, *(name.key for name in read if name.source is Source.EVENT)]
        yield from (key for key in keys if key is not None and rule.fields[key].is_required)


def blanked(record: Record, rule: Rule, field: str) -> Record:
    code = rule.fields[field].code
    if code is None:
        return replace(record, **{field: None})  # type: ignore[arg-type]
    kept = {key: value for key, value in record.attributes.items() if key != code}
    return replace(record, attributes=kept)


@pytest.mark.parametrize(("rule", "example"), EXAMPLES)
def test_a_blank_in_any_event_is_never_clear_and_is_named(rule: Rule, example: Example) -> None:
    before = ask(rule, example)
    if example.phase is not Phase.EVENT or before.result is Result.NOT_APPLICABLE:
        assert "hint" in rule.texts or before.result is Result.NOT_APPLICABLE
        return
    events = [example.record, *example.knowledge.history]
    for position, record in enumerate(events):
        for field in set(read_fields(rule, record, example.record.kind)) - {"kind", "occurred_on"}:
            changed = [*events]
            changed[position] = blanked(record, rule, field)
            knowledge = example.knowledge._replace(history=tuple(changed[1:]))
            after = ask(rule, replace(example, record=changed[0], knowledge=knowledge))
            assert_named(rule, record, field, after)


ANOTHER_DECIDES = ("E07", "J11", "J11A", "P02", "X10", "X10A", "X10B", "X10C")


def assert_named(rule: Rule, record: Record, field: str, after: Any) -> None:
    """Not clear, and named; past events that the answer no longer hangs on may be unnamed."""
    if record.row is None:
        assert after.result is not Result.CLEAR
        guard = () if rule.applies is None else names(rule.applies, with_missing=False)
        is_of_guard = set(after.fields) <= {name.key for name in guard}
        assert field in after.fields or (after.fields and is_of_guard)
        return
    name = f"{record.kind}.{field}"
    is_still_known = after.result in (Result.HIT, Result.CLEAR) and name not in after.fields
    if is_still_known:
        assert rule.id in ANOTHER_DECIDES, "another event decides, or it is too old"
        if after.result is Result.CLEAR:
            assert rule.id in ("E07", "J11"), "out of the window, or a later event is in its place"
    else:
        assert after.result is not Result.CLEAR


@pytest.mark.parametrize(("rule", "example"), EXAMPLES)
def test_every_answer_can_be_explained_in_both_languages(rule: Rule, example: Example) -> None:
    outcome = ask(rule, example)
    for language in ("zh-CN", "en"):
        lines = explain(rule, outcome, language)
        assert lines[0].startswith(f"{rule.id}@1 ")
        for field in outcome.fields:
            assert missing_name(rule, field, "zh" if language == "zh-CN" else "en") in lines[-1]


def hit(id_: str, phase: Phase = Phase.EVENT, number: int = 0) -> tuple[Rule, Example, Any]:
    rule = RULES[id_]
    found = [e for e in examples_of(DOCUMENTS[id_], rule) if e.phase is phase]
    return rule, found[number], ask(rule, found[number])


def test_the_held_fine_says_what_the_demo_shows() -> None:
    rule, example, outcome = hit("E07")
    assert texts.render(rule, "headline", outcome.values, "zh-CN") == "这一步先停一下。"
    assert texts.render(rule, "body", outcome.values, "zh-CN") == (
        "3月2日告知拟罚 800 元；3月4日店主申辩；现在填的是 2,000 元。"
        "行政机关不得因当事人陈述、申辩而给予更重的处罚（《行政处罚法》第四十五条）。"
    )
    assert texts.render(rule, "headline", outcome.values, "en") == "This step waits."
    assert texts.render(rule, "body", outcome.values, "en") == (
        "2 March: notice of 800. 4 March: the owner answered. Now: 2,000. An authority may not "
        "punish more heavily because a party spoke in their defence "
        "(Administrative Penalty Law, Art 45)."
    )
    labels = [texts.render(rule, f"label.{a.code}", outcome.values, "zh") for a in rule.answers]
    assert labels == ["改回 800 元", "发现了新事实（补证据）", "请第二人复核", "这条提示不对"]
    assert texts.render(rule, "label.back", outcome.values, "en") == "Back to 800"
    corrected = patch(rule, "back", example.record, example.knowledge)
    assert corrected == {"amount": Money(minor=80_000)}
    assert patch_from(rule, "back", outcome.values) == corrected
    assert [(a.then, a.role) for a in rule.answers] == [
        ("regate", None), ("page", None), ("request", "reviewer"), ("note", None),
    ]  # fmt: skip


def test_the_band_hint_says_what_the_demo_shows() -> None:
    rule, _, outcome = hit("E08", Phase.EDIT)
    assert outcome.beside == "amount"
    assert texts.render(rule, "hint", outcome.values, "zh") == (
        "裁量区间 500–1,000 元 · 本库同类 9 件，中位 700 元"
    )
    assert texts.render(rule, "hint", outcome.values, "en") == (
        "Band 500–1,000 · 9 like cases here, median 700"
    )
    rule, _, bare = hit("E08", Phase.EDIT, 1)
    assert texts.render(rule, "hint", bare.values, "zh") == "裁量区间 500–1,000 元"


def test_the_meter_says_what_the_demo_shows() -> None:
    rule, example, _ = hit("J10")
    outcome = ask(rule, replace(example, phase=Phase.EDIT))
    zh, en = (texts.render(rule, "hint", outcome.values, tag) for tag in ("zh", "en"))
    assert zh == "变更累计 8.75% → 11.81% · 上限 10%（本地规定）"
    assert en == "Variations 8.75 % → 11.81 % · the line is at 10 % (a local rule)"
    outcome = ask(rule, example)
    assert texts.render(rule, "headline", outcome.values, "zh") == (
        "超过 10%，需总工同意（通常 1 个工作日）"
    )
    assert texts.render(rule, "headline", outcome.values, "en") == (
        "Over 10 %: the chief engineer must agree (usually one working day)"
    )


HINTS = (("open", Tier.INFORM), ("edit", Tier.INFORM))


@pytest.mark.parametrize(
    ("id_", "bindings"),
    [
        ("E07", {("gate", Tier.REFUSE), ("event", Tier.RECORD)}),
        ("E08", {*HINTS, ("gate", Tier.CONFIRM), ("event", Tier.RECORD)}),
        ("J10", {*HINTS, ("gate", Tier.SECOND_PERSON), ("event", Tier.RECORD)}),
        ("J11", {("event", Tier.RECORD)}),
        ("X10", {("event", Tier.RECORD)}),
        ("E60", {("event", Tier.RECORD)}),
        ("E62", {("event", Tier.RECORD)}),
        ("E64", {("event", Tier.RECORD)}),
        ("P02", {("gate", Tier.CONFIRM), ("event", Tier.RECORD)}),
        ("P02A", {("gate", Tier.CONFIRM), ("event", Tier.RECORD)}),
        ("P04", {("gate", Tier.CONFIRM), ("event", Tier.RECORD)}),
    ],
)
def test_the_shipped_bindings(id_: str, bindings: set[tuple[str, Tier]]) -> None:
    found = compile_bindings(DOCUMENTS[id_], RULES[id_])
    assert {(p.value, b.tier) for b in found for p in b.phases} == bindings


def test_a_signal_is_never_a_prompt_and_for_oversight_alone() -> None:
    signals = [id_ for id_, rule in RULES.items() if rule.severity is Severity.SIGNAL]
    expected = "E61 E63 J01 J01A J11 X10 X10A X10B X10C X11 X12 X13"
    assert set(expected.split()) == set(signals)
    for id_ in signals:
        for binding in compile_bindings(DOCUMENTS[id_], RULES[id_]):
            assert (binding.tier, binding.phases) == (Tier.RECORD, {Phase.EVENT}), id_
            assert binding.visibility is Visibility.OVERSIGHT, id_


def test_the_second_notice_says_what_the_demo_shows() -> None:
    rule, example, outcome = hit("P02")
    zh = [texts.render(rule, key, outcome.values, "zh") for key in ("headline", "body")]
    assert zh == [
        "3月6日已补正告知一次。",
        (
            "法律要求五个工作日内一次告知全部内容（《行政许可法》第三十二条）；"
            "今天是第 3 日，周四到期。"
        ),
    ]
    en = [texts.render(rule, key, outcome.values, "en") for key in ("headline", "body")]
    assert en == [
        "You asked once on 6 March.",
        (
            "The law wants everything in one notice within five working days "
            "(Licensing Law, Art 32); today is day 3, it ends on Thursday."
        ),
    ]
    corrected = patch(rule, "one_notice", example.record, example.knowledge)
    assert corrected == {"items": "招牌效果图\n房东同意书"}
    assert patch_from(rule, "one_notice", outcome.values) == corrected
    assert [(a.code, a.then, a.needs_text) for a in rule.answers] == [
        ("one_notice", "regate", False),
        ("known_now", "pass", True),
        ("without", "page", False),
        ("wrong", "note", False),
    ]


@pytest.mark.parametrize("name", ["a second paper after the term", "without a calendar"])
def test_a_second_notice_says_nothing_of_a_term_that_is_over_or_unknown(name: str) -> None:
    rule = RULES["P02"]
    (example,) = [e for e in examples_of(DOCUMENTS["P02"], rule) if e.name == name]
    body = texts.render(rule, "body", ask(rule, example).values, "zh")
    assert body == "法律要求五个工作日内一次告知全部内容（《行政许可法》第三十二条）。"


def test_the_law_before_2021_is_cited_for_acts_before_2021() -> None:
    assert texts.citations(RULES["E07"], date(2020, 1, 1), "zh") == ["《行政处罚法》第三十二条"]
    assert texts.citations(RULES["E07"], date(2026, 3, 10), "zh") == ["《行政处罚法》第四十五条"]


def test_no_shipped_text_names_a_person_or_accuses() -> None:
    for document in DOCUMENTS.values():
        for word in ("violation", "suspect", "何平", "嫌疑", "违纪"):
            shown = str(document["texts"]) + str(document["title"]) + str(document["why"])
            assert word not in shown.lower()
