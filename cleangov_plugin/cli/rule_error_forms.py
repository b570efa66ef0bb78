"""What is wrong with facts, tests of entries, and a rule in its other forms, in Chinese."""

from collections.abc import Mapping
from typing import Final

#: Of the entries of lists.
_ENTRIES: Final[Mapping[str, str]] = {
    "the test does not look at the entry": "测试没有看列表的项",
    "Name the entry: any(list, item == 'text').": "请写出项：有一项(列表, 项 == '文字')。",
    "the entries of this list are {}": "这个列表的项是{0}",
    "Ask any(list, item == value).": "请写 有一项(列表, 项 == 值)。",
    "an entry of a list is never missing": "列表的项不会缺失",
    "Ask missing(x) about the list.": "请对列表写 缺失(列表)。",
    "the entries of these lists are of different types": "这两个列表的项类型不同",
    "a third test of entries stands in two others": "对项的测试最多套一层，不能再套",
    "Test the entries of two lists at a time.": "请一次最多测试两个列表的项。",
    "the entries of a list are of a certain currency.": "列表中的金额须写明币种。",
    "only a list has entries.": "只有列表才有项。",
    "Write type: list.": "请写 type: list。",
}
#: Of facts.
_FACTS: Final[Mapping[str, str]] = {
    "{} has no order.": "{0}没有大小之分。",
}
#: Of a rule for other engines and for databases.
_FORMS: Final[Mapping[str, str]] = {
    "as CEL this has {} levels and {} characters.": "写成 CEL 有 {0} 层、{1} 个字符。",
    "At most {} and {} are written: make two rules.": "最多写 {0} 层、{1} 个字符：请分成两条规则。",
    "{} is no Unicode text.": "{0} 不是 Unicode 文字。",
    "as SQL this has {} terms; at most {} are asked at once.": (
        "写成 SQL 有 {0} 项；一次最多查询 {1} 项。"
    ),
    "Make two rules.": "请分成两条规则。",
    "working days added: a day moved by working days needs the calendar of the agency.": (
        "按工作日推算：推算日期需要本机关的日历。"
    ),
    "named value: values.x is a name for texts and patches.": (
        "命名的值：values.x 只用于文字和更正。"
    ),
    "ratio: a ratio is lowered with the percentage it is compared with.": (
        "比率：比率只能与百分比比较。"
    ),
    "list: a list has no value in the core; ask for its size, or what it has in common.": (
        "列表：列表本身不是可比较的值；请问它的项数或相同的项。"
    ),
    "past event: current.x stands in the conditions of facts, which are inputs of the core.": (
        "以前的事件：current.x 只用于事实的条件。"
    ),
    "size: an intermediate result may pass 2^63.": "大小：中间结果可能超过 2^63。",
}

FORMS: Final[Mapping[str, str]] = {**_ENTRIES, **_FACTS, **_FORMS}
