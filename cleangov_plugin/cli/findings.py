"""``cleangov findings``: the leads that the rules found."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import click

from .options import NUMBER, Options


@click.group("findings")
def command() -> None:
    """List findings and signals. A finding is a question, not a verdict."""


@command.command("list")
@click.option("--rule", "rule_id", metavar="ID", help="One rule only, as E07.")
@click.option("--case", "subject", metavar="NO", help="One case only.")
@click.option("--agency", "log_id", metavar="ID", help="One authority only.")
@click.option("--signals/--no-signals", default=None, help="Signals for study only, or none.")
@click.option("--limit", type=NUMBER, metavar="N", help="At most so many.")
@click.pass_obj
def list_(options: Options, /, **wanted: Any) -> None:
    """List findings in the order they were found; with --json one object a line."""
    from cleangov_plugin.store.connecting import connected, require_schema

    signals = wanted.pop("signals")
    with connected(options.url) as database:
        require_schema(database)
        for row in _found(database, {**wanted, "is_signal": signals}, options.language):
            if options.is_json:
                click.echo(json.dumps(row, ensure_ascii=False))
            else:
                kind = "signal" if row["is_signal"] else f"{row['state']}, due {row['due_on']}"
                click.echo(f"{row['rule']:<6} {row['case_id']:<24} {kind}\n       {row['why']}")


def _found(database: Any, wanted: Mapping[str, Any], language: str) -> Iterator[dict[str, Any]]:
    from cleangov_plugin.desk.backtested.differing_words import DIFFERING, differing_text
    from cleangov_plugin.desk.clocks.words import is_of_term, term_text
    from cleangov_plugin.desk.shelf import Shelf
    from cleangov_plugin.desk.typed import from_json
    from cleangov_plugin.rules import texts
    from cleangov_plugin.store.findings import Query, find

    shelf = Shelf()
    with database.own_transaction(is_reading=True) as connection:
        for row in find(connection, Query(**wanted)):
            ledger = shelf.ledger(connection, row["log_id"])
            place = (row["rule_id"], row["rule_version"])
            rule = ledger and shelf.rule(connection, ledger, *place)
            clock = None if rule or not ledger else shelf.clock(connection, ledger, *place)
            values = from_json(row["shown_values"])
            why = texts.render(rule, "body", values, language) if rule else ""
            if ledger and clock and is_of_term(values):
                why = term_text(clock, values, ledger.zone, language)
            if row["rule_id"] == DIFFERING:
                why = differing_text(values, language)
            yield {
                "rule": row["rule_id"],
                "case_id": row["subject"],
                "event_id": row["event_id"],
                "severity": row["severity"],
                "why": why,
                "agency": row["log_id"],
                "is_signal": bool(row["is_signal"]),
                "state": row["state"],
                "due_on": row["due_on"],
            }
