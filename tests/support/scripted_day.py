"""One deterministic working day of the sample city, and its tables as text to compare.

The day uses the pages as people do. It goes the same way whether or not a plugin is attached, so
long as no plugin holds a step: nothing in it is held by the shipped rules.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from flask import Flask

from sample_host import create_app, tables
from sample_host.city import of
from sample_host.story import tell

CLOCK = "2026-03-10T10:00:00+08:00"
NOODLES = "/cases/YT-CF-2026-0417"
BOOKSHOP = "/permits/YT-XK-2026-0088"
DRAIN = "/projects/YT-GC-2025-12"


class DayError(AssertionError):
    """A step of the day did not go as it should."""


def make_city(url: str, *, guests: Sequence[tuple[str, Any]] = (), **settings: Any) -> Flask:
    """Make a city whose clock moves by a second a write, with its story told.

    :param url: SQLAlchemy URL.
    :param guests: plugins to register besides those found by entry point.
    :param settings: further settings of the city, ``PLUGINS=False``.
    :return: the application.
    """
    given = {"CLOCK": CLOCK, "CLOCK_TICKS": True, "SECRET_KEY": "test", **settings}
    app = create_app({"DATABASE_URL": url, **given}, guests=guests)
    tell(of(app))
    return app


@dataclass
class Visit:
    """Somebody in front of the platform.

    :param app: the application.
    :param who: id of the person; None stays a visitor.
    """

    app: Flask
    who: str | None = None
    client: Any = field(init=False)

    def __post_init__(self) -> None:
        self.client = self.app.test_client()
        self.client.get("/")
        if self.who is not None:
            self.post("/who", {"person": self.who, "next": "/inbox"}, expect=303)

    def get(self, path: str, *, expect: int = 200) -> str:
        """Open a page, and answer its text."""
        return self._checked(path, self.client.get(path), expect)

    def post(self, path: str, form: Mapping[str, str], *, expect: int = 303) -> str:
        """Send a form of the platform, and answer the page's text."""
        with self.client.session_transaction() as session:
            token = session.get("csrf", "")
        sent = {**form, "csrf_token": token}
        return self._checked(path, self.client.post(path, data=sent), expect)

    def take(self, path: str, step: str, *, expect: int = 303, **fields: str) -> str:
        """Open a step's form, and take the step."""
        if expect == 303:
            self.get(f"{path}/{step}")
        return self.post(f"{path}/{step}", fields, expect=expect)

    def _checked(self, path: str, response: Any, expect: int) -> str:
        if response.status_code != expect:
            said = f"{path} as {self.who} answered {response.status_code} instead of {expect}"
            raise DayError(f"{said}:\n{response.text[:4000]}")
        return str(response.text)


def play_day(app: Flask, *, fine: str = "800", fourth: str = "190000") -> None:
    """Play a working day: enforcement, permits, works, the treasury, and a citizen.

    :param app: made by `make_city`.
    :param fine: what Chen Jing decides in the noodle shop's case, in yuan.
    :param fourth: what Zhao Lei asks for as his fourth variation, in yuan.
    :raises DayError: where a step does not go as it should.
    """
    _look_around(app)
    _enforcement(app, fine)
    _permits(app)
    _works(app, fourth)
    _treasury(app)
    _afternoon(app)


def _look_around(app: Flask) -> None:
    visitor = Visit(app)
    for path in ("/", "/cases", "/permits", "/projects", "/people", "/inbox", NOODLES, DRAIN):
        visitor.get(path)
    visitor.get("/cases/YT-CF-1999-0001", expect=404)
    visitor.post(f"{NOODLES}/decide", {"amount": "1"}, expect=403)


def _enforcement(app: Flask, fine: str) -> None:
    chen = Visit(app, "chen-jing")
    chen.get(NOODLES)
    typed = {"amount": "900", "kind_of_penalty": "fine", "changed": "amount"}
    chen.post(f"{NOODLES}/decide/draft", {**typed, "attempt_id": "day-1"}, expect=200)
    chen.post(f"{NOODLES}/decide/cancel", {**typed, "attempt_id": "day-1"})
    chen.take(NOODLES, "decide", expect=422, amount="plenty", kind_of_penalty="fine")
    chen.take(NOODLES, "decide", amount=fine, kind_of_penalty="fine", attempt_id="day-2")
    chen.take(NOODLES, "decide", expect=409, amount=fine, kind_of_penalty="fine")
    chen.take(NOODLES, "serve", service="direct")
    found = {"title": "沿街堆放木料", "place": "云山路 3 号", "party": "青木家具"}
    chen.post("/cases/new", {**found, "violation_code": "CG-104", "clue_source": "hotline"})
    head = Visit(app, "sun-ying")
    head.take("/cases/YT-CF-2026-0691", "file", opinion="")
    head.take("/cases/YT-CF-2026-0690", "file", opinion="属实，立案。")
    head.take("/cases/YT-CF-2025-0690", "file", expect=404)
    gao = Visit(app, "gao-feng")
    gao.take(
        "/cases/YT-CF-2026-0633",
        "investigate",
        officers="2",
        tier="ordinary",
        findings="桌椅 4 套，<b>已</b>清理。",
    )
    gao.take("/cases/YT-CF-2026-0342", "decide", amount="20000", kind_of_penalty="fine")
    Visit(app, "tang-wen").take(
        "/cases/YT-CF-2026-0476", "review", result="supplement", opinion="请补测面积。"
    )


