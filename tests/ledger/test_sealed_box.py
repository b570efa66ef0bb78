"""Sealed boxes: opened by one key for one purpose, and equal to what the primitives say."""

import hmac
from hashlib import sha256

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from hypothesis import given
from hypothesis import strategies as st

from cleangov_plugin.ledger import sealed_box
from cleangov_plugin.ledger.sealed_box import (
    BoxKey,
    OpeningKey,
    open_box,
    read_box_key,
    read_opening_key,
    seal_box,
)
from cleangov_plugin.ledger.strict import Refused

KEY = OpeningKey(bytes(range(1, 33)))
OTHER = OpeningKey(bytes(range(2, 34)))
WHY = "为何查看 / why"


def rule(box: bytes, key: OpeningKey = KEY, purpose: str = "reason") -> str:
    with pytest.raises(Refused) as refused:
        open_box(box, key, purpose)
    return refused.value.rule


@given(st.binary(max_size=2_000))
def test_what_is_sealed_is_opened_and_no_two_boxes_are_equal(data: bytes) -> None:
    one, other = (seal_box(data, KEY.public, "reason") for _ in range(2))
    assert one != other
    assert open_box(one, KEY, "reason") == open_box(other, KEY, "reason") == data
    assert len(one) == len(seal_box(bytes(len(data)), KEY.public, "reason"))


def test_a_box_is_what_the_named_primitives_say() -> None:
    """RFC 7748, RFC 5869 written out with HMAC, RFC 8439; nothing of our module."""
    own = X25519PrivateKey.from_private_bytes(b"\x07" * 32)
    public = X25519PrivateKey.from_private_bytes(KEY.secret).public_key().public_bytes_raw()
    id_ = sha256(b"cleangov-oversight-key/v1 " + public).digest()[:8]
    header = b"cleangov-sealed-box/v1\n" + id_ + own.public_key().public_bytes_raw()
    shared = own.exchange(X25519PublicKey.from_public_bytes(public))
    salt = sha256(header + public).digest()
    extracted = hmac.new(salt, shared, sha256).digest()
    secret = hmac.new(extracted, b"cleangov-sealed-box/v1\x01", sha256).digest()
    content = len(WHY.encode()).to_bytes(4, "big") + WHY.encode()
    content += bytes(256 - len(content))
    sealed = ChaCha20Poly1305(secret).encrypt(bytes(12), content, header + b"reason")
    assert open_box(header + sealed, KEY, "reason") == WHY.encode()
    assert sha256(header + sealed).hexdigest()[:16] == "7bc8154a625861e9"


def test_another_key_another_purpose_and_any_changed_bit_are_refused() -> None:
    box = seal_box(WHY.encode(), KEY.public, "reason")
    assert rule(box, OTHER) == "box.key"
    assert rule(box, purpose="name") == "box.changed"
    for at in range(len(box)):
        changed = bytearray(box)
        changed[at] ^= 1
        assert rule(bytes(changed)).startswith("box."), at


@given(st.binary(max_size=400))
def test_hostile_bytes_are_refused(data: bytes) -> None:
    assert rule(data) == "box.form"
    assert rule(sealed_box.FIRST + data) in ("box.form", "box.key")


def test_boxes_that_are_cut_or_too_long_are_refused() -> None:
    box = seal_box(b"x" * 300, KEY.public, "reason")
    for end in (0, 1, 63, 64, 79, 80, len(box) - 1, len(box) - 256):
        assert rule(box[:end]) in ("box.form", "box.changed"), end
    assert rule(box + bytes(256)) == "box.changed"
    assert rule(box + bytes(256 * 4_000)) == "box.length"
    with pytest.raises(Refused, match="at most"):
        seal_box(bytes(1_000_001), KEY.public, "reason")


def test_a_point_of_small_order_agrees_with_nobody() -> None:
    with pytest.raises(Refused, match="no secret"):
        seal_box(b"x", BoxKey(bytes(32)), "reason")
    box = seal_box(b"x", KEY.public, "reason")
    at = len(sealed_box.FIRST) + 8
    assert rule(box[:at] + bytes(32) + box[at + 32 :]) == "box.key"


def test_keys_have_one_text_and_secrets_are_not_shown() -> None:
    public, secret = KEY.public.text, KEY.text
    assert read_box_key(public) == KEY.public
    assert read_opening_key(secret) == KEY
    assert "secret" not in repr(KEY)
    for text in (
        "",
        public + "\n",
        public[:-1],
        secret,
        public.replace(" ", ""),
        public + "A" * 99,
    ):
        with pytest.raises(Refused):
            read_box_key(text)
    with pytest.raises(Refused) as refused:
        read_opening_key(secret[:-2])
    assert secret[-8:-2] not in str(refused.value)


def test_the_padding_is_read_strictly() -> None:
    own = X25519PrivateKey.from_private_bytes(b"\x07" * 32)
    header = sealed_box.FIRST + KEY.public.id + own.public_key().public_bytes_raw()
    secret = sealed_box._agreed(own, KEY.public.public, header, KEY.public)
    for content in (
        (400).to_bytes(4, "big") + bytes(252),
        (1).to_bytes(4, "big") + bytes(508),
        (1).to_bytes(4, "big") + b"a" + bytes(250) + b"b",
    ):
        sealed = ChaCha20Poly1305(secret).encrypt(bytes(12), content, header + b"reason")
        assert rule(header + sealed) == "box.padding"
