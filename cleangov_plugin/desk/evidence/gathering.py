"""What a bundle says besides its entries, gathered from the database as it stands now."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from cleangov_plugin.desk.checkpoint.attributes import digest_of
from cleangov_plugin.desk.review.findings import NEEDED, record_of
from cleangov_plugin.desk.shelf import Connection
from cleangov_plugin.ledger import disclosure
from cleangov_plugin.ledger.canonical import ProfileError
from cleangov_plugin.ledger.instants import stamp
from cleangov_plugin.store import case_evidence, gaps, run_counts
from cleangov_plugin.store.gaps import GapState
from cleangov_plugin.store.leaf_places import EntryPlace

from .claims import ERASED, FIELD, LETTERS, TEMPLATE, Body, rules_of, words_digest
from .proving import NotProven


def replies(
    connection: Connection, log_id: str, subject: str, bodies: Sequence[Body]
) -> dict[str, Any]:
    """Gather the letters of a case and what was answered, with the words they were sent with.

    :param connection: a reading connection.
    :param log_id: the ledger.
    :param subject: the case.
    :param bodies: what its entries say, in order.
    """
    kept = {
        digest_of(words): words for words in case_evidence.letter_words(connection, log_id, subject)
    }
    found = []
    for number, body in enumerate(bodies, 1):
        if body["kind"] not in LETTERS:
            continue
        digest = words_digest(body)
        if digest in kept:
            found.append({"entry": number, "words": kept[digest]})
        else:
            why = ERASED if digest else _wordless(body)
            found.append({"entry": number, "not_shown": why})
    return {"letters": found}


def rules(
    connection: Connection, log_id: str, bodies: Sequence[Body], now: datetime
) -> dict[str, Any]:
    """Gather how good the rules that hit have been so far, and what they could not see.

    :param connection: a reading connection.
    :param log_id: the ledger.
    :param bodies: what the case's entries say.
    :param now: the present time, aware.
    """
    seen = {each.log_id: each.rules or {} for each in run_counts.counted(connection)}
    counted = seen.get(log_id, {})
    found = []
    for rule, (versions, unknown) in rules_of(bodies).items():
        record, counts = record_of(connection, log_id, rule), counted.get(rule)
        found.append(
            {
                "rule": rule,
                "versions": sorted(versions),
                "unknown_here": unknown,
                "closed": record.closed,
                "confirmed": record.confirmed,
                "cleared": record.cleared,
                "untold": record.closed - record.confirmed - record.cleared,
                "needed": NEEDED,
                "cases": counts.cases if counts else None,
                "hits": counts.hits if counts else None,
                "cannot_be_checked": counts.cannot_be_checked if counts else None,
            }
        )
    return {"at": stamp(now), "rules": found}


def gaps_of(
    connection: Connection, log_id: str, subject: str, unsealed: int, now: datetime
) -> dict[str, Any]:
    """Gather what is owed: of the ledger the numbers, of the case one by one.

    :param connection: a reading connection.
    :param log_id: the ledger.
    :param subject: the case.
    :param unsealed: entries of the case that the head does not cover.
    :param now: the present time, aware.
    """
    counts = gaps.counts(connection, log_id)
    mine = [
        {name: row[name] for name in ("gap", "reason", "state", "owed_at")}
        for row in case_evidence.open_gaps(connection, log_id)
        if _case_of(row) == subject
    ]
    return {
        "at": stamp(now),
        "owed": counts[GapState.OWED],
        "given_up": counts[GapState.GIVEN_UP],
        "unsealed": unsealed,
        "case": mine,
    }


def disclosures(entries: Sequence[EntryPlace], chosen: Sequence[str]) -> dict[str, Any]:
    """Gather the fields that were chosen to be shown; none besides.

    :param entries: entries of the case, in order.
    :param chosen: codes of the fields.
    :raises NotProven: where the case has none of a code: ``"no_disclosure"``.
    """
    found: list[list[Any]] = []
    seen: set[str] = set()
    for number, entry in enumerate(entries, 1):
        for text in disclosure.split(entry.disc):
            try:
                code, _ = disclosure.read(text)
            except ProfileError:
                continue  # verifying the ledger names it; here it can only be left out
            if code in chosen:
                seen.add(code)
                found.append([number, text])
    for code in chosen:
        if code not in seen:
            raise NotProven("no_disclosure", code=code)
    return {"chosen": sorted(seen), "fields": found}


def _wordless(body: Body) -> str:
    return TEMPLATE if body["kind"].endswith(".sent") else FIELD


def _case_of(row: Mapping[str, Any]) -> str | None:
    try:
        event = json.loads(row["event"] or "null")
    except (ValueError, RecursionError):
        return None
    case = event.get("case_id") if isinstance(event, dict) else None
    return case if isinstance(case, str) else None
