"""Starting a process of our own, for a command that has work for two; a host's starts none."""

import pickle
import subprocess
import sys
from contextlib import suppress
from typing import IO, Final, NamedTuple

#: The module path comes as the first message: nothing is found where the first process would not
#: find it (-I).
_PROGRAM: Final = (
    "import pickle, sys; sys.path[:] = pickle.load(sys.stdin.buffer);"
    " from {module} import serve; serve()"
)


class OwnProcess(NamedTuple):
    """A process that was started, and both ways to it.

    :param process: the process.
    :param to: what it hears.
    :param said: what it says.
    """

    process: "subprocess.Popen[bytes]"
    to: IO[bytes]
    said: IO[bytes]


def started(module: str) -> OwnProcess:
    """Start a process that runs the function `serve` of a module, by this very interpreter.

    What it has to know, the address of a database among it, is said to it and never stands in its
    command line.

    :param module: the module.
    :raises OSError: where none can be started, or it does not listen.
    """
    process = subprocess.Popen(  # noqa: S603 - this interpreter, and our own words
        [sys.executable, "-I", "-c", _PROGRAM.format(module=module)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    if process.stdin is None or process.stdout is None:
        raise OSError("no pipes")
    try:
        process.stdin.write(pickle.dumps([path for path in sys.path if isinstance(path, str)]))
        process.stdin.flush()
    except OSError:
        process.kill()
        process.wait()
        process.stdout.close()
        with suppress(OSError):  # what it did not hear any more
            process.stdin.close()
        raise
    return OwnProcess(process, process.stdin, process.stdout)
