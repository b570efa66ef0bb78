"""The page that lies in a bundle for whoever opens it, in Chinese and in English."""

from collections.abc import Mapping
from typing import Any, Final

_ZH: Final = """\
案件证据包

账本：{log_id}
案件：{case}
记录：{count} 条，是树头（{size} 片叶子，树根 {root}）之下这个案件的全部记录
树头公布于：{at}

一、证明了什么
  1. entries/ 中的每条记录，逐字节，就是账本签署树头时所在位置上的那一条。
  2. 它们是这个案件截至该树头的全部记录，一条不少、一条不多、次序如此（index.json、case.json）。
  3. 公开的字段（disclosures.json）、函件与答复（replies.json）与记录中的摘要相符；没有公开或已经
     删除的，会说明。
  4. 时间的精度和时钟来源（clock.json）就是记录所写的。

二、没有证明什么
  1. 记录所说的是真的。没有改动，不等于真实。
  2. 账本之外没有别的事；树头之后的记录不在内（gaps.json 中的 unsealed 是导出时已知的条数）。
  3. rules.json（规则的准确率、漏检）和 gaps.json（缺口）是导出者的陈述：必须写明，但无从由账本
     推出。命中是疑点，不是结论。
  4. 这份说明和 verify.sh 本身。请用您自己取得的 verify.sh。
  5. 除非您的核对依据要求见证人，账本可能给别人看另一棵树。

三、规则的准确率（每条命中的规则）
{rules}
四、怎样核对
  公钥要从公告、公报或电话取得，不要从给您证据包的人那里取得；写入一个文件（名称+编号+base64），
  放在本目录之外。然后解开压缩包，在目录中运行（只需 openssl 和 coreutils）：
      sh 您自己的/verify.sh 公钥文件
  或者用我们的程序，它还核对见证人、公开的字段、答复和各部分：
      cleangov evidence verify 证据包.zip --policy 您的核对依据
"""
_EN: Final = """\
Evidence of a case

Ledger:  {log_id}
Case:    {case}
Entries: {count}, which are all of the case under the head ({size} leaves, root {root})
Head published: {at}

1. What is proven
  1. Every entry in entries/, to the byte, is the one that stood there when the key signed the head.
  2. They are all entries of the case up to that head: none is missing, none was added, and this is
     their order (index.json, case.json).
  3. Fields that are shown (disclosures.json), letters and replies (replies.json) are those whose
     digests stand in the entries. What is not shown, or was erased, is said to be so.
  4. Precision and clock of every time (clock.json) are as the entries say.

2. What is not proven
  1. That what the entries say is true. Unchanged is not the same as true.
  2. That nothing happened outside the ledger. What came after the head is not here (`unsealed` in
     gaps.json is how many entries were known when this was made).
  3. rules.json (how often a rule was wrong, what it could not see) and gaps.json are the exporter's
     word: they have to be here, but do not follow from the ledger. A hit is a question, no verdict.
  4. This page, and verify.sh beside it. Use a verify.sh of your own.
  5. Unless your policy asks for witnesses, the log could show others another tree.

3. How often the rules were wrong (each that hit)
{rules}
4. How to check it
  Take the log's key from print, from the gazette or by telephone, never from whoever gave you this;
  write it into a file (name+id+base64) outside this folder. Unpack the bundle and run in it, with
  openssl and coreutils alone:
      sh /your/own/verify.sh KEYFILE
  or with our program, which also checks witnesses, shown fields, replies and every part:
      cleangov evidence verify BUNDLE.zip --policy YOUR-POLICY
"""
_WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "zh-CN": {
        "none": "  没有规则命中。\n",
        "few": "  {rule}：已办结 {closed} 件，少于 {needed} 件，尚不能评价。",
        "rate": "  {rule}：已办结 {closed} 件，其中 {cleared} 件澄清（误报），{confirmed} 件属实。",
        "seen": "看过 {cases} 件案件，{cannot_be_checked} 件无法核验。",
        "unseen": "本账本中看过、无法核验的案件数没有统计。",
        "here": "本案中无法核验 {unknown_here} 次。\n",
    },
    "en": {
        "none": "  No rule hit.\n",
        "few": "  {rule}: {closed} findings closed, fewer than {needed}: nothing can be said yet. ",
        "rate": (
            "  {rule}: of {closed} closed findings {cleared} were cleared (it was wrong), "
            "{confirmed} confirmed. "
        ),
        "seen": "It looked at {cases} cases and could not check {cannot_be_checked}. ",
        "unseen": "Nobody has counted the cases of this ledger that it looked at. ",
        "here": "In this case it could not check {unknown_here} times.\n",
    },
}


def readme(language: str, facts: Mapping[str, Any]) -> bytes:
    """Write the page.

    :param language: ``"zh-CN"`` or ``"en"``.
    :param facts: ledger, case, number of entries, size, root, moment of publishing, rules.
    """
    words = _WORDS[language]
    lines = []
    for rule in facts["rules"]:
        is_few = rule["closed"] < rule["needed"]
        keys = ("few" if is_few else "rate", "unseen" if rule["cases"] is None else "seen", "here")
        lines.append("".join(words[key].format(**rule) for key in keys))
    rules = "".join(lines) or words["none"]
    page = _ZH if language == "zh-CN" else _EN
    return page.format(**{**facts, "rules": rules}).encode("utf-8", "backslashreplace")
