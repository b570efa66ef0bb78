"""A log of a thousand entries with two witnesses, and proofs out of it."""

from cleangov_plugin.ledger.leaf import leaf_hash
from cleangov_plugin.ledger.log_proof import LogProof, write_log_proof
from cleangov_plugin.ledger.merkle_proof import inclusion_proof
from cleangov_plugin.ledger.note import sign_note
from cleangov_plugin.ledger.note_key import SignerKey
from cleangov_plugin.ledger.policy import Policy, read_policy
from cleangov_plugin.ledger.suites import Ed25519, Ed25519Cosignature
from cleangov_plugin.ledger.tree import root_of
from cleangov_plugin.ledger.tree_head import TreeHead, write_tree_head

ORIGIN = "city.example/cleangov"
BODIES = [b'{"no":%d}' % number for number in range(1000)]
LEAVES = [leaf_hash(body) for body in BODIES]
LOG = SignerKey(ORIGIN, Ed25519(), bytes([1]) * 32)
AUDIT = SignerKey("audit.example/witness", Ed25519Cosignature(), bytes([2]) * 32)
ARCHIVE = SignerKey("archive.example/witness", Ed25519Cosignature(), bytes([3]) * 32)
#: 2026-09-21T14:13:20Z.
AT = 1_790_000_000


def node(level: int, index: int) -> bytes:
    """Answer a full node of the tree."""
    return root_of(LEAVES[index << level : index + 1 << level])


def head_note(size: int = 1000, *witnesses: SignerKey, signer: SignerKey = LOG) -> bytes:
    """Answer a signed tree head."""
    head = TreeHead(ORIGIN, size, root_of(LEAVES[:size]))
    return sign_note(write_tree_head(head), [signer, *witnesses], at=AT)


def proof_of(index: int, size: int = 1000, *witnesses: SignerKey) -> bytes:
    """Answer the proof of an entry as text."""
    hashes = tuple(inclusion_proof(index, size, node))
    return write_log_proof(LogProof(index, hashes, head_note(size, *witnesses)))


def policy_text(quorum: str) -> bytes:
    """Answer the auditor's policy."""
    return (
        f"# whom the audit office believes\nlog {LOG.verifier.text}\n\n"
        f"witness audit {AUDIT.verifier.text}\n"
        f"witness archive {ARCHIVE.verifier.text} https://archive.example/\n"
        f"group both all audit archive\nquorum {quorum}\n"
    ).encode()


def policy(quorum: str = "none") -> Policy:
    """Answer the auditor's policy, read."""
    return read_policy(policy_text(quorum))
