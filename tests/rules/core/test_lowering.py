"""What each kind of value becomes in the core, and what cannot become anything."""

from datetime import date
from typing import Any

import pytest

from cleangov_plugin.domain.errors import RuleError
from cleangov_plugin.domain.terms import Phase
from cleangov_plugin.rules import compile_rule, tree
from cleangov_plugin.rules.bound import bind
from cleangov_plugin.rules.checker import check
from cleangov_plugin.rules.core import lowering
from cleangov_plugin.rules.core import nodes as core_nodes
from cleangov_plugin.rules.core.cel import write_cel
from cleangov_plugin.rules.core.lowered_rule import lower_rule
from cleangov_plugin.rules.core.lowering import REFUSED, Lowering
from cleangov_plugin.rules.core.nodes import Input, Sort
from cleangov_plugin.rules.evaluation import default_binding
from cleangov_plugin.rules.kinds import Kind, of
from cleangov_plugin.rules.quantities import names_of
from cleangov_plugin.rules.tree import Name, Source
from tests.rules.rule_building import BOTH, document
from tests.support.random_rules import rule_document

RULE = compile_rule(rule_document())
NAMES = names_of(RULE)
BINDING = default_binding(RULE)


def lowered(text: str, wanted: Any = tree.TRUTH) -> core_nodes.Term:
    node = check(text, NAMES, "t", wanted=wanted)
    return Lowering(BINDING.parameters, "t").lower(node)


@pytest.mark.parametrize(
    ("text", "core"),
    [
        ("amount > 800元", '(numbers["amount"] > 80000)'),
        ("amount > 0.08万元", '(numbers["amount"] > 80000)'),
        ("euro == 36.00EUR", '(numbers["euro"] == 3600)'),
        ("金额 > params.sum", '(numbers["amount"] > 80000)'),
        ("stay > 30天", '(numbers["stay"] > 30)'),
        ("wait >= 24 hours", '(numbers["wait"] >= 86400)'),
        ("occurred_on == 0001-01-01", '(numbers["occurred_on"] == 1)'),
        (
            "ratio(amount, limit) > 10%",
            (
                '((numbers["limit"] > 0) ? ((numbers["amount"] * 100000) > '
                '(numbers["limit"] * 10000)) : truths[""])'
            ),
        ),
        (
            "100% <= ratio(n, m)",
            (
                '((numbers["m"] > 0) ? ((numbers["n"] * 100000) >= (numbers["m"] * 100000))'
                ' : truths[""])'
            ),
        ),
        ("grade in ['light', 'heavy']", '(texts["grade"] in ["heavy", "light"])'),
        ("n not in [3, -1]", '!(numbers["n"] in [-1, 3])'),
        ("-n == 3", '((0 - numbers["n"]) == 3)'),
        ("a == true", '(truths["a"] == true)'),
        ("missing(n)", '!("n" in numbers)'),
        ("not missing(n)", '("n" in numbers)'),
        ("missing(tags)", '!("size(tags)" in numbers)'),
        ("missing(params.k)", "false"),
        ("size(tags) > 2", '(numbers["size(tags)"] > 2)'),
        ("contains(note, 'it''s')", "truths[\"contains(note, 'it''s')\"]"),
        ("known(a, b)", '(("a" in truths) ? truths["a"] : truths["b"])'),
        ("facts.usual.n > 2", '(numbers["facts.usual.n"] > 2)'),
        (
            "ended - begun > 1 minutes",
            (
                '((((numbers["ended"] - numbers["begun"]) + 1000000000000000000) / 1000000'
                " - 1000000000000) > 60)"
            ),
        ),
        (
            "opened_on + 1 days == 2026-03-10",
            (
                '((((numbers["opened_on"] + 1) >= 1 && (numbers["opened_on"] + 1) <= 3652059)'
                ' ? (numbers["opened_on"] + 1) : numbers[""]) == 739685)'
            ),
        ),
        (
            "fee > paid",
            (
                '(((texts["currency(fee)"] == "") || (texts["currency(paid)"] == "") || '
                '(texts["currency(fee)"] == texts["currency(paid)"]))'
                ' ? (numbers["fee"] > numbers["paid"]) : truths[""])'
            ),
        ),
    ],
)
def test_each_kind_of_value_is_lowered_as_the_module_says(text: str, core: str) -> None:
    assert write_cel(lowered(text)) == core


