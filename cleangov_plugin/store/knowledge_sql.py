"""The one statement of `knowledge.read`, put together from branches of five columns each.

Tags: ``x`` snapshot, level, is_free · ``r`` revisions · ``h`` an earlier event · ``s`` a figure ·
``l`` the lane · ``d`` the same event, written before · ``p`` a known pseudonym · ``g0``, ``g1`` …
an earlier event of a group · ``f`` a group that is filled. The columns are tag, text, text,
number, number.
"""

from functools import lru_cache
from typing import Final

_SQLITE_STATE: Final = (
    "SELECT 'x' AS tag, 'id:' || coalesce((SELECT max(id) FROM {s}cleangov_entry), 0) AS a,"
    " '' AS b, 1 AS m, 0 AS n"
)
_SQLITE_LANE: Final = (
    "SELECT * FROM (SELECT 'l', NULL, body, lane, no FROM {s}cleangov_entry"
    " WHERE log_id = :log_id AND lane = 0 ORDER BY no DESC LIMIT 1)"
)
_SQLITE_KNOWN: Final = (
    "SELECT 'd', hex(digest), NULL, id, 0 FROM {s}cleangov_entry"
    " WHERE log_id = :log_id AND event_key = :event_key"
)

#: The lock is asked for once, and before anything that depends on it.
_PG_LOCK: Final = (
    "held AS MATERIALIZED (SELECT pg_try_advisory_xact_lock(CAST(:lock AS bigint)) AS is_free)"
)
#: Where a statement sees what others have committed, any lane will do that nobody holds. Where the
#: snapshot is fixed, a lane that others moved on since then cannot be locked: there each server
#: process has lanes of its own. A process number in use is in use once, and what its last owner
#: wrote is committed and seen.
_PG_LANE: Final = """
mine AS MATERIALIZED (
  SELECT CASE WHEN current_setting('transaction_isolation') IN ('read committed',
    'read uncommitted') THEN 0 ELSE pg_backend_pid() END AS pid),
free AS MATERIALIZED (
  SELECT lane, no, head FROM {s}cleangov_lane
  WHERE log_id = CAST(:log_id AS text) AND pid = (SELECT pid FROM mine)
    AND (SELECT is_free FROM held)
  ORDER BY lane LIMIT 1 FOR UPDATE SKIP LOCKED),
made AS (
  INSERT INTO {s}cleangov_lane (log_id, no, head, pid)
  SELECT CAST(:log_id AS text), 0, '', (SELECT pid FROM mine)
  WHERE NOT EXISTS (SELECT 1 FROM free) AND (SELECT is_free FROM held)
    AND NOT EXISTS (SELECT 1 FROM {s}cleangov_entry
                    WHERE log_id = CAST(:log_id AS text) AND event_key = CAST(:event_key AS text))
  RETURNING lane, no, head)"""
_PG_STATE: Final = (
    "SELECT 'x' AS tag, CAST(pg_current_snapshot() AS text) AS a,"
    " current_setting('transaction_isolation') AS b, CAST({free} AS bigint) AS m,"
    " CAST(0 AS bigint) AS n"
)
_PG_TAKEN: Final = (
    "SELECT 'l', head, NULL, lane, no FROM free UNION ALL"
    " SELECT 'l', head, NULL, lane, no FROM made"
)
_PG_KNOWN: Final = (
    "SELECT 'd', encode(digest, 'hex'), NULL, id, 0 FROM {s}cleangov_entry"
    " WHERE log_id = :log_id AND event_key = :event_key"
)

