"""A log in memory, sealed as the ledger seals, and bundles of its cases: without any database."""

import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from cleangov_plugin.desk.checkpoint.attributes import digest_of
from cleangov_plugin.desk.evidence import parts
from cleangov_plugin.desk.evidence.claims import clock_of
from cleangov_plugin.desk.evidence.readme import readme
from cleangov_plugin.domain.our_kinds import LETTER_ANSWERED, LETTER_SENT
from cleangov_plugin.domain.terms import Result
from cleangov_plugin.ledger import canonical, disclosure
from cleangov_plugin.ledger.body import Place, encode_body
from cleangov_plugin.ledger.case_map import CaseMap, subject_of
from cleangov_plugin.ledger.leaf import NO_PREDECESSOR, leaf_hash
from cleangov_plugin.ledger.log_proof import LogProof, write_log_proof
from cleangov_plugin.ledger.merkle_proof import inclusion_proof
from cleangov_plugin.ledger.meta import MetaKind, encode_meta
from cleangov_plugin.ledger.note import sign_note
from cleangov_plugin.ledger.note_key import SignerKey
from cleangov_plugin.ledger.policy import NONE, Policy
from cleangov_plugin.ledger.strict import in_base64
from cleangov_plugin.ledger.suites import Ed25519
from cleangov_plugin.ledger.tree import root_of
from cleangov_plugin.ledger.tree_head import TreeHead, write_tree_head
from tests.ledger.sample_bodies import BARE, ONE, outcome

LOG_ID = BARE.log_id
SIGNER = SignerKey(f"cleangov/{LOG_ID}", Ed25519(), sha256(b"a bundle").digest())
OTHER = SignerKey(SIGNER.name, Ed25519(), bytes(32))
KEY = SIGNER.verifier.text
NOON = datetime(2026, 3, 10, 4, 0, tzinfo=UTC)
#: The case with everything in it, and the first of those with one entry.
RICH, SINGLE = "YT-CF-2026-0417", "C1"
WORDS = "请说明第四次变更的理由。"
ANSWER = "四次都经集体讨论。"
REASON, REASON_DIGEST = disclosure.make("reason", "四次都贴近权限", bytes(range(16)))
HIDDEN, HIDDEN_DIGEST = disclosure.make("name", "张三", bytes(range(1, 17)))


def policy(*signers: SignerKey) -> Policy:
    return Policy(tuple(s.verifier for s in signers or (SIGNER,)), {}, {}, NONE)


class MadeLog:
    """A log whose leaves are a first leaf, entries, and the index of cases.

    :param cases: case of each entry, in order; `RICH` gets the next of its own entries.
    :param behind: texts of leaves behind the index.
    :param signer: who signs.
    """

    def __init__(
        self, cases: Sequence[str], behind: Sequence[bytes] = (), signer: SignerKey = SIGNER
    ) -> None:
        first = encode_meta(MetaKind.GENESIS, LOG_ID, NOON, key=signer.verifier.text, delay_s=60)
        self.bodies = [first.encode()]
        prev, seen = NO_PREDECESSOR, 0
        for no, case in enumerate(cases, 1):
            self.bodies.append(_body(case, Place(0, no, prev), seen if case == RICH else None))
            prev, seen = leaf_hash(self.bodies[-1]), seen + (case == RICH)
        self.index = CaseMap(LOG_ID)
        self.index.extend((subject_of(body.decode()), leaf_hash(body)) for body in self.bodies[1:])
        self.bodies.append(
            encode_meta(
                MetaKind.INDEX,
                LOG_ID,
                NOON,
                cases=self.index.cases(),
                entries=self.index.entries,
                root=self.index.root().hex(),
            ).encode()
        )
        self.index_at = len(self.bodies) - 1
        self.bodies += behind
        self.leaves = [leaf_hash(body) for body in self.bodies]
        self.head = self.signed(signer)

    @property
    def size(self) -> int:
        return len(self.leaves)

    def signed(self, *signers: SignerKey, **changes: Any) -> bytes:
        head = TreeHead(SIGNER.name, self.size, root_of(self.leaves))
        return sign_note(write_tree_head(replace(head, **changes)), signers)

    def proof(self, index: int, head: bytes | None = None) -> bytes:
        leaves = self.leaves

        def node(level: int, n: int) -> bytes:
            return root_of(leaves[n << level : n + 1 << level])

        hashes = inclusion_proof(index, self.size, node)
        return write_log_proof(LogProof(index, tuple(hashes), head or self.head))

    def files(self, case: str = RICH) -> dict[str, bytes]:
        """Answer the files of the bundle of a case."""
        own = [n for n, body in enumerate(self.bodies) if subject_of(body.decode()) == case]
        files = {"index.json": self.bodies[self.index_at]}
        files["index.tlog-proof"] = self.proof(self.index_at)
        for number, idx in enumerate(own, 1):
            files[parts.entry_name(number)] = self.bodies[idx]
            files[parts.proof_name(number)] = self.proof(idx)
        for behind in range(1, self.size - self.index_at):
            files[parts.own_name(behind)] = self.bodies[self.index_at + behind]
            files[parts.own_proof_name(behind)] = self.proof(self.index_at + behind)
        bucket, path = self.index.proof(case)
        told = {
            "of": [LOG_ID, case],
            "count": len(own),
            "bucket": in_base64(bucket),
            "path": [in_base64(hash_) for hash_ in path],
        }
        files["case.json"] = parts.write(told)
        bodies = [canonical.decode(self.bodies[n]) for n in own]
        said = {name: parts.write(what) for name, what in _said(case, bodies).items()}
        files |= parts.without_empty(said)
        facts = {"log_id": LOG_ID, "case": case, "count": len(own), "size": self.size}
        facts |= {"root": "", "at": "-", "rules": []}
        files["README.zh.txt"] = readme("zh-CN", facts)
        files["README.en.txt"] = readme("en", facts)
        files["verify.sh"] = parts.script()
        return summed(files)


