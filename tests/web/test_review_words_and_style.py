"""Every word that a page shows exists, and the style is small and keeps to our own pages."""

import re
from pathlib import Path

import pytest

from cleangov_hooks import AnswerKind, Origin, Stream
from cleangov_plugin import web
from cleangov_plugin.desk.letters.listing import Standing
from cleangov_plugin.domain.terms import (
    Fate,
    FindingState,
    LetterAct,
    LetterState,
    Result,
    Severity,
    Tier,
)
from cleangov_plugin.intake.rule_files import load_rulebook, rulebook_folder
from cleangov_plugin.store import second_requests
from cleangov_plugin.web.words import WORDS

CSS = Path(web.__file__).parent / "static" / "cleangov.css"  # of the installed plugin


# ---- Words -----------------------------------------------------------------------------------


def stewards() -> list[str]:
    return [document["owner"] for document in load_rulebook(rulebook_folder())]


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("stream", list(Stream)),
        ("severity", list(Severity)),
        ("state", list(FindingState)),
        ("result", [r for r in Result if r not in (Result.CLEAR, Result.NOT_APPLICABLE)]),
        ("tier", list(Tier)),
        ("fate", list(Fate)),
        ("reply", [k for k in AnswerKind if k is not AnswerKind.INTERFERENCE_REPORTED]),
        ("origin", list(Origin)),
        ("letter", list(LetterState)),
        ("standing", list(Standing)),
        ("act", list(LetterAct)),
        (
            "second",
            [
                second_requests.OPEN,
                second_requests.APPROVED,
                second_requests.REFUSED,
                second_requests.EXPIRED,
                second_requests.WITHDRAWN,
            ],
        ),
        ("basis", ["law", "local", "method"]),
        ("steward", stewards()),
    ],
)
def test_every_code_that_a_page_shows_has_a_word(name: str, codes: list[object]) -> None:
    assert codes
    assert [c for c in codes if f"{name}.{getattr(c, 'value', c)}" not in WORDS] == []


def test_every_word_that_the_pages_ask_for_exists() -> None:
    folder = CSS.parents[1]
    asked = {
        key
        for path in folder.rglob("*.py")
        if not path.name.endswith("words.py")
        for key in re.findall(
            r"[\"']((?:filter|nav|top|day|page|case|finding|lag|entry|col|real|doctor|name|letters?|standing|bars)\.[a-z_.]+)[\"']",
            path.read_text(encoding="utf-8"),
        )
        if not key.endswith((".html", ".css"))
    }
    assert asked
    assert asked <= set(WORDS)


# ---- The style -------------------------------------------------------------------------------


def selectors() -> list[str]:
    text = re.sub(r"/\*.*?\*/", "", CSS.read_text(encoding="utf-8"), flags=re.DOTALL)
    rules = re.findall(r"([^{}]+)\{[^{}]*\}", text)
    found = [rule.split("{")[-1].strip() for rule in rules]
    return [s.strip() for rule in found if not rule.startswith("@") for s in split(rule)]


def split(rule: str) -> list[str]:
    """Part selectors by their commas, those within brackets left together."""
    return re.split(r",(?![^(]*\))", rule)


def test_the_style_is_small_and_fetches_nothing() -> None:
    text = CSS.read_text(encoding="utf-8")
    assert len(text.encode()) <= 15_000
    assert "url(" not in text
    assert "@import" not in text
    assert "!important" not in text


@pytest.mark.parametrize(("name", "most"), [("prompts.css", 2_000), ("prompts.js", 26_000)])
def test_the_element_is_small_and_fetches_from_nowhere_else(name: str, most: int) -> None:
    text = (CSS.parent / name).read_text(encoding="utf-8")
    assert len(text.encode()) <= most
    for foreign in ("url(", "@import", "!important", "http:", "https:", "eval(", "innerHTML ="):
        assert foreign not in text
    rules = re.findall(r"^([^\s@/}][^{}]*)\{", text, re.MULTILINE) if name.endswith("css") else []
    parts = [part.strip() for rule in rules for part in split(rule)]
    assert all(part.startswith((".cleangov", ":host")) for part in parts)


def test_the_style_reaches_nothing_of_the_hosts() -> None:
    assert len(selectors()) > 100
    assert [s for s in selectors() if not s.startswith(".cleangov")] == []


def test_the_style_knows_dark_print_and_chinese() -> None:
    text = CSS.read_text(encoding="utf-8")
    for part in ("prefers-color-scheme: dark", "@media print", ":lang(zh)", "forced-colors"):
        assert part in text
