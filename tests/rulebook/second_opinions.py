"""The same questions of the same logs in plain SQL: nothing of the project is used here.

Days are the first ten characters of a time: the clock of the place. SQLite's own julianday knows
offsets, so moments are compared by it.
"""

import json
import sqlite3
from collections.abc import Iterable
from contextlib import closing

Row = dict[str, str]

_TOLD = ("deadline", "enddate", "due", "dueDate", "dateFinished", "parts")
_TABLE = f"""CREATE TABLE e (n INTEGER PRIMARY KEY, c TEXT, step TEXT, actor TEXT, cents INTEGER,
 at TEXT, day TEXT, {", ".join(f"{name} TEXT" for name in _TOLD)})"""
_INSERT = f"INSERT INTO e VALUES ({', '.join('?' * (7 + len(_TOLD)))})"


def second_opinion(rows: Iterable[Row], statement: str) -> set[str]:
    """Answer the cases that a statement names."""
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute(_TABLE)
        connection.executemany(_INSERT, map(_flat, enumerate(rows)))
        connection.execute("CREATE INDEX i ON e (c, step, n)")
        return {case for (case,) in connection.execute(statement)}


def _flat(numbered: tuple[int, Row]) -> tuple[object, ...]:
    number, row = numbered
    told = json.loads(row["attributes"] or "{}")
    cents = round(float(row["amount"]) * 100) if row["amount"] else None
    at = row["occurred_at"]
    own = (number, row["case_id"], row["step"], row["actor"] or None, cents, at, at[:10])
    return (*own, *(told.get(name) for name in _TOLD))


def both(one: str, other: str) -> str:
    """Ask for the cases with both steps."""
    return f"""SELECT DISTINCT a.c FROM e a JOIN e b ON a.c = b.c
 WHERE a.step = '{one}' AND b.step = '{other}'"""


def same(one: str, other: str) -> str:
    """Ask for the cases in which one person did both, in whichever order."""
    return f"{both(one, other)} AND a.actor = b.actor"


def nobody(one: str, other: str) -> str:
    """Ask for the cases in which a step of a pair was done by nobody known."""
    return f"{both(one, other)} AND (a.actor IS NULL OR b.actor IS NULL)"


def done(step: str) -> str:
    """Ask for the cases with a step."""
    return f"SELECT DISTINCT c FROM e WHERE step = '{step}'"


SENT_LATE = """SELECT DISTINCT s.c FROM e s JOIN e f ON f.c = s.c AND f.step = 'Create Fine'
 WHERE s.step = 'Send Fine' AND julianday(s.day) - julianday(f.day) > 90"""
#: The same by the seconds that passed, which is not the law's way of counting.
SENT_LATE_IN_SECONDS = """SELECT DISTINCT s.c FROM e s JOIN e f ON f.c = s.c
 AND f.step = 'Create Fine' WHERE s.step = 'Send Fine'
 AND julianday(s.at) - julianday(f.at) > 90.00001"""

_BEFORE = "x.c = k.c AND x.n < k.n AND x.day <= k.day"
_PAID = f"(SELECT coalesce(sum(cents), 0) FROM e x WHERE {_BEFORE} AND step = 'Payment')"
_POSTAGE = f"(SELECT coalesce(sum(cents), 0) FROM e x WHERE {_BEFORE} AND step = 'Send Fine')"
_FINE = f"""(SELECT cents FROM e x WHERE {_BEFORE} AND step IN ('Create Fine', 'Add penalty')
 ORDER BY day DESC, n DESC LIMIT 1)"""
_HOLE = f"""EXISTS (SELECT 1 FROM e x WHERE {_BEFORE} AND cents IS NULL
 AND step IN ('Create Fine', 'Send Fine', 'Add penalty', 'Payment'))"""
PAID_AND_COLLECTED = f"""SELECT c FROM e k WHERE step = 'Send for Credit Collection'
 AND {_PAID} >= {_FINE} + {_POSTAGE} AND NOT {_HOLE}"""
SUM_UNKNOWN = f"""SELECT c FROM e k WHERE step = 'Send for Credit Collection'
 AND ({_FINE} IS NULL OR {_HOLE})"""

BOTH_REMEDIES = both("Insert Date Appeal to Prefecture", "Appeal to Judge")
SKIPPED = """SELECT c FROM e k WHERE step = 'Send for Credit Collection' AND (
 SELECT count(DISTINCT step) FROM e x WHERE x.c = k.c AND x.n < k.n
 AND step IN ('Send Fine', 'Insert Fine Notification', 'Add penalty')) < 3"""

ENDED = "SELECT c FROM e WHERE enddate IS NOT NULL AND deadline IS NOT NULL"
ENDED_LATE = "SELECT c FROM e WHERE julianday(enddate) > julianday(deadline)"
#: Late by the day on the wall calendar; the deadline of this log is a moment, so it is too few.
ENDED_A_DAY_LATE = "SELECT c FROM e WHERE substr(enddate, 1, 10) > substr(deadline, 1, 10)"
_DUE = """SELECT a.c FROM e a JOIN e z ON z.c = a.c AND z.step = 'closed'
 WHERE a.step = 'created' AND a.due IS NOT NULL"""
CLOSED_WITH_DUE = _DUE
CLOSED_LATE = f"{_DUE} AND julianday(z.at) > julianday(a.due)"

WITH_DUE_DATE = "SELECT DISTINCT c FROM e WHERE dueDate IS NOT NULL"
DONE_AFTER_DUE_DATE = f"{WITH_DUE_DATE} AND julianday(at) > julianday(dueDate)"
WITH_TWO_CLOCKS = "SELECT DISTINCT c FROM e WHERE dateFinished IS NOT NULL"
RECORDED_LATE = f"""{WITH_TWO_CLOCKS}
 AND julianday(substr(dateFinished, 1, 10)) - julianday(day) > 7"""

_KINDS = (
    "Milieu (vergunning)",
    "Milieu (omgevingsvergunning beperkte milieutoets)",
    "Brandveilig gebruik (vergunning)",
    "Gebiedsbescherming",
    "Monument",
)
_LISTED = " OR ".join(f"',' || s.parts || ',' LIKE '%,{kind},%'" for kind in _KINDS)
#: Cases of high risk as far as their application says so; it must have been recorded before.
_APPLIED = f"SELECT s.c FROM e s WHERE s.step = '01_HOOFD_010' AND ({_LISTED})"
_PAIR = ("01_HOOFD_370", "01_HOOFD_490_1")
RISKY_SAME = f"{same(*_PAIR)} AND a.c IN ({_APPLIED})"
RISK_UNKNOWN = f"""{same(*_PAIR)} AND a.c NOT IN (
 SELECT c FROM e WHERE step = '01_HOOFD_010' AND parts IS NOT NULL)"""
