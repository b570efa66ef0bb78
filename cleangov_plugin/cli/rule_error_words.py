"""What is wrong with a rule file, in Chinese: by the English sentence, {} for what varies."""

from collections.abc import Mapping
from typing import Final

from .rule_error_forms import FORMS

#: Of the document: keys, values, types.
_DOCUMENT: Final[Mapping[str, str]] = {
    "this must be a mapping of names.": "此处应为“名称: 内容”的对照。",
    "there is no key '{}'.": "没有“{0}”这个键。",
    "Known here: {}.": "此处可用：{0}。",
    "Did you mean '{}'?": "是否应为“{0}”？",
    "a text of at most {} characters must stand here.": "此处应为文字，最多 {0} 字。",
    "a whole number from {} to {} must stand here.": "此处应为 {0} 至 {1} 的整数。",
    "true or false must stand here.": "此处应为 true 或 false。",
    "'{}' is not one of the allowed values.": "“{0}”不在允许的取值之内。",
    "'{}' is no day.": "“{0}”不是日期。",
    "Write 2026-03-10.": "请写成 2026-03-10。",
    "the clock starts with '{}' as well.": "时限也由“{0}”开始。",
    "a kind of event must stand here.": "此处应为事件种类。",
    "one kind of event must stand here.": "此处应为一种事件。",
    "windows of the day belong to a term in working hours.": "时段只用于按工作小时计算的期限。",
    "a term in working hours always ends on a working day.": "按工作小时计算的期限总在工作日届满。",
    "a least and a greatest whole number must stand here.": "此处应为最小和最大两个整数。",
    "the term must lie within its range.": "期限应在其范围之内。",
    "'{}' is no window of a day.": "“{0}”不是一天中的时段。",
    "Write 09:00-12:00, in order of the day.": "请按先后写成 09:00-12:00。",
    "a list must stand here.": "此处应为列表。",
    "a text or a list of texts must stand here.": "此处应为文字，或文字的列表。",
    "every key of a rule is a text.": "规则的每个键都应为文字。",
    "a rule file holds one mapping.": "规则文件应为一份“名称: 内容”的对照。",
    "The shape of a rule file is in docs/rule.schema.json.": (
        "规则文件的格式见 docs/rule.schema.json。"
    ),
    "there is no such folder.": "没有这个文件夹。",
    "Name the folder of the rule files.": "请写规则文件所在的文件夹。",
    "the rule {} stands in {} already.": "规则 {0} 已在 {1} 中。",
    "Keep one of the files.": "请只留一个文件。",
    "the file has {} bytes.": "文件有 {0} 字节。",
    "At most {} are read.": "最多读取 {0} 字节。",
    "the tag '{}' is not read.": "不读取标签“{0}”。",
    "aliases and anchors are not read.": "不读取别名与锚点。",
    "Write the values out.": "请把内容写全。",
    "Write plain values.": "请写普通的值。",
    "the file is nested too deep.": "文件的层次太深。",
    "a key must be a plain text.": "键应为普通文字。",
    "the key '{}' stands twice.": "键“{0}”出现了两次。",
    "Keep one of them.": "请只留一个。",
    "this is not UTF-8.": "这不是 UTF-8 文字。",
    "Save the file as UTF-8.": "请把文件存为 UTF-8。",
    "the file cannot be read ({}).": "文件无法读取（{0}）。",
    "Name a readable file.": "请写可以读取的文件。",
    "this is not YAML: {}.": "这不是 YAML：{0}。",
    "'{}' is no rule id.": "“{0}”不是规则编号。",
    "Write capitals and digits: E07.": "请用大写字母和数字：E07。",
    "a rule stands on a law, a local rule or a named method.": (
        "规则须有依据：法律、本地规定或注明出处的方法。"
    ),
    "there is no field '{}'.": "没有字段“{0}”。",
    "'{}' is no code.": "“{0}”不是代码。",
    "'{}' is no name.": "“{0}”不是名称。",
    "Write a_z0_9.": "请用小写字母、数字和下划线：a_z0_9。",
    "the code '{}' stands twice.": "代码“{0}”出现了两次。",
    "Give it another code.": "请换一个代码。",
    "Write one of {}.": "可写：{0}。",
    "a role belongs to 'then: request', and only there.": (
        "role 只能、也必须与 then: request 一起写。"
    ),
    "a rule that hits must say so.": "规则命中时必须有话说。",
    "'hint_when' needs a hint to show.": "写了 hint_when，就要写 hint 的文字。",
    "{} has no height.": "{0}画不成柱。",
    "Name a sum or count.": "请写金额或数目的字段。",
    "{} cannot be measured by {}.": "{0}不能用{1}来衡量。",
    "Name a field of the same type and currency.": "请写类型和币种相同的字段。",
    "'{}' is not {}.": "“{0}”不是{1}。",
    "{} is outside the range declared.": "{0} 超出了声明的范围。",
    "the least value must not be greater than the greatest.": "下限不得大于上限。",
    "'{}' is no moment with an offset.": "“{0}”不是带时差的时刻。",
    "Write 2026-03-10T10:00:00+08:00.": "请写成 2026-03-10T10:00:00+08:00。",
    "there is no {} here.": "此处不能用类型 {0}。",
    "'{}' is no ISO 4217 code.": "“{0}”不是 ISO 4217 币种代码。",
    "a closed list belongs to the type 'choice'.": "choices 与类型 choice 必须一起写。",
    "a range is [least, greatest], and belongs to a number or a list.": (
        "范围写成 [下限, 上限]，且只用于数值或列表。"
    ),
    "{} entries are outside the range declared.": "{0} 项，超出了声明的范围。",
    "a range is [least, greatest].": "范围写成 [下限, 上限]。",
    "'{}' is the event's own field, {}.": "“{0}”是事件自带的字段，应为{1}。",
    "a parameter is a sum of a certain currency.": "金额参数须写明币种。",
    "And {} more.": "另有 {0} 处。",
    "Unknown field.": "没有这个键。",
    "Missing data for required field.": "缺少必填的内容。",
    "Field may not be null.": "此处不得为空。",
    "Not a valid string.": "此处应为文字。",
    "Not a valid integer.": "此处应为整数。",
    "Not a valid boolean.": "此处应为 true 或 false。",
    "Not a valid list.": "此处应为列表。",
    "Not a valid mapping type.": "此处应为“名称: 内容”的对照。",
    "Invalid input type.": "此处内容的类型不对。",
    "Length must be {}.": "长度应为 {0}。",
    "Shorter than minimum length {}.": "短于 {0} 字。",
    "Longer than maximum length {}.": "长于 {0} 字。",
    "Length must be between {} and {}.": "长度应在 {0} 与 {1} 之间。",
    "Must be one of: {}.": "可写：{0}。",
    "Must be greater than or equal to {}.": "不得小于 {0}。",
    "Must be greater than or equal to {} and less than or equal to {}.": "应在 {0} 与 {1} 之间。",
}
#: Of facts, bindings, examples, texts and signatures.
_PARTS: Final[Mapping[str, str]] = {
    "'{}' is no kind of event.": "“{0}”不是事件种类。",
    "Write a canonical kind such as enf.decision.made.": (
        "请写规范的事件种类，如 enf.decision.made。"
    ),
    "at least one kind of event must stand here.": "此处至少写一个事件种类。",
    "one kind of event must stand here.": "此处应写一个事件种类。",
    "nobody knows events of kind '{}'.": "没有人知道“{0}”这类事件。",
    "If your platform sends it, name it: --kind, --mapping or --host.": (
        "若业务系统确实发送这类事件，请用 --kind、--mapping 或 --host 写明。"
    ),
    "a fact needs exactly one operation.": "每个事实只能有、也必须有一种算法。",
    "'{}' is {}: no numbers to add.": "“{0}”是{1}，不能相加。",
    "a figure over other cases is of one currency.": "跨案件的统计须用同一币种。",
    "Declare the currency of the field.": "请写明该字段的币种。",
    "a window is a written span.": "窗口应为写明的期间。",
    "Write 90 days, 5 working days, 24 hours or a parameter.": (
        "请写 90天、5个工作日、24小时，或一个参数。"
    ),
    "a figure over other cases looks back civil days.": "跨案件的统计按自然日回看。",
    "'{}' does not look over other cases.": "“{0}”不能跨案件。",
    "Over other cases there are median, {}.": "跨案件可用：median、{0}。",
    "events of other cases are looked at within civil days.": "其他案件的事件按自然日回看。",
    "Write within: 90 days.": "请写 within: 90天。",
    "at least one field must stand here.": "此处至少写一个字段。",
    "'{}' does not stand under 'per'.": "“{0}”未写在“per”之下。",
    "'{}' and '{}' are not of one type.": "“{0}”与“{1}”类型不同。",
    "Ask for the person within the case: leave 'per' out.": "请只在本案之内查此人：删去“per”。",
    "no figure over other cases is kept of one person.": "不对个人作跨案件的统计。",
    "a fact over other cases reads no other fact.": "跨案件的事实不引用其他事实。",
    "no figure is kept of one person or moment.": "不对个人或某一时刻作统计。",
    "Group by what the case is about.": "请按案由分组。",
    "there is no unit '{}'.": "没有单位“{0}”。",
    "Write {}.": "可写：{0}。",
    "'{}' does nothing for {}.": "“{0}”对 {1} 不起作用。",
    "Leave it out.": "请删去。",
    "only a binding of tier 5 may hold a step it could not judge.": (
        "只有第 5 级的绑定，才可在无法判断时拦住环节。"
    ),
    "only a binding of tier 2 or 3 may ask less in a mode.": (
        "只有第 2、3 级的绑定，才可在特殊状态下少问。"
    ),
    "Take it out, or choose another tier.": "请删去这一项，或换一个级别。",
    "'{}' is no id of a binding.": "“{0}”不是绑定的编号。",
    "Write E07-gate.": "请写成 E07-gate。",
    "the last day is before the first.": "结束日早于开始日。",
    "the id '{}' stands twice.": "编号“{0}”出现了两次。",
    "Give it another id.": "请换一个编号。",
    "a binding needs at least one phase.": "绑定至少要有一个阶段。",
    "Write record.": "请写 record。",
    "there is no parameter '{}'.": "没有参数“{0}”。",
    "the rule declares no attribute '{}'.": "规则没有声明字段“{0}”。",
    "the rule does not look at events of kind '{}'.": "规则不看“{0}”这类事件。",
    "See its key 'on'.": "请看规则的 on。",
    "there is no time zone '{}'.": "没有时区“{0}”。",
    "Write an IANA name: Asia/Shanghai.": "请写 IANA 名称：Asia/Shanghai。",
    "the rule has no figure '{}'.": "规则没有统计“{0}”。",
    "a brace or bracket is left open.": "花括号或方括号没有合上。",
    "Write {amount:money}, and optional stretches as [[ · {facts.usual.n:integer} ]].": (
        "请写成 {{amount:money}}；可省略的一段写成 [[ · {{facts.usual.n:integer}} ]]。"
    ),
    "there is no form '{}'.": "没有写法“{0}”。",
    "Known are {}.": "可用：{0}。",
    "'{}' is {} and cannot be shown as {}.": "“{0}”是{1}，不能按 {2} 显示。",
    "Use {}.": "请用 {0}。",
    "the owner of a rule does not sign for it.": "规则的负责人不得为自己签认。",
    "Let a second person sign.": "请由第二人签认。",
    "a signature has a day.": "签认须写日期。",
    "a signature says who signed and why.": "签认须写明何人、因何签认。",
    "this change is signed for twice.": "这处改动签认了两次。",
    "Keep one.": "请只留一个。",
}
#: Of expressions.
_LANGUAGE: Final[Mapping[str, str]] = {
    "{} (character {}).": "{0}（第 {1} 字）。",
    "the expression is empty.": "表达式是空的。",
    "Write amount > 800元.": "请写成 amount > 800元。",
    "expected {}, found {}": "此处应为 {0}，而写了 {1}",
    "the end": "结尾",
    "and, or, or the end": "“且”“或”或结尾",
    "a value or a name": "值或名称",
    "comparisons cannot be chained": "比较不能连写",
    "Write a < b and b < c.": "请写成 a < b 且 b < c。",
    "the expression has too many parts": "表达式的部分太多",
    "At most {} are allowed: make two rules.": "最多 {0} 个：请分成两条规则。",
    "the expression is nested too deep": "表达式的层次太深",
    "At most {} levels are allowed.": "最多 {0} 层。",
    "there is no function '{}'": "没有函数“{0}”",
    "The functions are {}.": "函数有：{0}。",
    "{} takes {}, not {}": "{0} 要 {1} 个值，而不是 {2} 个",
    "the expression has {} characters.": "表达式有 {0} 字。",
    "At most {} are allowed: make two rules, or move parts to facts.": (
        "最多 {0} 字：请分成两条规则，或移到事实中。"
    ),
    "'{}' begins no word of the language": "“{0}”开头的不是规则语言的词",
    "Compare with ==.": "比较请用 ==。",
    "Compare with == or !=.": "请用 == 或 != 比较。",
    "There is no division: write ratio(a, b) > 10%.": "没有除法：请写 ratio(a, b) > 10%。",
    "Write the percentage with its number: 10%.": "百分号请与数字一起写：10%。",
    "A text ends with the quote it began with.": "文字的引号要前后一致。",
    "{} is not a whole number": "{0} 不是整数",
    "Write it with a unit that makes it whole: 800元, 10%, 36.00EUR.": (
        "请带上单位写成整数：800元、10%、36.00EUR。"
    ),
    "{} is too large": "{0} 太大",
    "there is no day {}": "没有 {0} 这一天",
    "'{}' is no currency": "“{0}”不是币种",
    "Write its ISO 4217 code.": "请写 ISO 4217 代码。",
    "there is no name '{}'": "没有名称“{0}”",
    "Declare it under 'fields', 'parameters' or 'facts'.": (
        "请在 fields、parameters 或 facts 中声明。"
    ),
    "'{}' may mean {}": "“{0}”可能指 {1}",
    "Write the name of the field.": "请写字段的名称。",
    "this gives {}, not {}": "得到的是{0}，而不是{1}",
    "expected yes or no, found {}": "此处应为是或否，而得到的是{0}",
    "{} has no order": "{0}没有大小之分",
    "these cannot be compared": "这两者不能比较",
    "Compare a ratio with a percentage, and a list by size(list).": (
        "比率请与百分比比较；列表请用 size(列表)。"
    ),
    "{}, and {}, do not go together": "{0}与{1}不能放在一起",
    "'{}' is not one of the allowed values": "“{0}”不在允许的取值之内",
    "They are {}.": "可写：{0}。",
    "a list holds written values only": "列表里只能写具体的值",
    "there is no {} for {}": "{1}不能用 {0}",
    "a day is moved by working days in 'values' alone": "只有在 values 中才能按工作日推算日期",
    "In a condition compare a fact elapsed_since, in: working_days.": (
        "条件中请用 elapsed_since 事实，in: working_days。"
    ),
    "a product needs a whole number and a quantity": "乘法要一个整数和一个数量",
    "For shares of a sum write ratio(a, b) > 10%.": "求占比请写 ratio(a, b) > 10%。",
    "only numbers have a sign": "只有数值才有正负",
    "there is no ratio of {}": "{0}不能求比率",
    "missing(x) asks about one name": "missing(x) 只问一个名称",
    "size(x) needs a list, not {}": "size(x) 要列表，而不是{0}",
    "{} needs {}, not {}": "{0} 要{1}，而不是{2}",
    "this may take {} steps; at most {} are allowed": "可能要算 {0} 步；最多 {1} 步",
    "Declare a 'range' for its lists: [0, 50] is a list of at most 50 entries.": (
        "请为列表写明 range：[0, 50] 表示最多 50 项。"
    ),
    "this may pass 2^63": "数值可能超过 2^63",
    "Declare a 'range' for its fields, parameters or facts.": "请为字段、参数或事实写明 range。",
    "Give the number its unit: {}.": "请给数字写上单位：{0}。",
    "Sums of two currencies are never compared.": "两种币种的金额从不比较。",
    "A sum in the currency of the case is compared with other sums of the case alone.": (
        "按案件币种的金额，只与本案的其他金额比较。"
    ),
    "Civil days and working days are counted differently: choose one.": (
        "自然日与工作日算法不同：请选一种。"
    ),
    "money in the currency of the case": "按案件币种的金额",
    "money in {}, written 800{}": "{0} 金额（写成 800{1}）",
    "civil days, written 60 days or 60天": "自然日（写成 60天）",
    "working days, written 5 working days or 5个工作日": "工作日（写成 5个工作日）",
    "a duration, written 24 hours or 30 minutes": "时长（写成 24小时 或 30分钟）",
    "a percentage, written 10%": "百分比（写成 10%）",
    "a ratio": "比率",
    "a whole number": "整数",
    "a text, written 'text'": "文字（写成 '文字'）",
    "one of a closed list, written 'text'": "闭合列表中的一项（写成 '文字'）",
    "a day, written 2026-03-10": "日期（写成 2026-03-10）",
    "a moment": "时刻",
    "yes or no": "是或否",
    "a list": "列表",
}

#: All of them.
CHINESE: Final[Mapping[str, str]] = {**_DOCUMENT, **_PARTS, **_LANGUAGE, **FORMS}
