"""What is wrong with a rule file is said in Chinese, too: no sentence is forgotten."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import cleangov_plugin.intake
import cleangov_plugin.rules
from cleangov_plugin.cli.rule_errors import in_chinese, is_translated
from cleangov_plugin.domain.errors import RuleError
from cleangov_plugin.rules.core.cel import write_cel
from cleangov_plugin.rules.core.lowering import REFUSED, Lowering
from cleangov_plugin.rules.core.nodes import Compared, Constant, First, Input, Opposite, Sort, Term

RULES = Path(cleangov_plugin.rules.__file__).parent
INTAKE = Path(cleangov_plugin.intake.__file__).parent
#: Forms of a rule for other engines, whose errors are looked at one by one below.
OTHER_FORMS = {"cel.py", "lowering.py"}
FILES = [*sorted(RULES.glob("*.py")), *sorted(RULES.glob("clocks/*.py")), INTAKE / "rule_files.py"]
#: Texts put together from sentences that have a translation each.
_COMPOSED = {"X (X)", "X X"}
RAISERS = {"RuleError", "refused", "wrong", "IntakeError"}


def template(node: ast.AST) -> str:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(v.value if isinstance(v, ast.Constant) else "X" for v in node.values)  # type: ignore[misc]
    return ""


def sentences(path: Path) -> Iterator[str]:
    """Every written sentence in a function that raises an error of ours."""
    for function in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(function, ast.FunctionDef):
            continue
        calls = [n for n in ast.walk(function) if isinstance(n, ast.Call)]
        named = {getattr(c.func, "id", getattr(c.func, "attr", "")) for c in calls}
        if not named & RAISERS:
            continue
        inside = {
            id(v) for n in ast.walk(function) if isinstance(n, ast.JoinedStr) for v in n.values
        }
        doc = ast.get_docstring(function, clean=False)
        for node in ast.walk(function):
            text = template(node) if id(node) not in inside else ""
            if text and text != doc and " " in text.strip() and text not in _COMPOSED:
                yield text


@pytest.mark.parametrize(
    "path", [p for p in FILES if p.name not in OTHER_FORMS], ids=lambda path: path.name
)
def test_every_sentence_of_an_error_has_a_translation(path: Path) -> None:
    assert [text for text in sentences(path) if not is_translated(text)] == []


@pytest.mark.parametrize("what", REFUSED)
def test_what_has_no_other_form_is_said_in_chinese(what: str) -> None:
    problem = Lowering({}, "E07").refused(what)
    assert is_translated(problem.what)
    assert not in_chinese(problem).removeprefix("E07：").isascii()


def test_what_is_too_long_for_another_form_is_said_in_chinese() -> None:
    truth: Term = Input("a", Sort.TRUTH)
    for _ in range(24):
        truth = First((Opposite(truth), Input("b", Sort.TRUTH)))
    with pytest.raises(RuleError) as deep:
        write_cel(truth)
    text = Compared("==", Input("x", Sort.TEXT), Constant("\ud800"))
    with pytest.raises(RuleError) as odd:
        write_cel(text)
    for found in (deep, odd):
        assert is_translated(found.value.what)
    assert "请分成两条规则" in in_chinese(deep.value)


def test_an_error_is_said_whole_with_its_place() -> None:
    problem = RuleError(
        "there is no name 'amuont' (character 3).",
        where="E07.yaml:4 (E07.condition)",
        remedy="Did you mean 'amount'?",
    )
    assert in_chinese(problem) == (
        "E07.yaml:4 (E07.condition)：没有名称“amuont”（第 3 字）。是否应为“amount”？"
    )


def test_types_inside_a_sentence_are_said_in_chinese() -> None:
    problem = RuleError("a whole number, and money in CNY, written 800元, do not go together.")
    assert "整数" in in_chinese(
        RuleError("expected yes or no, found a whole number (character 1).")
    )
    assert "CNY 金额" in in_chinese(RuleError("'x' is not money in CNY, written 800元."))
    assert in_chinese(problem)


def test_what_nobody_translated_stays_as_it_is() -> None:
    assert in_chinese(RuleError("something else went wrong.")) == "something else went wrong."
