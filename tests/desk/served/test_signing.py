"""Signatures of machine callers: every part is signed, and no two requests alike."""

from dataclasses import replace

import pytest

from cleangov_plugin.desk.served.signing import Request, is_signed, signature

KEY = bytes(range(32))
KEYS = {"yunting-1": KEY}
ASKED = Request(
    key_id="yunting-1",
    method="POST",
    target="/cleangov/api/v1/gate?x=1",
    body=b"{}",
    at="1790000000",
    nonce="n-00000001",
    officer="liu",
    once="once-0001",
    proof="pass-0001",
)


def test_what_was_signed_is_known() -> None:
    assert is_signed(KEYS, ASKED, signature(KEY, ASKED))
    assert not is_signed({}, ASKED, signature(KEY, ASKED))
    assert not is_signed(KEYS, ASKED, signature(bytes(32), ASKED))
    assert not is_signed(KEYS, ASKED, "é")


@pytest.mark.parametrize(
    ("part", "value"),
    [
        ("method", "GET"),
        ("target", "/cleangov/api/v1/gate?x=2"),
        ("body", b"{ }"),
        ("at", "1790000001"),
        ("nonce", "n-00000002"),
        ("officer", "chen"),
        ("once", ""),
        ("proof", ""),
    ],
)
def test_each_part_is_signed(part: str, value: str | bytes) -> None:
    changed = replace(ASKED, **{part: value})
    assert not is_signed(KEYS, changed, signature(KEY, ASKED))


def test_letters_beyond_ascii_are_not_signed_alike() -> None:
    names = ("?", "é", "刘", "流", "\\xe9")
    assert len({signature(KEY, replace(ASKED, officer=name)) for name in names}) == len(names)
