"""COL: the table of answers says of each answer what its entry says."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Final

from cleangov_plugin.desk.checkpoint.attributes import digest_of
from cleangov_plugin.desk.shelf import Connection
from cleangov_plugin.domain.our_kinds import PROMPT_ANSWERED
from cleangov_plugin.store import answer_rows
from cleangov_plugin.store.answer_rows import AnswerFound

from .alarms import Alarm, Unchecked, alarm
from .checks import Gone, Meta, Seen
from .entries_and_rows import told_of

#: Answers that are asked for together.
_AT_ONCE: Final = 400
_KINDS: Final = frozenset({PROMPT_ANSWERED})
#: What an entry says of an answer openly, and what it discloses.
_ID, _PROMPT, _WORDS = "a.answer", "a.prompt", "a.words"
_DISCLOSED: Final = ("choice", "answer_kind")


class Answers:
    """Compares answers with their entries.

    :param connection: a reading connection.
    :param now: the present time, aware; None does not tell which answers are
        past their time.
    """

    def __init__(self, connection: Connection, now: datetime | None) -> None:
        self._connection = connection
        self._today = now.date().isoformat() if now else ""
        self._wordless = self._over = self._unread = 0
        self._with_words = True

    def look(self, slice_: Sequence[Seen | Gone | Meta]) -> Iterator[Alarm]:
        """Look the answers up that entries tell of.

        :param slice_: some of them, in their order.
        """
        told = told_of(slice_, _KINDS)
        while part := list(islice(told, _AT_ONCE)):
            said = [(seen, {**each.says, **each.shown}) for seen, each in part]
            ids = {attributes[_ID] for _, attributes in said if _ID in attributes}
            self._with_words = answer_rows.words_may_be_read(self._connection)
            there = answer_rows.answers(self._connection, ids, with_words=self._with_words)
            gone = [seen.row.row for seen, told in said if told.get(_ID) not in there]
            until = answer_rows.kept_until(self._connection, gone) if gone else {}
            for seen, attributes in said:
                found = there.get(attributes.get(_ID, ""))
                code = self._judged(attributes, found, until.get(seen.row.row))
                if code:
                    yield alarm(code, entry=seen.row.row, leaf=seen.leaf)

    def end(self) -> Iterator[Alarm | Unchecked]:
        """Say of how many answers something is not there to be compared."""
        if self._wordless:
            yield Unchecked(code="answer_words", values={"number": self._wordless})
        if self._unread:
            yield Unchecked(code="answer_words_unread", values={"number": self._unread})
        if self._over:
            yield Unchecked(code="answers_over", values={"number": self._over})

    def _judged(
        self, told: Mapping[str, str], found: AnswerFound | None, until: str | None
    ) -> str | None:
        if found is None:
            if until is None or (self._today and until >= self._today):
                return "answer_gone"
            self._over += 1
            return None
        # Where a field was erased, the one who checks erasures says so.
        said = [told.get(name) for name in (_PROMPT, *_DISCLOSED)]
        there = (found.prompt_id, found.choice, found.kind)
        if any(a is not None and a != b for a, b in zip(said, there, strict=True)):
            return "answer_changed"
        if any(name in told and told[name] != text for name, text in _rests_on(found)):
            return "answer_changed"
        if found.words is None:
            self._wordless += _WORDS in told and self._with_words
            self._unread += _WORDS in told and not self._with_words
            return None
        return None if digest_of(found.words) == told.get(_WORDS) else "answer_changed"


def _rests_on(found: AnswerFound) -> Iterator[tuple[str, str | None]]:
    """Answer what an answer rests on besides its words, by the name that its entry discloses."""
    yield "reason_code", found.reason
    yield "approver", found.approver
    yield "until", found.until_on
    if found.evidence is not None:  # erased, or not for this account to read: nothing to compare
        digest = f" sha256:{found.evidence_hash}" if found.evidence_hash else ""
        yield "evidence", found.evidence + digest
