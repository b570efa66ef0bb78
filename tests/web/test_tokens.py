"""Who may send our forms: the token, the origin, and ways back that stay on this host."""

from urllib.parse import urljoin, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleangov_plugin.web.tokens import SHIFT, form_token, is_path, is_same_origin, token_is_good

KEY = b"k" * 32
BOUND = ("chen.jing", "P-1", "/cases/YT-CF-2026-0417", "/cases/YT-CF-2026-0417/decide")
NOW = 1_773_108_000.0


def made(*bound: str, now: float = NOW) -> str:
    return form_token(KEY, bound or BOUND, now)


def is_good(token: str, *bound: str, now: float = NOW, key: bytes = KEY) -> bool:
    return token_is_good(key, bound or BOUND, token, now)


def test_a_token_is_good_for_what_it_was_made_for() -> None:
    assert is_good(made())
    assert made() == made()
    assert form_token(KEY, BOUND).partition(".")[0].isdigit()
    assert token_is_good(KEY, BOUND, form_token(KEY, BOUND))


@pytest.mark.parametrize("place", range(len(BOUND)))
@pytest.mark.parametrize("other", ["", "x", "陈", "chen.jing ", "CHEN.JING"])
def test_everything_it_is_bound_to_counts(place: int, other: str) -> None:
    changed = [*BOUND]
    changed[place] = other
    assert not is_good(made(), *changed)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("a", "b"), ("a\x1fb",)),
        (("a", "b"), ("ab", "")),
        (("a", "", "b"), ("a", "b", "")),
        (("a\x1f", "b"), ("a", "\x1fb")),
        (("a", "b"), ("b", "a")),
        (("a",), ("a", "")),
    ],
)
def test_the_parts_it_is_bound_to_cannot_be_cut_in_another_way(
    one: tuple[str, ...], other: tuple[str, ...]
) -> None:
    assert not is_good(made(*one), *other)
    assert not is_good(made(*other), *one)


def test_the_time_cannot_be_moved_into_what_it_is_bound_to() -> None:
    time, _, tag = made("a", "b").partition(".")
    assert not token_is_good(KEY, ("a", f"b\x1f{time}"), f"{time}.{tag}", NOW)


@pytest.mark.parametrize(
    ("age", "expected"),
    [(0, True), (SHIFT, True), (SHIFT + 1, False), (10**9, False), (-60, True), (-61, False)],
)
def test_a_form_may_stand_open_for_a_shift(age: float, expected: bool) -> None:
    assert is_good(made(), now=NOW + age) is expected


def test_another_key_made_another_token() -> None:
    assert not is_good(form_token(b"x" * 32, BOUND, NOW))
    assert not is_good(made(), key=b"x" * 32)


def test_every_changed_character_is_noticed() -> None:
    token = made()
    for place in range(len(token)):
        other = "0" if token[place] != "0" else "1"
        assert not is_good(token[:place] + other + token[place + 1 :])


@pytest.mark.parametrize(
    "change", [str.upper, lambda t: t + "0", lambda t: t[:-1], lambda t: " " + t]
)
def test_a_token_is_taken_whole_or_not_at_all(change: object) -> None:
    assert not is_good(change(made()))  # type: ignore[operator]


@pytest.mark.parametrize(
    "token",
    [
        "",
        ".",
        "..",
        "1773108000",
        "1773108000.",
        ".abc",
        "x.abc",
        "-1.abc",
        "１７７３１０８０００.abc",
        "²." + "0" * 32,
        "1773108000." + "é" * 32,
        "1773108000." + "\ud800" * 32,
        "9" * 13 + "." + "0" * 32,
        "9" * 100_000 + ".0",
        "1e9.0",
        "0x1.0",
        "1_0.0",
        "\x00.\x00",
    ],
    ids=lambda token: repr(token[:20]),
)
def test_rubbish_is_no_token(token: str) -> None:
    assert not is_good(token)


@pytest.mark.thorough
@given(st.lists(st.text(max_size=12), min_size=1, max_size=5))
def test_any_text_can_be_bound(bound: list[str]) -> None:
    token = made(*bound)
    assert token.isascii()
    assert is_good(token, *bound)


