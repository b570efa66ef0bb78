"""The seam for a second suite: real ones take it, and the first suite knows nothing of them."""

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed448 import Ed448PrivateKey, Ed448PublicKey

from cleangov_plugin.ledger.note import open_note, sign_note
from cleangov_plugin.ledger.note_key import SignerKey, read_signer_key, read_verifier_key
from cleangov_plugin.ledger.suites import SUITES, Ed25519, Ed25519Cosignature, cosigned_at
from cleangov_plugin.ledger.tree_head import read_tree_head
from tests.ledger.vector_sets import load, rule_of

HEAD = b"city.example/log\n7\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n"


class Ed448:
    """Ed448, under the byte that C2SP keeps for what it has not assigned."""

    name = "ed448"
    byte = 0xFF
    is_cosignature = False
    public_bytes = 57
    secret_bytes = 57

    def public_of(self, secret: bytes) -> bytes:
        return Ed448PrivateKey.from_private_bytes(secret).public_key().public_bytes_raw()

    def sign(self, name: str, secret: bytes, text: bytes, at: int | None) -> bytes:
        return Ed448PrivateKey.from_private_bytes(secret).sign(text)

    def verify(self, name: str, public: bytes, text: bytes, signature: bytes) -> bool:
        try:
            Ed448PublicKey.from_public_bytes(public).verify(signature, text)
        except (InvalidSignature, ValueError):
            return False
        return True


class MlDsa44:
    """The post-quantum cosignature of C2SP tlog-cosignature: it signs names and head, not text."""

    name = "ml-dsa-44"
    byte = 0x06
    is_cosignature = True
    public_bytes = 1312
    secret_bytes = 32

    def public_of(self, secret: bytes) -> bytes:
        return mldsa().MLDSA44PrivateKey.from_seed_bytes(secret).public_key().public_bytes_raw()

    def sign(self, name: str, secret: bytes, text: bytes, at: int | None) -> bytes:
        time = (at or 0).to_bytes(8, "big")
        key = mldsa().MLDSA44PrivateKey.from_seed_bytes(secret)
        return time + key.sign(self._message(name, text, time))

    def verify(self, name: str, public: bytes, text: bytes, signature: bytes) -> bool:
        try:
            message = self._message(name, text, signature[:8])
            key = mldsa().MLDSA44PublicKey.from_public_bytes(public)
            key.verify(signature[8:], message)
        except (InvalidSignature, ValueError):
            return False
        return True

    def _message(self, name: str, text: bytes, time: bytes) -> bytes:
        head = read_tree_head(text)
        names = [bytes([len(n)]) + n for n in (name.encode(), head.origin.encode())]
        numbers = bytes(8) + head.size.to_bytes(8, "big")
        return b"subtree/v1\n\x00" + names[0] + time + names[1] + numbers + head.root


def mldsa():  # type: ignore[no-untyped-def]
    return pytest.importorskip("cryptography.hazmat.primitives.asymmetric.mldsa")


@pytest.mark.parametrize("suite", [Ed448(), MlDsa44()], ids=lambda suite: suite.name)
def test_a_second_suite_signs_beside_the_first(suite: Ed448 | MlDsa44) -> None:
    suites = {**SUITES, suite.byte: suite}
    second = SignerKey("city.example/log", suite, bytes([7]) * suite.secret_bytes)
    first = SignerKey("city.example/log", Ed25519(), bytes(32))
    note = sign_note(HEAD, [first, second], at=1_790_000_000)
    assert read_signer_key(second.text, suites) == second
    key = read_verifier_key(second.verifier.text, suites)
    assert [k.suite.name for k, _ in open_note(note, [key]).verified] == [suite.name]
    opened = open_note(note, [first.verifier])  # one who knows the first suite alone
    assert len(opened.verified) == len(opened.unverified) == 1
    assert rule_of(lambda: read_verifier_key(second.verifier.text)) == "key.suite"
    changed = note.replace(b"\n7\n", b"\n8\n")
    assert rule_of(lambda: open_note(changed, [key])) == "note.signature"


def test_a_suite_cannot_be_added_behind_anybodys_back() -> None:
    with pytest.raises(TypeError):
        SUITES[0xFF] = Ed448()  # type: ignore[index]


def test_a_cosignature_states_its_time_and_is_of_no_other_time_or_kind() -> None:
    witness = SignerKey("audit.example/w", Ed25519Cosignature(), bytes(32))
    note = open_note(sign_note(HEAD, [witness], at=1_790_000_000), [witness.verifier])
    ((_, signature),) = note.verified
    assert cosigned_at(signature.data) == 1_790_000_000
    later = (1_790_000_001).to_bytes(8, "big") + signature.data[8:]
    verify = witness.suite.verify
    assert not verify("w", witness.verifier.public, HEAD, later)
    assert not verify("w", witness.verifier.public, HEAD, b"\xff" * 8 + signature.data[8:])
    for cut in (b"", signature.data[:8], signature.data[:-1], signature.data[8:]):
        assert not verify("w", witness.verifier.public, HEAD, cut)
    never = Ed25519().sign("w", witness.secret, b"cosignature/v1\ntime %d\n" % (2**63) + HEAD, None)
    assert not verify("w", witness.verifier.public, HEAD, (2**63).to_bytes(8, "big") + never)
    plain = SignerKey("audit.example/w", Ed25519(), bytes(32))  # the same key, the other type
    assert plain.verifier.id != witness.verifier.id
    assert not plain.suite.verify("w", plain.verifier.public, HEAD, signature.data[8:])
    for at in (None, -1, 2**63):
        assert rule_of(lambda a=at: sign_note(HEAD, [witness], at=a)) == "cosignature.time"


def test_the_message_of_a_cosignature_is_that_of_the_specification() -> None:
    witness = SignerKey("audit.example/w", Ed25519Cosignature(), bytes(32))
    data = witness.suite.sign("w", witness.secret, HEAD, 1_679_315_147)
    signed = b"cosignature/v1\ntime 1679315147\n" + HEAD
    assert Ed25519().verify("w", witness.verifier.public, signed, data[8:])


def test_the_specifications_example_names_a_log_and_a_witness() -> None:
    example = load("tlog-checkpoint/real_and_spec_examples.json")[1]
    assert rule_of(lambda: open_note(example["note"].encode(), [])) == "note.unverified"
