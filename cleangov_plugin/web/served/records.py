"""What a host far away holds, compared with what it told: it sends its list, nobody asks it."""

from typing import Any

from flask import Response

from cleangov_hooks import HostRecord
from cleangov_plugin.desk.desk import Desk
from cleangov_plugin.desk.reconciling import compare
from cleangov_plugin.intake.served import documents

from .door import Caller, read
from .problems import Problem, said


def records(desk: Desk, caller: Caller) -> Response:
    """Compare a page of a host's own records with the ledger.

    :param desk: the desk.
    :param caller: who calls.
    """
    asked: dict[str, Any] = read(caller, documents.RECORDS)
    kind = asked["kind"]
    if kind not in desk.types() or kind.startswith(("cleangov.", "int.")):
        raise Problem("kind", where="body.kind")
    found = compare(desk, [HostRecord(kind=kind, **record) for record in asked["records"]])
    return said({"kind": kind, "told": found.told, "young": found.young, "untold": found.untold})
