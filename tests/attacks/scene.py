"""A small sealed ledger, all that is kept away from its database, and raw SQL against it.

It is told by the real plugin in a real host: entries with personal fields, one of them erased
lawfully, codes, receipts, two sealings that two of three witnesses cosigned, a head that an auditor
kept, and a tail that is not sealed yet. It is told once for each kind of database and then copied.
"""

import itertools
import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from click.testing import CliRunner

from cleangov_hooks import Person
from cleangov_plugin.cli.main import main
from cleangov_plugin.desk.personal.erasing import Wish, erase
from cleangov_plugin.desk.sealed.outside import Outside, signer_of
from cleangov_plugin.desk.sealed.sealing import seal
from cleangov_plugin.ledger.policy import read_policy
from tests.support.small_host import SmallHost
from tests.support.witness import Witness, witnessing

LOG = "cg"
NAMES = ("archive", "audit", "inspection")
CLERK = Person(id="wu", name="吴敏", roles=frozenset({"auditor"}), unit="oversight")
BASIS = "个人信息保护法第四十七条第一款第三项"
#: First numbers of the events of each process that writes.
_STARTS = (100, 200, 300)


class Scene:
    """A copy of the ledger with what is kept away from it.

    :param url: SQLAlchemy URL of the database.
    :param folder: folder with ``keys``, ``heads``, ``receipts``, and ``audit``: what an auditor
        took away.
    :param older: makes a copy of the database as it was after the first sealing.
    """

    def __init__(self, url: str, folder: Path, older: Callable[[], str] = str) -> None:
        self.url, self.folder, self._older = url, folder, older
        self.is_sqlite = url.startswith("sqlite")
        self.prefix = "" if self.is_sqlite else "cleangov."
        self.own = folder / "heads" / LOG
        self.audit = folder / "audit"
        key = self.audit / "log.key"
        #: What the auditor gives, which an attack may swap.
        self.given = {
            "heads": str(folder / "heads"),
            "key": key.read_text() if key.exists() else "",
            "code-key": str(self.audit / "code-begin.key"),
            "receipts": str(folder / "receipts"),
            "policy": str(self.audit / "policy"),
            "seen": str(self.audit / "kept.note"),
        }

    @property
    def first(self) -> int:
        """Answer how many leaves there were after the first sealing."""
        return int((self.audit / "first.note").read_text("utf-8").splitlines()[1])

    @property
    def size(self) -> int:
        """Answer how many leaves there were after the second sealing."""
        return int((self.audit / "kept.note").read_text("utf-8").splitlines()[1])

    def put_back(self) -> None:
        """Put the database back as it was after the first sealing."""
        self.url = self._older()

    # ---- Raw SQL, never our code ---------------------------------------------------------------

    @contextmanager
    def connected(self, url: str = "") -> Iterator[sa.Connection]:
        """Hold a connection as somebody who may do anything."""
        engine = sa.create_engine(url or self.url, poolclass=sa.pool.NullPool)
        with engine.begin() as connection:
            yield connection
        engine.dispose()

    def edit(self, statement: str, **values: Any) -> int:
        """Change something; ``{s}`` stands before names of tables. Answer how many rows."""
        with self.connected() as connection:
            text = sa.text(statement.replace("{s}", self.prefix))
            return connection.execute(text, values).rowcount

    def raw(self, *statements: str) -> None:
        """Run statements as they are, colons and all."""
        with self.connected() as connection:
            for statement in statements:
                text = statement.replace("{s}", self.prefix)
                connection.exec_driver_sql(text, execution_options={"no_parameters": True})

    def ask(self, statement: str, **values: Any) -> list[Any]:
        """Ask something."""
        with self.connected() as connection:
            text = sa.text(statement.replace("{s}", self.prefix))
            return [
                row[0] if len(row) == 1 else tuple(row) for row in connection.execute(text, values)
            ]

    def entry(self, idx: int) -> int:
        """Answer the row of the entry that a leaf stands for."""
        (row,) = self.ask(
            "SELECT e.id FROM {s}cleangov_leaf f JOIN {s}cleangov_entry e ON e.log_id = f.log_id"
            " AND e.lane = f.lane AND e.no = f.no WHERE f.idx = :idx",
            idx=idx,
        )
        return int(row)

    def sealed(self) -> list[tuple[int, int]]:
        """Answer leaf and row of every sealed entry, in the order of the leaves."""
        return self.ask(
            "SELECT f.idx, e.id FROM {s}cleangov_leaf f JOIN {s}cleangov_entry e"
            " ON e.log_id = f.log_id AND e.lane = f.lane AND e.no = f.no ORDER BY f.idx"
        )

    def tail(self) -> list[int]:
        """Answer the rows of the entries that are not sealed yet, in the order of their lane."""
        return self.ask(
            "SELECT e.id FROM {s}cleangov_entry e LEFT JOIN {s}cleangov_leaf f ON"
            " e.log_id = f.log_id AND e.lane = f.lane AND e.no = f.no WHERE f.idx IS NULL"
            " ORDER BY e.lane, e.no"
        )

    def personal(self) -> list[int]:
        """Answer the rows of the entries that disclose a personal field."""
        return self.ask("SELECT id FROM {s}cleangov_entry WHERE disc IS NOT NULL ORDER BY id")

    def one(self, column: str, row: int) -> Any:
        """Answer a column of an entry."""
        (found,) = self.ask(f"SELECT {column} FROM {{s}}cleangov_entry WHERE id = :row", row=row)
        return found

    def put(self, row: int, **columns: Any) -> None:
        """Write columns of an entry."""
        names = ", ".join(f"{name} = :{name}" for name in columns)
        changed = self.edit(
            f"UPDATE {{s}}cleangov_entry SET {names} WHERE id = :_row", _row=row, **columns
        )
        assert changed == 1

    def copy(self, row: int, table: str = "{s}cleangov_entry", **changed: Any) -> None:
        """Insert a copy of an entry with other columns."""
        schema = None if self.is_sqlite else "cleangov"
        with self.connected() as connection:
            found = sa.inspect(connection).get_columns("cleangov_entry", schema=schema)
        names = [column["name"] for column in found]
        values = ", ".join(f":{name}" if name in changed else name for name in names)
        self.edit(
            f"INSERT INTO {table} ({', '.join(names)}) SELECT {values}"
            " FROM {s}cleangov_entry WHERE id = :_row",
            _row=row,
            **changed,
        )

    # ---- Our commands, as a person runs them -----------------------------------------------------

    def run(self, *words: str) -> Any:
        """Run our command line."""
        folder = self.folder
        env = {"CLEANGOV_KEYS": str(folder / "keys"), "CLEANGOV_RECEIPTS": str(folder / "receipts")}
        env["CLEANGOV_HEADS"] = str(folder / "heads")
        return CliRunner().invoke(main, ["--database", self.url, "--lang", "en", *words], env=env)

    def seal(self) -> None:
        """Seal as the ordinary course of things; no witness is asked, and none is looked for."""
        self.given["policy"] = ""
        done = self.run("seal")
        assert done.exit_code == 0, done.output

    def verify(self) -> tuple[int, list[dict[str, Any]]]:
        """Answer exit status and alarms of ``cleangov verify --json`` with all the evidence."""
        words = [
            word for name, value in self.given.items() for word in (f"--{name}", value) if value
        ]
        done = self.run("verify", "--json", *words)
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        assert done.exit_code in (0, 1), done.output
        self.told = json.loads(done.stdout)
        return done.exit_code, [each for log in self.told.values() for each in log["alarms"]]


