"""Letters as they are told: the words of their template, and what came of them."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any, TypeAlias

from cleangov_plugin.desk.review.finding_views import FindingView
from cleangov_plugin.desk.review.rule_words import Teller
from cleangov_plugin.desk.shelf import Ledger
from cleangov_plugin.desk.typed import from_json
from cleangov_plugin.domain.terms import LetterAct, LetterState
from cleangov_plugin.ledger.instants import instant
from cleangov_plugin.rules.writing import write
from cleangov_plugin.store import instruments

from .templates import LetterTemplate, newest, said, template_of
from .views import ActView, LetterView

Row: TypeAlias = Mapping[str, Any]


def with_letters(teller: Teller, found: Sequence[FindingView]) -> tuple[FindingView, ...]:
    """Put beside each finding the letters about it: the answer stands wherever the finding does.

    :param teller: tells what the rules said.
    :param found: findings of one page.
    """
    rows = instruments.of_findings(
        teller.connection, [each.id for each in found], teller.reader.reach
    )
    letters: dict[int, list[LetterView]] = defaultdict(list)
    for letter in tell_all(teller, rows):
        letters[letter.finding_id].append(letter)
    return tuple(replace(each, letters=tuple(letters[each.id])) for each in found)


def tell_all(teller: Teller, rows: Sequence[Row]) -> tuple[LetterView, ...]:
    """Tell letters with what was said and done about them.

    :param teller: tells what the rules said.
    :param rows: rows of the letters.
    """
    acts: dict[int, list[Row]] = defaultdict(list)
    for row in instruments.acts_of(teller.connection, [row["id"] for row in rows]):
        acts[row["instrument_id"]].append(row)
    return tuple(tell(teller, row, acts[row["id"]]) for row in rows)


def tell(teller: Teller, row: Row, acts: Sequence[Row] = ()) -> LetterView:
    """Tell one letter.

    :param teller: tells what the rules said.
    :param row: row of the letter; that of a draft has the number 0.
    :param acts: rows of what was said and done about it, in order.
    """
    language, zone = teller.reader.language, teller.ledger.zone
    template = template_of(row["template"], row["template_version"]) or newest(row["kind"])
    told = from_json(json.loads(row["parameters"])["told"])
    due, state = date.fromisoformat(row["due_on"]), LetterState(row["state"])
    middle = row["words"] or middle_of(teller, template, row)
    return LetterView(
        id=row["id"],
        number=said(template.number, language, year=row["year"], no=row["no"]) if row["no"] else "",
        title=said(template.title, language),
        log_id=row["log_id"],
        case_id=row["subject"],
        finding_id=row["finding_id"],
        addressee=row["addressee"],
        unit=row["addressee_unit"] or "",
        sent_by=row["sent_by"],
        reason=(row["reason"] or "") if teller.reader.is_reviewer else "",
        state=state,
        sent_at=instant(row["sent_at"]).astimezone(zone),
        due_on=due,
        is_overdue=state is LetterState.WAITING and due < teller.desk.today(teller.ledger),
        middle=paragraphs(middle),
        language=row["language"] if row["words"] else language,
        last=last_of(template, told, language),
        closed=_whole(told.get("closed")),
        confirmed=_whole(told.get("confirmed")),
        acts=_acts(teller.ledger, acts, due),
        kind=row["kind"],
        meets_at=meets_at(teller.ledger, row, acts),
        place=str(told.get("place", "")),
    )


def meets_at(ledger: Ledger, row: Row, acts: Sequence[Row]) -> datetime | None:
    """Answer when a talk is to be: the time that was given last; None for a letter.

    :param ledger: the agency's ledger, in whose zone it is written.
    :param row: row of the letter.
    :param acts: rows of what was said and done about it, in order.
    """
    told = from_json(json.loads(row["parameters"])["told"])
    given = [_meeting(ledger, a) for a in acts if a["kind"] == LetterAct.EXTENDED.value]
    first = str(told.get("meets", ""))
    return given[-1] if given else there(ledger, first) if first else None


def there(ledger: Ledger, text: str) -> datetime:
    """Read a minute of the agency's clock, as the letter keeps it.

    :param ledger: the agency's ledger.
    :param text: ``"2026-03-12T10:00"``.
    """
    return datetime.fromisoformat(text).replace(tzinfo=ledger.zone)


def _meeting(ledger: Ledger, act: Row) -> datetime | None:
    """Answer the moment that an act about a talk names; a letter's act names a day at the most."""
    text = act["due_on"] or ""
    return instant(text).astimezone(ledger.zone) if "T" in text else None


def middle_of(teller: Teller, template: LetterTemplate, row: Row) -> str:
    """Write the writer's part as the template has it.

    :param teller: tells what the rules said.
    :param template: the template.
    :param row: row of the letter.
    """
    kept = json.loads(row["parameters"])
    values = from_json(kept["values"])
    facts = teller.body(kept["rule"], kept["version"], values)
    headline = teller.headline(kept["rule"], kept["version"], values)
    whole = "\n".join(part for part in (headline, facts) if part)
    return said(template.middle, teller.reader.language, case=row["subject"], facts=whole)


def last_of(template: LetterTemplate, told: Row, language: str) -> tuple[str, ...]:
    """Write the part nobody can leave out, with the term as it was set when the letter was sent.

    :param template: the template.
    :param told: the typed values of the letter.
    :param language: BCP 47 tag.
    """
    due = write(told["due_on"], "date", language)
    doubts = [template.provisional] if told.get("is_provisional") else []
    doubts += [template.uncounted] if told.get("is_uncounted") else []
    joint = "" if language.lower().startswith("zh") else " "
    named = {"days": told["days"], "place": told.get("place") or "—"}
    term = [said(template.due, language, due=due, at=str(told.get("meets", ""))[11:], **named)]
    term += [said(words, language) for words in doubts]
    return (joint.join(term), *(said(words, language) for words in template.rights))


def paragraphs(text: str) -> tuple[str, ...]:
    """Cut a text at its ends of line.

    :param text: plain text.
    """
    return tuple(part for line in text.splitlines() if (part := line.strip()))


def _acts(ledger: Ledger, rows: Sequence[Row], due: date) -> tuple[ActView, ...]:
    """Tell what was said and done; an answer is late by the day that was asked for in the end."""
    return tuple(
        ActView(
            kind=LetterAct(row["kind"]),
            at=(at := instant(row["done_at"]).astimezone(ledger.zone)),
            by=row["done_by"],
            words=row["words"] or "",
            due_on=date.fromisoformat(row["due_on"])
            if row["due_on"] and "T" not in row["due_on"]
            else None,
            is_late=row["kind"] == LetterAct.ANSWER.value and at.date() > due,
            meets_at=_meeting(ledger, row),
        )
        for row in rows
    )


def _whole(value: object) -> int:
    return value if isinstance(value, int) else 0
