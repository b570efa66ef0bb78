"""The catalogue: every text of the platform, in Chinese and in English, side by side."""

from collections.abc import Mapping
from typing import Final

from sample_host.benchmarks import BENCHMARKS

from .administrator import ADMINISTRATOR
from .fields import FIELDS
from .screens import SCREENS
from .steps import STEPS
from .tour import TOUR

_OFFENCES: Final = {
    f"choice.violation_code.{code}": (row.title.zh, row.title.en)
    for code, row in BENCHMARKS.items()
}

#: Text in Chinese and in English by dotted key.
WORDS: Final[Mapping[str, tuple[str, str]]] = {
    **SCREENS,
    **STEPS,
    **FIELDS,
    **TOUR,
    **ADMINISTRATOR,
    **_OFFENCES,
}
