"""Attacks on bundles, each refused by the rule it breaks. Numbers are those of the catalogue."""

from collections.abc import Mapping
from typing import Any

import pytest

from cleangov_plugin.desk.evidence import parts
from cleangov_plugin.desk.evidence.verifying import verify_bundle, verify_files
from cleangov_plugin.desk.evidence.words import what_is_wrong
from cleangov_plugin.ledger import disclosure
from cleangov_plugin.ledger.evidence_zip import write_zip
from cleangov_plugin.ledger.meta import MetaKind, encode_meta
from cleangov_plugin.ledger.note import sign_note
from cleangov_plugin.ledger.note_key import SignerKey
from cleangov_plugin.ledger.policy import Group, Policy
from cleangov_plugin.ledger.strict import Refused
from cleangov_plugin.ledger.suites import Ed25519, Ed25519Cosignature
from cleangov_plugin.ledger.tree import node_hash
from tests.desk.evidence.made_log import (
    HIDDEN,
    LOG_ID,
    NOON,
    OTHER,
    REASON,
    RICH,
    SIGNER,
    SINGLE,
    MadeLog,
    changed,
    policy,
    rich_log,
    summed,
)
from tests.desk.evidence.refusing import Files, rule_of


def test_a_good_bundle_is_good_and_told() -> None:
    found = verify_bundle(write_zip(rich_log().files()), policy())
    assert (found.case, found.entries, found.size) == (RICH, 4, 301)
    assert found.rules == ("E07",)
    assert found.shown == {2: {"reason": "四次都贴近权限"}}
    assert found.said["rules"][0]["closed"] == 0
    assert rule_of(rich_log().files(SINGLE)) == ""


def test_a_bundle_of_one_entry_is_small() -> None:
    """6 KB at the most without its pages, in a log of a million leaves: two proofs of 20 hashes and
    not of nine, two more cases in the bucket, and a body twice as long."""
    files = {n: d for n, d in rich_log().files(SINGLE).items() if not n.startswith("README")}
    grown = 2 * 11 * 34 + 2 * 72 + 430
    assert len(write_zip(files)) + grown <= 6_144


def test_66_proofs_of_other_leaves_and_other_logs() -> None:
    log, files = rich_log(), rich_log().files()
    name = parts.proof_name(1)
    assert rule_of(summed({**files, name: files[parts.proof_name(2)]})) == "inclusion.root"
    for old, new, rule in (
        (b"index 4\n", b"index 5\n", "inclusion.root"),
        (b"index 4\n", b"index 301\n", "inclusion.index"),
        (b"index 4\n", b"index 04\n", "proof.index"),
        (b"=\n\ncleangov", b"=\n" + b"A" * 43 + b"=\n\ncleangov", "inclusion.length"),
        (b"index 4\n", b"extra AAAA\nindex 4\n", "evidence.head"),
        (b"proof@v1\n", b"proof@v2\n", "proof.first-line"),
    ):
        assert files[name].count(old) == 1
        assert rule_of(summed({**files, name: files[name].replace(old, new)})) == rule, new
    lines = files[name].split(b"\n")
    swapped = b"\n".join([*lines[:2], lines[3], lines[2], *lines[4:]])
    assert rule_of(summed({**files, name: swapped})) == "inclusion.root"
    shorter = b"\n".join([*lines[:2], *lines[3:]])
    assert rule_of(summed({**files, name: shorter})) == "inclusion.length"
    other = MadeLog([*["C1"] * 3, RICH, *["C2"] * 296])
    assert rule_of(summed({**files, name: other.proof(4)})) == "evidence.head"
    assert rule_of(summed({**files, name: other.proof(4, log.head)})) == "inclusion.root"


def test_what_is_wrong_is_said_in_both_languages() -> None:
    for rule in ("evidence.rules", "zip.name", "inclusion.root", "note.signature", "tile.path"):
        assert what_is_wrong(rule, "zh-CN").endswith("。")
        assert what_is_wrong(rule, "en").endswith(".")


