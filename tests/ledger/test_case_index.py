"""The case index: known answers, a naive one beside it, and every byte of a proof changed."""

from collections.abc import Callable, Sequence
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleangov_plugin.ledger.canonical import ProfileError
from cleangov_plugin.ledger.case_index import (
    BUCKETS,
    ITEM_BYTES,
    NO_ENTRIES,
    CaseItem,
    bucket_of,
    case_key,
    case_keys,
    chain,
    check_entries,
    read_bucket,
    read_index_leaf,
    verify_case,
    write_bucket,
    write_item,
)
from cleangov_plugin.ledger.case_map import CaseMap
from cleangov_plugin.ledger.leaf import leaf_hash
from cleangov_plugin.ledger.strict import Refused

LOG = "CN-330105"
CASE = "YT-CF-2026-0417"
LEAVES = [leaf_hash(b"%d" % number) for number in range(40)]


def naive_root(level: list[bytes]) -> bytes:
    """Answer the root over 2^n hashes, as RFC 6962 section 2.1 writes it down."""
    if len(level) == 1:
        return level[0]
    half = len(level) // 2
    return sha256(b"\x01" + naive_root(level[:half]) + naive_root(level[half:])).digest()


def naive_index(log_id: str, entries: Sequence[tuple[str, bytes]]) -> tuple[bytes, list[bytes]]:
    """Answer root and buckets of an index, worked out in the slowest way."""
    heads: dict[bytes, tuple[int, bytes]] = {}
    for subject, leaf in entries:
        text = f'["{log_id}","{subject}"]'
        key = sha256(b"cleangov case\0" + text.encode()).digest()
        count, head = heads.get(key, (0, b"\0" * 32))
        heads[key] = count + 1, sha256(b"cleangov chain\0" + head + leaf).digest()
    buckets = [b""] * 65_536
    for key in sorted(heads):
        count, head = heads[key]
        buckets[key[0] * 256 + key[1]] += key + count.to_bytes(8, "big") + head
    return naive_root([sha256(b"\0" + bucket).digest() for bucket in buckets]), buckets


def a_map(*entries: tuple[str, bytes]) -> CaseMap:
    found = CaseMap(LOG)
    found.extend(entries)
    return found


#: Two cases whose keys have the same first 16 bits; found by trying.
TWO = ("S-184", "S-219")
#: Worked out with hashlib alone.
KEY = "309d094f57c29c24acf9e4b890b74b2533b627c93c68a71ee59e6970f775f875"
CHAINED = "245997cf0a34778b3f0cd21388471656b5833c50867f82434a2c68c6fdf1aa87"
EMPTY = "d83389ac9a207fb7dbdc492fbb56b9482f19170699e224be64694cc885a3a2a2"
ROOT = "02f1b1c9fdbbcac95d9086546820a13618dc0e88e1c5a51d8d12f052f9ae7a25"


def rule_of(asked: Callable[[], Any]) -> str:
    with pytest.raises(Refused) as problem:
        asked()
    return problem.value.rule


def test_known_answers() -> None:
    text = b"cleangov case\x00" + b'["CN-330105","YT-CF-2026-0417"]'
    assert case_key(LOG, CASE) == sha256(text).digest()
    assert case_key(LOG, CASE).hex() == KEY
    assert chain(NO_ENTRIES, LEAVES[:3]).hex() == CHAINED
    assert CaseMap(LOG).root().hex() == EMPTY
    assert a_map((CASE, LEAVES[0]), (CASE, LEAVES[1]), ("案-1", LEAVES[2])).root().hex() == ROOT
    item = write_item(CaseItem(case_key(LOG, CASE), 3, chain(NO_ENTRIES, LEAVES[:3])))
    assert item.hex() == f"{KEY}0000000000000003{CHAINED}"
    assert len(item) == ITEM_BYTES == 72


def test_the_key_is_of_the_ledger_too_and_parts_do_not_run_together() -> None:
    assert case_key("a", "b") != case_key("b", "a")
    assert case_key("a", 'b","c') != case_key('a","b', "c")