def _permits(app: Flask) -> None:
    liu = Visit(app, "liu-min")
    liu.take("/permits/YT-XK-2026-0092", "request_correction", items="油水分离器合格证")
    liu.take(BOOKSHOP, "supplement", items="招牌效果图")
    liu.take(BOOKSHOP, "accept", opinion="")
    asked = {"title": "市场街夜市临时占道", "place": "市场街", "party": "Night Market <i>Ltd</i>"}
    liu.post("/permits/new", {**asked, "permit_kind": "road_occupation"})
    liu.take("/permits/YT-XK-2026-0033", "deliver", delivery="window")
    Visit(app, "xu-bin").take("/permits/YT-XK-2026-0074", "visit", officers="2", site="differs")
    Visit(app, "fang-hua").take("/permits/YT-XK-2026-0047", "decide", result="granted", opinion="")


def _works(app: Flask, fourth: str) -> None:
    head = Visit(app, "ma-chao")
    signed = {"title": "西桥桥面铺装", "place": "西桥", "party": "平桥养护"}
    head.post("/projects/new", {**signed, "amount": "2,450,000.50"})
    head.take("/projects/YT-GC-2025-09", "approve_variation", variation_no="V2")
    zhao = Visit(app, "zhao-lei")
    zhao.take(DRAIN, "execute_variation", variation_no="V2")
    asked = {"amount": fourth, "cause": "ground", "reason": "K1+240 处探明旧管，改线绕行。"}
    zhao.take(DRAIN, "request_variation", attempt_id="day-3", **asked)


def _treasury(app: Flask) -> None:
    qian = Visit(app, "qian-yu")
    qian.take("/cases/YT-CF-2026-0255", "collect", amount="1000", payment="bank")
    lines = "\n".join(
        (
            "YT-GC-2026-01 300000",
            "YT-GC-2026-01 9000000",  # more than contract and variations: undone alone
            "YT-GC-1999-01 5",
            "YT-GC-2025-07 four",
            "YT-GC-2025-12 1500000.75",
            "YT-GC-2025-12 7000000",  # more than a batch may pay, known when it is written
        )
    )
    qian.post("/projects/payments", {"lines": lines}, expect=200)
    whole = {"lines": "YT-GC-2026-02 100000\nYT-GC-2026-02 -1", "whole": "on"}
    qian.post("/projects/payments", whole, expect=409)


def _afternoon(app: Flask) -> None:
    wang = Visit(app, "wang-xiulan")
    wang.get(NOODLES)
    wang.take(NOODLES, "complaint", complaint="没有人告诉我外摆手续怎么办。")
    wang.get("/cases/YT-CF-2026-0521", expect=404)
    Visit(app, "he-ping").take("/projects/YT-GC-2025-07", "accept_works", quality="passed")
    Visit(app, "sun-ying").take("/cases/YT-CF-2026-0203", "close", closing="executed")
    for person in ("chen-jing", "sun-ying", "liu-min", "ma-chao", "lin-lan"):
        Visit(app, person).get("/inbox")


def dump_host_tables(engine: sa.Engine) -> str:
    """Write every table of the city as text: the same rows give the same bytes.

    :param engine: the city's engine.
    :return: one JSON line a row, in order of table and key.
    """
    lines = []
    with engine.connect() as connection:
        for table in sorted(tables.metadata.tables.values(), key=lambda table: table.name):
            rows = connection.execute(sa.select(table)).mappings()
            found = [{column.name: row[column.name] for column in table.columns} for row in rows]
            keys = [column.name for column in table.primary_key.columns]
            for row in sorted(found, key=lambda row: [str(row[key]) for key in keys]):
                lines.append(f"{table.name} {json.dumps(row, ensure_ascii=False, default=str)}")
    return "\n".join(lines) + "\n"
