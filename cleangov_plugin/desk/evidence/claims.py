"""What a bundle says besides its entries: each part is held against them as far as they go.

Replies, clocks and disclosed fields follow from the entries, so they have to agree. How good a
rule was elsewhere and what is owed are the exporter's word; they have to be there, for every rule
that hit, and to be possible.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from cleangov_plugin.desk.checkpoint.attributes import digest_of
from cleangov_plugin.domain.our_kinds import (
    LETTER_ANSWERED,
    LETTER_EXTENDED,
    LETTER_SENT,
    LETTER_TIME_ASKED,
    LETTER_WITHDRAWN,
    TALK_HELD,
)
from cleangov_plugin.domain.terms import Result
from cleangov_plugin.ledger import disclosure
from cleangov_plugin.ledger.body import record_of
from cleangov_plugin.ledger.canonical import ProfileError
from cleangov_plugin.ledger.strict import Refused

from . import parts
from .parts import Files
from .sealed_case import SealedEntry

#: Kinds of entry that are letters, or what came of one.
LETTERS: Final = frozenset(
    {
        *(LETTER_SENT, LETTER_ANSWERED, LETTER_TIME_ASKED, LETTER_EXTENDED, LETTER_WITHDRAWN),
        TALK_HELD,
    }
)
#: Why words are not shown: the letter is its template's; they were erased; they are a field of
#: the entry that was, or was not, chosen to be disclosed.
TEMPLATE, ERASED, FIELD = "template", "erased", "field"
_WORDS: Final = "a.words"
Body = Mapping[str, Any]


def words_digest(body: Body) -> str | None:
    """Answer the digest of the words that a letter's entry was made about; None without words.

    :param body: what the entry says.
    """
    return next((text for code, _, text in body["attrs"] if code == _WORDS), None)


def rules_of(bodies: Sequence[Body]) -> dict[str, tuple[set[int], int]]:
    """Answer the rules that hit in a case.

    :param bodies: what its entries say.
    :return: by rule the versions that hit, and how often it could not be checked in the case.
    """
    told = [outcome for body in bodies for outcome in body["outcomes"]]
    hits: dict[str, set[int]] = {}
    for rule, version, result, *_ in told:
        if result == Result.HIT:
            hits.setdefault(rule, set()).add(version)
    unknown = {
        rule: sum(o[0] == rule and o[2] == Result.CANNOT_BE_CHECKED for o in told) for rule in hits
    }
    return {rule: (hits[rule], unknown[rule]) for rule in sorted(hits)}


def clock_of(bodies: Sequence[Body]) -> list[dict[str, Any]]:
    """Answer how finely each entry's time is known, and from whose clock.

    :param bodies: what the entries say, in order.
    """
    found = []
    for number, body in enumerate(bodies, 1):
        record = record_of(body)
        found.append(
            {
                "entry": number,
                "at": body["at"],
                "recorded": body["recorded"],
                "precision": record.precision.value,
                "clock": record.clock.value,
                "origin": record.origin.value,
                "offset": record.offset,
            }
        )
    return found


def check_replies(files: Files, entries: Sequence[SealedEntry]) -> None:
    """Check that every letter of the case stands there, with the words it was sent with.

    :param files: bytes by name; hostile.
    :param entries: all entries of the case, proven.
    :raises Refused: ``"evidence.replies"``.
    """
    given = parts.document(files, parts.REPLIES, {"letters": parts.list_of(_is_reply)})["letters"]
    letters = [entry for entry in entries if entry.body["kind"] in LETTERS]
    if [reply["entry"] for reply in given] != [entry.number for entry in letters]:
        told = "it does not have all letters and answers of the case, each once."
        raise Refused("evidence.replies", told, where=parts.REPLIES)
    for reply, entry in zip(given, letters, strict=True):
        digest = words_digest(entry.body)
        if "words" in reply:
            is_so = digest is not None and digest_of(reply["words"]) == digest
        else:
            is_so = reply["not_shown"] in _reasons(entry.body, digest)
        if not is_so:
            where = f"{parts.REPLIES} {entry.number}"
            raise Refused("evidence.replies", "these are not the words of the entry.", where=where)


def _is_reply(value: Any) -> bool:
    is_one = isinstance(value, dict) and set(value) in ({"entry", "words"}, {"entry", "not_shown"})
    return (
        is_one
        and parts.is_count(value["entry"])
        and all(parts.is_text(text) for key, text in value.items() if key != "entry")
    )


def _reasons(body: Body, digest: str | None) -> tuple[str, ...]:
    if digest is not None:
        return (ERASED,)
    return (TEMPLATE,) if body["kind"] == LETTER_SENT else (FIELD,)


def check_rules(files: Files, entries: Sequence[SealedEntry]) -> None:
    """Check that every rule that hit stands there with how good it has been.

    :param files: bytes by name; hostile.
    :param entries: all entries of the case, proven.
    :raises Refused: ``"evidence.rules"``.
    """
    keys = {"at": parts.is_moment, "rules": parts.list_of(_is_rule)}
    given = parts.document(files, parts.RULES, keys)["rules"]
    wanted = rules_of([entry.body for entry in entries])
    told = {rule["rule"]: (set(rule["versions"]), rule["unknown_here"]) for rule in given}
    if [rule["rule"] for rule in given] != list(wanted) or told != wanted:
        what = "it does not tell of every rule that hit in the case, and of no other."
        raise Refused("evidence.rules", what, where=parts.RULES)
    for rule in given:
        parted = rule["confirmed"] + rule["cleared"] + rule["untold"]
        seen = [rule[name] for name in ("cases", "hits", "cannot_be_checked")]
        is_counted = None not in seen
        if parted != rule["closed"] or (not is_counted and seen != [None] * 3):
            raise Refused("evidence.rules", "its numbers do not add up.", where=rule["rule"])
        if is_counted and seen[1] + seen[2] > seen[0]:
            raise Refused("evidence.rules", "its numbers do not add up.", where=rule["rule"])


def _is_rule(value: Any) -> bool:
    counts = ("closed", "confirmed", "cleared", "untold", "needed", "unknown_here")
    keys: dict[str, parts.Is] = {
        "rule": parts.is_text,
        "versions": parts.list_of(parts.is_count),
        **dict.fromkeys(counts, parts.is_count),
        **dict.fromkeys(("cases", "hits", "cannot_be_checked"), parts.is_count_or_none),
    }
    parts.check_keys(value, keys, parts.RULES)
    return parts.is_ascending(value["versions"])


def check_gaps(files: Files) -> None:
    """Check that it is told what is owed.

    :param files: bytes by name; hostile.
    :raises Refused: ``"evidence.document"``.
    """
    counts = ("owed", "given_up", "unsealed")
    keys: dict[str, parts.Is] = {name: parts.is_count for name in counts}
    parts.document(
        files, parts.GAPS, {"at": parts.is_moment, "case": parts.list_of(_is_gap), **keys}
    )


def _is_gap(value: Any) -> bool:
    keys: dict[str, parts.Is] = {
        "gap": parts.is_count,
        "reason": parts.is_text,
        "state": parts.is_text,
        "owed_at": parts.is_moment,
    }
    parts.check_keys(value, keys, parts.GAPS)
    return True


def check_clock(files: Files, entries: Sequence[SealedEntry]) -> None:
    """Check that clocks are told as the entries tell them.

    :param files: bytes by name; hostile.
    :param entries: all entries of the case, proven.
    :raises Refused: ``"evidence.clock"``.
    """
    keys: dict[str, parts.Is] = {"entries": parts.list_of(lambda value: isinstance(value, dict))}
    given = parts.document(files, parts.CLOCK, keys)["entries"]
    if given != clock_of([entry.body for entry in entries]):
        told = "the entries tell another precision, or another clock."
        raise Refused("evidence.clock", told, where=parts.CLOCK)


def check_disclosures(files: Files, entries: Sequence[SealedEntry]) -> dict[int, dict[str, str]]:
    """Check the fields that were chosen to be shown (RFC 9901 section 7.1).

    :param files: bytes by name; hostile.
    :param entries: all entries of the case, proven.
    :return: by number of the entry, the fields shown and their values.
    :raises Refused: ``"disclosure.digest"``, ``"disclosure.form"`` or ``"disclosure.chosen"``.
    """
    keys = {"chosen": parts.list_of(parts.is_text), "fields": parts.list_of(_is_field)}
    given = parts.document(files, parts.DISCLOSURES, keys)
    bodies = {entry.number: entry.body for entry in entries}
    shown: dict[int, dict[str, str]] = {}
    for number, text in given["fields"]:
        where = f"{parts.DISCLOSURES} {number}"
        try:
            name, value = disclosure.read(text)
            digest = disclosure.digest(text)
        except (ProfileError, ValueError) as problem:
            raise Refused("disclosure.form", f"this is none: {problem}", where=where) from problem
        if digest not in bodies.get(number, {}).get("_sd", ()):
            raise Refused("disclosure.digest", "the entry has no such field.", where=where)
        of_it = shown.setdefault(number, {})
        if name in of_it or name not in given["chosen"]:
            raise Refused("disclosure.chosen", "it was not chosen, or stands twice.", where=where)
        of_it[name] = value
    if {name for fields in shown.values() for name in fields} != set(given["chosen"]):
        told = "a field was chosen that is not there."
        raise Refused("disclosure.chosen", told, where=parts.DISCLOSURES)
    return shown


def _is_field(value: Any) -> bool:
    is_pair = isinstance(value, list) and len(value) == 2
    return is_pair and parts.is_count(value[0]) and parts.is_text(value[1])
