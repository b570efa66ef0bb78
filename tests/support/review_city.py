"""A small city with a history to look through: for tests of the pages for auditors and IT.

Everything goes through the contract, as a host does it; hostile text stands wherever a person or
another system can write.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from cleangov_hooks import Actor, Decision, Party, Person, Precision
from tests.support.small_city import PEOPLE, TODAY, yuan
from tests.support.small_host import SmallHost

#: Markup, a formula, a template, a break out of an attribute.
HOSTILE = "\"><script>alert('x')</script>{{7*7}}'=1+1"
CASE = "YT-CF-2026-0417"
PROJECT = "YT-GC-2025-12"
JUSTIFIED = "YT-CF-2026-0500"
WORDS = f"经集体讨论批准 {HOSTILE}"
#: Somebody the platform knows, and whose id no page shows without a reason.
CANARY = "chen"

AUDITOR = Person(id="lin", name="林岚", roles=frozenset({"auditor"}), unit="oversight")
LEAD = Person(id="sun", name="孙伟", roles=frozenset({"head"}), unit="u-2")
OPERATOR = Person(id="ma", name="马工", roles=frozenset({"it"}), unit="it")
OFFICER = PEOPLE["chen"]
SETTINGS = {"CLEANGOV_LEADS": "head"}
BAND = {"band_min": yuan(500), "band_max": yuan(1_000)}


def city(url: str, folder: Path, settings: Mapping[str, str] = SETTINGS) -> SmallHost:
    """Start a host whose officers have worked for some weeks.

    :param url: SQLAlchemy URL of a database with our tables.
    :param folder: an empty folder.
    :param settings: settings for the plugin.
    :return: the host, with an auditor signed in.
    """
    host = SmallHost(url, folder, settings)
    host.start()
    assert host.plugin.desk is not None, host.plugin.inert.reason
    _corrected(host)
    _justified(host)
    _sliced(host)
    _above_what_was_noticed(host)
    _unknown(host)
    _hostile(host)
    host.clock, host.who = TODAY, AUDITOR
    return host


def again(url: str, folder: Path, settings: Mapping[str, str] = SETTINGS) -> SmallHost:
    """Start the host once more on what it left: its database, and its folder with the keys.

    :param url: SQLAlchemy URL of a copy of its database.
    :param folder: a copy of its folder.
    :param settings: settings for the plugin.
    :return: the host, with an auditor signed in.
    """
    host = SmallHost(url, folder, settings)
    host.start()
    assert host.plugin.desk is not None, host.plugin.inert.reason
    host.number_from(10_000)  # what it numbers now stands beside what it numbered before
    host.clock, host.who = TODAY, AUDITOR
    return host


def acts(host: SmallHost, kind: str, days: float, amount: int | None = None, **more: Any) -> Any:
    """Let something happen some days before the demo day.

    :param host: the host.
    :param kind: canonical kind.
    :param days: how many days before.
    :param amount: in yuan.
    :param more: other fields of the event.
    """
    host.clock = TODAY - timedelta(days=days)
    event = host.event(kind, amount, **more)
    host.write(event)
    return event


def _corrected(host: SmallHost) -> None:
    """A fine is raised after the owner answered, held, and put right at the prompt."""
    host.case, host.who = CASE, OFFICER
    acts(host, "enf.intent.notified", 8, 800)
    acts(host, "enf.defence.received", 6, actor=None)
    host.clock = TODAY - timedelta(days=1)
    typed = host.event("enf.decision.made", 2_000, **BAND)
    held = host.gate(typed)
    assert held.decision is Decision.REFUSE
    host.answer(held.prompts[0].id, "back")
    assert host.take(replace(typed, amount=yuan(800))).decision is Decision.PASS


def _justified(host: SmallHost) -> None:
    """A fine outside the band, with a reason; and a prompt that somebody says is wrong."""
    host.case, host.who = JUSTIFIED, OFFICER
    acts(host, "enf.intent.notified", 12, 1_200)
    host.clock = TODAY - timedelta(days=3)
    fine = host.event("enf.decision.made", 1_200, id="justified", **BAND)
    held = host.gate(fine)
    if held.decision is Decision.HOLD:
        host.answer(held.prompts[0].id, "wrong", "not for this kind")
        host.answer(held.prompts[0].id, "deviation", WORDS)
        assert host.take(fine).decision is Decision.PASS_RECORDED


def _sliced(host: SmallHost) -> None:
    """Four variations just under one approver's limit, by another unit: a hidden signal."""
    host.case, host.who = PROJECT, PEOPLE["zhao"]
    limit = {"approval_limit": yuan(500_000), "contract_amount": yuan(16_000_000)}
    approver = Actor(id="fang", unit="u-2")
    officer = Actor(id="zhao", unit="u-2")
    for days, sum_, number in ((36, 465_000, "V1"), (25, 480_000, "V2"), (11, 455_000, "V3")):
        acts(
            host,
            "prj.variation.requested",
            days + 2,
            sum_,
            actor=officer,
            variation_no=number,
            **limit,
        )
        acts(
            host,
            "prj.variation.approved",
            days,
            sum_,
            actor=approver,
            variation_no=number,
            **limit,
        )
    acts(host, "prj.variation.requested", 1, 490_000, actor=officer, variation_no="V4", **limit)


