"""Whom a verifier believes: logs, witnesses and a quorum, as its owner wrote (C2SP tlog-policy)."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Final

from .note_key import VerifierKey, read_verifier_key
from .strict import Refused, whole
from .suites import SUITES, Suites

#: The quorum that asks for nobody, and the only name that is not defined by a line.
NONE: Final = "none"

_LONGEST: Final = 1_000_000
#: Most logs, most witnesses and most groups; the specification asks for 32 of each.
_MOST: Final = 128
_BARRED: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Group:
    """Witnesses, or groups of them, of whom some have to cosign.

    :param threshold: how many.
    :param members: names of witnesses and groups.
    """

    threshold: int
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Policy:
    """Whom a verifier believes. It comes from the verifier, never with what is verified.

    :param logs: keys of logs; a key's name is the log's origin.
    :param witnesses: keys of witnesses by their names in the policy.
    :param groups: groups by their names.
    :param quorum: name of a witness or group, or `NONE`.
    :param addresses: where witnesses are asked to cosign, by their names in the policy.
    """

    logs: tuple[VerifierKey, ...]
    witnesses: Mapping[str, VerifierKey]
    groups: Mapping[str, Group]
    quorum: str
    addresses: Mapping[str, str] = field(default_factory=dict)

    def is_met(self, cosigned: Collection[str], name: str | None = None) -> bool:
        """Tell whether enough witnesses have cosigned.

        :param cosigned: names of the witnesses whose cosignatures were verified.
        :param name: name of a witness or group; the quorum where it is left out.
        :return: whether they are enough for it.
        """
        name = self.quorum if name is None else name
        group = self.groups.get(name)
        if group is None:
            return name == NONE or name in cosigned
        return sum(self.is_met(cosigned, member) for member in group.members) >= group.threshold


def read_policy(data: bytes, suites: Suites = SUITES) -> Policy:
    """Read a policy.

    :param data: text of lines; from the verifier, and yet read strictly.
    :param suites: suites that are known.
    :return: the policy.
    :raises Refused: with the line that breaks a rule.
    """
    # Bytes that are no UTF-8 may stand in comments; a key with such a name is refused as a key.
    text = data[:_LONGEST].decode("utf-8", "surrogateescape")
    if len(data) > _LONGEST or _BARRED.search(text) or (text and not text.endswith("\n")):
        told = "a policy has lines that end in newline, and no other control characters."
        raise Refused("policy.form", told)
    reader = _Reader(suites)
    for number, line in enumerate(text.split("\n"), 1):
        words = [word for word in re.split("[ \t]+", line) if word]
        if words and not words[0].startswith("#"):
            reader.read(words, f"line {number}")
    return reader.policy()


class _Reader:
    """Reads line after line; a line may only name what stands before it."""

    def __init__(self, suites: Suites) -> None:
        self._suites = suites
        self._logs: list[VerifierKey] = []
        self._witnesses: dict[str, VerifierKey] = {}
        self._addresses: dict[str, str] = {}
        self._groups: dict[str, Group] = {}
        self._members: set[str] = set()
        self._quorum: str | None = None

    def read(self, words: list[str], where: str) -> None:
        if max(map(len, (self._logs, self._witnesses, self._groups))) >= _MOST:
            told = f"at most {_MOST - 1} logs, witnesses and groups are read."
            raise Refused("policy.limit", told, where=where)
        match words:
            case ["log", key, *url] if len(url) <= 1:
                self._logs.append(self._key(key, self._logs, False, where))
            case ["witness", name, key, *url] if len(url) <= 1:
                self._define(name, where)
                witnesses = list(self._witnesses.values())
                self._witnesses[name] = self._key(key, witnesses, True, where)
                self._addresses.update((name, address) for address in url)
            case ["group", name, threshold, *members] if members:
                self._define(name, where)
                self._groups[name] = self._group(threshold, members, where)
            case ["quorum", name]:
                self._set_quorum(name, where)
            case _:
                raise Refused(
                    "policy.line", "log, witness, group or quorum is wanted.", where=where
                )

    def policy(self) -> Policy:
        if self._quorum is None:
            raise Refused("policy.quorum", "a policy has one line of quorum.")
        logs = tuple(self._logs)
        return Policy(logs, self._witnesses, self._groups, self._quorum, self._addresses)

    def _key(
        self, text: str, others: list[VerifierKey], is_witness: bool, where: str
    ) -> VerifierKey:
        key = read_verifier_key(text, self._suites)
        if key.suite.is_cosignature != is_witness:
            told = f"a key of the suite {key.suite.name} does not stand here."
            raise Refused("policy.suite", told, where=where)
        if any(other.public == key.public for other in others):
            raise Refused("policy.duplicate", "this key stands on a line before.", where=where)
        return key

    def _define(self, name: str, where: str) -> None:
        if name == NONE or name in self._witnesses or name in self._groups:
            raise Refused("policy.name", f"the name {name[:40]!r} is taken.", where=where)

    def _group(self, threshold: str, members: list[str], where: str) -> Group:
        for name in members:
            if name not in self._witnesses and name not in self._groups:
                raise Refused("policy.name", f"nobody is named {name[:40]!r} yet.", where=where)
            # Once alone, so that no witness counts twice.
            if name in self._members:
                raise Refused("policy.member", f"{name[:40]!r} is in a group.", where=where)
            self._members.add(name)
        words = {"any": 1, "all": len(members)}
        least = words.get(threshold) or whole(threshold, "policy.threshold", where)
        if not 1 <= least <= len(members):
            told = f"{least} of {len(members)} members can never be met, or ask for nobody."
            raise Refused("policy.threshold", told, where=where)
        return Group(least, tuple(members))

    def _set_quorum(self, name: str, where: str) -> None:
        if self._quorum is not None:
            raise Refused("policy.quorum", "a policy has one line of quorum.", where=where)
        if name != NONE and name not in self._witnesses and name not in self._groups:
            raise Refused("policy.name", f"nobody is named {name[:40]!r} yet.", where=where)
        self._quorum = name