@given(*[st.text(st.characters(exclude_categories=["Cs"]), max_size=9)] * 2)
def test_keys_of_many_cases_are_those_of_each(log_id: str, subject: str) -> None:
    key_of = case_keys(log_id)
    assert (key_of(subject), key_of("")) == (case_key(log_id, subject), case_key(log_id, ""))


def test_half_a_character_has_no_key() -> None:
    with pytest.raises(ProfileError):
        case_key(LOG, "\ud800")
    assert rule_of(lambda: verify_case(bytes(32), LOG, "\ud800", b"", [])) == "case.text"


def test_an_item_is_proven_and_so_is_that_there_is_none() -> None:
    found = a_map((CASE, LEAVES[0]), ("other", LEAVES[1]), (CASE, LEAVES[2]))
    bucket, proof = found.proof(CASE)
    item = verify_case(found.root(), LOG, CASE, bucket, proof)
    assert item == CaseItem(case_key(LOG, CASE), 2, chain(NO_ENTRIES, [LEAVES[0], LEAVES[2]]))
    check_entries(item, [LEAVES[0], LEAVES[2]])
    assert rule_of(lambda: check_entries(item, [LEAVES[0]])) == "case.entries"
    assert rule_of(lambda: check_entries(item, [LEAVES[2], LEAVES[0]])) == "case.chain"
    bucket, proof = found.proof("nobody")
    assert verify_case(found.root(), LOG, "nobody", bucket, proof) is None
    check_entries(None, [])
    assert rule_of(lambda: check_entries(None, [LEAVES[0]])) == "case.entries"


def test_a_case_left_out_of_its_bucket_is_not_proven_to_have_none() -> None:
    one, other = TWO
    found = a_map((one, LEAVES[0]), (other, LEAVES[1]))
    bucket, proof = found.proof(one)
    assert [item.entries for item in read_bucket(bucket_of(case_key(LOG, one)), bucket)] == [1, 1]
    for shorter in (bucket[:ITEM_BYTES], bucket[ITEM_BYTES:], b""):
        left_out = rule_of(lambda it=shorter: verify_case(found.root(), LOG, one, it, proof))  # type: ignore[misc]
        assert left_out == "inclusion.root"


