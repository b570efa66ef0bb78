"""The hooks of the contract: what a host calls, and what it answers.

Each docstring says when the hook is called, how often, on which connection, what may be answered
and what happens when an implementation fails. Hosts call them through `guarded_call`.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from ._markers import hookspec

if TYPE_CHECKING:
    from .event import Event
    from .host import EventType, Host, Page, Person, Relation
    from .prompt import Answer, Fragment, Prompt, Verdict
    from .step import Attempt, Step


# ---- Start ---------------------------------------------------------------------------------


@hookspec(historic=True)
def cleangov_host_ready(host: "Host") -> None:
    """Called once, when the host's services exist and before it serves its first request.

    The hook is historic: a plugin registered later is called at once, at its registration.
    pluggy cannot guard such a late call, so an implementation guards itself and never raises.

    :param host: the services; keep it, it is valid as long as the process.
    """


# ---- In the flow of work: before the host's first write -------------------------------------


@hookspec
def cleangov_step_opened(step: "Step", budget_ms: int) -> "Sequence[Prompt] | None":
    """Called each time a page or form of a supervised step is shown, before the host writes.

    Never blocks: prompts of tier 2 and above answered here are shown as tier 1.

    :param step: where the officer stands.
    :param budget_ms: milliseconds the implementation may use; cooperative.
    :return: prompts to show beside the form, or None.
    """


@hookspec
def cleangov_step_edited(
    step: "Step", draft: "Event", changed: frozenset[str], budget_ms: int
) -> "Sequence[Prompt] | None":
    """Called when the officer has changed fields of a form and paused; needs script in the page.

    :param step: where the officer stands.
    :param draft: the event as the form would now record it.
    :param changed: names of the event fields and attributes changed since the last call.
    :param budget_ms: milliseconds the implementation may use; cooperative.
    :return: prompts of tier 1, or None.
    """


@hookspec
def cleangov_step_gate(attempt: "Attempt", budget_ms: int) -> "Verdict | None":
    """Called once for each attempt to take a step, before the host's first write.

    Not a first-result hook: every plugin is asked, and the host merges the strictest verdict
    with `strictest`. A plugin that fails has no say; the step passes and the outcome is named.

    :param attempt: the try, with the event that would be recorded.
    :param budget_ms: milliseconds the implementation may use; cooperative.
    :return: the plugin's verdict, or None where it has none.
    """


@hookspec
def cleangov_step_aborted(attempt: "Attempt", reason: str) -> None:
    """Called when an attempt ended without its event: given up, refused by the host, rolled back.

    Called outside any transaction of the host.

    :param attempt: the try that ended.
    :param reason: ``"cancelled"``, ``"invalid"``, ``"conflict"``, ``"error"`` or the host's own.
    """


@hookspec
def cleangov_prompt_answered(answer: "Answer") -> None:
    """Called when the host's own screen collected an answer to a prompt.

    Hosts that show the plugin's slots need not call it: the slot's forms answer by themselves.
    Called outside any transaction of the host.

    :param answer: who answered what.
    """


# ---- What has happened: inside the host's transaction ---------------------------------------


@hookspec
def cleangov_enforcement_events(events: "Sequence[Event]", connection: Any) -> None:
    """Called in the transaction that writes the business rows, after the host's own writes.

    What the implementation writes on the connection commits or rolls back with them.
    It must not commit, roll back, change settings of the connection or use it afterwards.

    :param events: usually one; several where the host writes a batch.
    :param connection: the host's SQLAlchemy connection.
    """


@hookspec
def cleangov_permit_events(events: "Sequence[Event]", connection: Any) -> None:
    """As `cleangov_enforcement_events`, for permits.

    :param events: usually one; several where the host writes a batch.
    :param connection: the host's SQLAlchemy connection.
    """


@hookspec
def cleangov_project_events(events: "Sequence[Event]", connection: Any) -> None:
    """As `cleangov_enforcement_events`, for public works.

    :param events: usually one; several where the host writes a batch.
    :param connection: the host's SQLAlchemy connection.
    """


@hookspec
def cleangov_context_events(events: "Sequence[Event]", connection: Any) -> None:
    """As `cleangov_enforcement_events`, for petitions, personnel, documents and ratings.

    :param events: usually one; several where the host writes a batch.
    :param connection: the host's SQLAlchemy connection.
    """


# ---- In the host's pages --------------------------------------------------------------------


@hookspec
def cleangov_slot(name: str, step: "Step | None", medium: str) -> "Fragment | None":
    """Called for each slot of a page while the host renders it.

    Controls stand in the page where the slot is and carry ``form="cleangov-<id>"``; the forms
    they belong to come with the slot ``page.end``, directly before ``</body>``: so a slot may
    stand inside a form of the host, and works without JavaScript.

    Asked for ``"json"``, ``step.panel`` and ``person.inbox`` answer what waits as data, which
    does not count as shown: a list of objects with ``case_id``, ``state`` (``held``, ``waiting``,
    ``agreed``, ``refused``, ``lapsed``, ``recused``; in the inbox ``asked``, ``own``), ``headline``
    and ``choices``, each with ``kind`` (an `AnswerKind`), ``label``, ``needs_text``, what the
    button carries (``form``, ``name``, ``value``), and, where it asks for that, ``reasons``,
    ``approver_role`` and ``latest``. Where the step would end a term, ``term`` has what `Term` has.

    :param name: ``step.hint`` beside the form's fields, ``step.panel`` for the one panel,
        ``step.done`` after a step, ``person.inbox`` on a personal page, ``page.end``.
    :param step: where the officer stands; None on pages without a step.
    :param medium: ``"html"``, ``"text"`` or ``"json"``.
    :return: a fragment, or None where the plugin has nothing to show.
    """


# ---- Implemented by the host ----------------------------------------------------------------


@hookspec
def cleangov_event_types() -> "Sequence[EventType] | None":
    """Called once after start: which kinds of event will the host send, with what attributes?

    Attributes that no schema declares are kept as digest and size only.

    :return: the kinds, or None.
    """


@hookspec
def cleangov_host_records(kind: str, since: datetime, cursor: str | None) -> "Page | None":
    """Called by reconciliation: which records of a kind does the host hold now?

    An event that was never sent is the commonest way round a plugin; this finds it.

    :param kind: canonical event kind.
    :param since: records that came about at or after this instant, aware.
    :param cursor: where the last page ended; None for the first.
    :return: a page, or None where the host does not hold such records.
    """


@hookspec(firstresult=True)
def cleangov_relation(officer_id: str, party_id: str) -> "Relation | None":
    """Called about each party of a case: at a gate, and at a second person's decision.

    An officer who is tied to a party is asked at the gate to stand back (rule X01). A second person
    who is does not decide; where nothing is known of a party, the entry of the decision says that
    it could not be checked. Stops at the first answer that is not None.

    :param officer_id: the host's id of whoever takes the step, or is about to decide.
    :param party_id: the host's id of the party.
    :return: the tie, or None where the host has no register.
    """


@hookspec(firstresult=True)
def cleangov_people(role: str) -> "Sequence[Person] | None":
    """Called where an officer has to name a person with a role, and when they have named one.

    Stops at the first answer that is not None. Where no host answers, nobody can be named on the
    plugin's own forms; a host's own screen names a person with their roles in the `Answer`.

    :param role: code of the role.
    :return: the people who have that role now, at most some hundreds; None where that is not known.
    """


@hookspec(firstresult=True)
def cleangov_reporting_tie(
    officer_id: str, second_id: str, role: str, case_id: str
) -> "Relation | None":
    """Called when a second person is about to decide about an officer's step.

    A tie is whatever keeps them from deciding freely: they report to the officer, they handle the
    same case, they are kin. That the officer reports to them is none where the law wants the head.
    Stops at the first answer that is not None; where nobody knows, the decision says so.

    :param officer_id: the host's id of the officer whose step waits.
    :param second_id: the host's id of the second person.
    :param role: role that was asked.
    :param case_id: the case.
    :return: the tie, or None where that is not known.
    """
