"""Tree heads: the vectors of three readers, a strict form, and what a lax reader lets pass."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleangov_plugin.ledger.note import open_note, sign_note, split_note
from cleangov_plugin.ledger.note_key import SignerKey, VerifierKey, read_verifier_key
from cleangov_plugin.ledger.strict import LARGEST, Refused, in_base64
from cleangov_plugin.ledger.suites import Ed25519
from cleangov_plugin.ledger.tree_head import TreeHead, read_tree_head, write_tree_head
from tests.ledger.naive_verifiers import naive_tree_head
from tests.ledger.vector_sets import load, rule_of, unb64

GO: list[dict[str, Any]] = load("tlog-checkpoint/go_formats_unmarshal.json")
SUMDB: dict[str, Any] = load("tlog-checkpoint/go_sumdb_tree.json")
SUM, SPEC, SIGSUM = load("tlog-checkpoint/real_and_spec_examples.json")
ROOT = in_base64(bytes(range(32)))


@pytest.mark.parametrize("vector", GO, ids=lambda vector: vector["desc"])
def test_a_text_is_read_or_refused_as_the_vector_says(vector: dict[str, Any]) -> None:
    text = vector["m"]
    if vector["wantErr"]:
        assert rule_of(lambda: read_tree_head(text.encode()))
        return
    # Go's texts have roots of any length. Ours are SHA-256: refused so, and read with a real one.
    given_root = vector["hash_b64"]
    if len(unb64(given_root)) != 32:
        is_strict = "c2sp_strict" in vector
        refused = rule_of(lambda: read_tree_head(text.encode()))
        assert refused == ("head.lines" if is_strict else "head.root")
    text = text.replace(given_root, ROOT)
    if "c2sp_strict" in vector:
        assert rule_of(lambda: read_tree_head(text.encode())) == "head.lines"
        return
    head = read_tree_head(text.encode())
    assert (head.origin, head.size) == (vector["origin"], vector["size"])
    assert "".join(f"{line}\n" for line in head.extensions) == vector["rest"]
    assert write_tree_head(head) == text.encode()


def test_the_tree_of_gos_checksum_database() -> None:
    head = read_tree_head(SUMDB["golden"].encode())
    assert (head.origin, head.size) == (SUMDB["origin"], SUMDB["n"])
    assert write_tree_head(head) == SUMDB["golden"].encode()
    wrong = [rule_of(lambda t=text: read_tree_head(t.encode())) for text in SUMDB["bad"]]
    # The first is another log: well formed, and for its reader to tell by the origin.
    assert wrong == [None, "head.size", "head.root"]
    cut, junk = SUMDB["good_with_junk"]
    assert rule_of(lambda: read_tree_head(cut.encode())) == "note.newline"
    assert read_tree_head(junk.encode()).extensions == ("JOE",)


def test_a_real_log_of_35_million_leaves_is_opened() -> None:
    note = open_note(SUM["note"].encode(), [read_verifier_key(SUM["vkey"])])
    assert read_tree_head(note.text).size == 35_225_469


def test_the_specifications_example_is_read_and_its_cosignature_seen() -> None:
    text, signatures = split_note(SPEC["note"].encode())
    assert read_tree_head(text).origin == "example.com/behind-the-sofa"
    assert [signature.name for signature in signatures][1] == "witness.example.com/w1"


def test_a_head_signed_by_another_implementation_is_signed_alike_by_ours() -> None:
    text, (signature,) = split_note(SIGSUM["note"].encode())
    signer = SignerKey(signature.name, Ed25519(), bytes.fromhex(SIGSUM["private_seed_hex"]))
    assert signer.verifier.public.hex() == SIGSUM["public_key_hex"]
    assert sign_note(text, [signer]) == SIGSUM["note"].encode()
    key = VerifierKey(signature.name, Ed25519(), bytes.fromhex(SIGSUM["public_key_hex"]))
    assert read_tree_head(open_note(SIGSUM["note"].encode(), [key]).text).size == 10


#: Attack 59, and what the rules say of it.
WRONG = {
    f"log\n007\n{ROOT}\n": "head.size",
    f"log\n+7\n{ROOT}\n": "head.size",
    f"log\n 7\n{ROOT}\n": "head.size",
    f"log\n7 \n{ROOT}\n": "head.size",
    f"log\n-0\n{ROOT}\n": "head.size",
    f"log\n7_0\n{ROOT}\n": "head.size",
    f"log\n٧\n{ROOT}\n": "head.size",
    f"log\n{2**63}\n{ROOT}\n": "head.size",
    f"log\n{2**64}\n{ROOT}\n": "head.size",
    f"log\n{'9' * 5000}\n{ROOT}\n": "head.size",
    f"log\n7\n{in_base64(bytes(31))}\n": "head.root",
    f"log\n7\n{in_base64(bytes(33))}\n": "head.root",
    f"log\n7\n{ROOT[:-2]}9=\n": "head.root",  # bits that stand for nothing
    f"log\n7\n{ROOT[:-1]}\n": "head.root",
    f"log\n7\n{ROOT}=\n": "head.root",
    f"log\n7\n{ROOT} \n": "head.root",
    f"log\n7\n{ROOT.replace('A', '-', 1)}\n": "head.root",
    f"log\r\n7\r\n{ROOT}\r\n": "note.control",
    f"log\n7\n{ROOT}": "note.newline",
    f"lo\0g\n7\n{ROOT}\n": "note.control",
    f"\n7\n{ROOT}\n": "head.lines",
    f"log\n7\n{ROOT}\n\n": "head.lines",
    f"log\n7\n{ROOT}\n\nmore\n": "head.lines",
    "log\n7\n": "head.lines",
    "\n": "head.lines",
    "": "note.newline",
}


@pytest.mark.parametrize(("text", "rule"), WRONG.items(), ids=lambda value: repr(value[:12]))
def test_a_text_with_a_flaw_is_refused_with_its_rule(text: str, rule: str) -> None:
    assert rule_of(lambda: read_tree_head(text.encode())) == rule


def test_a_lax_reader_takes_two_texts_for_one_head_and_ours_does_not() -> None:
    fooled = []
    for text in WRONG:
        try:
            naive_tree_head(text.encode())
        except ValueError:
            continue
        fooled.append(text)
    assert len(fooled) >= 10
    right = f"log\n7\n{ROOT}\n".encode()
    assert naive_tree_head(right) == naive_tree_head(f"log\n007\n{ROOT[:-2]}9=\n".encode())
    assert read_tree_head(right) == TreeHead("log", 7, bytes(range(32)))


lines = st.text(st.characters(exclude_categories=["Cs"], min_codepoint=32), min_size=1, max_size=20)


@given(
    lines, st.integers(0, LARGEST), st.binary(min_size=32, max_size=32), st.lists(lines, max_size=3)
)
def test_a_head_comes_back(origin: str, size: int, root: bytes, more: list[str]) -> None:
    head = TreeHead(origin, size, root, tuple(more))
    assert read_tree_head(write_tree_head(head)) == head


@given(st.binary(max_size=90))
def test_no_bytes_do_anything_but_be_read_or_refused(data: bytes) -> None:
    try:
        head = read_tree_head(data)
    except Refused:
        return
    assert write_tree_head(head) == data


@pytest.mark.parametrize(
    "head",
    [
        TreeHead("", 7, bytes(32)),
        TreeHead("a\nb", 7, bytes(32)),
        TreeHead("a\tb", 7, bytes(32)),
        TreeHead("\ud800", 7, bytes(32)),
        TreeHead("a", -1, bytes(32)),
        TreeHead("a", True, bytes(32)),
        TreeHead("a", 2**63, bytes(32)),
        TreeHead("a", 7, bytes(31)),
        TreeHead("a", 7, bytes(32), ("",)),
    ],
    ids=repr,
)
def test_a_head_that_has_no_text_is_not_written(head: TreeHead) -> None:
    assert rule_of(lambda: write_tree_head(head))
