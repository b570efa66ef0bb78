"""What the shipped rules see in the real logs, case by case, beside a second opinion in SQL."""

import json
from collections.abc import Callable

import pytest

from tests.rulebook import second_opinions as sql
from tests.rulebook.real_logs import Row, Seen, ask, flat_rows
from tests.rulebook.second_opinions import second_opinion

T04 = "T04 Determine confirmation of receipt"
T05 = "T05 Print and send confirmation of receipt"
T06 = "T06 Determine necessity of stop advice"
T10 = "T10 Determine necessity to stop indication"
ASSESSED, DRAFTED = "01_HOOFD_370", "01_HOOFD_490_1"
NAMES = ("fines", "receipt", "bpic2015", "nyc311")


@pytest.fixture(scope="module")
def rows() -> dict[str, list[Row]]:
    return {name: flat_rows(name) for name in NAMES}


@pytest.fixture(scope="module")
def seen(rows: dict[str, list[Row]]) -> dict[str, dict[str, Seen]]:
    return {name: ask(name, rows[name]) for name in NAMES}


@pytest.mark.parametrize(
    ("log", "rule", "figures", "looked_at", "hits"),
    [
        ("fines", "E61", (2015, 974, 0), sql.done("Send Fine"), sql.SENT_LATE),
        (
            "fines",
            "E62",
            (1137, 0, 0),
            sql.done("Send for Credit Collection"),
            sql.PAID_AND_COLLECTED,
        ),
        (
            "fines",
            "E63",
            (83, 1, 0),
            f"{sql.done('Insert Date Appeal to Prefecture')} UNION {sql.done('Appeal to Judge')}",
            sql.BOTH_REMEDIES,
        ),
        ("fines", "E64", (1137, 0, 0), sql.done("Send for Credit Collection"), sql.SKIPPED),
        ("receipt", "X10A", (1299, 880, 0), sql.both(T04, T05), sql.same(T04, T05)),
        ("receipt", "X10B", (1283, 1261, 0), sql.both(T06, T10), sql.same(T06, T10)),
        ("receipt", "X12", (1329, 377, 0), sql.ENDED, sql.ENDED_LATE),
        (
            "bpic2015",
            "X10C",
            (578, 518, 0),
            sql.both(ASSESSED, DRAFTED),
            sql.same(ASSESSED, DRAFTED),
        ),
        ("bpic2015", "P04", (578, 40, 75), sql.both(ASSESSED, DRAFTED), sql.RISKY_SAME),
        ("bpic2015", "X11", (398, 8, 0), sql.WITH_DUE_DATE, sql.DONE_AFTER_DUE_DATE),
        ("bpic2015", "X13", (832, 506, 0), sql.WITH_TWO_CLOCKS, sql.RECORDED_LATE),
        ("nyc311", "X12", (419, 46, 0), sql.CLOSED_WITH_DUE, sql.CLOSED_LATE),
    ],
)
def test_a_rule_sees_what_plain_sql_sees_case_by_case(
    rows: dict[str, list[Row]],
    seen: dict[str, dict[str, Seen]],
    log: str,
    rule: str,
    figures: tuple[int, int, int],
    looked_at: str,
    hits: str,
) -> None:
    found = seen[log][rule]
    assert found.figures == figures
    assert found.cases == second_opinion(rows[log], looked_at)
    assert found.hits == second_opinion(rows[log], hits)


def test_what_a_permit_is_for_is_not_known_in_some_cases_of_one_pair_of_hands(
    rows: dict[str, list[Row]], seen: dict[str, dict[str, Seen]]
) -> None:
    found = seen["bpic2015"]["P04"]
    assert found.unknown.keys() == second_opinion(rows["bpic2015"], sql.RISK_UNKNOWN)
    assert set().union(*found.unknown.values()) == {"permit_kind", "prm.submitted.permit_kind"}


def test_days_and_seconds_give_other_answers(rows: dict[str, list[Row]]) -> None:
    assert len(second_opinion(rows["fines"], sql.SENT_LATE_IN_SECONDS)) == 982
    assert len(second_opinion(rows["receipt"], sql.ENDED_A_DAY_LATE)) == 309


def test_tiers_leave_a_tenth_of_what_the_plain_rule_says(
    seen: dict[str, dict[str, Seen]],
) -> None:
    plain, tiered = seen["bpic2015"]["X10C"].hits, seen["bpic2015"]["P04"].hits
    assert tiered < plain
    assert len(tiered) * 10 < len(plain)


@pytest.mark.parametrize(
    ("log", "rules"),
    [
        ("fines", {"E07", "E60", "E61", "E62", "E63", "E64"}),
        ("receipt", {"X10", "X10A", "X10B", "X12"}),
        ("bpic2015", {"X10C", "P04", "X11", "X13"}),
        ("nyc311", {"X12"}),
    ],
)
def test_a_rule_says_nothing_of_a_log_that_is_none_of_its_business(
    seen: dict[str, dict[str, Seen]], log: str, rules: set[str]
) -> None:
    assert {id_ for id_, found in seen[log].items() if found.cases} - {"E08"} == rules


# ---- the same logs, spoilt: rules that were clear must hit, and what is blank must be named ------


