"""``cleangov forward``: at least once, in the order of each case; killed, stopped and misled."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from tests.cli.log_replaying import run
from tests.cli.served_calling import event, serving
from tests.support.ends import OpenEngine, opened

OUTBOX = Path(__file__).parents[2] / "docs/outbox"
#: Ends where the answer came and nothing of it was noted yet.
KILLED = """
import os, sys
from cleangov_plugin.store import outbox
outbox.mark = lambda *_, **__: os._exit(9)
from cleangov_plugin.cli.main import main
main(sys.argv[1:])
"""


class Host:
    """A host with an outbox, and the service that it sends to.

    :param url: of the host's database.
    :param engine: an engine on it.
    :param address: of the service.
    :param folder: of the service.
    """

    def __init__(self, url: str, engine: sa.Engine, address: str, folder: Path) -> None:
        self.url, self.engine, self.address, self.folder = url, engine, address, folder
        with engine.begin() as connection:
            script = (OUTBOX / f"{engine.dialect.name}.sql").read_text(encoding="utf-8")
            for statement in re.sub("--.*", "", script).split(";"):
                if statement.strip():
                    connection.exec_driver_sql(statement)

    def put(self, case: str, text: str) -> None:
        """Insert an event as the file says."""
        insert = "INSERT INTO supervision_outbox (case_id, event) VALUES (:case_id, :event)"
        with self.engine.begin() as connection:
            connection.execute(sa.text(insert), {"case_id": case, "event": text})

    def forward(self, **more: str) -> tuple[int, Any]:
        """Run the command; answer its status, and what it said."""
        to = more.get("to", self.address)
        key = f"--key={self.folder / 'callers/old-1.key'}"
        result = run(self.url, "forward", f"--to={to}", key, "--json")
        lines = [line for line in result.stdout.splitlines() if line.startswith("{")]
        return result.exit_code, json.loads(lines[-1]) if lines else result.output

    def noted(self) -> list[tuple[str | None, bool]]:
        """Answer what stands in the outbox of each event, in order."""
        query = "SELECT status, kept_at IS NOT NULL FROM supervision_outbox ORDER BY no"
        with self.engine.connect() as connection:
            rows = connection.execute(sa.text(query)).all()
        return [(status, bool(is_kept)) for status, is_kept in rows]

    def entries(self, prefix: str) -> list[str]:
        """Answer the ids of the entries of some events, in the order of the ledger."""
        query = "SELECT event_key FROM cleangov_entry ORDER BY lane, no"
        url = f"sqlite:///{self.folder / 'cleangov.db'}"
        with opened(url) as engine, engine.connect() as connection:
            keys = connection.execute(sa.text(query)).scalars()
            found = [key.partition("\t")[2] for key in keys]
        return [id_ for id_ in found if id_.startswith(prefix)]


@pytest.fixture(scope="module")
def service(_sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A running service, and its folder."""
    folder = tmp_path_factory.mktemp("forward")
    (folder / "cleangov.db").write_bytes(_sqlite_template.read_bytes())
    with serving(f"sqlite:///{folder / 'cleangov.db'}", folder) as caller:
        yield caller.address, folder


@pytest.fixture
def host(service: Any, database_url: str, open_engine: OpenEngine) -> Host:
    return Host(database_url, open_engine(database_url), *service)


def told(id_: str, case: str, amount: int = 500) -> str:
    """Write an event of a case."""
    return json.dumps({**event(id_, amount), "subject": case}, ensure_ascii=False)


def test_killed_between_sending_and_noting_nothing_is_lost_or_double(
    host: Host, database: str
) -> None:
    ids = [f"{database}-k{number}" for number in range(4)]
    for number, id_ in enumerate(ids):
        host.put(f"{database}-C{number % 2}", told(id_, f"{database}-C{number % 2}"))
    words = ["--database", host.url, "forward", f"--to={host.address}"]
    words += [f"--key={host.folder / 'callers/old-1.key'}"]
    killed = subprocess.run([sys.executable, "-c", KILLED, *words], check=False, timeout=60)
    assert killed.returncode == 9
    assert host.noted() == [(None, False)] * 4
    assert host.entries(f"{database}-k") == ids[:2]  # one of each case
    assert host.forward() == (0, {"sent": 4, "refused": 0, "left": 0})
    assert host.noted() == [("known", True)] * 2 + [("recorded", True)] * 2
    assert host.entries(f"{database}-k") == ids
    assert host.forward()[0] == 0  # nothing waits, nothing is said


def test_what_is_refused_stops_its_case_alone_and_says_why(host: Host, database: str) -> None:
    bad = json.dumps({**event("bad", 500), "subject": "A", "time": "yesterday"})
    for case, text in (
        ("A", told(f"{database}-a1", "A")),
        ("A", bad),
        ("A", told(f"{database}-a3", "A")),
        ("B", told(f"{database}-b1", "B")),
        ("D", '[{"id": 1'),
        ("E", "x" * (1 << 20)),
        ("B", told(f"{database}-b2", "B")),
    ):
        host.put(case, text)
    assert host.forward() == (1, {"sent": 3, "refused": 3, "left": 4})
    noted = host.noted()
    assert [is_kept for _, is_kept in noted] == [True, False, False, True, False, False, True]
    assert str(noted[1][0]).startswith("refused body[0].time an instant of RFC 3339")
    assert noted[2] == (None, False)
    assert str(noted[4][0]).startswith("refused this is not JSON")
    with host.engine.begin() as connection:
        repair = sa.text("UPDATE supervision_outbox SET event = :event WHERE no = 2")
        connection.execute(repair, {"event": told(f"{database}-a2", "A")})
        connection.execute(sa.text("DELETE FROM supervision_outbox WHERE no IN (5, 6)"))
    assert host.forward() == (0, {"sent": 2, "refused": 0, "left": 0})
    assert host.entries(f"{database}-a") == [f"{database}-a{number}" for number in (1, 2, 3)]


def test_a_service_that_is_away_or_lies_keeps_everything_waiting(host: Host, database: str) -> None:
    host.put("Z", told(f"{database}-z1", "Z"))
    assert host.forward(to="http://127.0.0.1:9/cleangov/api/v1/")[0] == 1
    assert host.forward(to=host.address.replace("/v1", "/v0"))[0] == 1  # 404: no results
    assert host.noted() == [(None, False)]
    switch = host.folder / "seen/off"
    switch.touch()
    try:
        assert host.forward() == (1, {"sent": 0, "refused": 0, "left": 1})
    finally:
        switch.unlink()
    assert host.forward() == (0, {"sent": 1, "refused": 0, "left": 0})


def test_a_wrong_address_or_key_is_said_in_a_sentence(host: Host) -> None:
    code, said = host.forward(to="ftp://somewhere")
    assert (code, "this is no address" in said) == (2, True)
    result = run(host.url, "forward", f"--to={host.address}", f"--key={host.folder}/no-1.key")
    assert result.exit_code == 2
    assert "old-1" not in result.output
