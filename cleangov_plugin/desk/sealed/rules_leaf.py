"""What leaves say of the rules: who changes one leaves a line that nobody can take back.

The plugin raises the revision of the rules in the transaction that changes them. So the tables are
read where the revision is another than the newest leaf names, and an edition that came without one
is no change of ours.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from cleangov_plugin.desk.shelf import Connection
from cleangov_plugin.ledger.canonical import ProfileError
from cleangov_plugin.ledger.meta import MetaKind, decode_meta
from cleangov_plugin.ledger.rule_lines import (
    RuleKey,
    RuleLine,
    digest_of_edition,
    fold,
    lines_for_leaves,
)
from cleangov_plugin.store import rulebook
from cleangov_plugin.store.own_leaf_rows import RULES_LEAF, all_rules, newest_rules
from cleangov_plugin.store.tree import Leaf

from .own_leaves import own_leaf


def rules_now(connection: Connection, log_id: str) -> dict[RuleKey, RuleLine]:
    """Answer what the tables say of every edition.

    :param connection: any connection.
    :param log_id: the ledger.
    """
    return {
        RuleKey(what, id_, number): RuleLine(digest_of_edition(row), row["to_at"] or "")
        for what, id_, number, row in rulebook.editions(connection, log_id)
    }


def change(sealed: RuleLine | None, there: RuleLine) -> RuleLine | None:
    """Answer what is to be said of an edition after what was sealed of it; None for nothing.

    It comes, or it is taken out of force. Whatever else is another now is not said again.

    :param sealed: what was sealed; None where nothing was.
    :param there: what the tables say.
    """
    if sealed is None:
        return there
    return sealed._replace(to=there.to) if there.to and not sealed.to else None


def revision_of(document: Mapping[str, Any]) -> int | None:
    """Answer the revision of the rules that a leaf names.

    :param document: the leaf; hostile.
    """
    found = document.get("ruleset")
    return found if isinstance(found, int) else None


def rules_leaves(connection: Connection, log_id: str, now: datetime) -> list[Leaf]:
    """Make the leaves that say which rules came or went; none where the newest says the revision.

    An edition that was sealed and is another now is not said again: verifying names it.

    :param connection: any connection.
    :param log_id: the ledger.
    :param now: the present time, aware.
    """
    ruleset = rulebook.revisions(connection, log_id)[0]
    newest = _read(newest_rules(connection, log_id))
    if ruleset == 0 or (newest is not None and revision_of(newest) == ruleset):
        return []
    told = (_read(text) for text in all_rules(connection, log_id))
    sealed = fold(document for document in told if document is not None)
    there = rules_now(connection, log_id)
    said = {key: change(sealed.get(key), line) for key, line in there.items()}
    changed = {key: line for key, line in said.items() if line is not None}
    parts = list(lines_for_leaves(changed)) or [[]]
    return [
        own_leaf(MetaKind.RULES, log_id, now, ruleset=ruleset, lines=part)._replace(no=RULES_LEAF)
        for part in parts
    ]


def _read(text: str | None) -> Mapping[str, Any] | None:
    try:
        return None if text is None else decode_meta(text)
    except ProfileError:
        return None