@given(st.text(max_size=60))
def test_no_text_does_anything_but_be_refused(token: str) -> None:
    assert not is_good(token)


# ---- Ways back

GOOD = (
    "/",
    "/cases/1",
    "/cases/1?tab=2&x=a/b",
    "/cases/1#cleangov-panel",
    "/案件/1",
    "/a//b",
    "/a:b",
    "/@city",
    "/%2f%2fevil.example",
    "/ a",
)
BAD = (
    "",
    "a",
    "cases/1",
    "?x=1",
    "#x",
    "//evil.example",
    "///evil.example",
    "////evil.example/%2f..",
    "/\\evil.example",
    "\\\\evil.example",
    "\\/evil.example",
    "/a\\..\\b",
    "http://evil.example",
    "https:evil.example",
    "https:/evil.example",
    "HTTPS://evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "/\t/evil.example",
    "/\n/evil.example",
    "/\r\nSet-Cookie: a=b",
    "\t//evil.example",
    " //evil.example",
    " /",
    "\x00/",
    "/\x00",
    "/a\x7f",
    "/a\u2028b",
    "/a\u202eb",
    "/\u3000/evil.example",
    "/\ufeff/evil.example",
    "/\ud800",
)


@pytest.mark.parametrize("url", GOOD)
def test_a_path_of_this_host_is_a_way_back(url: str) -> None:
    assert is_path(url)


@pytest.mark.parametrize("url", BAD)
def test_what_could_lead_elsewhere_is_none(url: str) -> None:
    assert not is_path(url)


def test_no_way_back_is_none() -> None:
    assert not is_path(None)


@given(st.text(alphabet="/\\:@?#.%ah \t\r\n\x00\u3000２", max_size=10))
def test_a_way_back_never_leaves_the_host_whatever_it_is_made_of(url: str) -> None:
    if not is_path(url):
        return
    # As a browser reads it: a backslash is a slash, blanks at the ends and tabs are dropped.
    read = url.replace("\\", "/").strip(" \t\r\n\x00").replace("\t", "").replace("\n", "")
    target = urlsplit(urljoin("https://city.example/cases/1", read))
    assert (target.scheme, target.netloc) == ("https", "city.example")


# ---- Origin first

HOST = "city.example:8000"


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"Origin": "http://city.example:8000"}, True),
        ({"Origin": "https://city.example:8000"}, True),
        ({"Origin": "http://city.example"}, False),
        ({"Origin": "http://city.example:80"}, False),
        ({"Origin": "http://evil.example"}, False),
        ({"Origin": "http://city.example:8000.evil.example"}, False),
        ({"Origin": "http://evil.example/city.example:8000"}, False),
        ({"Origin": "http://city.example:8000@evil.example"}, False),
        ({"Origin": "http://evil.example#city.example:8000"}, False),
        ({"Origin": "city.example:8000"}, False),
        ({"Origin": "null"}, False),
        ({"Origin": ""}, False),
        ({"Origin": "http://["}, False),
        ({"Origin": "http://[::1"}, False),
        ({"Origin": "http://city.example:8000\uff0fx"}, False),
        ({"Origin": "http://city.example:8000, http://evil.example"}, False),
        ({"Origin": "null", "Sec-Fetch-Site": "same-origin"}, False),
        ({"Origin": "http://evil.example", "Sec-Fetch-Site": "same-origin"}, False),
        ({"Sec-Fetch-Site": "same-origin"}, True),
        ({"Sec-Fetch-Site": "none"}, True),
        ({"Sec-Fetch-Site": "same-site"}, False),
        ({"Sec-Fetch-Site": "cross-site"}, False),
        ({"Sec-Fetch-Site": ""}, False),
        ({"Referer": "http://evil.example"}, True),  # neither header: left to the token
        ({}, True),
    ],
)
def test_the_origin_decides_where_the_browser_sends_it(
    headers: dict[str, str], expected: bool
) -> None:
    assert is_same_origin(headers, HOST) is expected
