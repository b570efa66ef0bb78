"""Kinds of event that are our own: what those who supervise do is recorded like everything else."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from cleangov_hooks import AttributeType, EventType, Privacy, Stream, ValueType
from cleangov_plugin.domain.terms import NAME_VIEWED

#: Our own source of events, beside the host's.
SOURCE: Final = "cleangov"

#: `viewed` is the pseudonym whose name was shown. The reason is personal: it can be erased.
OWN_KINDS: Final[Mapping[str, EventType]] = MappingProxyType(
    {
        NAME_VIEWED: EventType(
            kind=NAME_VIEWED,
            stream=Stream.PERSONNEL,
            labels={"zh": "查看姓名", "en": "Name viewed"},
            attributes=(
                AttributeType(
                    code="viewed",
                    type=ValueType.TEXT,
                    labels={"zh": "被查看人（假名）", "en": "whose name, by pseudonym"},
                    max_length=64,
                ),
                AttributeType(
                    code="reason",
                    type=ValueType.TEXT,
                    labels={"zh": "理由", "en": "reason"},
                    privacy=Privacy.PERSONAL,
                ),
            ),
        )
    }
)
