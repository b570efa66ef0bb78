"""Messages between the two processes of a verifier, over the pipes that the first one made."""

import pickle
from typing import IO, Any


def write(stream: IO[bytes], message: object) -> None:
    """Write a message.

    :param stream: a pipe.
    :param message: values of Python and of ours.
    :raises OSError: where nobody reads any more.
    """
    pickle.dump(message, stream, pickle.HIGHEST_PROTOCOL)
    stream.flush()


def read(stream: IO[bytes]) -> Any:
    """Read a message.

    :param stream: a pipe whose other end only the other process has, and that runs this program.
    :raises EOFError: where the other end is closed.
    """
    return pickle.load(stream)  # noqa: S301 - both ends are this program's own
