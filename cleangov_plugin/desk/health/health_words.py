"""What is said of each check, zh and en side by side: what was found, and what to do about it."""

from collections.abc import Mapping
from typing import Final

from .health_check import Check, State
from .ledger_words import LEDGER

_Pair = tuple[str, str]

#: Sentence and remedy by key: zh, then en. An empty remedy: nothing need be done.
SENTENCES: Final[Mapping[str, tuple[_Pair, _Pair]]] = {
    **LEDGER,
    "database.unreachable": (
        ("打不开数据库：{what}", "the database cannot be opened: {what}"),
        (
            "检查 CLEANGOV_DATABASE_URL、网络和账号权限。",
            "Check CLEANGOV_DATABASE_URL, the network and the account's rights.",
        ),
    ),
    "database.driver": (
        ("没有安装数据库驱动：{what}", "the driver of the database is not installed: {what}"),
        (
            "在平台的环境中运行 pip install 'cleangov-plugin[postgresql]'。",
            "Run pip install 'cleangov-plugin[postgresql]' in the platform's environment.",
        ),
    ),
    "database.kind": (
        ("不支持的数据库：{what}://", "{what}:// is no database that the plugin works with"),
        (
            "写 postgresql://（不是 postgres://）或 sqlite:///。",
            "Write postgresql:// (not postgres://) or sqlite:///.",
        ),
    ),
    "database.address": (
        ("CLEANGOV_DATABASE_URL 不是数据库地址", "CLEANGOV_DATABASE_URL is no address"),
        (
            "写成 postgresql://账号:密码@主机/库名；密码中的 @ 写 %40，/ 写 %2F，: 写 %3A。",
            "Write postgresql://account:password@host/city; in a password, @ is %40, / is %2F.",
        ),
    ),
    "database.open": (
        (
            "本机其他用户可读写数据库文件 {file}（权限 {mode}）",
            "other accounts of this machine may use the file {file} (mode {mode})",
        ),
        (
            "chmod 600 该文件，或 chmod 700 所在目录。",
            "chmod 600 the file, or chmod 700 its folder.",
        ),
    ),
    "database.absent": (
        ("没有数据库文件 {file}", "there is no database {file}"),
        (
            "检查 CLEANGOV_DATABASE_URL；要新建则运行 cleangov db upgrade。",
            "Check CLEANGOV_DATABASE_URL; 'cleangov db upgrade' makes a new one.",
        ),
    ),
    "server": (
        ("数据库：{name}", "database: {name}"),
        (
            "需要 SQLite 3.35 或 PostgreSQL 13 及以上版本。",
            "SQLite 3.35 or PostgreSQL 13 is the oldest that works.",
        ),
    ),
    "journal": (
        ("SQLite 日志模式为 {mode}", "SQLite journal mode is {mode}"),
        (
            "建议由平台设为 WAL：读写互不等待。",
            "Let the platform set WAL: readers and the writer then do not wait for each other.",
        ),
    ),
    "schema.right": (
        ("表结构版本 {revision}", "tables are at revision {revision}"),
        ("", ""),
    ),
    "schema.missing": (
        ("没有插件的表，或表不完整", "the plugin's tables are not there, or not all of them"),
        ("运行 cleangov db upgrade。", "Run 'cleangov db upgrade'."),
    ),
    "schema.older": (
        (
            "表结构 {revision} 比程序 {wanted} 旧，插件停用",
            "tables {revision} are older than the code {wanted}: the plugin is inert",
        ),
        ("运行 cleangov db upgrade。", "Run 'cleangov db upgrade'."),
    ),
    "schema.newer": (
        (
            "表结构 {revision} 比程序 {wanted} 新，插件停用",
            "tables {revision} are newer than the code {wanted}: the plugin is inert",
        ),
        ("安装与表结构相配的版本。", "Install the release that these tables belong to."),
    ),
    "agencies.none": (
        ("还没有单位登记", "no authority is kept yet"),
        (
            "平台带插件启动一次，或先 cleangov replay 一份日志。",
            "Start the platform with the plugin once, or replay a log.",
        ),
    ),
    "rules": (
        (
            "{agency}：{number} 条规则生效，第 {revision} 次修订",
            "{agency}: {number} rules in force, revision {revision}",
        ),
        ("", ""),
    ),
    "rules.none": (
        ("{agency}：没有生效的规则", "{agency}: no rule is in force"),
        (
            "检查 CLEANGOV_RULES 目录；运行 cleangov rules check。",
            "Look at the folder CLEANGOV_RULES; run 'cleangov rules check'.",
        ),
    ),
    "calendar": (
        ("{agency}：工作日历到 {last}", "{agency}: working days are known until {last}"),
        ("", ""),
    ),
    "calendar.none": (
        (
            "{agency}：没有工作日历，以工作日计的期限无法核验",
            "{agency}: no working days: terms in working days cannot be checked",
        ),
        (
            "安装 cleangov-plugin[calendars] 后重启平台。",
            "Install cleangov-plugin[calendars] and restart the platform.",
        ),
    ),
    "calendar.over": (
        ("{agency}：工作日历只到 {last}", "{agency}: working days are known until {last} only"),
        ("升级 holidays 包后重启平台。", "Upgrade the package holidays and restart the platform."),
    ),
    "gaps.owed": (
        (
            "{number} 个事件待补核验（{reason}：{detail}）",
            "{number} events wait for their check ({reason}: {detail})",
        ),
        ("运行 cleangov tick，并设为定时任务。", "Run 'cleangov tick', and let cron run it."),
    ),
    "gaps.given_up": (
        (
            "{number} 个事件无法核验（{reason}：{detail}）",
            "{number} events cannot be checked ({reason}: {detail})",
        ),
        (
            "请平台方更正该字段后重发；原文保留在表中。",
            "Have the platform correct the field and send again; the event itself is kept.",
        ),
    ),
    "doubted": (
        (
            "{rules}：{number} 条提示被指“不对”，还没有答复",
            "{rules}: prompts said to be wrong and not answered: {number}",
        ),
        (
            "负责答复的人打开“我的页面”即可答复。",
            "Whoever answers for it finds the question on their own page.",
        ),
    ),
    "keys": (
        ("密钥目录 {folder}", "keys in {folder}"),
        ("请备份。", "Keep a backup."),
    ),
    "keys.missing": (
        ("{folder} 中还没有密钥：{missing}", "no keys yet in {folder}: {missing}"),
        (
            "首次启动时生成；若曾有过，请从备份恢复。",
            "They are made at the first start; if there were some, restore them.",
        ),
    ),
    "keys.open": (
        ("{folder} 中的密钥其他用户可读", "the keys in {folder} can be read by others"),
        ("chmod 700 目录，chmod 600 文件。", "chmod 700 the folder, chmod 600 the files."),
    ),
    "keys.unusable": (
        (
            "密钥目录 {folder} 不能用，插件停用",
            "the key folder {folder} cannot be used: the plugin is inert",
        ),
        (
            "让平台的账号能读写该目录，或另设 CLEANGOV_KEYS。",
            "Let the platform's account read and write it, or name another by CLEANGOV_KEYS.",
        ),
    ),
    "rules.no_folder": (
        (
            "没有规则目录 {folder}，插件停用",
            "there is no folder {folder} of rules: the plugin is inert",
        ),
        ("改正或去掉 CLEANGOV_RULES。", "Correct or remove CLEANGOV_RULES."),
    ),
    "keys.unnamed": (
        ("没有指定密钥目录", "no folder of keys is named"),
        ("设置 CLEANGOV_KEYS。", "Set CLEANGOV_KEYS."),
    ),
    "spool": (
        ("备用目录为空，上限 {limit} KiB", "the spool is empty; it holds up to {limit} KiB"),
        ("", ""),
    ),
    "spool.waiting": (
        (
            "备用目录中有 {number} 个事件，{kb}/{limit} KiB",
            "{number} events in the spool, {kb} of {limit} KiB",
        ),
        (
            "平台恢复后自动补记；接近上限时请尽快处理。",
            "The platform takes them when it is well again; hurry where it is nearly full.",
        ),
    ),
    "spool.none": (
        (
            "没有设置备用目录：数据库写不进时事件只计数",
            "no spool: an event that no table takes is only counted",
        ),
        ("设置 CLEANGOV_SPOOL。", "Set CLEANGOV_SPOOL."),
    ),
}

_MARKS: Final = {
    State.GOOD: ("正常", "good"),
    State.NOTE: ("注意", "note"),
    State.BAD: ("有问题", "bad"),
}


def said(check: Check, language: str) -> tuple[str, str, str]:
    """Say a check in a language.

    :param check: the check.
    :param language: BCP 47 tag; anything but Chinese is answered in English.
    :return: its mark, what was found, and what to do; the last is empty for what is good.
    """
    place = 0 if language.lower().startswith("zh") else 1
    sentence, remedy = SENTENCES[check.key]
    found = sentence[place].format(**check.values)
    mend = "" if check.state is State.GOOD else remedy[place]
    return _MARKS[check.state][place], found, mend
