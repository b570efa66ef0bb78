"""What an officer sees who told oversight something: that it is sealed, and the receipt for it."""

import re
from typing import Final

from flask import make_response
from werkzeug.wrappers import Response as Wire

from cleangov_plugin.desk.desk import Desk
from cleangov_plugin.desk.evidence.proving import NotProven
from cleangov_plugin.desk.evidence.receipts import Find, find_own, receipt
from cleangov_plugin.desk.start import heads_folder, keys_folder

from .guarding import page_of
from .pages import page
from .refusals import refused
from .tongue import language_of
from .wanted import said, wants_data

#: As `own_event` makes them. Whoever has one wrote the note, or was given it by who did.
_ID: Final = re.compile(r"[0-9a-f]{32}")


def sealed(desk: Desk, note: str, attempt_id: str, back: str) -> Wire:
    """Answer the page after a note was sealed; a script gets the same as data.

    :param desk: the desk.
    :param note: what its receipt is got by.
    :param attempt_id: the attempt, which waits as before.
    :param back: path of the step; empty where there is none.
    """
    host = desk.host
    receipt_path = host.url_for("cleangov.note", id_=note)
    if wants_data():
        told = {"attempt_id": attempt_id, "goes_on": False, "note": note, "receipt": receipt_path}
        return said({**told, "next": {"method": "GET", "url": back or "/"}})
    html = page(
        "note.html",
        language_of(host),
        css=host.url_for("cleangov.static", filename="cleangov.css"),
        note=note,
        receipt=receipt_path,
        back=back,
    )
    return make_response(html)


def note(desk: Desk | None, id_: str) -> Wire:
    """Answer the receipt of a note as text, once it is sealed into the ledger.

    :param desk: the desk; None while the plugin is inert.
    :param id_: what the receipt is got by; hostile.
    """
    return page_of(desk, lambda open_desk, _: _receipt(open_desk, id_))


def _receipt(desk: Desk, id_: str) -> Wire:
    if not _ID.fullmatch(id_):
        return refused("error.not_found", 404, desk)
    return paper_of(desk, find_own(desk.host.agency().id, id_), id_[:8], "note.later")


def paper_of(desk: Desk, find: Find, name: str, later: str) -> Wire:
    """Answer the receipt of one entry as a file of text.

    :param desk: the desk.
    :param find: looks the entry up, of which the reader is known to have a right to a receipt.
    :param name: names the file; it is not hostile.
    :param later: the word for an entry that is not sealed yet.
    """
    try:
        made = receipt(
            desk.database,
            heads_folder(desk.settings, desk.database),
            find,
            asked=name,
            keys=keys_folder(desk.settings, desk.database),
            log_id=desk.host.agency().id,
        )
    except NotProven as problem:
        is_known = problem.code != "no_entry"
        return refused(later if is_known else "error.not_found", 404, desk)
    answer = make_response(made.paper())
    answer.headers["Content-Type"] = "text/plain; charset=utf-8"
    answer.headers["Content-Disposition"] = f'attachment; filename="receipt-{name}.txt"'
    return answer
