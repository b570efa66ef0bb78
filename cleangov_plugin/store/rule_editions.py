"""Every edition of rules, bindings and clocks, as their rows stand."""

from sqlalchemy import Connection, select

from . import tables
from .run import Row, run


def editions(connection: Connection, log_id: str) -> list[tuple[str, str, int, Row]]:
    """List every edition of every rule, binding and clock, in force or not, as its row stands.

    :param connection: any connection.
    :param log_id: the agency's ledger.
    :return: ``"rule"``, ``"binding"`` or ``"clock"``, its id, its number, and the row.
    """
    found: list[tuple[str, str, int, Row]] = []
    for what, table, id_, number in (
        ("rule", tables.rule_version, "rule_id", "edition"),
        ("binding", tables.binding, "binding_id", "version"),
        ("clock", tables.clock_version, "clock_id", "edition"),
    ):
        query = select(table).where(table.c.log_id == log_id)
        for row in run(connection, query).mappings():
            found.append((what, row[id_], row[number], dict(row)))
    return found
