"""Tree heads: origin, size and root as the text of a signed note (C2SP tlog-checkpoint)."""

from dataclasses import dataclass

from .note import check_text
from .strict import Refused, in_base64, is_hash, is_number, unhash, whole


@dataclass(frozen=True, slots=True)
class TreeHead:
    """What a log says of itself at one size.

    :param origin: which log it is.
    :param size: leaves of the tree.
    :param root: root of the tree.
    :param extensions: further lines; C2SP recommends to have none, and ours have none.
    """

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()


def read_tree_head(text: bytes) -> TreeHead:
    """Read the text of a tree head.

    :param text: text of a note that was opened, with its last newline.
    :return: the head.
    :raises Refused: where it breaks a rule of tlog-checkpoint, or its root is no SHA-256.
    """
    lines = check_text(text, "tree head").removesuffix("\n").split("\n")
    if len(lines) < 3 or not all(lines):
        raise Refused("head.lines", "a tree head has three lines or more, and none is empty.")
    origin, size, root, *extensions = lines
    return TreeHead(
        origin=origin,
        size=whole(size, "head.size", "size"),
        root=unhash(root, "head.root", "root"),
        extensions=tuple(extensions),
    )


def write_tree_head(head: TreeHead) -> bytes:
    """Write the text of a tree head, ready to be signed.

    :param head: the head.
    :return: the text that `read_tree_head` reads back as the same head.
    :raises Refused: where there is no such text.
    """
    if not is_number(head.size) or not is_hash(head.root):
        raise Refused("head.size", "a tree head has a size up to 2^63-1 and a root of 32 bytes.")
    lines = (head.origin, str(head.size), in_base64(head.root), *head.extensions)
    if any(not line or "\n" in line for line in lines):
        raise Refused("head.lines", "no line of a tree head is empty or holds a newline.")
    try:
        text = "".join(f"{line}\n" for line in lines).encode("utf-8")
    except UnicodeEncodeError:
        raise Refused("note.utf-8", "a line holds half a character.", where="tree head") from None
    check_text(text, "tree head")
    return text