def test_every_byte_of_bucket_and_proof_matters() -> None:
    found = a_map((TWO[0], LEAVES[0]), (TWO[1], LEAVES[1]))
    bucket, proof = found.proof(TWO[0])
    for at in range(len(bucket)):
        changed = bucket[:at] + bytes([bucket[at] ^ 1]) + bucket[at + 1 :]
        with pytest.raises(Refused):
            verify_case(found.root(), LOG, TWO[0], changed, proof)
    for at in range(16 * 32):
        other = list(proof)
        hash_ = bytearray(other[at // 32])
        hash_[at % 32] ^= 1
        other[at // 32] = bytes(hash_)
        with pytest.raises(Refused):
            verify_case(found.root(), LOG, TWO[0], bucket, other)
    for other in (proof[:-1], [*proof, bytes(32)], [], [b""] * 16):
        with pytest.raises(Refused):
            verify_case(found.root(), LOG, TWO[0], bucket, other)


def test_another_bucket_proves_nothing_of_a_case() -> None:
    found = a_map((CASE, LEAVES[0]), ("other", LEAVES[1]))
    bucket, proof = found.proof("other")
    refused = rule_of(lambda: verify_case(found.root(), LOG, CASE, bucket, proof))
    assert refused == "bucket.prefix"
    empty, proof = found.proof("nobody")
    refused = rule_of(lambda: verify_case(found.root(), LOG, CASE, empty, proof))
    assert refused == "inclusion.root", "an empty bucket has to be the case's own"


def test_a_bucket_is_written_in_one_way() -> None:
    number = bucket_of(case_key(LOG, TWO[0]))
    one, other = sorted(
        (CaseItem(case_key(LOG, subject), 1, LEAVES[0]) for subject in TWO), key=lambda it: it.key
    )
    assert read_bucket(number, write_bucket([other, one])) == [one, other]
    assert read_bucket(7, b"") == []
    first, second = write_item(one), write_item(other)
    none = write_item(one._replace(entries=0))
    too_many = write_item(one._replace(entries=2**63))
    for rule, asked, data in (
        ("bucket.length", number, first[:-1]),
        ("bucket.length", number, first + b"\0"),
        ("bucket.order", number, second + first),
        ("bucket.order", number, first + first),
        ("bucket.prefix", number + 1, first),
        ("bucket.prefix", number - 1, first),
        ("bucket.entries", number, none),
        ("bucket.entries", number, too_many),
        ("bucket.number", BUCKETS, b""),
        ("bucket.number", -1, b""),
    ):
        assert rule_of(lambda n=asked, it=data: read_bucket(n, it)) == rule  # type: ignore[misc]
    for nothing in (True, None, "1", 1.0):
        assert rule_of(lambda it=nothing: read_bucket(it, b"")) == "bucket.number"  # type: ignore[misc]
    for nothing in ("", None, [1], bytearray(72)):
        assert rule_of(lambda it=nothing: read_bucket(1, it)) == "bucket.length"  # type: ignore[misc]


def test_the_first_key_of_all_can_stand_in_a_bucket() -> None:
    item = CaseItem(bytes(32), 1, LEAVES[0])
    assert read_bucket(0, write_bucket([item])) == [item]


@given(st.binary(max_size=300), st.integers(0, BUCKETS - 1))
def test_what_is_read_is_written_again_to_the_same_bytes(data: bytes, number: int) -> None:
    try:
        items = read_bucket(number, data)
    except Refused:
        return
    assert write_bucket(items) == data


subjects = st.text("ab案1-", min_size=1, max_size=3)


@pytest.mark.thorough
@settings(max_examples=12, deadline=None)
@given(st.lists(st.tuples(subjects, st.sampled_from(LEAVES)), max_size=40), st.integers(1, 9))
def test_a_map_that_grows_says_what_the_naive_one_does(
    entries: list[tuple[str, bytes]], step: int
) -> None:
    grows = CaseMap(LOG)
    for at in range(0, len(entries), step):
        grows.extend(entries[at : at + step])
        grows.root()
    root, buckets = naive_index(LOG, entries)
    assert grows.root() == root == a_map(*entries).root()
    assert [grows.bucket(number) for number in range(BUCKETS)] == buckets
    assert grows.entries == len(entries)
    assert grows.cases() == len({subject for subject, _ in entries})
    for subject, _ in entries:
        item = verify_case(root, LOG, subject, *grows.proof(subject))
        check_entries(item, [leaf for each, leaf in entries if each == subject])


def test_many_cases_in_a_bucket_stand_in_order() -> None:
    """As in a ledger of very many cases: here the keys are made for one bucket."""
    from cleangov_plugin.ledger.case_map import grown

    keys = [b"\x00\x07" + sha256(b"%d" % number).digest()[2:] for number in range(200)]
    bucket = b""
    for at in range(0, 200, 7):
        bucket = grown(bucket, {key: LEAVES[:2] for key in keys[at : at + 7]})
    bucket = grown(bucket, {key: [LEAVES[2]] for key in keys[50:150]})
    items = read_bucket(7, bucket)
    assert {item.key: item.entries for item in items} == {
        key: 3 if 50 <= number < 150 else 2 for number, key in enumerate(keys)
    }
    assert {item.head for item in items if item.entries == 3} == {chain(NO_ENTRIES, LEAVES[:3])}


@pytest.mark.parametrize(
    "changed",
    [
        {"meta": "genesis"},
        {"cases": -1},
        {"cases": True},
        {"entries": "4"},
        {"entries": None},
        {"root": "AA" * 32},
        {"root": "aa" * 31},
        {"root": "aa" * 32 + "\n"},
        {"root": None},
    ],
)
def test_a_leaf_that_does_not_say_it_is_refused(changed: dict[str, Any]) -> None:
    document = {"meta": "index", "cases": 0, "entries": 3, "root": "aa" * 32}
    assert read_index_leaf(document) == (0, 3, b"\xaa" * 32)
    assert rule_of(lambda: read_index_leaf({**document, **changed})) == "index.leaf"