def test_66_and_69_an_inner_node_is_no_entry() -> None:
    log, files = rich_log(), rich_log().files(SINGLE)
    node = b"\x01" + log.leaves[0] + log.leaves[1]
    assert node_hash(*log.leaves[:2]) != log.leaves[0]
    for body in (node, b"", b"\x01" + bytes(64), b"{}", b"[" * 60_000):
        assert rule_of(summed({**files, parts.entry_name(1): body})) == "evidence.entry", body[:9]
    longest = b'{"x":"' + b"a" * 65_600 + b'"}'
    assert rule_of(summed({**files, parts.entry_name(1): longest})) == "evidence.entry"


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        (b'"no":1,', b'"no":2,', "inclusion.root"),
        (b',"v":1', b', "v":1', "evidence.entry"),
        (b'"no":1,', b'"no":1.0,', "evidence.entry"),
        (b'"no":1,', b'"no":1,"no":1,', "evidence.entry"),
        (b'"subject":"C1"', b'"subject":"C2"', "evidence.case"),
        (b'"log_id":"CN-330105"', b'"log_id":"CN-330106"', "evidence.case"),
        (b'"v":1', b'"v":2', "evidence.entry"),
        (b'"outcomes":[]', b'"outcomes":[[[]]]', "evidence.entry"),
        (b'"outcomes":[]', b'"outcomes":{}', "evidence.entry"),
        (b'"kind":"enf.decision.made"', b'"kind":[]', "evidence.entry"),
        (b'{"at"', b'\xef\xbb\xbf{"at"', "evidence.entry"),
    ],
)
def test_16_a_body_is_the_canonical_one_that_was_sealed(old: bytes, new: bytes, rule: str) -> None:
    files, name = rich_log().files(SINGLE), parts.entry_name(1)
    assert files[name].count(old) == 1
    assert rule_of(summed({**files, name: files[name].replace(old, new)})) == rule


def test_67_disclosed_fields() -> None:
    files, name = rich_log().files(), "disclosures.json"
    forged, _ = disclosure.make("reason", "因为没有", bytes(16))
    both = {"chosen": ["name", "reason"], "fields": [[2, REASON], [2, HIDDEN]]}
    assert rule_of(changed(files, name, **both)) == ""
    for told, rule in (
        ({"fields": [[2, forged]]}, "disclosure.digest"),
        ({"fields": [[1, REASON]]}, "disclosure.digest"),
        ({"fields": [[9, REASON]]}, "disclosure.digest"),
        ({"fields": [[2, REASON], [2, REASON]]}, "disclosure.chosen"),
        ({"fields": [[2, REASON], [2, HIDDEN]]}, "disclosure.chosen"),
        ({"fields": []}, "disclosure.chosen"),
        ({"fields": [[2, "!"]]}, "disclosure.form"),
        ({"fields": [[2, "城"]]}, "disclosure.form"),
        ({"fields": [[2]]}, "evidence.document"),
        ({"fields": [[True, REASON]]}, "evidence.document"),
    ):
        assert rule_of(changed(files, name, **told)) == rule, told


def test_67_and_70_who_is_believed_comes_from_the_auditor_alone() -> None:
    files = rich_log().files()
    witness = SignerKey("witness.example", Ed25519Cosignature(), bytes(range(32)))
    wants = Policy((SIGNER.verifier,), {"w": witness.verifier}, {"g": Group(1, ("w",))}, "g")
    assert rule_of(files, wants) == "policy.quorum-unmet"
    text, _ = parts.head(files).split(b"\n\n")
    signed = sign_note(text + b"\n", [SIGNER]), sign_note(text + b"\n", [witness], at=1_800_000_000)
    cosigned = signed[0] + signed[1].split(b"\n\n")[1]
    again = under(files, cosigned)
    assert rule_of(again, wants) == ""
    assert verify_files(again, wants).cosigned == {"w": 1_800_000_000}
    assert rule_of({**files, "policy": b"quorum none\n"}, wants) == "evidence.missing"
    with pytest.raises(Refused, match=r"\[zip\.name\]"):
        write_zip({**files, "policy": b"quorum none\n"})


