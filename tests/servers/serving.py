"""A sample city behind a real server, people in front of it, and its two books compared."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPException
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from click.testing import CliRunner

from cleangov_plugin.cli.main import main
from cleangov_plugin.ledger.leaf import leaf_hash
from sample_host import create_app
from sample_host.city import of
from tests.support.play_case import Page, Visitor

#: The last line of a traceback.
_RAISED = re.compile(r"\w[\w.]*(Error|Exception|Violation|Exit|Interrupt)\b")
ROOT = Path(__file__).parents[2]
PARTY = "青木家具"
NOTHING_BEFORE = "00" * 32


@dataclass
class Served:
    """A running city.

    :param address: where it answers.
    :param url: URL of its database.
    :param process: the master process.
    :param settings: settings of its plugins.
    """

    address: str
    url: str
    process: subprocess.Popen[bytes]
    settings: dict[str, str]

    def workers(self, number: int) -> set[int]:
        """Answer the workers, once so many have answered."""
        found: set[int] = set()
        for _ in range(2_000):
            visitor = Visitor(self.address)
            try:
                with visitor._opener.open(f"{self.address}/people", timeout=10) as answer:
                    found.add(int(answer.headers["X-Worker"]))
            except (OSError, HTTPException):
                assert self.process.poll() is None, "the server has ended"
                time.sleep(0.02)
            if len(found) >= number:
                return found
        raise AssertionError(f"only {found} answered")


@contextmanager
def served(url: str, folder: Path, **environ: str) -> Iterator[Served]:
    """Run gunicorn with the city until the block ends.

    :param url: SQLAlchemy URL of its database.
    :param folder: an empty folder.
    :param environ: ``CITY_WORKERS``, ``CITY_PRELOAD``.
    """
    plugins = {
        "CLEANGOV_DATABASE_URL": url,
        "CLEANGOV_KEYS": str(folder / "keys"),
        "CLEANGOV_SPOOL": str(folder / "spool"),
    }
    settings = {"DATABASE_URL": url, "TOUR": "off", "SECRET_KEY": "one for all", **plugins}
    # Two processes that make the city's own tables at once are the city's affair; ours are made
    # by whichever process comes first.
    of(create_app({**settings, "PLUGINS": "off"})).engine.dispose()
    place = folder / "bound"
    command = [sys.executable, "-m", "gunicorn", "-b", "127.0.0.1:0", "--log-level", "info"]
    command += ["-c", "python:tests.servers.gunicorn_conf", "tests.servers.city_app:app()"]
    log = place.open("wb")
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        stdout=log,
        stderr=log,
        env={**os.environ, **environ, "CITY_SETTINGS": json.dumps(settings)},
    )
    try:
        address = _address(process, place)
        yield Served(address, url, process, plugins)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)
        log.close()
    said = place.read_text(encoding="utf-8", errors="replace")
    # The city gives two clerks at once one number; the second is refused by its own table.
    raised = [line for line in said.splitlines() if _RAISED.match(line)]
    assert not [line for line in raised if 'unique constraint "city_' not in line], said[-4_000:]


def _address(process: subprocess.Popen[bytes], place: Path) -> str:
    """Wait until the server says where it listens."""
    for _ in range(600):
        said = place.read_text(encoding="utf-8", errors="replace")
        if "Listening at: " in said:
            return said.partition("Listening at: ")[2].split()[0]
        assert process.poll() is None, said
        time.sleep(0.05)
    raise AssertionError(said)


@dataclass
class Clerk:
    """Somebody who opens one matter after the other, through the pages, from a thread.

    :param address: where the city answers.
    :param who: id of the person.
    :param path: ``"cases"``, ``"permits"`` or ``"projects"``.
    """

    address: str
    who: str
    path: str
    opened: list[str] = field(default_factory=list)
    workers: set[str] = field(default_factory=set)
    broken: int = 0

    def work(self, number: int) -> None:
        """Open so many matters; what the server breaks off is tried again."""
        while len(self.opened) < number:
            assert self.broken < 200
            try:
                visitor = self._signed_in()
                while len(self.opened) < number:
                    self._open(visitor)
            except (OSError, HTTPException):
                self.broken += 1
                time.sleep(0.05)

    def _signed_in(self) -> Visitor:
        visitor = Visitor(self.address)
        form = next(f for f in visitor.open("/people").forms if f.action.endswith("/who"))
        (token,) = {c.value for c in form.controls if c.name == "csrf_token"}
        data = [("person", self.who), ("next", "/inbox"), ("csrf_token", token)]
        assert visitor.open("/who", data).status == 200
        return visitor

    def _open(self, visitor: Visitor) -> None:
        page = visitor.open(f"/{self.path}/new")
        form = next(f for f in page.forms if f.action.endswith("/new"))
        found = {
            "title": "沿街堆放木料",
            "place": "云山路 3 号",
            "party": PARTY,
            "violation_code": "CG-104",
            "clue_source": "hotline",
            "permit_kind": "road_occupation",
            "amount": "2,450,000.50",
        }
        known = {control.name for control in form.controls}
        data = dict(form.data(None, {}))
        data.update({name: value for name, value in found.items() if name in known or "@" in name})
        data.update({n: v for n, v in found.items() if n in ("violation_code", "clue_source")})
        data["permit_kind"] = found["permit_kind"]
        self._taken(visitor.open(form.action, list(data.items())))

    def _taken(self, page: Page) -> None:
        """Keep the number of a matter; where two wanted the same number, one tries again."""
        if page.status == 200 and "?done=" in page.address:
            self.opened.append(page.address.partition("?")[0].rpartition("/")[2])
        elif page.status not in (409, 500):
            raise AssertionError(f"{page.address}: {page.status}\n{page.text[:2_000]}")


def tick(city: Served, monkeypatch: Any) -> None:
    """Settle what is owed, as cron does, and see that nothing is left."""
    for name, value in city.settings.items():
        monkeypatch.setenv(name, value)
    result = CliRunner().invoke(main, ["--database", city.url, "--json", "tick", "--spool"])
    assert result.exit_code == 0, result.output


def compare(url: str, told: set[str]) -> int:
    """See that each act of the city has its entry and each entry its act, in unbroken lanes.

    :param url: URL of the database.
    :param told: numbers of matters whose opening somebody was told of.
    :return: how many entries there are.
    """
    engine = sa.create_engine(url, poolclass=sa.pool.NullPool)
    prefix = "" if engine.dialect.name == "sqlite" else "cleangov."
    with engine.connect() as connection:
        acts = connection.exec_driver_sql("SELECT id, matter_no FROM city_act").fetchall()
        entries = connection.exec_driver_sql(
            f"SELECT event_key FROM {prefix}cleangov_entry"
        ).fetchall()
    assert told <= {row.matter_no for row in acts}
    assert sorted(row.event_key.partition("\t")[2] for row in entries) == sorted(
        row.id for row in acts
    )
    compare_lanes(engine)
    return len(entries)


def compare_lanes(engine: sa.Engine) -> None:
    """See that the entries of each lane follow each other without a gap, each naming the last.

    :param engine: leads to the database.
    """
    prefix = "" if engine.dialect.name == "sqlite" else "cleangov."
    with engine.connect() as connection:
        entries = connection.exec_driver_sql(
            f"SELECT lane, no, body FROM {prefix}cleangov_entry ORDER BY lane, no"
        ).fetchall()
    heads: dict[int, tuple[int, str]] = {}
    for lane, no, body in entries:
        before, head = heads.get(lane, (0, NOTHING_BEFORE))
        assert no == before + 1, f"lane {lane} has a gap before {no}"
        assert json.loads(body)["prev"] == head
        heads[lane] = no, leaf_hash(body.encode()).hex()
