"""Looking for cycles seldom, while a command reads a whole ledger: a host's process never does."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

#: Objects, and rounds of the younger generations, after which Python looks for cycles.
_SELDOM: Final = (20_000, 20, 100)


@contextmanager
def rarely_collected() -> Iterator[None]:
    """Look for cycles seldom: looking took a tenth of the whole time."""
    before = gc.get_threshold()
    gc.set_threshold(*_SELDOM)
    try:
        yield
    finally:
        gc.set_threshold(*before)
