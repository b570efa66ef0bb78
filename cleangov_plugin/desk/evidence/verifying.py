"""Verifying a bundle of evidence, away from any database; to return is to be true.

Whom to believe comes from the auditor alone. A bundle has no policy and no key in it: a file of
that name would be refused like any other that does not belong there.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cleangov_plugin.ledger.evidence_zip import read_zip
from cleangov_plugin.ledger.log_proof import verify_tree_head
from cleangov_plugin.ledger.policy import Policy

from . import parts
from .claims import (
    check_clock,
    check_disclosures,
    check_gaps,
    check_replies,
    check_rules,
    rules_of,
)
from .sealed_case import sealed_case


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifiedBundle:
    """What a bundle was found to prove, and what it only says.

    :param log_id: the ledger.
    :param case: the case.
    :param entries: how many entries it has: all of the case up to the head.
    :param size: leaves under the head.
    :param root: its root, hexadecimal.
    :param cosigned: when witnesses of the policy saw the head: seconds since 1970.
    :param rules: rules that hit in the case.
    :param shown: by number of the entry, fields that were disclosed.
    :param said: what is the exporter's word: figures of rules, gaps.
    """

    log_id: str
    case: str
    entries: int
    size: int
    root: str
    cosigned: Mapping[str, int]
    rules: tuple[str, ...]
    shown: Mapping[int, Mapping[str, str]]
    said: Mapping[str, Any]


def verify_bundle(data: bytes, policy: Policy) -> VerifiedBundle:
    """Verify a bundle.

    :param data: bytes of the file; hostile.
    :param policy: the auditor's own.
    :raises Refused: with the rule that was broken: those of `read_zip`, `read_log_proof`,
        `verify_tree_head`, `verify_inclusion` and `verify_case`, or ``"evidence...."`` and
        ``"disclosure...."``.
    """
    files = read_zip(data)
    return verify_files(files, policy)


def verify_files(files: parts.Files, policy: Policy) -> VerifiedBundle:
    """Verify the files of a bundle.

    :param files: bytes by name; hostile.
    :param policy: the auditor's own.
    :raises Refused: with the rule that was broken.
    """
    count = parts.check_parts(files)
    case = sealed_case(files, count, verify_tree_head(parts.head(files), policy))
    check_replies(files, case.entries)
    check_rules(files, case.entries)
    check_gaps(files)
    check_clock(files, case.entries)
    shown = check_disclosures(files, case.entries)
    head = case.proven.head
    return VerifiedBundle(
        log_id=case.log_id,
        case=case.subject,
        entries=count,
        size=head.size,
        root=head.root.hex(),
        cosigned=case.proven.cosigned,
        rules=tuple(rules_of([entry.body for entry in case.entries])),
        shown=shown,
        said={
            "rules": parts.read(files, parts.RULES)["rules"],
            "gaps": parts.read(files, parts.GAPS),
        },
    )
