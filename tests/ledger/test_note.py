"""Signed notes: Go's and C2SP's vectors, keys as text, suites, and everything hostile in a note."""

import base64
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleangov_plugin.ledger.note import (
    LONGEST_NOTE,
    Signature,
    open_note,
    sign_note,
    split_note,
)
from cleangov_plugin.ledger.note_key import (
    SignerKey,
    VerifierKey,
    read_signer_key,
    read_verifier_key,
)
from cleangov_plugin.ledger.strict import Refused
from cleangov_plugin.ledger.suites import SUITES, Ed25519
from tests.ledger.vector_sets import load, rule_of

OPEN: list[dict[str, Any]] = load("signed-note/go_note_open.json")
SIGN: list[dict[str, Any]] = load("signed-note/go_note_sign.json")
KEYS: dict[str, Any] = load("signed-note/go_note_keys.json")
EXAMPLE: dict[str, Any] = load("signed-note/c2sp_example.json")
RFC8032: list[dict[str, str]] = load("ed25519/rfc8032_7_1.json")
#: What Go calls malformed; each is a rule of the form alone, before any key is looked at.
FORM = {
    f"note.{rule}"
    for rule in ("signatures", "limit", "utf-8", "control", "newline", "line", "base64", "short")
} | {"key.name"}
SIGNER = SignerKey("city.example/log", Ed25519(), bytes(range(32)))


@pytest.mark.parametrize("vector", RFC8032, ids=lambda vector: vector["name"])
def test_the_signatures_of_the_rfc(vector: dict[str, str]) -> None:
    seed, public, message, signature = (
        bytes.fromhex(vector[key]) for key in ("seed", "public", "msg", "sig")
    )
    suite = SUITES[1]
    assert suite.public_of(seed) == public
    assert suite.sign("any", seed, message, None) == signature
    assert suite.verify("any", public, message, signature)
    assert not suite.verify("any", public, message + b"x", signature)


@pytest.mark.parametrize("vector", OPEN, ids=lambda vector: vector["name"])
def test_a_note_is_opened_or_refused_as_the_vector_says(vector: dict[str, Any]) -> None:
    coded = vector.get("note_b64")
    data = base64.b64decode(coded) if coded else vector["note"].encode()
    keys = [read_verifier_key(text) for text in vector["vkeys"]]
    if vector["want"] == "ok":
        note = open_note(data, keys)
        assert [key.name for key, _ in note.verified] == vector["verified"]
        assert [signature.name for signature in note.unverified] == vector["unverified"]
        return
    rule = rule_of(lambda: open_note(data, keys))
    expected = {"malformed": FORM, "unverified": {"note.unverified"}}
    assert rule in expected.get(vector["want"], {"note.ambiguous", "note.signature"})


def test_the_example_of_the_specification_opens() -> None:
    note = open_note(EXAMPLE["note"].encode(), [read_verifier_key(EXAMPLE["vkey"])])
    assert note.text == b"This is an example message.\n"


@pytest.mark.parametrize("vector", SIGN, ids=lambda vector: vector["text"][:12])
def test_a_text_is_signed_to_the_byte_as_go_does(vector: dict[str, Any]) -> None:
    signer = read_signer_key(vector["skey"])
    if "want_error" in vector:
        assert rule_of(lambda: sign_note(vector["text"].encode(), [signer])) == "note.newline"
        return
    assert sign_note(vector["text"].encode(), [signer]).decode() == vector["want"]
    assert signer.verifier.text == vector["vkey"]


@pytest.mark.parametrize("text", KEYS["good_vkeys"])
def test_a_public_key_is_read_back_and_no_other_text_near_it_is_one(text: str) -> None:
    assert read_verifier_key(text).text == text
    assert all(rule_of(lambda t=near: read_verifier_key(t)) for near in near_to(text))


@pytest.mark.parametrize("text", KEYS["good_skeys"])
def test_a_secret_key_is_read_back_and_no_other_text_near_it_is_one(text: str) -> None:
    assert read_signer_key(text).text == text
    assert all(rule_of(lambda t=near: read_signer_key(t)) for near in near_to(text))


def near_to(text: str) -> set[str]:
    """Answer every proper beginning and end, and each text with one character moved by one."""
    parts = {text[:at] for at in range(len(text))} | {text[at:] for at in range(1, len(text))}
    moved = {text[:at] + chr(ord(text[at]) + 1) + text[at + 1 :] for at in range(len(text))}
    return parts | moved


@pytest.mark.parametrize("text", KEYS["bad_vkeys"])
def test_gos_bad_keys_are_refused(text: str) -> None:
    assert rule_of(lambda: read_verifier_key(text)) in {"key.suite", "key.base64", "key.length"}