def test_every_input_has_its_sort_and_its_declared_range() -> None:
    found = core_nodes.inputs_of(
        lowered(
            "n > m and limit > 1元 and a and note == memo and begun == ended and stay > 1 days"
        ),
        lowered("opened_on == closed_on and facts.total == fee and size(tags) > facts.count"),
    )
    first, last = lowering.CALENDAR[Kind.INSTANT]
    assert found == (
        Input("a", Sort.TRUTH),
        Input("begun", Sort.NUMBER, first, last),
        Input("closed_on", Sort.NUMBER, 1, date.max.toordinal()),
        Input("currency(facts.total)", Sort.TEXT),
        Input("currency(fee)", Sort.TEXT),
        Input("ended", Sort.NUMBER, first, last),
        Input("facts.count", Sort.NUMBER, 0, 10_000),
        Input("facts.total", Sort.NUMBER, -10_000_000, 10_000_000),
        Input("fee", Sort.NUMBER, -1_000_000, 1_000_000),
        Input("limit", Sort.NUMBER, 1, 10**10),
        Input("m", Sort.NUMBER, -1_000_000, 1_000_000),
        Input("memo", Sort.TEXT),
        Input("n", Sort.NUMBER, -5, 5),
        Input("note", Sort.TEXT),
        Input("opened_on", Sort.NUMBER, 1, date.max.toordinal()),
        Input("size(tags)", Sort.NUMBER, 0, 10_000),
        Input("stay", Sort.NUMBER, -100_000, 100_000),
    )


def name(path: str, kind: Kind, source: Source) -> Name:
    return Name(of(kind), path, source, path)


LIST = name("tags", Kind.LIST, Source.EVENT)
WIDE = tree.Name(of(Kind.INTEGER).within(-(2**62), 2**62), "wide", Source.EVENT, "wide")
CANNOT: dict[str, tree.Node] = {
    "working days added": tree.Arithmetic(
        "+",
        name("occurred_on", Kind.DATE, Source.EVENT),
        name("term", Kind.WORKING_DAYS, Source.EVENT),
        of(Kind.DATE),
    ),
    "named value": name("values.x", Kind.INTEGER, Source.VALUE),
    "ratio": tree.Ratio(WIDE, WIDE, of(Kind.RATIO)),
    "list": LIST,
    "past event": name("current.n", Kind.INTEGER, Source.CURRENT),
    "size": tree.Arithmetic("+", WIDE, WIDE, of(Kind.INTEGER)),
}


def test_the_list_of_what_cannot_be_lowered_is_closed() -> None:
    assert set(CANNOT) == set(REFUSED)


@pytest.mark.parametrize("what", REFUSED)
def test_what_cannot_be_lowered_says_so_by_name(what: str) -> None:
    with pytest.raises(RuleError, match=f"T01.*{what}: ") as refused:
        Lowering({}, "T01").lower(CANNOT[what])
    assert REFUSED[what] in str(refused.value)


@pytest.mark.parametrize(
    "text",
    [
        "occurred_on + 5 working days > occurred_on",
        "values.x > 3",
        "ratio(n, m) == ratio(m, n)",
        "tags == more",
        "current.n > 3",
        "big * big > 3",
    ],
)
def test_the_checker_lets_none_of_it_into_a_condition(text: str) -> None:
    """So that every condition, guard and hint that can be saved can be lowered."""
    with pytest.raises(RuleError):
        check(text, NAMES, "t")


def test_a_currency_is_unknown_where_the_sum_is() -> None:
    """``k * fee`` without k is unknown; that its currency is known must not count."""
    term = lowered("known(n * fee, paid) > paid")
    from tests.support.core_reading import CoreReading

    values = {
        "n": None, "fee": 3, "currency(fee)": "EUR", "paid": 5, "currency(paid)": "CNY",
    }  # fmt: skip
    assert CoreReading(values).read(term) is False
    assert CoreReading({**values, "n": 2}).read(term) is None


def test_a_rule_bound_to_certain_units_cannot_be_checked_without_one() -> None:
    from dataclasses import replace

    from cleangov_plugin.rules import Scope

    rule = compile_rule(document("amount > 800元"))
    everywhere = default_binding(rule)
    some = replace(everywhere, scope=Scope(units=frozenset({"u"})))
    conditions = [lower_rule(bind(rule, b), Phase.EVENT).condition for b in (everywhere, some)]
    assert write_cel(conditions[0]) == '(numbers["amount"] > 80000)'
    assert write_cel(conditions[1]) == (
        '(("unit" in texts) ? (numbers["amount"] > 80000) : truths[""])'
    )


@pytest.mark.parametrize(
    ("days", "cel"),
    [
        ([{}], "true"),
        ([{"valid_from": "2026-03-10"}, {}], "true"),
        ([{"valid_from": "2026-03-10"}], '(numbers["occurred_on"] >= 739685)'),
        (
            [{"valid_from": "0001-01-01", "valid_to": "0001-01-09"}],
            '((numbers["occurred_on"] >= 1) && (numbers["occurred_on"] <= 9))',
        ),
        (
            [{"valid_to": "0001-01-09"}, {"valid_from": "0001-01-20"}],
            '((numbers["occurred_on"] <= 9) || (numbers["occurred_on"] >= 20))',
        ),
    ],
)
def test_the_grounds_of_a_rule_are_asked_by_the_day_of_the_act(days: Any, cel: str) -> None:
    basis = [{"law": BOTH, "status": "law", **each} for each in days]
    rule = compile_rule(document("amount > 800元", basis=basis))
    assert write_cel(lower_rule(bind(rule, default_binding(rule)), Phase.EVENT).applies) == cel