def _above_what_was_noticed(host: SmallHost) -> None:
    """Events that went past the gate: findings that somebody owns."""
    for number, unit in ((1, "u-1"), (2, "u-2")):
        host.case, host.who = f"YT-CF-2026-07{number:02}", PEOPLE["zhao"]
        officer = Actor(id=f"officer-{number}", unit=unit)
        acts(host, "enf.intent.notified", 20, 800, actor=officer)
        acts(host, "enf.defence.received", 18, actor=None)
        acts(host, "enf.decision.made", 14, 2_000, actor=officer, **BAND)


def _unknown(host: SmallHost) -> None:
    """A day that is known as a day alone, recorded late, without a sum."""
    host.case, host.who = "YT-CF-2025-0999", PEOPLE["zhao"]
    host.clock = TODAY - timedelta(days=2)
    happened = TODAY - timedelta(days=9)
    host.write(
        host.event(
            "enf.decision.made",
            occurred_at=happened.replace(hour=0),
            precision=Precision.DAY,
            actor=Actor(id="officer-1", unit="u-1"),
        )
    )


def _hostile(host: SmallHost) -> None:
    """What another system may write into every field."""
    host.case, host.who = f"C/{HOSTILE}"[:60], PEOPLE["zhao"]
    acts(
        host,
        "enf.decision.made",
        4,
        3_000,
        id=f"e{HOSTILE}"[:60],
        step=HOSTILE[:60],
        actor=Actor(id=f"o{HOSTILE}"[:60], unit=HOSTILE[:60]),
        parties=(Party(id=f"p{HOSTILE}"[:60]),),
        violation_code=HOSTILE[:40],
        statement=HOSTILE,
        **BAND,
    )
    acts(host, f"enf.{HOSTILE}"[:60], 4, actor=None, step=HOSTILE[:60])


def ask(host: SmallHost, words: str = "") -> int:
    """Let the auditor ask who filed the fourth variation; answer the number of the letter.

    :param host: the host.
    :param words: the middle part; empty for the template's.
    """
    from cleangov_plugin.desk.letters.sending import send
    from cleangov_plugin.desk.letters.writing import Given
    from cleangov_plugin.desk.review.findings import FindingWish, findings
    from cleangov_plugin.desk.review.readers import reader_of
    from cleangov_plugin.domain.terms import FindingState

    reader = reader_of(host.plugin.desk, AUDITOR, "zh-CN")
    assert reader is not None
    wish = FindingWish(state=FindingState.SIGNAL, rule="J11")
    listed = findings(host.plugin.desk, reader, wish)
    assert listed is not None
    given = Given(words=words, reason=f"四次都贴近权限 {HOSTILE}")
    return send(host.plugin.desk, reader, listed.findings[0].id, given)


def hold(host: SmallHost) -> Any:
    """Let a project manager file a variation over the limit, and ask the chief engineer.

    :param host: the host.
    :return: the event that waits.
    """
    host.case, host.who = PROJECT, PEOPLE["zhao"]
    limit = {"approval_limit": yuan(500_000), "contract_amount": yuan(16_000_000)}
    event = host.event(
        "prj.variation.requested",
        490_000,
        actor=Actor(id="zhao", unit="u-2"),
        variation_no="V5",
        **limit,
    )
    (prompt,) = host.gate(event).prompts
    host.answer(prompt.id, "chief_engineer")
    return event


def refuse_entries(host: SmallHost) -> None:
    """Let the database take no entry any more.

    :param host: the host.
    """
    with host.engine.begin() as connection:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql(
                "CREATE TRIGGER t BEFORE INSERT ON cleangov_entry BEGIN SELECT RAISE(ABORT, 'no');"
                " END"
            )
        else:
            connection.exec_driver_sql(
                "CREATE RULE t AS ON INSERT TO cleangov.cleangov_entry DO INSTEAD NOTHING"
            )
