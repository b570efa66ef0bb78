"""Which other origins may show our prompts: front ends that are not served by the platform."""

import re
from typing import Final

from cleangov_plugin.domain.errors import SettingsError

_NAME: Final = "CLEANGOV_ORIGINS"
#: Scheme, host, port, as a browser writes an Origin; plain HTTP for a machine of one's own alone.
_ORIGIN: Final = re.compile(
    r"https://[a-z0-9.-]{1,253}(:[0-9]{1,5})?|http://(localhost|127\.0\.0\.1)(:[0-9]{1,5})?"
)


def read_origins(text: str) -> frozenset[str]:
    """Read the origins, apart by spaces.

    :param text: from the settings.
    :return: each as a browser writes it.
    :raises SettingsError: where one is none; there is no way to allow all.
    """
    origins = text.split()
    for origin in origins:
        if not _ORIGIN.fullmatch(origin):
            raise SettingsError(
                f"{origin[:80]!r} is no origin.",
                where=_NAME,
                remedy="Give https://host or https://host:port, in lower case, without a path.",
            )
    return frozenset(origins)