def summed(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Answer files with their checksum made anew, as whoever changed one would make it."""
    return {**files, "SHA256SUM": parts.checksum(files)}


def changed(files: Mapping[str, bytes], name: str, **keys: Any) -> dict[str, bytes]:
    """Answer files of which one document says something else, listed anew."""
    document = {**canonical.decode(files[name]), **keys}
    return summed({**files, name: canonical.encode(document)})


def run_script(folder: Path, files: Mapping[str, bytes], key: str = KEY) -> bool:
    """Unpack files and let the script, from where we keep it, check them."""
    shutil.rmtree(folder, ignore_errors=True)
    for name, data in files.items():
        path = folder / "unpacked" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    (folder / "key").write_text(f"{key}\n", encoding="utf-8")
    script = Path(parts.__file__).with_name("verify.sh")
    run = subprocess.run(
        ["sh", str(script), str(folder / "key")],
        cwd=folder / "unpacked",
        capture_output=True,
        check=False,
    )
    is_good = run.returncode == 0
    assert is_good == (b"\ngood: all " in b"\n" + run.stdout), run
    return is_good


@cache
def rich_log() -> MadeLog:
    """Answer a log of three hundred leaves with one rich case."""
    cases = [f"C{n}" for n in range(1, 300)]
    for at in (3, 40, 255, 298):
        cases[at] = RICH
    return MadeLog(cases)


def _body(case: str, place: Place, nth: int | None) -> bytes:
    at = NOON + timedelta(minutes=place.no)
    record = replace(
        BARE, event_id=f"E{place.no}", case_id=case, occurred_at=at, recorded_at=at, offset=480
    )
    if nth == 1:
        hits = (outcome("E07", Result.HIT), outcome("E08", Result.CANNOT_BE_CHECKED, "amount"))
        return encode_body(
            record, place, ONE, outcomes=hits, digests=(REASON_DIGEST, HIDDEN_DIGEST)
        )
    if nth in (2, 3):
        kind, words = (LETTER_SENT, WORDS) if nth == 2 else (LETTER_ANSWERED, ANSWER)
        pairs = (("a.letter", "text", "7"), ("a.words", "digest", digest_of(words)))
        return encode_body(replace(record, kind=kind), place, ONE, pairs=pairs)
    return encode_body(record, place, ONE)


def _said(case: str, bodies: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    is_rich = case == RICH and len(bodies) == 4
    figures = dict.fromkeys(("closed", "confirmed", "cleared", "untold", "unknown_here"), 0)
    counted = dict.fromkeys(("cases", "hits", "cannot_be_checked"))
    rule = {"rule": "E07", "versions": [2], "needed": 30, **figures, **counted}
    at = "2026-03-11T00:00:00.000000Z"
    letters = [{"entry": 3, "words": WORDS}, {"entry": 4, "words": ANSWER}]
    return {
        "replies.json": {"letters": letters if is_rich else []},
        "rules.json": {"at": at, "rules": [rule] if is_rich else []},
        "gaps.json": {"at": at, "owed": 0, "given_up": 0, "unsealed": 0, "case": []},
        "clock.json": {"entries": clock_of(bodies)},
        "disclosures.json": {
            "chosen": ["reason"] if is_rich else [],
            "fields": [[2, REASON]] if is_rich else [],
        },
    }