def under(files: Mapping[str, bytes], head: bytes) -> Files:
    """Answer files of which every proof is under another note."""
    return summed({name: data.replace(parts.head(files), head) for name, data in files.items()})


def test_54_to_58_the_head_is_signed_by_whom_the_auditor_believes() -> None:
    log, files = rich_log(), rich_log().files()
    assert rule_of(files, policy(OTHER)) == "note.unverified"
    assert rule_of(under(files, log.signed(OTHER))) == "note.unverified"
    stranger = SignerKey("cleangov/CN-330106", Ed25519(), bytes(range(32)))
    assert rule_of(under(files, log.signed(SIGNER, stranger))) == ""
    away = log.signed(SIGNER, origin="cleangov/CN-330106")
    assert rule_of(under(files, away)) == "policy.log"
    moved = log.signed(stranger, origin=stranger.name)
    assert rule_of(under(files, moved), policy(stranger)) == "evidence.head"
    assert rule_of(under(files, log.signed(SIGNER, size=302))).startswith("inclusion.")


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        (b"\n301\n", b"\n0301\n", "note.signature"),
        (b"\n301\n", b"\n+301\n", "note.signature"),
        (b"\n301\n", b"\r\n301\n", "note.control"),
        (b"cleangov", b"\x00leangov", "note.control"),
        (b"\n\n", b"\n", "note.signatures"),
        ("— ".encode(), b"- ", "note.line"),
    ],
)
def test_59_the_head_is_read_strictly(old: bytes, new: bytes, rule: str) -> None:
    files = rich_log().files()
    assert rule_of(under(files, parts.head(files).replace(old, new, 1))) == rule


def test_one_head_for_all() -> None:
    log, files = rich_log(), rich_log().files()
    again = log.signed(SIGNER, OTHER)
    assert rule_of(summed({**files, "index.tlog-proof": log.proof(300, again)})) == "evidence.head"


@pytest.mark.parametrize("name", sorted(rich_log().files(SINGLE)))
def test_a_bundle_without_a_part_is_none(name: str) -> None:
    files = {key: data for key, data in rich_log().files(SINGLE).items() if key != name}
    assert rule_of(files) == "evidence.missing"
    if name != "SHA256SUM":
        assert rule_of(summed(files)) == "evidence.missing"


def test_every_file_is_the_one_that_the_checksum_is_of() -> None:
    files = rich_log().files(SINGLE)
    for name in files:
        assert rule_of({**files, name: files[name] + b"\n"}) == "evidence.sum"
    binary = files["SHA256SUM"].replace(b"  -", b" *-")
    assert rule_of({**files, "SHA256SUM": binary}) == "evidence.sum"


def without(files: Mapping[str, bytes], number: int) -> Files:
    return {n: d for n, d in files.items() if not n.startswith(f"entries/{number:04}")}


def test_an_entry_left_out_or_put_in_another_place_shows() -> None:
    files = rich_log().files()
    last = without(files, 4)
    assert rule_of(changed(last, "case.json")) == "evidence.case"
    assert rule_of(changed(last, "case.json", count=3)) == "case.entries"
    assert rule_of(summed(without(files, 2))) == "evidence.missing"
    one, two = parts.entry_name(1)[:-5], parts.entry_name(2)[:-5]
    names = {one: "@", two: one, "@": two}
    swapped = {_renamed(n, names): d for n, d in files.items()}
    assert rule_of(summed(swapped)) == "evidence.order"
    twice = {_renamed(n, {one: two}): d for n, d in files.items() if one in n}
    assert rule_of(summed({**files, **twice})) == "evidence.order"


