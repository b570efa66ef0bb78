"""A follower refuses: what contradicts what, with sizes and roots."""

from collections.abc import Mapping
from typing import Any, Final

from cleangov_plugin.domain.errors import CleanGovError
from cleangov_plugin.ledger.tree_head import TreeHead

from .following_words import REFUSALS

_REMEDY: Final = (
    "Nothing more was copied, and what the copy has is kept. Ask the agency; never make the copy"
    " anew before somebody has looked at both heads."
)


class Contradiction(CleanGovError):
    """The source does not continue what the copy has, or is not what it signed.

    :param code: what it is, a key of `REFUSALS`.
    :param log_id: the ledger.
    :param values: what its sentence names.
    """

    def __init__(self, code: str, log_id: str, values: Mapping[str, Any]) -> None:
        self.code = code
        self.values = values
        super().__init__(REFUSALS[code][1].format(**values), where=log_id, remedy=_REMEDY)

    def said(self, language: str) -> str:
        """Answer the sentence.

        :param language: BCP 47 tag.
        """
        zh, en = REFUSALS[self.code]
        return (zh if language.lower().startswith("zh") else en).format(**self.values)


def stands(size: int, root: bytes, head: TreeHead | None = None) -> dict[str, Any]:
    """Answer sizes and roots for a sentence.

    :param size: leaves of the copy.
    :param root: their root.
    :param head: the head of the source.
    """
    named: dict[str, Any] = {"size": size, "root": root.hex()}
    if head is not None:
        named |= {"there": head.size, "there_root": head.root.hex()}
    return named
