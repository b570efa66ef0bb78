"""The screens' words: every key in both languages, and every key that a screen asks for."""

import re
from pathlib import Path
from string import Formatter

import pytest

import cleangov_plugin
from cleangov_plugin.intake.rule_files import load_rulebook, rulebook_folder
from cleangov_plugin.rules import compile_rule
from cleangov_plugin.web.words import ROOMS, WORDS, word

PLUGIN = Path(cleangov_plugin.__file__).parent
TEMPLATES = sorted((PLUGIN / "web" / "templates" / "cleangov").glob("*.html"))
#: What a text in the code looks like that is meant as a key.
_KEY = re.compile(r"[\"']((?:panel|done|inbox|error|role)\.[a-z_.]+)[\"']")


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("key", sorted(WORDS))
def test_a_word_stands_in_both_languages_with_the_same_places(key: str) -> None:
    phrases = WORDS[key]
    assert set(phrases) == {"zh", "en"}
    assert all(text.strip() for text in phrases.values())
    assert places(phrases["zh"]) == places(phrases["en"])


@pytest.mark.parametrize("key", sorted(WORDS))
def test_chinese_is_chinese_and_english_is_english(key: str) -> None:
    assert re.search(r"[\u4e00-\u9fff]", WORDS[key]["zh"])
    assert not re.search(r"[\u3000-\u9fff\uff00-\uffef]", WORDS[key]["en"])


def test_no_key_stands_in_two_places() -> None:
    """The second would silently say what the first one means."""
    keys = [key for room in ROOMS for key in room]
    assert len(keys) == len(set(keys))
    source = Path(cleangov_plugin.__file__).parent / "web/words.py"
    own = re.findall(r'^    "([\w.]+)": \{', source.read_text(encoding="utf-8"), re.MULTILINE)
    assert len(own) == len(WORDS) - len(keys)
    assert not set(own) & set(keys)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_every_word_of_a_template_exists(path: Path) -> None:
    asked = set(re.findall(r"\bw\(\s*[\"']([^\"']+)[\"']", path.read_text(encoding="utf-8")))
    assert asked <= set(WORDS)


def test_templates_ask_for_their_words_by_name() -> None:
    """So that the test above sees them all: a key that is put together would escape it."""
    for path in TEMPLATES:
        text = path.read_text(encoding="utf-8")
        assert len(re.findall(r"\bw\(", text)) == len(re.findall(r"\bw\(\s*[\"']", text))


def in_the_code() -> dict[str, str]:
    found: dict[str, str] = {}
    for path in sorted(PLUGIN.rglob("*.py")):
        if path.name != "words.py":
            text = path.read_text(encoding="utf-8")
            # A file name such as "error.html" is no key.
            keys = (key for key in _KEY.findall(text) if not key.endswith((".html", ".css")))
            found.update(dict.fromkeys(keys, path.name))
    return found


def test_every_word_that_the_code_asks_for_exists() -> None:
    unknown = {k: v for k, v in in_the_code().items() if k not in WORDS and not k.endswith(".")}
    assert unknown == {}


def test_every_second_person_of_a_shipped_rule_has_a_name() -> None:
    documents = load_rulebook(rulebook_folder())
    answers = [answer for d in documents for answer in compile_rule(d).answers]
    roles = {f"role.{answer.role}" for answer in answers if answer.role}
    assert roles <= set(WORDS)


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("zh-CN", "依据"),
        ("zh", "依据"),
        ("ZH-Hant-TW", "依据"),
        ("en", "Basis"),
        ("en-GB", "Basis"),
        ("it", "Basis"),
        ("", "Basis"),
    ],
)
def test_any_language_but_chinese_is_answered_in_english(language: str, expected: str) -> None:
    assert word("panel.basis", language) == expected


def test_an_unknown_word_is_shown_and_breaks_no_page() -> None:
    assert word("no.such.word", "zh-CN") == "no.such.word"


def test_values_are_filled_in_as_text_and_never_read_as_a_pattern() -> None:
    shown = word("panel.refused", "en", reason="{0.__class__} {} <b>")
    assert shown == "The second person did not agree: {0.__class__} {} <b>"


def test_no_word_accuses() -> None:
    for phrases in WORDS.values():
        text = " ".join(phrases.values()).lower()
        assert not re.search(r"violat|suspect|嫌疑|违纪|trust score", text)
