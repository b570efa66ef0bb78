"""A desk for commands that write into a ledger while no platform is at hand, or beside it."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from cleangov_plugin.domain.errors import SettingsError

from .host import HistoryHost
from .options import Options
from .settings import settings_for

if TYPE_CHECKING:
    from cleangov_plugin.desk.desk import Desk


#: By what is wrong: what it is and what to do about it, zh, then en.
_UNKNOWN: Final[Mapping[str, tuple[tuple[str, str], tuple[str, str]]]] = {
    "none": (
        ("该数据库中没有账本。", "请先启动平台，或用 cleangov replay 读入日志。"),
        (
            "this database has no ledger.",
            "Start the platform once, or read a log with 'cleangov replay'.",
        ),
    ),
    "several": (
        ("请指明账本。", "现有：{there}。"),
        ("name the ledger.", "There is: {there}."),
    ),
    "other": (
        ("没有账本 {log_id}。", "现有：{there}。"),
        ("there is no ledger {log_id}.", "There is: {there}."),
    ),
}


class LedgerUnknown(SettingsError):
    """It is not clear which ledger is meant.

    :param key: what is wrong.
    :param where: the option that says it.
    :param values: what it names.
    """

    def __init__(self, key: str, where: str, **values: object) -> None:
        chinese, english = (tuple(part.format(**values) for part in said) for said in _UNKNOWN[key])
        self._chinese = f"{where}：{''.join(chinese)}"
        super().__init__(english[0], where=where, remedy=english[1])

    def said(self, language: str) -> str:
        """Say it.

        :param language: BCP 47 tag.
        """
        return self._chinese if language.lower().startswith("zh") else str(self)


class LivingHost(HistoryHost):
    """A platform without pages and people, whose clock runs."""

    def now(self) -> datetime:
        """Answer the present time."""
        return datetime.now(UTC)


def ledgers(options: Options) -> list[dict[str, Any]]:
    """List the ledgers of the database.

    :param options: the options of the command line.
    :raises LedgerUnknown: where there is none.
    """
    from cleangov_plugin.store import rulebook
    from cleangov_plugin.store.connecting import connected, require_schema

    with connected(options.url, is_made=False) as database:
        require_schema(database)
        with database.own_transaction(is_reading=True) as connection:
            found = rulebook.agencies(connection)
    if not found:
        raise LedgerUnknown("none", "--database")
    return found


def ledger_of(options: Options, log_id: str | None) -> dict[str, Any]:
    """Answer the ledger that was named, or the only one.

    :param options: the options of the command line.
    :param log_id: the ledger that was named.
    :raises LedgerUnknown: where it is not there, or none was named and there are several.
    """
    found = {str(row["log_id"]): row for row in ledgers(options)}
    if log_id is None and len(found) == 1:
        return next(iter(found.values()))
    if log_id in found:
        return found[log_id]
    key = "several" if log_id is None else "other"
    raise LedgerUnknown(key, "--log-id", log_id=log_id, there=", ".join(sorted(found)))


@contextmanager
def desk_of(options: Options, row: Mapping[str, Any], keys: Path | None = None) -> "Iterator[Desk]":
    """Hold the desk of a ledger.

    :param options: the options of the command line.
    :param row: the ledger's row, see `ledgers`.
    :param keys: folder of the key files; None where the settings say.
    :return: the desk.
    """
    from cleangov_hooks import Agency
    from cleangov_plugin.desk.start import open_desk
    from cleangov_plugin.store.connecting import connected

    agency = Agency(id=row["log_id"], names=row["names"], zone=row["zone"], country=row["country"])
    # Nobody waits for a page here, so locks are waited for; and what the database refuses is said.
    with connected(options.url, is_made=False) as database:
        host = LivingHost("cleangov", agency, {}, datetime.now(UTC))
        desk = open_desk(host, settings_for(options, keys), None)
        own, desk.database = desk.database, database
        own.dispose()
        try:
            yield desk
        finally:
            desk.close()
            own.dispose()  # the receipt journal has asked it
