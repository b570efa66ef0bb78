"""What is said of checks of the ledger: its codes, its receipts, and whether it is sealed."""

from collections.abc import Mapping
from typing import Final

_Pair = tuple[str, str]

#: Sentence and remedy by key: zh, then en. An empty remedy: nothing need be done.
LEDGER: Final[Mapping[str, tuple[_Pair, _Pair]]] = {
    "gaps.missing": (
        (
            "平台自身记录中有 {number} 个 {detail}，却没有报来（{reason}）",
            "the platform's own records show {number} of {detail} that were never told ({reason})",
        ),
        (
            "查明是谁、为何绕过或关闭了监督；事件补报后自动销账。",
            "Find out who went round supervision or switched it off; once told, it is settled.",
        ),
    ),
    "watched": (
        (
            "只读视图 {view}（{source}）：读到第 {low} 号，{looked}；{refused} 行不合约定",
            "view {view} ({source}): read up to {low}, last at {looked}; {refused} rows refused",
        ),
        (
            "只能事后看到：无提醒，不能把关，也不在业务事务内；要把关请用钩子或 cleangov serve。",
            "It sees afterwards only: no prompts, no gate; for those, hooks or 'cleangov serve'.",
        ),
    ),
    "watched.unreadable": (
        ("{file} 不能用", "{file} cannot be used"),
        (
            "移走该文件，用 cleangov watch --since 从某日重读；已记的不会重复。",
            "Move it away, and read again from a day on: cleangov watch --since. Nothing doubles.",
        ),
    ),
    "codes.begin": (
        ("记录校验码的首个密钥仍在本机：{files}", "first keys of the entry codes: {files}"),
        (
            "请审计员取走该文件，另行保管；cleangov verify --code-key 用它核验。",
            "Let an auditor take the file away; 'cleangov verify --code-key' needs it.",
        ),
    ),
    "receipts": (
        (
            "回执日志 {folder}，{files} 个文件，共 {size} MB",
            "receipt journal in {folder}: {files} files, {size} MB",
        ),
        ("", ""),
    ),
    "receipts.none": (
        (
            "没有设置回执日志：封存前被删的最新记录无法发现",
            "no receipt journal: nobody sees the newest entries being deleted before sealing",
        ),
        (
            "设置 CLEANGOV_RECEIPTS，放在本机、数据库之外的目录。",
            "Set CLEANGOV_RECEIPTS to a folder of this machine, away from the database.",
        ),
    ),
    "receipts.unusable": (
        (
            "回执日志目录 {folder} 不能用",
            "the folder {folder} of the receipt journal cannot be used",
        ),
        (
            "让平台的账号能读写该目录，或另设 CLEANGOV_RECEIPTS。",
            "Let the platform's account read and write it, or name another by CLEANGOV_RECEIPTS.",
        ),
    ),
    "sealing": (
        (
            "{agency}：已全部封存（{size} 片叶子，{at}）",
            "{agency}: everything is sealed ({size} leaves, {at})",
        ),
        ("", ""),
    ),
    "sealing.waiting": (
        (
            "{agency}：{number} 条记录尚未封存，上次封存于 {at}",
            "{agency}: {number} entries are not sealed yet; last sealed at {at}",
        ),
        (
            "新写入的可等一分钟。若一直如此：CLEANGOV_SEAL_SECONDS，或 cleangov seal --watch。",
            "New ones may wait a minute. If it stays so: CLEANGOV_SEAL_SECONDS, or 'seal --watch'.",
        ),
    ),
    "sealing.none": (
        (
            "{agency}：{number} 条记录，从未封存",
            "{agency}: {number} entries, and never sealed",
        ),
        (
            "运行 cleangov seal；签名的树头应放在另一台机器上。",
            "Run 'cleangov seal'; the signed head belongs on another machine.",
        ),
    ),
    "sealing.unsigned": (
        (
            "{agency}：{size} 片叶子的树头没有签名",
            "{agency}: the head of {size} leaves is not signed",
        ),
        (
            "运行 cleangov seal 和 cleangov verify：数据库可能恢复过，或被改动过。",
            "Run 'cleangov seal' and 'cleangov verify': the database may have been changed.",
        ),
    ),
    "sides.one": (
        (
            "机关与监督同在一个进程：管理本机的人能读到只给监督一方看的内容",
            (
                "agency and oversight are one process: whoever runs this machine can read what is"
                " for oversight only, and holds database, key and heads together"
            ),
        ),
        (
            "在监督一方的机器上运行 cleangov follow，并在 CLEANGOV_POLICY 中写上它的联署公钥。",
            (
                "Run 'cleangov follow' on a machine of oversight's, and name its key as a witness"
                " in the policy (CLEANGOV_POLICY)."
            ),
        ),
    ),
    "sides.two": (
        (
            "监督一方在别处跟进并联署（{names}）；本机的线索仍可由管理本机的人读到",
            (
                "oversight follows and cosigns elsewhere ({names}); findings here can still be"
                " read by whoever runs this machine"
            ),
        ),
        ("", ""),
    ),
}
