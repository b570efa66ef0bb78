"""What follows on answers, for those who are asked, and for the officer who put something off."""

from collections.abc import Iterable

from cleangov_hooks import Person
from cleangov_plugin.desk.desk import Desk
from cleangov_plugin.desk.host_labels import step_called
from cleangov_plugin.desk.prompting import kept_panels
from cleangov_plugin.desk.prompting.reading import panel_of
from cleangov_plugin.desk.prompting.views import FollowView
from cleangov_plugin.desk.shelf import Connection, Ledger
from cleangov_plugin.domain.terms import FollowUp
from cleangov_plugin.ledger.instants import instant
from cleangov_plugin.store import answer_bases, follow_ups, prompts

from .waiting import Row


def follow_ups_of(desk: Desk, person: Person, language: str) -> tuple[FollowView, ...]:
    """List the follow-ups that wait for a person, the first that is due first.

    :param desk: the desk.
    :param person: who looks.
    :param language: BCP 47 tag.
    """
    log_id = desk.host.agency().id
    own = desk.people.pseudonym(log_id, "officer", person.id)
    with desk.database.own_transaction(is_reading=True) as connection:
        found = follow_ups.waiting(connection, log_id, person.roles, own)
        return _views(desk, connection, found, own, language)


def put_off_by(desk: Desk, person: Person, language: str) -> tuple[FollowView, ...]:
    """List what a person has put off, the first that is due first.

    :param desk: the desk.
    :param person: who looks.
    :param language: BCP 47 tag.
    """
    log_id = desk.host.agency().id
    own = desk.people.pseudonym(log_id, "officer", person.id)
    with desk.database.own_transaction(is_reading=True) as connection:
        found = follow_ups.promised(connection, log_id, own)
        return _views(desk, connection, found, own, language)


def _views(
    desk: Desk, connection: Connection, found: Iterable[Row], own: str, language: str
) -> tuple[FollowView, ...]:
    ledger = desk.shelf.ledger(connection, desk.host.agency().id)
    if ledger is None:
        return ()
    made = (_view(desk, connection, ledger, row, own, language) for row in found)
    return tuple(view for view in made if view is not None)


def _view(
    desk: Desk, connection: Connection, ledger: Ledger, row: Row, own: str, language: str
) -> FollowView | None:
    prompt = prompts.prompt(connection, row["prompt_id"])
    panel = panel_of(desk, connection, ledger, prompt, language) if prompt else None
    if prompt is None or panel is None:
        return None
    given = prompts.answers_of(connection, [row["prompt_id"]])
    words = next((a["words"] for a in given if a["answer_id"] == row["answer_id"]), None)
    basis = answer_bases.find(connection, row["answer_id"])
    code = basis.reason if basis else None
    until = instant(row["due_at"])
    return FollowView(
        id=row["follow_id"],
        kind=FollowUp(row["kind"]),
        case_id=row["subject"],
        step=step_called(desk, connection, prompt, language),
        headline=panel.headline,
        body=panel.body,
        words=words or "",
        reason=reason_label(desk, connection, ledger, prompt, code, language),
        document=(basis.evidence or "") if basis else "",
        until=until.astimezone(ledger.zone),
        is_late=until < desk.host.now(),
        is_own=row["actor"] == own,
    )


def reason_label(
    desk: Desk,
    connection: Connection,
    ledger: Ledger,
    prompt: Row,
    code: str | None,
    language: str,
) -> str:
    """Write a coded reason as the rules of its prompt word it.

    :param desk: the desk.
    :param connection: any connection.
    :param ledger: the agency's ledger.
    :param prompt: row of the prompt.
    :param code: the code; None is empty.
    :param language: BCP 47 tag.
    :return: its label; the code where no rule is kept that words it.
    """
    if code is None:
        return ""
    merged = kept_panels.restore(desk.shelf, connection, ledger, prompt["outcomes"])
    tongue = "zh" if language.lower().startswith("zh") else "en"
    offers = merged.offers if merged else ()
    labels = (r.label[tongue] for offer in offers for r in offer.reasons if r.code == code)
    return next(labels, code)