@pytest.mark.parametrize(
    "name", ["", " ", "a b", "a+b", "a\u00a0b", "a\u2003b", "a\nb", "\x01", "\ud800"]
)
def test_a_name_that_cannot_stand_in_a_note_is_refused(name: str) -> None:
    assert rule_of(lambda: VerifierKey(name, Ed25519(), bytes(32))) == "key.name"


def test_base64_of_a_key_may_hold_plus_signs() -> None:
    for number in range(64):
        key = SignerKey("town.example", Ed25519(), bytes([number]) * 32).verifier
        if "+" in key.text.split("+", 2)[2]:
            assert read_verifier_key(key.text) == read_verifier_key(
                read_verifier_key(key.text).text
            )
            return
    pytest.fail("no key of these has a plus sign")


def test_a_secret_key_is_not_shown_by_accident() -> None:
    for shown in (repr(SIGNER), str(SIGNER), f"{[SIGNER]}"):
        assert repr(SIGNER.secret) not in shown
    with pytest.raises(Refused) as refused:
        read_signer_key(SIGNER.text[:-4])
    assert SIGNER.text[-20:-8] not in str(refused.value)


GOOD = sign_note(b"line\n\nmore\n", [SIGNER])


def test_the_last_empty_line_parts_text_and_signatures() -> None:
    assert open_note(GOOD, [SIGNER.verifier]).text == b"line\n\nmore\n"


@pytest.mark.parametrize(
    ("data", "rule"),
    [
        (b"", "note.newline"),
        (b"\n", "note.signatures"),
        (b"text\n\n", "note.signatures"),
        (GOOD.replace(b"\n", b"\r\n"), "note.control"),
        (GOOD.replace(b"line", b"li\x00ne"), "note.control"),
        (GOOD.replace(b"line", b"li\tne"), "note.control"),
        (GOOD + b"\n", "note.signatures"),
        (GOOD.replace("— ".encode(), b"- "), "note.line"),
        (GOOD.replace("— ".encode(), "—".encode()), "note.line"),
        (GOOD.replace(b"example/log ", b"example/log  "), "note.base64"),
        (GOOD[:-2] + b"\n", "note.base64"),
        (GOOD[:-1] + b"=\n", "note.base64"),
        (GOOD[:-1] + b" \n", "note.base64"),
        (b"text\n\n" + "— name AAAAAA==\n".encode(), "note.short"),
        (b"text\n\n" + "— name \n".encode(), "note.short"),
        (b"text\n\n" + "—  AAAAAAA=\n".encode(), "key.name"),
        (b"\xef\xbb\xbf" + GOOD, "note.signature"),
        (b"x" * (LONGEST_NOTE + 1), "note.limit"),
        (b"\xed\xa0\x80" + GOOD, "note.utf-8"),
        (b"\xc0\x8a" + GOOD, "note.utf-8"),
    ],
    ids=lambda value: value if isinstance(value, str) else repr(value[:12]),
)
def test_a_note_that_breaks_a_rule_is_refused_with_it(data: bytes, rule: str) -> None:
    assert rule_of(lambda: open_note(data, [SIGNER.verifier])) == rule


def test_every_changed_byte_of_a_note_is_refused() -> None:
    for at in range(len(GOOD)):
        for bit in (1, 0x80):
            changed = GOOD[:at] + bytes([GOOD[at] ^ bit]) + GOOD[at + 1 :]
            assert rule_of(lambda d=changed: open_note(d, [SIGNER.verifier])), at


@given(st.binary(max_size=80))
def test_no_bytes_are_a_note_of_ours(data: bytes) -> None:
    assert rule_of(lambda: open_note(data, [SIGNER.verifier]))


def test_signers_that_are_not_known_are_left_aside_though_they_share_a_name_or_an_id() -> None:
    other = SignerKey(SIGNER.name, Ed25519(), bytes(32))
    alike = Signature("elsewhere.example", SIGNER.verifier.id, b"anything")
    note = open_note(sign_note(b"t\n", [other, SIGNER], signatures=[alike]), [SIGNER.verifier])
    assert [key.id for key, _ in note.verified] == [SIGNER.verifier.id]
    assert note.unverified == (alike, split_note(sign_note(b"t\n", [other]))[1][0])


def test_a_note_takes_more_signatures_and_keeps_those_it_has() -> None:
    other = SignerKey("witness.example/w", Ed25519(), bytes(32))
    text, signatures = split_note(GOOD)
    both = sign_note(text, [other], signatures=signatures)
    assert both.startswith(GOOD)
    assert len(open_note(both, [SIGNER.verifier, other.verifier]).verified) == 2
    assert rule_of(lambda: sign_note(text, [])) == "note.limit"
    assert rule_of(lambda: sign_note(text, [other] * 101)) == "note.limit"
