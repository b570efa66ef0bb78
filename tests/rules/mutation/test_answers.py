"""The quick answer is the answer; what is written again is read as the same."""

from typing import Any

import pytest
import yaml

from cleangov_plugin.domain.terms import Phase
from cleangov_plugin.intake.rule_files import load_rulebook, rulebook_folder
from cleangov_plugin.rules import compile_rule
from cleangov_plugin.rules.checker import check
from cleangov_plugin.rules.examples import Example, ask, examples_of
from cleangov_plugin.rules.frame import Frame
from cleangov_plugin.rules.model import Rule
from cleangov_plugin.rules.mutation.answers import judge, readers_of
from cleangov_plugin.rules.mutation.proposing import given, pasted
from cleangov_plugin.rules.mutation.rewriting import worded, written
from cleangov_plugin.rules.mutation.survivors import mutants_of
from cleangov_plugin.rules.mutation.trials import Bench, Case
from cleangov_plugin.rules.quantities import names_of

DOCUMENTS = {document["id"]: document for document in load_rulebook(rulebook_folder())}


def cases(id_: str) -> tuple[Rule, list[Example], list[Case]]:
    rule = compile_rule(DOCUMENTS[id_])
    examples = examples_of(DOCUMENTS[id_], rule)
    return rule, examples, Bench(rule, examples).candidates()


@pytest.mark.parametrize("id_", sorted(DOCUMENTS))
def test_the_quick_answer_is_that_of_the_evaluation(id_: str) -> None:
    rule, examples, moved = cases(id_)
    readers = readers_of(rule)
    for example in [*examples, *(case.example for case in moved)]:
        answer = judge(rule, example.binding.parameters, example.phase, readers)
        assert answer(Frame(example.record, example.knowledge)) is ask(rule, example).result


@pytest.mark.parametrize("id_", sorted(DOCUMENTS))
def test_a_change_is_noticed_where_one_that_is_asked_everything_is(id_: str) -> None:
    """What is not asked because it cannot matter does not matter: few examples leave many alive."""
    rule = compile_rule(DOCUMENTS[id_])
    examples = examples_of(DOCUMENTS[id_], rule)[::3]
    bench, readers = Bench(rule, examples, are_right=True), readers_of(rule)
    for mutant in mutants_of(rule):
        noticed = False
        for example in examples:
            values = dict(example.binding.parameters)
            if mutant.parameter is not None and mutant.parameter not in example.sets:
                values[mutant.parameter] = mutant.rule.parameters[mutant.parameter].default
            answer = judge(mutant.rule, values, example.phase, readers)
            noticed |= answer(Frame(example.record, example.knowledge)) is not example.expect
        assert bench.is_noticed(mutant) is noticed, mutant.id


@pytest.mark.parametrize("id_", sorted(DOCUMENTS))
def test_an_expression_written_again_is_read_as_the_same(id_: str) -> None:
    rule, _, _ = cases(id_)
    names = names_of(rule)
    for node in (rule.condition, rule.applies, rule.hint_when):
        if node is not None:
            assert check(written(node), names, "again") == node
            assert "params." not in worded(node, rule, "zh")


@pytest.mark.parametrize("id_", sorted(DOCUMENTS))
def test_a_case_written_again_is_read_as_the_same(id_: str) -> None:
    """All but figures over other cases, which the author fills in."""
    rule, examples, moved = cases(id_)
    for example in [*examples, *(case.example for case in moved)]:
        if example.knowledge.statistics:
            continue
        text = pasted("again", given(rule, example), example.expect.value, "so")
        (written_again,) = yaml.load(text, Loader=yaml.BaseLoader)
        document = {**DOCUMENTS[id_], "examples": [_plain(written_again)]}
        (read,) = examples_of(document, rule)
        assert ask(rule, read).result is ask(rule, example).result, text
        assert read.record.amount == example.record.amount
        assert read.phase is example.phase is Phase(read.phase)
        assert len(read.knowledge.history) == len(example.knowledge.history)
        assert len(read.knowledge.elsewhere) == len(example.knowledge.elsewhere)


def _plain(value: Any) -> Any:
    """The base loader reads all as text; yes and no are what they are."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return {"true": True, "false": False}.get(value, value)
