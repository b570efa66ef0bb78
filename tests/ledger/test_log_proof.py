"""Proofs in one file: the vectors of their form, and a policy that is the verifier's own."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleangov_plugin.ledger.leaf import leaf_hash
from cleangov_plugin.ledger.log_proof import (
    LogProof,
    read_log_proof,
    verify_log_proof,
    verify_tree_head,
    write_log_proof,
)
from cleangov_plugin.ledger.note import Signature, sign_note, split_note
from cleangov_plugin.ledger.note_key import SignerKey
from cleangov_plugin.ledger.policy import read_policy
from cleangov_plugin.ledger.strict import Refused
from cleangov_plugin.ledger.suites import Ed25519
from cleangov_plugin.ledger.tree_head import TreeHead, write_tree_head
from tests.ledger import sample_log as log
from tests.ledger.naive_verifiers import naive_inclusion
from tests.ledger.vector_sets import load, rule_of, unb64

FORMS: dict[str, list[dict[str, Any]]] = load("tlog-proof/go_formats.json")


@pytest.mark.parametrize("vector", FORMS["marshal"], ids=lambda vector: vector["name"])
def test_a_proof_is_written_and_read_as_the_vector_says(vector: dict[str, Any]) -> None:
    proof = LogProof(
        index=vector["index"],
        hashes=tuple(map(unb64, vector["hashes"])),
        head=vector["checkpoint"].encode(),
        extra=vector["extra"].encode() if "extra" in vector else None,
    )
    assert write_log_proof(proof) == vector["want"].encode()
    assert read_log_proof(vector["want"].encode()) == proof


@pytest.mark.parametrize("vector", FORMS["errors"], ids=lambda vector: vector["name"])
def test_a_proof_the_vectors_call_wrong_is_refused(vector: dict[str, Any]) -> None:
    assert rule_of(lambda: read_log_proof(vector["proof"].encode()))


@pytest.mark.parametrize("index", [0, 1, 255, 256, 257, 511, 512, 998, 999])
def test_an_entry_is_proven_offline(index: int) -> None:
    proven = verify_log_proof(log.proof_of(index), log.LEAVES[index], log.policy())
    assert proven.head == TreeHead(log.ORIGIN, 1000, log.node(10, 0))
    assert proven.cosigned == {}


def test_a_log_of_one_entry_has_an_empty_proof() -> None:
    assert verify_log_proof(log.proof_of(0, 1), log.LEAVES[0], log.policy()).head.size == 1
    assert rule_of(lambda: verify_log_proof(log.proof_of(0, 1), log.LEAVES[1], log.policy())) == (
        "inclusion.root"
    )


def test_witnesses_are_counted_and_their_time_is_told() -> None:
    proof = log.proof_of(5, 1000, log.AUDIT, log.ARCHIVE)
    proven = verify_log_proof(proof, log.LEAVES[5], log.policy("both"))
    assert proven.cosigned == {"audit": log.AT, "archive": log.AT}


@pytest.mark.parametrize(
    ("quorum", "witnesses", "is_met"),
    [
        ("none", (), True),
        ("audit", (log.AUDIT,), True),
        ("audit", (log.ARCHIVE,), False),
        ("archive", (), False),
        ("both", (log.AUDIT,), False),
        ("both", (log.AUDIT, log.AUDIT), False),
        ("both", (log.ARCHIVE, log.AUDIT), True),
    ],
    ids=lambda value: value if isinstance(value, str) else str(len(str(value))),
)
def test_a_quorum_is_met_or_not(
    quorum: str, witnesses: tuple[SignerKey, ...], is_met: bool
) -> None:
    act = lambda: verify_tree_head(log.head_note(7, *witnesses), log.policy(quorum))  # noqa: E731
    assert rule_of(act) == (None if is_met else "policy.quorum-unmet")


def test_the_earliest_time_of_a_witness_counts() -> None:
    text, signatures = split_note(log.head_note(7, log.AUDIT))
    note = sign_note(text, [log.AUDIT], at=log.AT - 60, signatures=signatures)
    assert verify_tree_head(note, log.policy("audit")).cosigned == {"audit": log.AT - 60}


def test_a_cosignature_of_another_head_or_witness_is_refused() -> None:
    _, (_, other) = split_note(log.head_note(8, log.AUDIT))
    text, (own, _) = split_note(log.head_note(7, log.AUDIT))
    moved = sign_note(text, [], signatures=[own, other])
    assert rule_of(lambda: verify_tree_head(moved, log.policy())) == "note.signature"
    named = Signature(log.ARCHIVE.name, log.ARCHIVE.verifier.id, other.data)
    moved = sign_note(text, [], signatures=[own, named])
    assert rule_of(lambda: verify_tree_head(moved, log.policy())) == "note.signature"


def test_another_key_another_origin_and_a_witness_alone_are_no_log() -> None:
    stranger = SignerKey(log.ORIGIN, Ed25519(), bytes([9]) * 32)
    unknown = log.head_note(7, signer=stranger)
    assert rule_of(lambda: verify_tree_head(unknown, log.policy())) == "note.unverified"
    text = write_tree_head(TreeHead("other.example/log", 7, log.node(0, 0)))
    foreign = sign_note(text, [log.LOG])
    assert rule_of(lambda: verify_tree_head(foreign, log.policy())) == "policy.log"
    alone = log.head_note(7, signer=log.AUDIT)
    assert rule_of(lambda: verify_tree_head(alone, log.policy("audit"))) == "policy.log"


def test_a_log_of_the_policy_cannot_speak_for_another_one() -> None:
    other = SignerKey("other.example/log", Ed25519(), bytes([9]) * 32)
    both = read_policy(log.policy_text("none") + f"log {other.verifier.text}\n".encode())
    note = log.head_note(7, signer=other)
    assert rule_of(lambda: verify_tree_head(note, both)) == "policy.log"


def test_what_a_proof_carries_does_not_decide_whom_to_believe() -> None:
    proof = read_log_proof(log.proof_of(5))
    extra = b"quorum none\n" + log.policy_text("none")
    carrying = write_log_proof(LogProof(proof.index, proof.hashes, proof.head, extra))
    act = lambda: verify_log_proof(carrying, log.LEAVES[5], log.policy("both"))  # noqa: E731
    assert rule_of(act) == "policy.quorum-unmet"


def test_an_inner_node_is_no_entry_though_a_naive_verifier_takes_it() -> None:
    proof = read_log_proof(log.proof_of(4))
    inner, shorter = log.node(1, 2), proof.hashes[1:]
    assert naive_inclusion(2, 500, log.node(10, 0), inner, list(shorter))
    data = write_log_proof(LogProof(2, shorter, proof.head))
    assert rule_of(lambda: verify_log_proof(data, inner, log.policy())) == "inclusion.length"
    body = b"\x01" + log.LEAVES[4] + log.LEAVES[5]  # an entry that looks like a node
    assert leaf_hash(body) != inner


def test_every_changed_byte_of_a_proof_is_refused() -> None:
    proof = log.proof_of(700, 1000, log.AUDIT)
    known = log.policy("audit")
    for at in range(len(proof)):
        for bit in (1, 0x80):
            changed = proof[:at] + bytes([proof[at] ^ bit]) + proof[at + 1 :]
            assert rule_of(lambda d=changed: verify_log_proof(d, log.LEAVES[700], known)), at


@settings(max_examples=60)
@given(st.data())
def test_a_proof_that_is_cut_or_goes_on_is_refused(data: st.DataObject) -> None:
    proof, known = log.proof_of(700), log.policy()
    cut = proof[: data.draw(st.integers(0, len(proof) - 1))]
    assert rule_of(lambda: verify_log_proof(cut, log.LEAVES[700], known))
    more = proof + data.draw(st.binary(min_size=1, max_size=20))
    assert rule_of(lambda: verify_log_proof(more, log.LEAVES[700], known))


START = "c2sp.org/tlog-proof@v1\n"


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("", "note.newline"),
        (START, "proof.head"),
        (START + "index 0\n\n", "proof.head"),
        (START + "index 00\n\nhead\n", "proof.index"),
        (START + "index +1\n\nhead\n", "proof.index"),
        (START + "index  1\n\nhead\n", "proof.index"),
        (START + f"index {2**63}\n\nhead\n", "proof.index"),
        (START + "Index 1\n\nhead\n", "proof.index"),
        (START + "index 1\nextra QQ==\n\nhead\n", "proof.hash"),
        (START + "extra \nindex 1\n\nhead\n", "proof.extra"),
        (START + "extra QR==\nindex 1\n\nhead\n", "proof.extra"),
        (START + "extra QQ==\nextra QQ==\nindex 1\n\nhead\n", "proof.index"),
        (START + "index 1\n" + ("A" * 43 + "=\n") * 64 + "\nhead\n", "proof.length"),
        ("\ufeff" + START + "index 1\n\nhead\n", "proof.first-line"),
        (START.replace("\n", "\r\n") + "index 1\n\nhead\n", "note.control"),
        (START.replace("v1", "v2") + "index 1\n\nhead\n", "proof.first-line"),
        ("x" * 1_000_001, "note.limit"),
    ],
    ids=lambda value: repr(value[23:40]),
)
def test_a_text_with_a_flaw_is_refused_with_its_rule(text: str, rule: str) -> None:
    assert rule_of(lambda: read_log_proof(text.encode())) == rule


@given(st.binary(max_size=80).map(lambda data: START.encode() + data))
def test_no_bytes_do_anything_but_be_read_or_refused(data: bytes) -> None:
    try:
        proof = read_log_proof(data)
    except Refused:
        return
    assert write_log_proof(proof) == data


@pytest.mark.parametrize(
    "proof",
    [
        LogProof(-1, (), b"h\n"),
        LogProof(True, (), b"h\n"),
        LogProof(0, (b"",), b"h\n"),
        LogProof(0, (), b""),
        LogProof(0, (), b"h"),
        LogProof(0, (), b"h\n", b""),
        LogProof(0, (bytes(32),) * 64, b"h\n"),
    ],
    ids=lambda proof: repr(proof)[:60],
)
def test_a_proof_that_has_no_text_is_not_written(proof: LogProof) -> None:
    assert rule_of(lambda: write_log_proof(proof))
