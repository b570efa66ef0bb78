"""What verifying found: alarms, and what could not be checked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .alarm_words import ALARMS
from .detectors import Detector
from .progress import Begun
from .unchecked_words import UNCHECKED

__all__ = ("ALARMS", "Alarm", "Detector", "Unchecked", "Verified", "alarm")


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """Something that is not as it was.

    :param code: what it is.
    :param detector: what found it.
    :param entry: number of the entry's row; None where it is not one entry, or the row is gone.
    :param leaf: number of the leaf; None where there is none.
    :param values: what its sentence names besides.
    """

    code: str
    detector: Detector
    entry: int | None = None
    leaf: int | None = None
    values: Mapping[str, Any] = field(default_factory=dict)

    def said(self, language: str) -> str:
        """Answer the sentence.

        :param language: BCP 47 tag.
        """
        _, zh, en = ALARMS[self.code]
        sentence = zh if language.lower().startswith("zh") else en
        return sentence.format(entry=self.entry, leaf=self.leaf, **self.values)


def alarm(
    code: str, *, entry: int | None = None, leaf: int | None = None, **values: object
) -> Alarm:
    """Make an alarm; what finds it stands with its code.

    :param code: what it is.
    :param entry: number of the entry's row.
    :param leaf: number of the leaf.
    :param values: what its sentence names besides.
    """
    told = {
        name: repr(value) if isinstance(value, bytes) else value for name, value in values.items()
    }
    return Alarm(code=code, detector=ALARMS[code][0], entry=entry, leaf=leaf, values=told)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unchecked:
    """Something that could not be checked.

    :param code: what it is.
    :param values: what its sentence names.
    """

    code: str
    values: Mapping[str, Any] = field(default_factory=dict)

    def said(self, language: str) -> str:
        """Answer what it is.

        :param language: BCP 47 tag.
        """
        zh, en = UNCHECKED[self.code]
        return (zh if language.lower().startswith("zh") else en).format(**self.values)


@dataclass(slots=True, kw_only=True)
class Verified:
    """What was looked at, and what was found.

    :param leaves: leaves that were worked out anew.
    :param unsealed: entries that no leaf stands for.
    :param alarms: what is wrong.
    :param unchecked: what could not be checked.
    :param reached: how far verifying came; None where something was wrong.
    :param schema_changes: where tables, triggers or rights were sealed as changed, and what.
    :param rule_changes: where rules and bindings were sealed as new or taken out, and which.
    """

    leaves: int = 0
    unsealed: int = 0
    alarms: list[Alarm] = field(default_factory=list)
    unchecked: list[Unchecked] = field(default_factory=list)
    reached: Begun | None = None
    schema_changes: list[Mapping[str, Any]] = field(default_factory=list)
    rule_changes: list[Mapping[str, Any]] = field(default_factory=list)

    def raise_alarm(self, code: str, **named: Any) -> None:
        """Note an alarm.

        :param code: what it is.
        :param named: entry, leaf, and what its sentence names besides.
        """
        self.alarms.append(alarm(code, **named))
