"""Write the excerpts of the two public logs: ``python -m sample_host.logs.make_excerpts FOLDER``.

The folder holds the logs as 4TU.ResearchData gives them (see README.md). Whole cases are copied
byte for byte, so that every reader of the original reads the excerpt.
"""

import gzip
import io
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

#: Excerpt, file it is taken from, and how many of its cases are kept.
EXCERPTS: Final = (
    ("road-traffic-fines.xes.gz", "road_traffic_fines_sample.xes.gz", 408),
    ("receipt.xes.gz", "Receipt.xes.gz", 204),
)
_TRACE: Final = re.compile(rb"[ \t]*<trace>.*?</trace>\r?\n?", re.DOTALL)
#: Figures of the whole log, which would be wrong of an excerpt.
_FIGURES: Final = re.compile(
    rb'\t<(?P<tag>\w+) key="meta_[^"]*" value="[^"]*"(?:/>|>.*?\n\t</(?P=tag)>)\r?\n', re.DOTALL
)


def excerpt(log: bytes, kept: int) -> bytes:
    """Keep some cases of a log, spread evenly over it.

    :param log: an XES document, not packed.
    :param kept: how many cases; the i-th of them is case number i * all // kept of the file.
    :return: the document with these cases alone, each as it was.
    :raises ValueError: where the log has fewer cases.
    """
    cases = list(_TRACE.finditer(log))
    if len(cases) < kept:
        raise ValueError(f"{kept} cases were wanted, the log has {len(cases)}")
    head, tail = log[: cases[0].start()], log[cases[-1].end() :]
    chosen = (cases[rank * len(cases) // kept].group() for rank in range(kept))
    return _FIGURES.sub(b"", head) + b"".join(chosen) + tail


def pack(data: bytes) -> bytes:
    """Pack bytes so that the same bytes are always packed alike.

    :param data: what to pack.
    """
    packed = io.BytesIO()
    with gzip.GzipFile(filename="", mode="wb", fileobj=packed, mtime=0, compresslevel=9) as file:
        file.write(data)
    return packed.getvalue()


def main(arguments: Sequence[str]) -> int:
    """Write both excerpts beside this file.

    :param arguments: the folder with the logs; they may lie in folders below it.
    """
    folder = Path(arguments[0])
    for name, source, kept in EXCERPTS:
        path = next(iter(sorted(folder.rglob(source))), None)
        if path is None:
            sys.stderr.write(f"{source} is not below {folder}\n")
            return 1
        log = gzip.decompress(path.read_bytes())
        Path(__file__).with_name(name).write_bytes(pack(excerpt(log, kept)))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
