"""Verifying: is what was sealed still what it was, and is anything missing before it is sealed?

Everything is worked out anew from the bodies: stored hashes, heads and columns are what is
checked, never what is believed. What cannot be checked is said to be so.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from cleangov_plugin.desk.shelf import Connection
from cleangov_plugin.ledger.note import open_note
from cleangov_plugin.ledger.note_key import VerifierKey
from cleangov_plugin.ledger.strict import Refused
from cleangov_plugin.ledger.tree_head import read_tree_head
from cleangov_plugin.store import sealed_entries, tree
from cleangov_plugin.store.leaf_reader import LeafReader
from cleangov_plugin.store.sealed_entries import EntryRow
from cleangov_plugin.store.tree import TreeHeadRow

from .alarms import Alarm, Unchecked, Verified
from .answers_check import Answers
from .asked_check import Asked
from .checks import Check
from .code_days import Coders
from .codes_check import Codes
from .columns import Bodies
from .delay import Delay
from .erasures_check import Erasures
from .evidence import Evidence
from .findings_check import Findings
from .genesis import Genesis
from .held_heads import Held, compare, held_heads
from .held_rows import compare_rows, compare_tiles
from .index_check import Index
from .lanes import Lanes
from .letters_check import Letters
from .missing import Missing
from .progress import Begun, reached, resume
from .raised_check import Raised
from .receipts_check import Receipts
from .rules_check import RulesCheck
from .scan_check import ScanCheck
from .schema_check import SchemaCheck
from .sorting import Sorter
from .stretches import Looking
from .tile_check import TileCheck
from .times import Times
from .together import Together
from .unreadable import UNREADABLE, unreadable
from .waiting import Waiting
from .walking import Walked, walk

#: What is looked for in every slice. Each makes its check from the evidence.
CHECKS: Final[Mapping[str, Callable[[Connection, Evidence], Check]]] = {
    "missing": lambda _connection, _evidence: Missing(),
    "bodies": lambda _connection, evidence: Bodies(is_copy=evidence.is_copy),
    "lanes": lambda _connection, _evidence: Lanes(),
    "delay": lambda _connection, evidence: Delay(evidence.now, evidence.within),
    "schema": lambda connection, evidence: SchemaCheck(connection, evidence.outside.log_id),
    "rules": lambda connection, evidence: RulesCheck(connection, evidence.outside.log_id),
    "scan": lambda connection, evidence: ScanCheck(connection, evidence.beside),
    "tiles": lambda connection, evidence: TileCheck(connection, evidence.outside.log_id),
    "times": lambda _connection, evidence: Times(evidence.cosigned()),
    "genesis": lambda _connection, evidence: Genesis(evidence.key),
    "codes": lambda _connection, evidence: Codes(evidence.code_key),
    "answers": lambda connection, evidence: Answers(connection, evidence.now),
    "findings": lambda connection, evidence: Findings(
        connection, evidence.outside.log_id, evidence.now
    ),
    "asked": lambda connection, evidence: Asked(
        connection, evidence.outside.log_id, evidence.now, Waiting(evidence.code_key)
    ),
    "letters": lambda connection, evidence: Letters(connection, evidence.outside.log_id),
    "raised": lambda connection, evidence: Raised(
        connection, evidence.outside.log_id, evidence.now, Waiting(evidence.code_key)
    ),
    "receipts": lambda _connection, evidence: Receipts(evidence.receipts, evidence.outside.log_id),
    "erasures": lambda connection, evidence: Erasures(connection, evidence.outside.log_id),
    "index": lambda connection, evidence: Index(
        connection, evidence.outside.log_id, is_copy=evidence.is_copy
    ),
}
#: What can be looked for where a follower copied bodies and leaves, and nothing beside them.
OF_COPIES: Final = frozenset({"missing", "bodies", "lanes", "scan", "tiles", "genesis", "index"})


def verify(connection: Connection, evidence: Evidence, begun: Begun | None = None) -> Verified:
    """Verify a ledger, whole or from where it was verified before.

    A value that no column of its kind can have (SQLite keeps any) ends the verification with an
    alarm that names it: it never ends it with an error, and never with "no change was found".

    :param connection: a reading connection to which the database stands still.
    :param evidence: what it is compared with.
    :param begun: what was verified before; it is not looked at again. None verifies the whole.
    :return: what was found.
    :raises CleanGovError: where what was verified before cannot be gone on from.
    """
    found = Verified()
    try:
        _verify(connection, evidence, begun, found)
    except UNREADABLE as problem:
        found.reached = None
        found.alarms.extend(unreadable(connection, problem))
    return found


def _verify(
    connection: Connection, evidence: Evidence, begun: Begun | None, found: Verified
) -> None:
    held = held_heads(evidence, found)
    checks = _checks(connection, evidence, begun, found)
    try:
        _look(connection, evidence, begun, found, checks, held)
    finally:
        for check in checks.values():
            if isinstance(check, ScanCheck):
                check.stop()


def _look(
    connection: Connection,
    evidence: Evidence,
    begun: Begun | None,
    found: Verified,
    checks: Mapping[str, Check],
    held: Sequence[Held],
) -> None:
    outside, key = evidence.outside, evidence.key
    genesis = next((each for each in checks.values() if isinstance(each, Genesis)), Genesis(key))
    old = begun.size if begun else -1
    stored = [head for head in tree.heads(connection, outside.log_id) if head.size >= old]
    held = [each for each in held if each.head.size >= old]
    sizes = {head.size for head in stored} | {each.head.size for each in held}
    coders = Coders(evidence.code_key) if evidence.code_key else None
    looking = Looking(LeafReader(connection, outside.log_id), Sorter(coders))
    last = max((head.size for head in stored), default=0)
    walked = _walked(_together(looking, evidence, last), checks, sizes, found, begun)
    for check in checks.values():
        if isinstance(check, TileCheck):
            check.roots = walked.tile_roots()
    _end(list(checks.values()), found)
    for check in checks.values():
        found.schema_changes.extend(getattr(check, "changes", ()))
        found.rule_changes.extend(getattr(check, "rule_changes", ()))
    for head in stored:
        _check_head(head, walked, (genesis.signer_at(head.size) or key) if key else None, found)
    compare(held, walked, found)
    compare_rows(held, stored, walked, evidence.now, found)
    compare_tiles(connection, outside, held, walked, found, max(old, 0))
    if key is None:
        found.unchecked.append(Unchecked(code="no_key"))
    if evidence.is_copy:
        found.unchecked.append(Unchecked(code="copy"))
    if not found.alarms:
        found.reached = reached(walked.leaves, walked.grown, checks)


def _checks(
    connection: Connection, evidence: Evidence, begun: Begun | None, found: Verified
) -> dict[str, Check]:
    """Make the checks; what can only be worked out from the first leaf is left out later on."""
    wanted = set(OF_COPIES if evidence.is_copy else CHECKS)
    if begun is not None:
        wanted.discard("index")
    checks = {name: make(connection, evidence) for name, make in CHECKS.items() if name in wanted}
    if begun is not None:
        resume(checks, begun)
        found.unchecked.append(Unchecked(code="begun", values={"size": begun.size}))
    return checks


def _together(looking: Looking, evidence: Evidence, last: int) -> Looking | Together:
    """Have a second process look, too, where there is one."""
    second = evidence.second
    if second is None or not second.take(evidence.outside.log_id, evidence.code_key):
        return looking
    return Together(looking, second, last)


def _walked(
    looking: Looking | Together,
    checks: Mapping[str, Check],
    sizes: set[int],
    found: Verified,
    begun: Begun | None,
) -> Walked:
    connection, log_id = looking.reader.connection, looking.reader.log_id
    there = list(checks.values())
    if begun is None:
        return walk(connection, log_id, there, sizes, found, looking=looking)
    grown = begun.tree()
    before = Walked(leaves=begun.size, grown=grown, roots={begun.size: grown.root()})
    lanes = next((each for each in there if isinstance(each, Lanes)), Lanes())

    def behind() -> Iterator[EntryRow]:
        return sealed_entries.behind(connection, log_id, {k: v[0] for k, v in lanes.heads.items()})

    return walk(connection, log_id, there, sizes, found, before, behind, looking)


def _end(checks: Sequence[Check], found: Verified) -> None:
    for check in checks:
        for what in check.end():
            if isinstance(what, Alarm):
                found.alarms.append(what)
            else:
                found.unchecked.append(what)


def _check_head(
    head: TreeHeadRow, walked: Walked, key: VerifierKey | None, found: Verified
) -> None:
    root = walked.roots.get(head.size)
    if root is None:
        found.raise_alarm("head_size", size=head.size, leaves=walked.leaves)
    elif root != head.root:
        found.raise_alarm("head_root", size=head.size)
    if head.note is None or key is None:
        return
    try:
        signed = read_tree_head(open_note(head.note.encode(), [key]).text)
    except Refused as problem:
        found.raise_alarm("note", size=head.size, why=problem.rule)
        return
    if (signed.origin, signed.size, signed.root) != (key.name, head.size, head.root):
        found.raise_alarm("note_of_another", size=head.size)
