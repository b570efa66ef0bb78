"""Random expressions of the rule language: well-typed by construction, as text."""

from collections.abc import Callable
from random import Random

COMPARISONS = ("==", "!=", "<", "<=", ">", ">=")
#: Names and written values by kind.
LEAVES: dict[str, tuple[list[str], list[str]]] = {
    "integer": (
        [
            "n",
            "m",
            "big",
            "params.k",
            "facts.before",
            "facts.count",
            "facts.usual.n",
            "facts.half",
            "facts.cases",
            "facts.portion.n",
            "size(tags)",
            "数量(more)",
        ],
        ["0", "1", "2", "3", "-1", "5", "1_000_000"],
    ),
    "money": (
        ["amount", "limit", "params.sum", "facts.usual", "facts.mean"],
        ["0元", "800元", "800.01元", "0.08万元"],
    ),
    "percent": (["facts.portion"], ["10%", "33.333%", "0.001%", "100%"]),
    "euro": (["euro"], ["800EUR", "0.01EUR"]),
    "any": (["fee", "paid", "facts.total"], []),
    "days": (["stay", "params.days", "facts.since"], ["0 days", "1 days", "30天", "100000 days"]),
    "working": (["term"], ["5 working days", "0个工作日"]),
    "duration": (["wait", "facts.hours"], ["24 hours", "1 minutes", "0小时", "1分钟"]),
    "date": (
        ["opened_on", "closed_on", "occurred_on", "recorded_on"],
        ["2026-03-10", "2024-02-29", "0001-01-01", "9999-12-31"],
    ),
    "instant": (["begun", "ended", "occurred_at", "recorded_at", "facts.moment"], []),
    "text": (
        ["note", "memo", "unit", "actor", "params.word", "facts.word", "合并(note, memo)"],
        ["'道路'", "'road'", "''", "'it''s'", '"a\\b"', "'😀'"],
    ),
    "choice": (["grade", "mode"], []),
}
ANSWERED = (
    "contains(note, memo)", "contains(joined(note, memo), 'road')", "overlap(tags, more)",
    "contains(known(note, facts.word), params.word)", "overlap(known(tags, more), more)",
    "包含(note, '道路')", "'a' in tags", "note 不属于 known(more, tags)", "grade not in more",
    "known(note, '道路') 属于 tags", "有相同项(tags, more)",
)  # fmt: skip
#: Lists by the kind of their entries.
LISTS = {
    "text": ["tags", "more", "known(tags, more)"], "money": ["sums"], "integer": ["whole"],
    "date": ["held"], "choice": ["marks"],
}  # fmt: skip
TRUTHS = ["a", "b", "c", "facts.seen", "true", "false", *ANSWERED]
MISSABLE = [
    "n", "amount", "fee", "grade", "note", "opened_on", "begun", "a", "tags", "facts.before",
    "facts.total", "facts.usual", "facts.mean", "facts.portion", "params.k", "unit", "more",
]  # fmt: skip