def tell(url: str, folder: Path, halfway: Any) -> None:
    """Tell the story into a database with our tables.

    :param url: its URL.
    :param folder: an empty folder for all that is kept away from it.
    :param halfway: called after the first sealing, with no connection open.
    """
    audit = folder / "audit"
    audit.mkdir()
    signer = signer_of(folder / "keys", LOG, is_made=True)
    assert signer is not None
    (audit / "log.key").write_text(signer.verifier.text)
    outside = Outside(folder / "heads", LOG)
    with ExitStack() as held:
        witnesses = [
            held.enter_context(witnessing(Witness(signer.verifier, f"witness.example/{name}")))
            for name in NAMES
        ]
        lines = [f"log {signer.verifier.text}"]
        for name, witness in zip(NAMES, witnesses, strict=True):
            lines.append(f"witness {name} {witness.signer.verifier.text} {witness.address}")
        lines += [f"group two 2 {' '.join(NAMES)}", "quorum two", ""]
        (audit / "policy").write_text("\n".join(lines))
        policy = read_policy((audit / "policy").read_bytes())
        for part, start in enumerate(_STARTS):
            host = SmallHost(url, folder, {"CLEANGOV_RECEIPTS": str(folder / "receipts")})
            host._numbers = itertools.count(start)
            host.move(hours=part)
            host.start()
            _write(host, part)
            host.move(minutes=1)
            if part < 2:
                for witness in witnesses:
                    witness.at = int(host.clock.timestamp())
                done = seal(host.plugin.desk.database, outside, signer, host.now, policy=policy)
                assert len(done.cosigned) == 3
            host.close()
            if part == 0:
                shutil.copy(outside.own / "checkpoint", audit / "first.note")
                shutil.copytree(folder / "heads", folder / "older-heads")
                halfway()
    shutil.copy(outside.own / "checkpoint", audit / "kept.note")
    (folder / "keys" / f"code-begin-{LOG}.key").rename(audit / "code-begin.key")


def _write(host: SmallHost, part: int) -> None:
    """Write four entries, two with a personal field; in the second part, erase one lawfully."""
    for number in range(4):
        host.move(seconds=150)
        host.case = f"C-{number % 3}é"  # which Unicode can write in two ways
        said = {"statement": f"statement {part}-{number}"} if number % 2 else {}
        kind = "enf.defence.received" if number % 2 else "enf.notice.served"
        host.write(host.event(kind, **said))
    if part == 1:
        row = Scene(host.settings["CLEANGOV_DATABASE_URL"], Path()).personal()[0]
        wish = Wish(log_id=LOG, codes=("statement",), entries=(row,))
        assert len(erase(host.plugin.desk, wish, BASIS, CLERK).records) == 1
