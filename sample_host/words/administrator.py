"""Texts of the scene in which a visitor is the database administrator."""

from typing import Final

ADMINISTRATOR: Final = {
    "admin.title": ("当一回数据库管理员", "Be the database administrator"),
    "admin.who": (
        (
            "数据库管理员对数据库有全部权限：哪一行都能看、能改、能删，触发器也能关。"
            "下面的按钮就用这些权限，当场改这座城市正在用的数据库，业务数据和监督记录一起改。"
        ),
        (
            "The administrator has every right on the database: may read, change, delete any row, "
            "and drop triggers. These buttons use those rights on this city’s live database: on "
            "the platform’s rows, and on what oversight recorded of them."
        ),
    ),
    "admin.ask": ("您想悄悄改掉什么？", "What would you like to change unseen?"),
    "admin.amount": ("把 455,000 元改成 245,000 元", "Change 455,000 to 245,000"),
    "admin.amount.why": (
        "赵磊的第三次变更，每次都贴着审批权限。金额一小，这个规律就没了。",
        "Zhao Lei’s third variation; each lies just below a limit. Smaller, the pattern is gone.",
    ),
    "admin.held": ("删掉“这一步停过”的记录", "Delete the record that a step was held"),
    "admin.held.why": (
        "有一步曾停下来等人答复。删掉记录，就像从来没停过。",
        "A step had to wait for an answer. Without its record, it never did.",
    ),
    "admin.held.none": (
        "还没有哪一步停过。先在导览第一幕里按 2,000 元决定试试。",
        "No step has been held yet. In the first scene of the tour, try to decide 2,000.",
    ),
    "admin.notice": ("把告知的日期提前六天", "Backdate a notice by six days"),
    "admin.notice.why": (
        "面馆店主 3月2日才被告知，3月4日就申辩了。日期一提前，就像她申辩晚了。",
        "The shop’s owner was told on 2 March and answered on the 4th. Backdated, she looks late.",
    ),
    "admin.none": ("没有这条记录，没什么可改。", "There is no such record to change."),
    "admin.unsealed": (
        "这条记录正在封存，几秒钟就好。",
        "This record is just being sealed; that takes seconds.",
    ),
    "admin.again": ("再看一下", "Look again"),
    "admin.sql": ("它要执行的 SQL", "The SQL it runs"),
    "admin.ran": ("刚才执行的 SQL", "The SQL that was run"),
    "admin.rows": ("-- 改动 {n} 行", "-- rows changed: {n}"),
    "admin.done": ("已经改了：{deed}", "Done: {deed}"),
    "admin.done.text": (
        "数据库没有阻拦，业务页面上已经是改过的样子。",
        "The database did not object, and the platform’s pages show it so.",
    ),
    "admin.look": ("去业务页面看看", "See it on the platform’s page"),
    "admin.verify": ("核验", "Verify"),
    "admin.verify.again": ("再核验一次", "Verify again"),
    "admin.verify.why": (
        "另开一个进程运行 cleangov verify，把每条记录重新算一遍，与库外封存的对比。",
        (
            "Runs cleangov verify: every record is worked out anew and compared with what is "
            "sealed outside the database."
        ),
    ),
    "admin.now": ("监督员会发现吗？", "Would an auditor see it?"),
    "admin.undo": ("撤销", "Undo"),
    "admin.undone": (
        "已撤销：每一行都恢复成原来的样子",
        "Undone: every row is as it was",
    ),
    "admin.before": ("还没有改动过什么。", "Nothing has been changed yet."),
    "admin.found": ("核验结果", "What verifying found"),
    "admin.changed": (
        "第 {number} 条记录{subject}被改动：封存于 {at}，现在的内容与封存时不符。",
        "Record {number}{subject} was changed: sealed {at}, its content no longer matches.",
    ),
    "admin.gone": (
        "第 {number} 条记录{subject}被删除：封存于 {at}，现在不见了。",
        "Record {number}{subject} was deleted: sealed {at}, it is gone.",
    ),
    "admin.changed.unsealed": (
        "一条还没封存的记录{subject}被改动。",
        "A record that is not sealed yet{subject} was changed.",
    ),
    "admin.gone.unsealed": (
        "一条写入后还没封存的记录{subject}不见了。",
        "A record that was written and not sealed yet{subject} is gone.",
    ),
    "admin.other": ("另有一处与封存时不同。", "Something is not as it was sealed."),
    "admin.subject": ("（{no}）", " ({no})"),
    "admin.by": ("怎么发现的：", "How it shows: "),
    "admin.no_other": (
        "未发现其他改动（共核对 {n} 条封存记录）。",
        "No other change among {n} sealed records.",
    ),
    "admin.clean": (
        "未发现改动：{n} 条封存记录都与封存时一样。",
        "No change was found: {n} sealed records are as they were sealed.",
    ),
    "admin.waiting": (
        "另有 {n} 条正在封存，几秒钟就好。",
        "{n} more are just being sealed; that takes seconds.",
    ),
    "admin.unchecked": (
        "有 {n} 项无法核验；在终端运行 cleangov verify，可以看到是哪几项。",
        "Points that could not be checked: {n}. In a terminal, cleangov verify names them.",
    ),
    "admin.tree": (
        (
            "触发器关了，管理员有全部权限，还是瞒不住：每条记录的指纹都封在一棵树里，"
            "树头签了名，存在数据库之外。"
        ),
        (
            "The triggers were off, the administrator had every right. The tree is the evidence: "
            "it holds a fingerprint of each record, and its signed head lies outside the database."
        ),
    ),
    "admin.off": (
        "监督插件已关闭：这段时间不记录、不封存，这里没有可试的。在页脚可以重新接入。",
        (
            "The supervision plugin is off: nothing is recorded or sealed, so there is nothing to "
            "try here. The foot of the page attaches it again."
        ),
    ),
    "admin.uninstalled": (
        "没有安装监督插件：没有封存的记录，这里没有可试的。",
        "No supervision plugin is installed: there are no sealed records, nothing to try here.",
    ),
    "admin.problem.missing": (
        "找不到 cleangov 命令，没有核验。",
        "The command cleangov is not there; nothing was verified.",
    ),
    "admin.problem.busy": (
        "数据库正忙，什么都没有做。请过几秒再试。",
        "The database is busy; nothing was done. Please try again in a few seconds.",
    ),
    "admin.problem.failed": (
        "核验没有完成。请在终端运行 cleangov verify，看看它怎么说。",
        "Verifying did not end well. In a terminal, cleangov verify says why.",
    ),
    "admin.by.LEAF": (
        "内容的指纹与封存的不同",
        "the fingerprint of its content is not the sealed one",
    ),
    "admin.by.ROOT": ("整棵树与签名的树头不符", "the tree is not the one that was signed"),
    "admin.by.SIG": ("树头的签名不对", "the signature of a head is wrong"),
    "admin.by.ANCH": (
        "与库外保存的树头不符",
        "it does not agree with a head kept outside the database",
    ),
    "admin.by.STRM": ("记录的序号或前后顺序断了", "the numbers or the order of records are broken"),
    "admin.by.COL": ("表里的列与记录的内容不一致", "columns of the table contradict the content"),
    "admin.by.MMD": ("早该封存，却没有封存", "it should have been sealed long since"),
    "admin.by.MAC": ("当日校验码与内容不符", "the code of its day does not fit the content"),
    "admin.by.ERAS": (
        "个人信息少了，却没有删除记录",
        "personal fields are missing without a record of an erasure",
    ),
    "admin.by.SCHEMA": ("表的结构被改过", "the make-up of the tables was changed"),
    "admin.by.RULE": ("规则不是封存时的规则", "a rule is not the one that was sealed"),
    "admin.by.RCPT": ("与写入时的回执不符", "it is not what its receipt names"),
    "admin.by.COVER": ("有一段没有被记录覆盖", "a stretch of time is not covered by records"),
    "admin.by.TIME": ("时间倒退了", "time goes backwards"),
    "admin.by.INDEX": ("案件目录与记录不符", "the index of cases does not fit the records"),
    "admin.by.WIT": ("与见证方签过的树头不符", "it contradicts a head that witnesses signed"),
    "admin.by.more": ("还有别的迹象", "there are other signs"),
}
