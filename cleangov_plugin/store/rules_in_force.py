"""The rules in force, as they are kept and as documents."""

import json
from typing import Any, TypeAlias

from sqlalchemy import Connection, select

from . import rulebook, tables
from .run import run

#: The text of a rule, and those of its bindings.
Texts: TypeAlias = tuple[str, tuple[str, ...]]


def texts(connection: Connection, log_id: str) -> tuple[int, list[Texts]]:
    """Read the rules in force, all of one revision: where it goes up meanwhile, all is read anew.

    :param connection: any connection.
    :param log_id: the agency's ledger.
    :return: the revision, and the texts of each rule, in order of rule id.
    """
    rule, bound = tables.rule_version, tables.binding
    ruleset = rulebook.revisions(connection, log_id)[0]
    bindings: dict[str, list[str]] = {}
    for row in run(
        connection,
        select(bound.c.rule_id, bound.c.document)
        .where(bound.c.log_id == log_id, bound.c.to_at.is_(None))
        .order_by(bound.c.binding_id),
    ):
        bindings.setdefault(row.rule_id, []).append(row.document)
    rows = run(
        connection,
        select(rule.c.rule_id, rule.c.document)
        .where(rule.c.log_id == log_id, rule.c.to_at.is_(None))
        .order_by(rule.c.rule_id),
    )
    found = [(row.document, tuple(bindings.get(row.rule_id, ()))) for row in rows]
    is_whole = rulebook.revisions(connection, log_id)[0] == ruleset
    return (ruleset, found) if is_whole else texts(connection, log_id)


def load(connection: Connection, log_id: str) -> tuple[int, list[dict[str, Any]]]:
    """Load the rules in force, all of one revision.

    :param connection: any connection.
    :param log_id: the agency's ledger.
    :return: the revision, and the documents with their bindings, in order of rule id.
    """
    ruleset, found = texts(connection, log_id)
    return ruleset, [read(each) for each in found]


def read(kept: Texts) -> dict[str, Any]:
    """Read the texts of a rule as one document with its bindings.

    :param kept: the texts.
    """
    rule, bindings = kept
    return {**json.loads(rule), "bindings": [json.loads(each) for each in bindings]}
