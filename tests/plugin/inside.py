"""What a test looks at inside the plugin: its tables, its bodies, its desk."""

import json
import os
import time
from typing import Any

import sqlalchemy as sa

from cleangov_plugin.desk.catching_up import Ticked
from cleangov_plugin.desk.catching_up import tick as tick_desk
from cleangov_plugin.store import tables
from cleangov_plugin.store.run import rows as read_rows
from tests.support.small_host import SmallHost


def rows(host: SmallHost, table: str, **equals: Any) -> list[dict[str, Any]]:
    """Answer the rows of one of the plugin's tables, without its prefix, in order of the key."""
    found = tables.metadata.tables[f"cleangov.cleangov_{table}"]
    order = [found.c.id] if "id" in found.c else list(found.primary_key)
    query = sa.select(found).where(*(found.c[name] == value for name, value in equals.items()))
    with host.engine.connect() as connection:
        return read_rows(connection, query.order_by(*order))


def one(host: SmallHost, table: str, **equals: Any) -> dict[str, Any]:
    """Answer the one row there is."""
    (found,) = rows(host, table, **equals)
    return found


def bodies(host: SmallHost, **equals: Any) -> list[dict[str, Any]]:
    """Answer the decoded bodies of all entries."""
    return [json.loads(row["body"]) for row in rows(host, "entry", **equals)]


def attrs(body: dict[str, Any]) -> dict[str, str]:
    """Answer the attributes of a body by code."""
    return {code: text for code, _, text in body["attrs"]}


def outcomes(body: dict[str, Any]) -> dict[str, str]:
    """Answer what the rules said in a body, by rule."""
    return {rule: result for rule, _, result, *_ in body["outcomes"]}


def tick(host: SmallHost) -> Ticked:
    """Do all that is owed."""
    desk = host.plugin.desk
    with desk.database.own_transaction(is_reading=True) as connection:
        ledger = desk.shelf.ledger(connection, host.authority.id)
    return tick_desk(desk, ledger)


def aged(host: SmallHost) -> None:
    """Let the files of the spool be some hours old."""
    long_ago = time.time() - 3 * 3600
    for path in host.plugin.desk.spool.folder.glob("*"):
        os.utime(path, (long_ago, long_ago))


def fates(host: SmallHost, prompt_id: str) -> list[str]:
    """Answer the fates of a prompt in order."""
    return [row["fate"] for row in rows(host, "prompt_fate", prompt_id=prompt_id)]


def counted(host: SmallHost, name: str) -> int:
    """Answer what the plugin has counted."""
    return host.plugin.desk.counters.numbers.get(name, 0)
