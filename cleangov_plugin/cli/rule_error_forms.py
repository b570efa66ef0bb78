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

#: Of the file as YAML, and of signs and characters.
_YAML: Final[Mapping[str, str]] = {
    "a tab stands where only blanks may stand": "此处用了制表符，只能用空格",
    "Indent with blanks.": "请用空格缩进。",
    "a text begins with a sign that means something else in YAML": (
        "文字以 YAML 另有用途的符号开头"
    ),
    "Put the text between quotation marks.": "请给文字加上引号。",
    "the file holds two documents": "文件中有两份内容",
    "Make two files.": "请分成两个文件。",
    "a colon stands where no key can stand": "冒号所在的位置不能写键",
    "the indentation does not fit what stands above": "缩进与上文对不齐",
    "Indent equally what belongs together.": "同一层的内容请缩进一致。",
    "a colon is missing behind a key": "键之后缺少冒号",
    "Write key: value.": "请写成“键: 值”。",
    "a quotation mark is left open": "引号没有合上",
    "Close it.": "请合上。",
    "a bracket is left open, or a comma is missing": "括号没有合上，或缺少逗号",
    "Close it, or write the comma.": "请合上括号，或补上逗号。",
    "a backslash stands between double quotation marks": "双引号中有反斜杠",
    "Use single ones.": "请改用单引号。",
    "a text begins with an exclamation mark": "文字以感叹号开头",
    "a character stands here that no text may hold": "此处有文字中不能有的字符",
    "a character that cannot be seen stands here ({}).": "此处有看不见的字符（{0}）。",
    "Delete it.": "请删去。",
    "Write the half-width sign: {}": "请用半角符号：{0}",
    "Write a number without commas: 1000元.": "数字中不要写逗号：1000元。",
    "'{}' is no moment of the years {} to {}.": "“{0}”不在 {1} 年至 {2} 年之间。",
    "No event outside them is taken.": "此外的事件不予受理。",
    "a window of {} looks to days that are still to come.": "窗口 {0} 看的是尚未到来的日子。",
    "Write a span that is not negative.": "请写不小于零的期间。",
    "In this list stand {}.": "这个列表的项可写：{0}。",
}

FORMS: Final[Mapping[str, str]] = {**_ENTRIES, **_FACTS, **_FORMS, **_YAML}
