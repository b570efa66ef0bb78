"""What ``erase`` and ``disclose`` refuse is said in the reader's language."""

import string

import pytest

from cleangov_plugin.desk.personal import refused
from tests.cli.test_erase_and_disclose import MEANT, run
from tests.desk.personal.erasing_city import BASIS, CASE, City, erasing_city

__all__ = ("erasing_city",)
_ASK = ("disclose", "--by", "wu", "--entry", "1", "--field")


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_what_is_refused_is_said_in_chinese_and_in_english(erasing_city: City) -> None:
    erase = ("erase", "--field", "statement")
    cases = [
        ((*erase, "--entry", "999"), "账本 cg：没有记录 999。", "there is no entry 999."),
        ((*erase, "--case", "C-no"), "这些记录都没有字段 statement。", "no entry here has a field"),
        ((*erase, "--case", CASE, "--yes"), "没有法律依据和经办人", "without a legal basis"),
        (("erase", "--entry", "1"), "须写明删除什么。请给出--entry", "must be said what is erased"),
        ((*_ASK, "height", "--reason", "appeal"), "没有字段 height。它有：", "It has: statement"),
        ((*_ASK, "statement", "--reason", "x"), "理由至少 4 个字符。", "at least 4 characters"),
    ]
    for words, zh, en in cases:
        for language, wanted, other in (("zh-CN", zh, en), ("en", en, zh)):
            done = run(erasing_city, *words, language=language)
            assert done.exit_code == 2, (words, done.output)
            assert wanted in done.stderr
            assert other not in done.stderr
    again = ("erase", "--entry", str(erasing_city.rows()[0]), "--field", "statement", *MEANT)
    assert run(erasing_city, *again).exit_code == 0
    assert f"删除，依据：{BASIS}。" in run(erasing_city, *again, language="zh-CN").stdout


@pytest.mark.parametrize("key", refused._REFUSED)
def test_both_languages_of_a_refusal_name_the_same_things(key: str) -> None:
    named = [
        {name for part in said for _, name, _, _ in string.Formatter().parse(part) if name}
        for said in refused._REFUSED[key]
    ]
    assert named[0] - {"zh"} == named[1] - {"en"}
    assert all(said.what for said in refused._REFUSED[key])
    assert not refused._REFUSED[key][0].what.isascii()