class RandomExpressions:
    """Expressions from a seed."""

    def __init__(self, random: Random) -> None:
        self.random = random

    def truth(self, depth: int) -> str:
        """Answer a truth of at most so many levels."""
        if depth <= 0 or self.random.random() < 0.1:
            return self.random.choice([*TRUTHS, self._compared(0), self._compared(0)])
        made: list[Callable[[int], str]] = [
            self._connected, self._connected, self._connected, self._opposite, self._compared,
            self._compared, self._compared, self._ratio, self._ratio, self._member, self._missing,
            self._same, self._known_truth, self._tested, self._tested,
        ]  # fmt: skip
        return self.random.choice(made)(depth - 1)

    def quantity(self, kind: str, depth: int) -> str:
        """Answer a value of a kind."""
        names, written = LEAVES[kind]
        if depth <= 0 or self.random.random() < 0.3 or kind == "choice":
            return self.random.choice(
                names if not written or self.random.random() < 0.7 else written
            )
        if self.random.random() < 0.15:
            word = self.random.choice(["known", "取已知"])
            return f"{word}({self.quantity(kind, depth - 1)}, {self.quantity(kind, depth - 1)})"
        if kind in ("date", "instant"):
            by = self.quantity("days" if kind == "date" else "duration", depth - 1)
            return f"({self.quantity(kind, depth - 1)} {self.random.choice('+-')} ({by}))"
        if kind == "text":
            return self.random.choice(names)
        return self._computed(kind, depth - 1)

    def _computed(self, kind: str, depth: int) -> str:
        chance = self.random.random()
        if chance < 0.2 and kind in ("days", "duration"):
            of = "date" if kind == "days" else "instant"
            return f"({self.quantity(of, depth)} - {self.quantity(of, depth)})"
        if chance < 0.35:
            return f"(-{self.quantity(kind, depth)})"
        if chance < 0.55:
            return f"({self.quantity('integer', depth)} * {self.quantity(kind, depth)})"
        sign = self.random.choice("+-")
        return f"({self.quantity(kind, depth)} {sign} {self.quantity(kind, depth)})"

    def _kind(self) -> str:
        return self.random.choice(list(LEAVES))

    def _compared(self, depth: int) -> str:
        kind = self._kind()
        op = self.random.choice(COMPARISONS[:2] if kind in ("text", "choice") else COMPARISONS)
        if kind == "choice":
            word = self.random.choice(["light", "heavy"])
            return f"grade {op} '{word}'"
        return f"{self.quantity(kind, depth)} {op} {self.quantity(kind, depth)}"

    def _connected(self, depth: int) -> str:
        word = self.random.choice([" and ", " or ", " 且 ", " || "])
        items = [self.truth(depth) for _ in range(self.random.randint(2, 3))]
        return "(" + word.join(items) + ")"

    def _opposite(self, depth: int) -> str:
        return f"not ({self.truth(depth)})"

    def _ratio(self, depth: int) -> str:
        kind = self.random.choice(["money", "integer", "any", "days"])
        share = self.random.choice(["10%", "100%", "0%", "0.001%", "33.333%"])
        op = self.random.choice(COMPARISONS)
        word = self.random.choice(["ratio", "占比"])
        ratio = f"{word}({self.quantity(kind, depth)}, {self.quantity(kind, depth)})"
        return f"{ratio} {op} {share}" if self.random.random() < 0.7 else f"{share} {op} {ratio}"

    def _member(self, depth: int) -> str:
        kind = self.random.choice(["integer", "money", "text", "days", "date"])
        options = ", ".join(self.random.sample(LEAVES[kind][1], 2))
        word = self.random.choice(["in", "not in", "属于"])
        return f"{self.quantity(kind, depth)} {word} [{options}]"

    def _missing(self, _: int) -> str:
        return f"{self.random.choice(['missing', '缺失'])}({self.random.choice(MISSABLE)})"

    def _same(self, depth: int) -> str:
        return f"({self.truth(depth)}) {self.random.choice(COMPARISONS[:2])} ({self.truth(depth)})"

    def _tested(self, depth: int) -> str:
        """A test of entries, alone or as a number."""
        kind = self.random.choice(list(LISTS))
        listed = self.random.choice(LISTS[kind])
        if self.random.random() < 0.3:
            word = self.random.choice(["count", "项数"])
            return f"{word}({listed}, {self._of_entry(kind, depth)}) {self.random.choice('<>')} 1"
        word = self.random.choice(["any", "all", "有一项", "每一项"])
        return f"{word}({listed}, {self._of_entry(kind, depth)})"

    def _of_entry(self, kind: str, depth: int, *, within: bool = False) -> str:
        """A test of one entry, which may ask for other values as well, and of a second list."""
        item = self.random.choice(["item", "项"])
        chance = self.random.random()
        if chance < 0.15 and not within:
            return self._within(kind, item)
        if chance < 0.3 and kind in ("text", "choice"):
            return self._of_text(item)
        if kind == "choice":
            return f"{item} == '{self.random.choice(['light', 'heavy'])}'"
        op = self.random.choice(COMPARISONS[:2] if kind == "text" else COMPARISONS)
        chance = self.random.random()
        if chance < 0.2:
            return f"{item} in [{', '.join(self.random.sample(LEAVES[kind][1], 2))}]"
        if chance < 0.4 and kind in ("money", "integer"):
            return f"ratio({item}, {self.quantity(kind, 0)}) {op} 10%"
        test = f"{item} {op} {self.quantity(kind, min(depth, 1))}"
        if chance < 0.6:
            return f"({test} {self.random.choice(['and', 'or'])} {self.random.choice(TRUTHS)})"
        return f"not {test}" if chance < 0.7 else test

    def _within(self, kind: str, item: str) -> str:
        """A test of the entries of a second list within the test of the first."""
        other = self.random.choice(list(LISTS))
        outer, listed = self.random.choice(["outer", "外层项"]), self.random.choice(LISTS[other])
        alike = kind == other or {kind, other} == {"text", "choice"}
        ops = COMPARISONS[:2] if kind in ("text", "choice") else COMPARISONS
        test = self._of_entry(other, 0, within=True)
        if alike:
            test = (
                f"{test} {self.random.choice(['and', 'or'])} item {self.random.choice(ops)} {outer}"
            )
        word = self.random.choice(["any", "all", "有一项", "每一项"])
        found = f"{word}({listed}, {test})"
        if self.random.random() < 0.3:
            found = f"count({listed}, {test}) > 0"
        if alike and self.random.random() < 0.5:
            return found
        return f"({item} == {item} {self.random.choice(['and', 'or'])} {found})"

    def _of_text(self, item: str) -> str:
        """A question about texts and lists, of an entry that is a text."""
        return self.random.choice(
            [
                f"contains({item}, 'a')",
                f"包含(joined(note, {item}), memo)",
                f"contains(memo, {item})",
                f"{item} in more",
                f"{item} not in known(more, tags)",
                f"joined({item}, note) == joined(note, {item})",
            ]
        )

    def _known_truth(self, depth: int) -> str:
        return f"known({self.truth(depth)}, {self.truth(depth)})"
