"""Is an event that waits one of the plugin's own hand?"""

import hmac

from cleangov_plugin.desk.waiting_code import parted
from cleangov_plugin.ledger.entry_code import CodeKey, epoch_in
from cleangov_plugin.ledger.strict import Refused

from .code_days import Coders


class Waiting:
    """Judges events that wait by their codes.

    :param key: the first key of the ledger's codes; None where it is not here.
    """

    def __init__(self, key: CodeKey | None) -> None:
        self._first = key.epoch if key else 0
        self._coders = Coders(key) if key else None

    @property
    def can_tell(self) -> bool:
        """Answer whether there is a key to judge by."""
        return self._coders is not None

    def is_ours(self, text: str | None) -> bool:
        """Answer whether an event may be believed to wait; without a key nobody can tell.

        :param text: what is kept of it; hostile.
        """
        if self._coders is None:
            return True
        found = parted(text) if isinstance(text, str) else None
        if found is None:
            return False
        digest, code = found
        try:
            epoch = epoch_in(code)
        except Refused:
            return False
        if epoch < self._first:
            return False
        return hmac.compare_digest(self._coders.on(epoch).code(digest), code)
