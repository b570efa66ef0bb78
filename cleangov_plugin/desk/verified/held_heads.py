"""ANCH, SIG, WIT: heads that are held away from the database, each compared with its tree."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from cleangov_plugin.ledger.log_proof import verify_tree_head
from cleangov_plugin.ledger.note import open_note
from cleangov_plugin.ledger.note_key import VerifierKey
from cleangov_plugin.ledger.policy import NONE
from cleangov_plugin.ledger.strict import Refused
from cleangov_plugin.ledger.tree_head import TreeHead, read_tree_head

from .alarms import Unchecked, Verified
from .evidence import Evidence
from .walking import Walked

#: Witnesses may be away for a day before that is an alarm.
_AWAY: Final = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Held:
    """A head that is held somewhere.

    :param code: begin of the codes of its alarms: ``"outside"`` or ``"seen"``.
    :param place: where it is held.
    :param head: what it says.
    """

    code: str
    place: str
    head: TreeHead


def held_heads(evidence: Evidence, found: Verified) -> list[Held]:
    """Read every head that is held away from the database.

    :param evidence: what the ledger is compared with.
    :param found: what was found; bad signatures are added.
    """
    outside = evidence.outside
    note = outside.head()
    if note is None:
        found.unchecked.append(Unchecked(code="no_head", values={"place": str(outside.own)}))
    notes = [] if note is None else [("outside", str(outside.own), note)]
    notes += [("seen", place, data) for place, data in evidence.seen]
    held = []
    for code, place, data in notes:
        if evidence.key is None:
            continue
        try:
            head = _own_head(data, evidence.key)
        except Refused as problem:
            found.raise_alarm(f"{code}_note", place=place, why=problem.rule)
            continue
        held.append(Held(code, place, head))
    return [*held, *_cosigned(evidence, held, found)]


def _own_head(data: bytes, key: VerifierKey) -> TreeHead:
    head = read_tree_head(open_note(data, [key]).text)
    if head.origin != key.name:
        raise Refused("head.origin", "the head is of another log.")
    return head


def _cosigned(evidence: Evidence, held: list[Held], found: Verified) -> Iterator[Held]:
    """Read the newest head that enough witnesses cosigned."""
    policy, outside = evidence.policy, evidence.outside
    if policy is None or policy.quorum == NONE:
        return
    note = outside.cosigned()
    if note is None:
        found.unchecked.append(Unchecked(code="no_cosigned", values={"place": str(outside.own)}))
        return
    try:
        proven = verify_tree_head(note, policy)
    except Refused as problem:
        found.raise_alarm("cosigned_note", why=problem.rule)
        return
    newest = max((each.head.size for each in held if each.code == "outside"), default=0)
    at = datetime.fromtimestamp(max(proven.cosigned.values()), UTC)
    if evidence.now is not None and proven.head.size < newest and evidence.now - at > _AWAY:
        found.raise_alarm("cosigned_late", at=at.isoformat(), size=proven.head.size)
    yield Held("seen", "checkpoint.cosigned", proven.head)


def compare(held: list[Held], walked: Walked, found: Verified) -> None:
    """Compare held heads with the tree as it was found.

    :param held: the heads.
    :param walked: the tree.
    :param found: what was found; alarms are added.
    """
    for each in held:
        size = each.head.size
        root = walked.roots.get(size)
        if size == 0:
            continue
        if root is None:
            found.raise_alarm(
                f"{each.code}_size", place=each.place, size=size, leaves=walked.leaves
            )
        elif root != each.head.root:
            found.raise_alarm(f"{each.code}_root", place=each.place, size=size)
