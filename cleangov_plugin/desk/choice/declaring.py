"""Declared by one person, agreed to by another, ended by anybody: each act is an entry."""

import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Generic

from cleangov_hooks import Person
from cleangov_plugin.desk.checkpoint.checked import is_plain
from cleangov_plugin.desk.checkpoint.entering import Owed, enter
from cleangov_plugin.desk.desk import Desk
from cleangov_plugin.desk.own_kinds import SOURCE, own_event
from cleangov_plugin.desk.own_words import cleaned
from cleangov_plugin.desk.shelf import Connection
from cleangov_plugin.domain.errors import CleanGovError
from cleangov_plugin.domain.record import Record
from cleangov_plugin.ledger.instants import stamp
from cleangov_plugin.prompts.declarations import Kinds, Told
from cleangov_plugin.store import declared_entries
from cleangov_plugin.store.run import Busy

SHORTEST_WHY, LONGEST_WHY = 4, 300
_LONGEST_NAME: Final = 64

#: zh, then en; refusals are read by whoever declares.
_REFUSALS: Final[Mapping[str, tuple[str, str]]] = {
    "why": (
        "请写明理由，4 到 300 个字；理由是公开的，不要写人名。",
        "say why, in 4 to 300 characters; it is public, so name no person.",
    ),
    "until": (
        "{name}须有结束时间：晚于现在，且不超过 {days} 天。",
        "{name} has an end: later than now, and {days} days ahead at the most.",
    ),
    "name": (
        "{name}须为 1 到 {most} 个字，不含控制字符。",
        "{name} has 1 to {most} characters, and no control characters.",
    ),
    "by": ("请写明由谁办理。", "say who does it."),
    "gone": (
        "没有这个编号的、尚未结束的{zh}。",
        "there is no {en} of this id that has not ended.",
    ),
    "second": (
        "须由另一人确认；宣布的人不能自己确认。",
        "somebody else has to agree; whoever declared it cannot.",
    ),
    "named": (
        "这不是所宣布的人，请与宣布的人核对。",
        "this is not whom it was declared for; check with whoever declared it.",
    ),
    "again": ("已经确认过了。", "it was agreed to before."),
    "busy": ("账本正忙，请再试一次。", "the ledger is busy; try again."),
}


