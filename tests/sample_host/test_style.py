"""The look: contrast after WCAG 2.2 AA in both schemes, and what a style sheet must care for."""

import re
from pathlib import Path

import pytest

import sample_host

CSS = (Path(sample_host.__file__).parent / "static/city.css").read_text(encoding="utf-8")
#: Text on ground: at least 4.5 (1.4.3). Lines of fields on ground: at least 3 (1.4.11).
PAIRS = [
    *(("ink", ground, 4.5) for ground in ("paper", "sheet", "tint")),
    *(("soft", ground, 4.5) for ground in ("paper", "sheet")),
    *(("link", ground, 4.5) for ground in ("paper", "sheet")),
    ("act-ink", "act", 4.5),
    ("brand-ink", "brand", 4.5),
    ("brand-soft", "brand", 4.5),
    ("tour-ink", "tour", 4.5),
    ("tour", "tour-ink", 4.5),
    *((name, f"{name}-paper", 4.5) for name in ("wait", "bad", "good", "still")),
    *((name, "sheet", 4.5) for name in ("bad", "good")),
    *(("edge", ground, 3) for ground in ("paper", "sheet")),
    ("act", "sheet", 3),
    ("link", "paper", 3),
]


def colours(scheme: str) -> dict[str, str]:
    """Answer the colours of a scheme by name; dark ones stand in place of the light ones."""
    light, dark = CSS.split("@media (prefers-color-scheme: dark)", 2)[:2]
    found = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", light))
    if scheme == "dark":
        found |= dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", dark))
    return found


def luminance(colour: str) -> float:
    """Answer the relative luminance of a colour, WCAG 2.2."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Answer the contrast ratio of two colours, from 1 to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("text", "ground", "least"), PAIRS)
def test_everything_can_be_read(scheme: str, text: str, ground: str, least: float) -> None:
    found = colours(scheme)
    assert contrast(found[text], found[ground]) >= least


def test_the_contrast_is_that_of_the_guideline() -> None:
    assert round(contrast("#ffffff", "#000000"), 2) == 21.0
    assert round(contrast("#777777", "#ffffff"), 2) == 4.48


@pytest.mark.parametrize(
    "care",
    [
        "prefers-color-scheme: dark",
        "prefers-reduced-motion",
        "forced-colors",
        "@media print",
        ":focus-visible",
        "PingFang SC",
        "Microsoft YaHei",
        "Noto Sans CJK SC",
        ":lang(zh)",
    ],
)
def test_the_style_sheet_cares_for_everybody(care: str) -> None:
    assert care in CSS


def test_nothing_is_fetched_from_elsewhere() -> None:
    assert "url(" not in CSS
    assert "@import" not in CSS
