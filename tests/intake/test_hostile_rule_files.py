"""Rule files that show a reader something else than the machine reads, or lie at the ends."""

import json
from pathlib import Path

import pytest

from cleangov_plugin.cli.rule_errors import in_chinese, is_translated
from cleangov_plugin.domain.errors import CleanGovError
from cleangov_plugin.intake.rule_files import load_rule_file
from cleangov_plugin.intake.yaml_lines import _SAID
from cleangov_plugin.rules.mutation.survivors import tried
from tests.rules.rule_building import document

EXAMPLE = {"name": "a", "expect": "hit", "why": "it is", "given": {}}


def written(folder: Path, text: str) -> Path:
    path = folder / "rule.yaml"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    return path


def rule(condition: str = "amount > 800元", **more: object) -> str:
    return json.dumps(document(condition, **more), ensure_ascii=False)


def refused(folder: Path, text: str) -> tuple[str, str]:
    with pytest.raises(CleanGovError) as problem:
        load_rule_file(written(folder, text))
    return str(problem.value), in_chinese(problem.value)


@pytest.mark.parametrize(
    ("hidden", "name"),
    [("\u202e", "202E"), ("\u2066", "2066"), ("\u200b", "200B"), ("\U000e0041", "E0041")],
)
def test_a_character_that_nobody_sees_is_refused_in_a_comment_too(
    tmp_path: Path, hidden: str, name: str
) -> None:
    said, chinese = refused(tmp_path, f"# harmless {hidden}\n" + rule())
    assert (
        said == f"rule.yaml:1: a character that cannot be seen stands here (U+{name}). Delete it."
    )
    assert chinese == f"rule.yaml:1：此处有看不见的字符（U+{name}）。请删去。"


@pytest.mark.parametrize("code", [r"\u202e", r"\ud800", r"\0", r"\x7f"])
def test_one_that_is_written_by_its_code_is_refused_as_well(tmp_path: Path, code: str) -> None:
    """PostgreSQL takes neither the character zero nor half a character: refused before that."""
    said, _ = refused(tmp_path, rule().replace('"why"', f'"owner": "a{code}b", "why"'))
    assert "cannot be seen" in said


def test_a_digit_that_looks_like_another_is_none(tmp_path: Path) -> None:
    """The Bengali four looks like an eight."""
    assert "begins no word" in refused(tmp_path, rule("amount > ৪00元"))[0]
    assert load_rule_file(
        written(tmp_path, rule("amount > ８00元"))
    )  # wide, and read as what it is


def test_a_label_of_letters_that_look_like_latin_ones_is_no_second_name(tmp_path: Path) -> None:
    label = {"zh": "аmount", "en": "other"}
    fields = {"other": {"type": "money", "label": label}}
    said, _ = refused(tmp_path, rule("аmount > 800元", fields=fields))
    assert "Did you mean 'amount'?" in said


@pytest.mark.parametrize("wide", "（），＞“’")
def test_a_sign_of_chinese_keyboards_is_refused_with_the_one_to_write(
    tmp_path: Path, wide: str
) -> None:
    said, chinese = refused(tmp_path, rule(f"amount {wide} 800元"))
    assert "Write the half-width sign: " in said
    assert "请用半角符号：" in chinese


def test_thousands_are_written_without_commas(tmp_path: Path) -> None:
    assert "数字中不要写逗号" in refused(tmp_path, rule("amount > 1,000元"))[1]


@pytest.mark.parametrize("place", ["parameters", "bindings"])
def test_a_window_of_a_parameter_looks_back(tmp_path: Path, place: str) -> None:
    """Nothing lies in a negative window, so the rule would be clear of everything."""
    of = {"type": "days", "default": "3 days" if place == "bindings" else "-3 days"}
    binding = {"id": "T01-a", "tier": 0, "phases": ["event"], "parameters": {"width": "-3 days"}}
    text = rule(
        "facts.f > 0",
        parameters={"width": of},
        facts={"f": {"count": "enf.decision.made", "within": "params.width"}},
        **({"bindings": [binding]} if place == "bindings" else {}),
    )
    said, chinese = refused(tmp_path, text)
    assert "a window of -3 looks to days that are still to come" in said
    assert "请写不小于零的期间" in chinese


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_the_first_and_the_last_day_can_be_written_and_tested(tmp_path: Path, day: str) -> None:
    at = {"kind": "enf.decision.made", "at": "2026-03-10T10:00:00+08:00"}
    examples = [
        {**EXAMPLE, "given": {"event": {**at, "attributes": {"on_day": day}}}},
        {**EXAMPLE, "name": "b", "expect": "clear",
         "given": {"event": {**at, "attributes": {"on_day": "2026-03-10"}}}},
    ]  # fmt: skip
    text = rule(f"on_day == {day}", fields={"on_day": {"type": "date"}}, examples=examples)
    tested = tried(load_rule_file(written(tmp_path, text)))
    assert not tested.failures


@pytest.mark.parametrize("at", ["0001-01-01T00:00:00+08:00", "9999-12-31T23:59:59-12:00"])
def test_an_example_has_a_moment_that_an_event_may_have(tmp_path: Path, at: str) -> None:
    given = {"event": {"kind": "enf.decision.made", "at": at}}
    said, chinese = refused(tmp_path, rule(examples=[{**EXAMPLE, "given": given}]))
    assert "is no moment of the years 1900 to 2200" in said
    assert "1900 年至 2200 年之间" in chinese


def test_what_is_wrong_with_the_yaml_is_said_in_plain_words(tmp_path: Path) -> None:
    for text, words in {
        "id: E07\n\tversion: 1\n": "制表符",
        "id: E07\n---\nid: E08\n": "两份内容",
        "id: E07\nwhy: a: b\n": "不能写键",
        "id: 'E07\n": "引号没有合上",
        "id: [E07\nversion: 1\n": "括号没有合上",
        "id: E07\nwhy: @me\n": "另有用途",
        "id: E07\non:\n  - a\n b: c\n": "缩进",
        "id: E07\nwhy: a\x07\n": "文字中不能有",
    }.items():
        said, chinese = refused(tmp_path, text)
        assert said.startswith("rule.yaml:")
        assert words in chinese, (said, chinese)
    for _, words, remedy in _SAID:
        assert is_translated(words), words
        assert is_translated(remedy), remedy


def test_what_varies_in_a_sentence_ends_where_the_sentence_does(tmp_path: Path) -> None:
    assert (
        "CNY 金额（写成 800元）与整数不能放在一起（第 8 字）。"
        in (refused(tmp_path, rule("amount > 800"))[1])
    )
    assert (
        "没有 2026-02-30 这一天（第 15 字）。"
        in (refused(tmp_path, rule("occurred_on > 2026-02-30"))[1])
    )