class DeclarationRefused(CleanGovError):
    """Something that is not declared, not agreed to or not ended."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Book(Generic[Told]):
    """One sort of declaration.

    :param kinds: kinds of its entries.
    :param subject: the case, of nobody's, under which they stand.
    :param step: name of the step in its entries, and first part of where a refusal is.
    :param read: reads the declarations that entries tell of.
    :param called: its name, zh and en.
    :param refusals: refusals of its own, beside those that all share.
    :param looked_for: ``"passings"`` or ``"deputies"``, which requests look for while there are.
    :param barred: answers the pseudonym of somebody else who cannot agree to it.
    """

    kinds: Kinds
    subject: str
    step: str
    read: Callable[[Iterable[Record]], tuple[Told, ...]]
    called: tuple[str, str]
    refusals: Mapping[str, tuple[str, str]]
    looked_for: str = ""
    barred: Callable[[Told], str] | None = None

    def refusal(self, key: str, language: str, **values: Any) -> DeclarationRefused:
        """Make a refusal in the reader's language.

        :param key: which.
        :param language: BCP 47 tag.
        :param values: what it names.
        """
        texts = self.refusals.get(key) or _REFUSALS[key]
        text = texts[0 if language.lower().startswith("zh") else 1]
        named = {"zh": self.called[0], "en": self.called[1], **values}
        return DeclarationRefused(text.format(**named), where=f"{self.step}.{key}")

    def why(self, text: str, language: str) -> str:
        """Answer a ground, cleaned.

        :param text: the ground; hostile.
        :param language: BCP 47 tag.
        :raises DeclarationRefused: where it is none.
        """
        why = cleaned(text) or ""
        if not SHORTEST_WHY <= len(why) <= LONGEST_WHY:
            raise self.refusal("why", language)
        return why

    def name(self, text: str, what: str, language: str, most: int = _LONGEST_NAME) -> str:
        """Answer a code or a name, cleaned.

        :param text: the name; hostile.
        :param what: what it names, for the refusal.
        :param language: BCP 47 tag.
        :param most: characters at the most.
        :raises DeclarationRefused: where it is none.
        """
        name = cleaned(text) or ""
        if not 1 <= len(name) <= most or name != text.strip() or not is_plain(name):
            raise self.refusal("name", language, name=what, most=most)
        return name

    def until(self, desk: Desk, until: datetime, what: str, days: int, language: str) -> datetime:
        """Answer an end that is neither past nor too far.

        :param desk: the desk.
        :param until: the end, aware.
        :param what: of what, for the refusal.
        :param days: how many days ahead at the most.
        :param language: BCP 47 tag.
        :raises DeclarationRefused: where it is none.
        """
        now = desk.host.now()
        if not now < until <= now + timedelta(days=days):
            raise self.refusal("until", language, name=what, days=days)
        return until

    def records(self, connection: Connection, log_id: str) -> tuple[Told, ...]:
        """Read the declarations of a ledger, the oldest first.

        :param connection: any connection.
        :param log_id: the agency's ledger.
        """
        kinds = self.kinds[:3]
        found = declared_entries.records(connection, log_id, self.subject, kinds, SOURCE)
        return self.read(found)

    def all_of(self, desk: Desk, log_id: str) -> tuple[Told, ...]:
        """Answer all declarations of a ledger, the oldest first.

        :param desk: the desk.
        :param log_id: the agency's ledger.
        """
        with desk.database.own_transaction(is_reading=True) as connection:
            return self.records(connection, log_id)

    def declare(
        self,
        desk: Desk,
        log_id: str,
        person: Person,
        attributes: Mapping[str, Any],
        language: str,
    ) -> str:
        """Write what somebody declares; it counts once somebody else has agreed.

        :param desk: the desk.
        :param log_id: the agency's ledger.
        :param person: who declares it.
        :param attributes: what is told of it, checked.
        :param language: language of refusals.
        :return: its id.
        :raises DeclarationRefused: where it could not be written.
        """
        id_ = secrets.token_hex(8)
        told = {self.kinds.id_: id_, **attributes}
        with desk.database.own_transaction() as connection:
            self._enter(desk, connection, (log_id, self.kinds.declared), person, told, language)
        return id_

    def confirm(self, desk: Desk, log_id: str, id_: str, person: Person, language: str) -> Told:
        """Agree as the second person: from now on it counts, until its end.

        :param desk: the desk.
        :param log_id: the agency's ledger.
        :param id_: what was declared; hostile.
        :param person: who agrees.
        :param language: language of refusals.
        :raises DeclarationRefused: where it has ended, or whoever declared it would agree to it.
        """
        with desk.database.own_transaction() as connection:
            one = self._standing(desk, connection, log_id, id_, language)
            if one.confirmed_at is not None:
                raise self.refusal("again", language)
            own = desk.people.pseudonym(log_id, "officer", person.id)
            if own == one.declared_by:
                raise self.refusal("second", language)
            if self.barred is not None and own == self.barred(one):
                raise self.refusal("barred", language)
            told = {self.kinds.id_: id_}
            self._enter(desk, connection, (log_id, self.kinds.confirmed), person, told, language)
            now = next(each for each in self.records(connection, log_id) if each.id == id_)
            if self.looked_for:
                declared_entries.look_for(connection, log_id, self.looked_for, stamp(now.until))
            return now

    def end(
        self, desk: Desk, log_id: str, id_: str, person: Person, why: str, language: str
    ) -> Told:
        """End it before its time; anybody who may run this may, since it asks for more again.

        :param desk: the desk.
        :param log_id: the agency's ledger.
        :param id_: what was declared; hostile.
        :param person: who ends it.
        :param why: the ground; open to everybody.
        :param language: language of refusals.
        :raises DeclarationRefused: where it has ended before, or no reason is given.
        """
        with desk.database.own_transaction() as connection:
            self._standing(desk, connection, log_id, id_, language)
            told = {self.kinds.id_: id_, "why": self.why(why, language)}
            self._enter(desk, connection, (log_id, self.kinds.ended), person, told, language)
            return next(each for each in self.records(connection, log_id) if each.id == id_)

    def _standing(
        self, desk: Desk, connection: Connection, log_id: str, id_: str, language: str
    ) -> Told:
        found = (each for each in self.records(connection, log_id) if each.id == id_)
        one = next(found, None)
        if one is None or one.is_over(desk.host.now()):
            raise self.refusal("gone", language)
        return one

    def _enter(
        self,
        desk: Desk,
        connection: Connection,
        place: tuple[str, str],
        person: Person,
        attributes: Mapping[str, Any],
        language: str,
    ) -> None:
        """Write the entry, or nothing at all: what no entry tells of was not declared."""
        log_id, kind = place
        if not person.id.strip():
            raise self.refusal("by", language)
        now, case = desk.host.now(), (log_id, self.subject)
        event = own_event(kind, person, now, case, step=self.step, attributes=attributes)
        try:
            enter(desk, connection, event)
        except (Owed, Busy):
            raise self.refusal("busy", language) from None