_REVISION: Final = (
    "SELECT 'r', passings_until, NULL, ruleset, calendar FROM {s}cleangov_revision"
    " WHERE log_id = :log_id"
)
_HISTORY: Final = (
    "SELECT 'h', kind, body, id, 0 FROM {s}cleangov_entry WHERE log_id = :log_id"
    " AND subject = :subject AND (supersedes IS NOT NULL OR kind IN (%s)){known}"
)
_FIGURE: Final = (
    "SELECT * FROM (SELECT 's', fact_id, key, value, n FROM {s}cleangov_statistic"
    " WHERE log_id = :log_id AND fact_id = :f%d AND key = :g%d AND day_on <= :day"
    " ORDER BY day_on DESC LIMIT 1) AS s%d"
)
#: Two events more than are looked at tell that there are too many, though one be the event that the
#: present one corrects; corrected ones are left out.
_GROUP: Final = (
    "SELECT * FROM (SELECT 'g%d' AS t, '' AS u, e.body, e.id, 0 AS z FROM {s}cleangov_grouped g"
    " JOIN {s}cleangov_entry e ON e.id = g.entry_id WHERE g.log_id = :log_id"
    " AND g.group_id = :a%d AND g.key = :c%d AND g.day BETWEEN :v%d AND :w%d{known}"
    " AND NOT EXISTS (SELECT 1 FROM {s}cleangov_entry c WHERE c.log_id = e.log_id"
    " AND c.subject = e.subject AND c.supersedes = e.event_key{fixed})"
    " ORDER BY g.day DESC, g.entry_id DESC LIMIT 1002) AS g%d"
)
#: What an event that waited could know: of events, of corrections of events of other cases.
_KNOWN: Final = " AND {e}recorded_at <= :until"
_FILLED: Final = (
    "SELECT 'f', t.group_id, NULL, 0, 0 FROM {s}cleangov_group_state t JOIN {s}cleangov_revision r"
    " ON r.log_id = t.log_id AND r.ruleset = t.ruleset WHERE t.log_id = :log_id"
    " AND t.filled_row IS NOT NULL"
)
_PSEUDONYMS: Final = (
    "SELECT 'p', pseudonym, NULL, 0, 0 FROM {s}cleangov_pseudonym"
    " WHERE log_id = :log_id AND pseudonym IN (%s)"
)


@lru_cache(maxsize=512)
def template(
    dialect: str,
    kinds: int,
    statistics: int,
    pseudonyms: int,
    is_event: bool,
    groups: int = 0,
    *,
    is_bounded: bool = False,
) -> str:
    """Answer the statement for a request of a certain shape; shapes are few, so it is kept.

    :param dialect: ``"sqlite"`` or ``"postgresql"``.
    :param kinds: how many kinds of earlier events are wanted.
    :param statistics: how many figures.
    :param pseudonyms: how many pseudonyms.
    :param is_event: whether an entry will follow.
    :param groups: how many groups of events of all cases.
    :param is_bounded: whether what was recorded after a moment is left out.
    :return: SQL for `run.driver_sql`.
    """
    is_sqlite = dialect == "sqlite"
    branches = [_SQLITE_STATE if is_sqlite else _pg_state(is_event), _REVISION]
    if kinds:
        branches.append(_known(_HISTORY % _names("k", kinds), is_bounded, ""))
    branches.extend(_FIGURE % (n, n, n) for n in range(statistics))
    group = _known(_GROUP, is_bounded, "e.")
    branches.extend(group % (n, n, n, n, n, n) for n in range(groups))
    if groups:
        branches.append(_FILLED)
    if is_event:
        branches.extend((_SQLITE_LANE, _SQLITE_KNOWN) if is_sqlite else (_PG_TAKEN, _PG_KNOWN))
    if pseudonyms:
        branches.append(_PSEUDONYMS % _names("p", pseudonyms))
    head = "" if is_sqlite or not is_event else f"WITH {_PG_LOCK}, {_PG_LANE.strip()}\n"
    return head + "\nUNION ALL ".join(branches)


def _known(branch: str, is_bounded: bool, table: str) -> str:
    """Leave out what was recorded later: what corrected another later corrects nothing yet."""
    known, fixed = (_KNOWN.replace("{e}", name) if is_bounded else "" for name in (table, "c."))
    return branch.replace("{known}", known).replace("{fixed}", fixed)


def _pg_state(is_event: bool) -> str:
    free = "CASE WHEN (SELECT is_free FROM held) THEN 1 ELSE 0 END" if is_event else "1"
    return _PG_STATE.replace("{free}", free)


def _names(letter: str, count: int) -> str:
    return ", ".join(f":{letter}{n}" for n in range(count))
