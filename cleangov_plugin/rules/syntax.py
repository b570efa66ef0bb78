"""From words to an unchecked tree: a recursive-descent parser, one function a level."""

from dataclasses import dataclass
from typing import Final

from cleangov_plugin.domain.errors import RuleError

from .tokens import Token, refused, tokens

#: How deep an expression may be nested, and how many nodes it may have.
DEEPEST: Final = 24
MOST_NODES: Final = 400

_COMPARISONS: Final = ("==", "!=", "<", "<=", ">", ">=")
_FUNCTIONS: Final = {
    "ratio": 2, "missing": 1, "size": 1, "known": 2, "contains": 2, "joined": 2, "overlap": 2,
    "any": 2, "all": 2, "count": 2,
}  # fmt: skip
_SPELLINGS: Final = {
    "占比": "ratio", "缺失": "missing", "数量": "size", "取已知": "known", "包含": "contains",
    "合并": "joined", "有相同项": "overlap", "有一项": "any", "每一项": "all", "项数": "count",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Syntax:
    """One node as written, not checked yet.

    :param op: ``"literal"``, ``"name"``, ``"and"``, ``"or"``, ``"not"``, ``"-"``, ``"+"``,
        ``"*"``, ``"negative"``, a comparison, ``"in"`` or the name of a function.
    :param token: the word it began with, for its place and value.
    :param items: the nodes below.
    """

    op: str
    token: Token
    items: tuple["Syntax", ...] = ()


def parse(text: str, where: str) -> Syntax:
    """Read one expression.

    :param text: the expression.
    :param where: path of the expression in its rule, for messages.
    :return: its tree.
    :raises RuleError: where it is no expression, with the place and what was expected.
    """
    if not isinstance(text, str) or not text.strip():
        raise RuleError("the expression is empty.", where=where, remedy="Write amount > 800元.")
    parser = _Parser(tokens(text, where), where)
    tree = parser.either()
    parser.expect_end()
    return tree


class _Parser:
    """The words left to read, and how much of the allowance is used."""

    def __init__(self, words: tuple[Token, ...], where: str) -> None:
        self.words = words
        self.where = where
        self.position = 0
        self.depth = 0
        self.nodes = 0

    @property
    def word(self) -> Token:
        return self.words[self.position]

    def take(self, *texts: str, kind: str = "") -> Token | None:
        """Take the next word if it is one of these."""
        word = self.word
        if word.kind == "literal" or word.text not in texts or (kind and word.kind != kind):
            return None
        self.position += 1
        return word

    def expect(self, text: str) -> Token:
        word = self.take(text, kind="sign")
        if word is None:
            raise self.wrong(f"'{text}'")
        return word

    def expect_end(self) -> None:
        if self.word.kind == "end":
            return
        if self.word.text in _COMPARISONS:
            raise refused(
                "comparisons cannot be chained", self.where, self.word.at, "Write a < b and b < c."
            )
        problem = self.wrong("and, or, or the end")
        if self.word.text == "," and self.words[self.position - 1].kind == "literal":
            remedy = "Write a number without commas: 1000元."
            raise RuleError(problem.what, where=problem.where, remedy=remedy)
        raise problem

    def wrong(self, expected: str) -> RuleError:
        found = self.word.text if self.word.kind == "end" else f"'{self.word.text}'"
        return refused(f"expected {expected}, found {found}", self.where, self.word.at)

    def node(self, op: str, token: Token, *items: Syntax) -> Syntax:
        self.nodes += 1
        if self.nodes > MOST_NODES:
            remedy = f"At most {MOST_NODES} are allowed: make two rules."
            raise refused("the expression has too many parts", self.where, token.at, remedy)
        return Syntax(op, token, items)

    def deeper(self) -> None:
        self.depth += 1
        if self.depth > DEEPEST:
            remedy = f"At most {DEEPEST} levels are allowed."
            raise refused("the expression is nested too deep", self.where, self.word.at, remedy)

    def either(self) -> Syntax:
        self.deeper()
        items = [self.both()]
        first = self.word
        while self.take("or", kind="word"):
            items.append(self.both())
        self.depth -= 1
        return items[0] if len(items) == 1 else self.node("or", first, *items)

    def both(self) -> Syntax:
        items = [self.negated()]
        first = self.word
        while self.take("and", kind="word"):
            items.append(self.negated())
        return items[0] if len(items) == 1 else self.node("and", first, *items)

    def negated(self) -> Syntax:
        word = self.take("not", kind="word")
        if word is None:
            return self.comparison()
        self.deeper()
        inner = self.negated()
        self.depth -= 1
        return self.node("not", word, inner)

    def comparison(self) -> Syntax:
        left = self.sum()
        word = self.take(*_COMPARISONS, kind="sign")
        if word is not None:
            return self.node(word.text, word, left, self.sum())
        word = self.word
        if (
            word.kind == "word"
            and word.text == "not"
            and self.words[self.position + 1].text == "in"
        ):
            self.position += 1
            return self.node("not", word, self.member(left))
        return self.member(left)

    def member(self, left: Syntax) -> Syntax:
        word = self.take("in", kind="word")
        if word is None:
            return left
        if self.take("[", kind="sign") is None:
            return self.node("has", word, self.sum(), left)
        items = [self.sum()]
        while self.take(",", kind="sign"):
            items.append(self.sum())
        self.expect("]")
        return self.node("in", word, left, *items)

    def sum(self) -> Syntax:
        left, steps = self.product(), 0
        while word := self.take("+", "-", kind="sign"):
            steps += 1
            self.deeper()
            left = self.node(word.text, word, left, self.product())
        self.depth -= steps
        return left

    def product(self) -> Syntax:
        left, steps = self.signed(), 0
        while word := self.take("*", kind="sign"):
            steps += 1
            self.deeper()
            left = self.node("*", word, left, self.signed())
        self.depth -= steps
        return left

    def signed(self) -> Syntax:
        word = self.take("-", kind="sign")
        if word is None:
            return self.primary()
        self.deeper()
        inner = self.signed()
        self.depth -= 1
        return self.node("negative", word, inner)

    def primary(self) -> Syntax:
        word = self.word
        if word.kind == "literal":
            self.position += 1
            return self.node("literal", word)
        if word.kind == "name":
            self.position += 1
            return self.call(word) if self.take("(", kind="sign") else self.node("name", word)
        if self.take("(", kind="sign"):
            inner = self.either()
            self.expect(")")
            return inner
        raise self.wrong("a value or a name")

    def call(self, word: Token) -> Syntax:
        op = _SPELLINGS.get(word.text, word.text)
        if op not in _FUNCTIONS:
            remedy = f"The functions are {', '.join([*_FUNCTIONS, *_SPELLINGS])}."
            raise refused(f"there is no function '{word.text}'", self.where, word.at, remedy)
        items = [self.either()]
        while self.take(",", kind="sign"):
            items.append(self.either())
        self.expect(")")
        if len(items) != _FUNCTIONS[op]:
            count = _FUNCTIONS[op]
            raise refused(f"{word.text} takes {count}, not {len(items)}", self.where, word.at)
        return self.node(op, word, *items)