def _renamed(name: str, names: Mapping[str, str]) -> str:
    for old, new in names.items():
        name = name.replace(old, new)
    return name


def test_an_older_index_leaves_out_what_is_newer() -> None:
    entry = rich_log().bodies[5]
    new = MadeLog(["C1", RICH, "C2"], behind=[entry])
    files = {n: d for n, d in without(new.files(), 2).items() if not n.startswith("own/")}
    assert rule_of(changed(files, "case.json", count=1)) == "evidence.index"
    shown = without(new.files(), 2)
    assert "own/0001.json" in shown
    assert rule_of(changed(shown, "case.json", count=1)) == "evidence.index"


def test_what_the_ledger_says_of_itself_may_stand_behind_the_index() -> None:
    leaf = encode_meta(MetaKind.KEY, LOG_ID, NOON, key="a", before="b").encode()
    log = MadeLog(["C1", RICH, "C2"], behind=[leaf, leaf])
    files = log.files()
    assert rule_of(files) == ""
    bare = {n: d for n, d in files.items() if not n.startswith("own/0002")}
    assert rule_of(summed(bare)) == "evidence.index"
    proof = {"own/0001.tlog-proof": log.proof(log.index_at + 2)}
    assert rule_of(summed({**files, **proof})) == "evidence.index"
    twice = MadeLog(["C1", RICH, "C2"], behind=[log.bodies[log.index_at]])
    assert rule_of(twice.files()) == "evidence.index"


def test_the_index_is_one_of_this_ledger() -> None:
    log, files = rich_log(), rich_log().files(SINGLE)
    body = {"index.json": log.bodies[0], "index.tlog-proof": log.proof(0)}
    assert rule_of(summed({**files, **body})) == "evidence.index"
    assert rule_of(summed({**files, "index.json": b"{}"})) == "inclusion.root"
    leaf = encode_meta(MetaKind.KEY, "CN-330106", NOON, key="a", before="b").encode()
    assert rule_of(MadeLog(["C1"], behind=[leaf]).files("C1")) == "evidence.index"
    named = encode_meta(MetaKind.KEY, LOG_ID, NOON, key="a", before="b").encode()
    last = MadeLog(["C1"], behind=[named])
    body = {"index.json": last.bodies[3], "index.tlog-proof": last.proof(3)}
    only = {n: d for n, d in last.files("C1").items() if not n.startswith("own/")}
    assert rule_of(summed({**only, **body})) == "index.leaf"


@pytest.mark.parametrize(
    ("told", "rule"),
    [
        ({"bucket": ""}, "inclusion.root"),
        ({"bucket": "AAAA"}, "bucket.length"),
        ({"bucket": "AB=="}, "evidence.document"),
        ({"path": []}, "evidence.document"),
        ({"path": ["A" * 43 + "="] * 16}, "inclusion.root"),
        ({"path": ["AAAA"] * 16}, "evidence.document"),
        ({"of": ["CN-330105", "C2"]}, "evidence.case"),
        ({"of": ["CN-330105", "\ud800"]}, None),
        ({"of": [1, 2]}, "evidence.document"),
        ({"count": 2}, "evidence.case"),
        ({"count": True}, "evidence.document"),
        ({"more": 1}, "evidence.document"),
        ({"v": 2}, "evidence.document"),
        ({"v": True}, "evidence.document"),
    ],
)
def test_what_is_said_of_the_case_is_what_is_proven(told: dict[str, Any], rule: str | None) -> None:
    files = rich_log().files(SINGLE)
    if rule is None:
        data = files["case.json"].replace(b'"C1"', b'"\\ud800"')
        assert rule_of(summed({**files, "case.json": data})) == "evidence.document"
    else:
        assert rule_of(changed(files, "case.json", **told)) == rule