def told(row: Row) -> dict[str, str]:
    found: dict[str, str] = json.loads(row["attributes"])
    return found


def spoilt(rows: list[Row], spoil: Callable[[int, Row], Row | None], step: str) -> list[Row]:
    """Answer the rows with those of one step changed, numbered among themselves."""
    kept, number = [], 0
    for row in rows:
        found: Row | None = row
        if row["step"] == step:
            found = spoil(number, dict(row))
            number += 1
        if found is not None:
            kept.append(found)
    return kept


def compared(found: Seen, rows: list[Row], hits: str, unknown: str) -> None:
    """Hits and unknowns are those of the second opinion, and there are enough of both to tell."""
    wrong, blind = second_opinion(rows, hits), second_opinion(rows, unknown)
    assert len(wrong) > 10
    assert len(blind) > 10
    assert found.hits == wrong
    assert found.unknown.keys() - wrong == blind - wrong


def test_collected_although_paid_to_the_cent_or_with_a_payment_of_no_known_sum(
    rows: dict[str, list[Row]],
) -> None:
    # every tenth collection gets a payment before it: all that is owed, a cent less, or no sum
    owed: dict[str, list[int]] = {}
    changed: list[Row] = []
    for row in rows["fines"]:
        cents = round(float(row["amount"] or 0) * 100)
        fine, postage = owed.setdefault(row["case_id"], [0, 0])
        if row["step"] in ("Create Fine", "Add penalty"):
            fine = cents
        if row["step"] == "Send Fine":
            postage += cents
        owed[row["case_id"]] = [fine, postage]
        if row["step"] == "Send for Credit Collection" and len(changed) % 10 == 0:
            off = (fine + postage - (len(changed) // 10) % 2) / 100
            amount = "" if len(changed) % 30 == 0 else f"{off:.2f}"
            changed.append({**row, "step": "Payment", "amount": amount})
        changed.append(row)
    found = ask("fines", changed)["E62"]
    compared(found, changed, sql.PAID_AND_COLLECTED, sql.SUM_UNKNOWN)
    assert set().union(*found.unknown.values()) == {"enf.fine.collected.amount"}


@pytest.mark.parametrize(
    ("step", "field"),
    [
        ("Create Fine", "enf.decision.made.amount"),
        ("Send Fine", "enf.notice.sent.amount"),
        ("Add penalty", "enf.penalty.added.amount"),
    ],
)
def test_what_is_owed_is_not_known_where_a_part_of_it_is_blank(
    rows: dict[str, list[Row]], step: str, field: str
) -> None:
    changed = spoilt(
        rows["fines"], lambda n, row: {**row, "amount": ""} if n % 9 == 0 else row, step
    )
    found = ask("fines", changed)["E62"]
    blind = second_opinion(changed, sql.SUM_UNKNOWN)
    assert len(blind) > 10
    assert found.unknown == {case: {field} for case in blind}


def test_collection_without_a_notice(rows: dict[str, list[Row]]) -> None:
    step = "Insert Fine Notification"
    changed = spoilt(rows["fines"], lambda n, row: None if n % 20 == 0 else row, step)
    found = ask("fines", changed)["E64"]
    assert len(found.hits) > 10
    assert found.hits == second_opinion(changed, sql.SKIPPED)


def test_sent_but_never_decided_cannot_be_checked(rows: dict[str, list[Row]]) -> None:
    changed = spoilt(rows["fines"], lambda n, row: None if n % 20 == 0 else row, "Create Fine")
    found = ask("fines", changed)["E61"]
    assert found.hits == second_opinion(changed, sql.SENT_LATE)
    blind = second_opinion(changed, f"{sql.done('Send Fine')} EXCEPT {sql.done('Create Fine')}")
    assert len(blind) > 10
    assert found.unknown == {case: {"enf.decision.made"} for case in blind}


@pytest.mark.parametrize(
    ("log", "rule", "one", "other"),
    [
        ("receipt", "X10A", T04, T05),
        ("receipt", "X10B", T06, T10),
        ("bpic2015", "X10C", ASSESSED, DRAFTED),
    ],
)
def test_a_step_by_nobody_known_is_never_clear(
    rows: dict[str, list[Row]], log: str, rule: str, one: str, other: str
) -> None:
    pairs = [row for row in rows[log] if row["step"] in (one, other)]
    changed = spoilt(pairs, lambda n, row: {**row, "actor": ""} if n % 7 == 0 else row, one)
    changed = spoilt(changed, lambda n, row: {**row, "actor": ""} if n % 9 == 0 else row, other)
    compared(ask(log, changed)[rule], changed, sql.same(one, other), sql.nobody(one, other))


def test_a_case_without_a_deadline_is_looked_at_by_no_rule(rows: dict[str, list[Row]]) -> None:
    def without(number: int, row: Row) -> Row:
        kept = {k: v for k, v in told(row).items() if k != "deadline" or number % 3}
        return {**row, "attributes": json.dumps(kept)}

    changed = spoilt(rows["receipt"], without, "Confirmation of receipt")
    found = ask("receipt", changed)["X12"]
    assert found.cases == second_opinion(changed, sql.ENDED)
    assert found.hits == second_opinion(changed, sql.ENDED_LATE)
    assert len(found.cases) < 1000
