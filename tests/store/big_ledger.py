"""A ledger of 100,000 entries, among which most of what is asked for is rare."""

from typing import Any

import sqlalchemy as sa

from cleangov_plugin.domain.terms import FindingState
from cleangov_plugin.store.review import EntryQuery, Reach
from cleangov_plugin.store.review_findings import FindingQuery

ENTRIES = 100_000
FINDINGS = 30_000
LOG = "big"
ALL = Reach(sees_hidden=True)
ONE_UNIT = Reach(unit="u-rare")

#: Entry n: a minute after n-1; every 997th is of a rare kind and unit, every 5,003rd a hit.
ENTRY = """
INSERT INTO {s}cleangov_entry (log_id, part, {id_}lane, no, event_key, stream, kind, subject,
  actor, unit, occurred_at, recorded_at, ingested_at, origin, digest, body, snapshot, marks,
  retention_class)
SELECT CASE WHEN n % 10 = 0 THEN 'other' ELSE 'big' END, 202603, {n}0, n, 'source' || {tab} || n,
  CASE WHEN n % 4 = 0 THEN 'permit' ELSE 'enforcement' END,
  CASE WHEN n % 997 = 0 THEN 'enf.rare' ELSE 'enf.decision.made' END,
  CASE WHEN n % 3 = 0 THEN 'one giant case' ELSE 'case ' || (n / 7) END, 'pseudonym',
  CASE WHEN n % 997 = 0 THEN 'u-rare' ELSE 'u-' || (n % 7) END,
  {at}, {at}, {at}, 'live', {empty}, '{{"outcomes":[]}}', '',
  CASE WHEN n % 5003 = 0 THEN 1 ELSE 0 END, 'case'
FROM {numbers}
"""
FINDING = """
INSERT INTO {s}cleangov_finding (log_id, rule_id, rule_version, binding_id, subject, part,
  is_signal, severity, visibility, state, owner, due_on, stream, step, unit, actor, event_key,
  event_id, shown_values, occurred_at, found_at, retention_class)
SELECT CASE WHEN n % 10 = 0 THEN 'other' ELSE 'big' END,
  CASE WHEN n % 499 = 0 THEN 'RARE' ELSE 'E07' END, 1, 'b', 'case ' || n, '', {signal},
  CASE WHEN n % 997 = 0 THEN 'void' ELSE 'minor' END, 'officer',
  CASE WHEN n % 2 = 0 THEN 'signal' ELSE 'open' END,
  CASE WHEN n % 2 = 0 THEN NULL ELSE 'supervision' END,
  CASE WHEN n % 2 = 0 THEN NULL ELSE '2026-04-' || (10 + n % 20) END,
  'enforcement', 'decide', 'u-' || (n % 7), 'pseudonym', 'k' || n, 'e' || n, '{{}}', {at}, {at},
  'case'
FROM {numbers}
"""
#: A letter about every finding; every 997th to one person, a unit each seventh.
LETTER = """
INSERT INTO {s}cleangov_instrument (log_id, kind, year, no, finding_id, subject, unit, visibility,
  addressee, sent_by, template, template_version, language, parameters, state, sent_at, due_on,
  changed_at, retention_class)
SELECT CASE WHEN n % 10 = 0 THEN 'other' ELSE 'big' END, 'inquiry', 2026, n, n, 'case ' || n,
  CASE WHEN n % 997 = 0 THEN 'u-rare' ELSE 'u-' || (n % 7) END, 'lead',
  CASE WHEN n % 997 = 0 THEN 'rare' ELSE 'p' || n END, 'sender', 'inquiry', 1, 'zh-CN', '{{}}',
  CASE WHEN n % 2 = 0 THEN 'waiting' ELSE 'answered' END, {at}, '2026-04-' || (10 + n % 20), {at},
  'case'
FROM {numbers}
"""
LETTER_ACT = """
INSERT INTO {s}cleangov_instrument_act (instrument_id, kind, done_by, done_at, retention_class)
SELECT n, 'answer', 'p' || n, {at}, 'case' FROM {numbers}
"""


def fill(engine: sa.Engine) -> None:
    is_sqlite = engine.dialect.name == "sqlite"
    clock = "strftime('%Y-%m-%dT%H:%M:00.000000Z', '2026-03-01', '+' || n || ' minutes')"
    if not is_sqlite:
        clock = "to_char(timestamp '2026-03-01' + n * interval '1 minute', {})".format(
            '\'YYYY-MM-DD"T"HH24:MI:00.000000"Z"\''
        )
    words = {
        "s": "" if is_sqlite else "cleangov.",
        "id_": "id, " if is_sqlite else "",
        "n": "n, " if is_sqlite else "",
        "tab": "char(9)" if is_sqlite else "chr(9)",
        "empty": "x''" if is_sqlite else "''::bytea",
        "signal": "n % 2 = 0",
        "at": clock,
    }
    with engine.begin() as connection:
        many = ((ENTRY, ENTRIES), (FINDING, FINDINGS), (LETTER, FINDINGS), (LETTER_ACT, FINDINGS))
        for statement, number in many:
            numbers = f"generate_series(1, {number}) AS g(n)"
            if is_sqlite:
                numbers = (
                    "(WITH RECURSIVE g(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM g"
                    f" WHERE n < {number}) SELECT n FROM g)"
                )
            text = statement.format(**words, numbers=numbers)
            connection.exec_driver_sql(text if is_sqlite else text.replace("%", "%%"))
        if not is_sqlite:
            connection.exec_driver_sql("ANALYZE")


def entry(**wanted: Any) -> EntryQuery:
    return EntryQuery(**{"log_id": LOG, "reach": ALL, **wanted})


def finding(state: FindingState = FindingState.SIGNAL, **wanted: Any) -> FindingQuery:
    return FindingQuery(**{"log_id": LOG, "reach": ALL, "state": state, **wanted})
