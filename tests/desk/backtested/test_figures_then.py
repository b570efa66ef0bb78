"""Figures are made again as of each midnight: plain Python agrees, case by case, on a real log."""

import gzip
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

import sample_host.logs
from cleangov_plugin.desk.backtested.asking import Reading, Side, Sides
from cleangov_plugin.desk.backtested.figures_then import FiguresThen
from cleangov_plugin.desk.backtested.groups_then import GroupsThen
from cleangov_plugin.desk.backtested.parts import ledger_of
from cleangov_plugin.store import judged_entries
from cleangov_plugin.store.connecting import connected
from tests.cli.log_replaying import few_rules, replay
from tests.rules.rule_building import document

LOG = Path(sample_host.logs.__file__).with_name("road-traffic-fines.xes.gz")
DAYS, LEAST = 1_000, 10


@dataclass(frozen=True)
class Fine:
    """One fine, as the log tells it."""

    case: str
    day: date
    article: str
    cents: int


def fines() -> list[Fine]:
    """Read the fines of the log; nothing of the project is used here."""
    found = []
    for trace in ElementTree.fromstring(gzip.decompress(LOG.read_bytes())).iter("trace"):
        case = next(str(s.get("value")) for s in trace.findall("string"))
        for event in trace.iter("event"):
            told = {each.get("key"): str(each.get("value")) for each in event}
            if told["concept:name"] == "Create Fine":
                day = date.fromisoformat(told["time:timestamp"][:10])
                cents = round(float(told["amount"]) * 100)
                found.append(Fine(case, day, told["article"], cents))
    return found


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("fines")
    with pytest.MonkeyPatch.context() as patch:
        few_rules(folder, patch, "E60")
        found = f"sqlite:///{folder / 'fines.db'}"
        replay(found, LOG, "road-traffic-fines", folder / "keys")
        yield found


def said(url: str, condition: str, **facts: Any) -> dict[str, str]:
    """Ask a draft about every fine as it was known then."""
    kind = "enf.decision.made"
    fields = {
        "amount": {"type": "money", "currency": "EUR", "range": ["0EUR", "100000EUR"]},
        "article": {"type": "text"},
    }
    common = {"per": ["article"], "within": f"{DAYS} days", "at_least": LEAST}
    made = {
        name: {**common, **({} if "share" in fact else {"of": kind}), **fact}
        for name, fact in facts.items()
    }
    draft = {
        **document(condition, fields=fields, facts=made),
        "bindings": [{"id": "T01-event", "tier": 0, "phases": ["event"]}],
    }
    with connected(url) as database, database.own_transaction(is_reading=True) as connection:
        sides = Sides({Side.DRAFT: draft})
        ledger = ledger_of(connection, "it-road-traffic-fines")
        within = judged_entries.horizon(connection, ledger.log_id)
        reading = Reading(
            ledger=ledger,
            sides=sides,
            within=within,
            groups=GroupsThen((), ledger.zone),
            figures=FiguresThen(sides.ruleset.facts(), ledger.zone).read(
                connection, ledger.log_id, within
            ),
        )
        entries = judged_entries.judged_entries(connection, ledger.log_id, sides.kinds(), within)
        return {
            case: one.said[Side.DRAFT].result.value
            for case, asked in reading.cases(entries)
            for one in asked
        }


def earlier(all_: list[Fine], fine: Fine) -> list[Fine]:
    """Answer the fines of the days before, in the window, its own day left out."""
    return [other for other in all_ if 0 < (fine.day - other.day).days <= DAYS]


def expected(all_: list[Fine], judged: Any) -> dict[str, str]:
    found = {}
    for fine in all_:
        before = earlier(all_, fine)
        like = [other for other in before if other.article == fine.article]
        is_hit = judged(fine, like, before) if len(like) >= LEAST else None
        found[fine.case] = {True: "hit", False: "clear", None: "cannot_be_checked"}[is_hit]
    return found


def above_most(fine: Fine, like: list[Fine], _: list[Fine]) -> bool:
    cents = sorted(other.cents for other in like)
    nine_tenths = next(c for c in cents if 10 * sum(d <= c for d in cents) >= 9 * len(cents))
    return fine.cents > nine_tenths


def above_mean(fine: Fine, like: list[Fine], _: list[Fine]) -> bool:
    return fine.cents > sum(other.cents for other in like) // len(like)


def mostly_dear(fine: Fine, like: list[Fine], before: list[Fine]) -> bool:
    """Marshall's estimator, as its paper writes it: m + C(x - m), C = A / (A + v / n)."""
    groups: dict[str, list[int]] = {}
    for other in before:
        groups.setdefault(other.article, []).append(other.cents > 3500)
    total = sum(map(len, groups.values()))
    m = Fraction(sum(map(sum, groups.values())), total)
    s2 = sum(len(g) * (Fraction(sum(g), len(g)) - m) ** 2 for g in groups.values()) / total
    apart = max(Fraction(0), s2 - m * (1 - m) / Fraction(total, len(groups)))
    own = groups[fine.article]
    noise = m * (1 - m) / len(own)
    shrinking = apart / (apart + noise) if apart else 0
    return m + shrinking * (Fraction(sum(own), len(own)) - m) > Fraction(1, 2)


@pytest.mark.parametrize(
    ("condition", "fact", "judged", "fewest"),
    [
        ("amount > facts.x", {"quantile": "amount", "at": "90%"}, above_most, 5),
        ("amount > facts.x", {"mean": "amount"}, above_mean, 20),
        (
            "facts.x > 50%",
            {"share": "enf.decision.made", "where": "amount > 35EUR"},
            mostly_dear,
            20,
        ),
    ],
    ids=["quantile", "mean", "share"],
)
def test_plain_python_agrees_case_by_case(
    url: str, condition: str, fact: dict[str, Any], judged: Any, fewest: int
) -> None:
    found, second = said(url, condition, x=fact), expected(fines(), judged)
    assert found == second
    results = list(second.values())
    for result in ("hit", "clear", "cannot_be_checked"):
        assert results.count(result) >= fewest
