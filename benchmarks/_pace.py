"""How fast this machine is just now: a figure of another day may be one of a slower machine.

One fixed piece of work of the kind that most of this project does: JSON, SHA-256, looking up texts.
It uses nothing of this project, reads no file and asks no database; so what differs between two
days is the machine and its Python alone. A figure divided by its pace can be compared with another.
"""

import json
import time
from functools import cache
from hashlib import sha256
from typing import Any, Final

#: Documents of one piece of work; a piece takes about a millisecond.
_DOCUMENTS: Final = 100
#: Pieces of which the quickest counts: whatever else runs only adds to a time.
_PIECES: Final = 60
#: Seconds after which no further piece is begun, however slow the machine is.
_LONGEST: Final = 0.15


@cache
def pace_us() -> float:
    """Answer the microseconds that the fixed piece of work takes; measured once in a process.

    :return: microseconds of a processor; the fewer, the faster the machine.
    """
    spent: list[int] = []
    begun = time.perf_counter()
    while not spent or (len(spent) < _PIECES and time.perf_counter() - begun < _LONGEST):
        started = time.process_time_ns()
        piece()
        spent.append(time.process_time_ns() - started)
    return round(min(spent) / 1_000, 1)


def piece() -> dict[str, bytes]:
    """Do the fixed piece of work: write and hash documents, each behind the last of its case.

    :return: the last hash of each case; always the same.
    """
    ends: dict[str, bytes] = {}
    for number in range(_DOCUMENTS):
        document = _document(number)
        text = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        before = ends.get(document["subject"], b"")
        ends[document["subject"]] = sha256(before + text.encode()).digest()
    return ends


def _document(number: int) -> dict[str, Any]:
    return {
        "v": 1,
        "subject": f"C-{number // 6}",
        "no": number,
        "kind": "checkpoint",
        "at": f"2026-03-10T04:00:{number % 60:02d}.000000Z",
        "attrs": [["a.article", "text", "《城市市容和环境卫生管理条例》第三十六条"]],
    }
