"""Kinds of event of somebody who looked at a case: who opened it, and who took it away."""

from typing import Final

from cleangov_hooks import Privacy, ValueType
from cleangov_plugin.domain.our_kinds import CASE_VIEWED, EVIDENCE_EXPORTED
from cleangov_plugin.ledger.erasure import MOST_FIELDS

from .declared_kinds import attribute as _attribute
from .declared_kinds import kind as _kind

#: Who asked, as the command was told (`--by`), or as the account of the machine that ran it.
NAMED: Final = "named"
ACCOUNT: Final = "account"

#: Their kinds.
VIEWED_KINDS: Final = (
    _kind(
        CASE_VIEWED,
        "查看案件",
        "Case viewed",
        _attribute("finding", ValueType.INTEGER, "疑点", "finding"),
    ),
    _kind(
        EVIDENCE_EXPORTED,
        "导出证据包",
        "Evidence exported",
        _attribute("known_as", ValueType.TEXT, "身份来源", "known as", max_length=16),
        _attribute("bundle", ValueType.TEXT, "证据包散列", "SHA-256 of the bundle", max_length=64),
        _attribute("size", ValueType.INTEGER, "树头叶子数", "leaves under its head"),
        _attribute("entries", ValueType.INTEGER, "记录数", "records in it"),
        _attribute(
            "fields", ValueType.LIST, "披露的字段", "fields disclosed", max_length=MOST_FIELDS
        ),
        _attribute(
            "reason",
            ValueType.TEXT,
            "理由",
            "reason",
            privacy=Privacy.PERSONAL,
            max_length=500,
        ),
    ),
)
