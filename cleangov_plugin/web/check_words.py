"""Words of the page on which anybody checks a receipt, zh and en side by side."""

from collections.abc import Mapping
from typing import Final

CHECK: Final[Mapping[str, tuple[str, str]]] = {
    "check.title": ("核对回执", "Check a receipt"),
    "check.lead": (
        (
            "把回执贴进来，就能知道它说的那条记录是不是还在账本里、有没有被改动。不用登录，贴进来的内容"
            "不会保存。"
        ),
        (
            "Paste a receipt to learn whether the entry it names is still in the ledger, unchanged."
            " No sign-in is needed, and nothing that you paste is kept."
        ),
    ),
    "check.receipt": ("回执，整张或其中的证明", "The receipt, all of it or the proof alone"),
    "check.receipt.file": ("或者选择文件", "Or choose a file"),
    "check.entry": (
        "记录的原文，或它的散列（64 位十六进制）",
        "The entry itself, or its hash (64 hexadecimal digits)",
    ),
    "check.entry.help": (
        "回执上印有散列时可以不填；填了原文，才能核对内容。",
        "Not needed where the receipt names the hash; only with the entry is its content checked.",
    ),
    "check.entry.file": ("或者选择记录的文件", "Or choose the entry's file"),
    "check.send": ("核对", "Check"),
    "check.result": ("结果", "Result"),
    "check.mark.good": ("属实", "Genuine"),
    "check.mark.bad": ("不属实", "Not genuine"),
    "check.mark.unchecked": ("无法核对", "Cannot be checked"),
    "check.good": (
        "账本的密钥签过字：这个散列的记录在账本的这个位置。最新公布的账本里它仍在那里，没有改动。",
        (
            "The key of the ledger signed it: the entry with this hash stood at this place. In the "
            "newest published ledger it still stands there, unchanged."
        ),
    ),
    "check.good.body": (
        "您带来的原文就是那条记录，一个字节也不差。",
        "The entry you brought is that entry, to the byte.",
    ),
    "check.good.hash": (
        "核对的是散列。记录的内容是否相同，要用原文核对。",
        "The hash was checked. Whether the content is the same, only the entry itself shows.",
    ),
    "check.not_genuine": (
        "这不是本账本给这条记录的回执：{why}",
        "This is no receipt of this ledger for this entry: {why}",
    ),
    "check.forked": (
        "回执有账本的签名，最新公布的账本却接不上它：账本被改写过。请保存回执，向监察机关反映。",
        (
            "The ledger signed the receipt, but the newest published ledger does not continue it: "
            "it was rewritten. Keep the receipt and report it."
        ),
    ),
    "check.ahead": (
        (
            "回执有账本的签名，但它比最新公布的账本还新：账本可能被退回过。请过一分钟再核对；仍然如此，"
            "请保存回执，向监察机关反映。"
        ),
        (
            "The ledger signed the receipt, but it is newer than the newest published ledger, "
            "which may have been put back. Check again in a minute; if it stays so, keep the "
            "receipt and report it."
        ),
    ),
    "check.other_log": (
        "回执是另一个账本的，不是这里的。",
        "The receipt is of another ledger, not of one that is kept here.",
    ),
    "check.no_receipt": (
        "没有找到回执：证明以 c2sp.org/tlog-proof@v1 一行开头。",
        "No receipt was found: its proof begins with the line c2sp.org/tlog-proof@v1.",
    ),
    "check.no_brought": (
        "请再填上记录的原文或散列。",
        "Please bring the entry or its hash as well.",
    ),
    "check.no_folder": (
        "这里无法核对：没有设置存放树头的地方。请按下面的办法自己核对。",
        "It cannot be checked here: no place of the heads is set. Check it yourself as below.",
    ),
    "check.no_key": (
        "这里无法核对：没有账本的公钥。请按下面的办法自己核对。",
        "It cannot be checked here: the ledger's key is not known. Check it yourself as below.",
    ),
    "check.no_newest": (
        "这里无法核对：最新公布的账本现在读不到。请稍后再试，或按下面的办法自己核对。",
        (
            "It cannot be checked here: the newest published ledger cannot be read just now. Try "
            "again later, or check it yourself as below."
        ),
    ),
    "check.place": ("位置", "Place"),
    "check.place.leaf": ("第 {index} 片叶子（从 0 数起）", "leaf {index}, counted from 0"),
    "check.hash": ("记录的散列", "Hash of the entry"),
    "check.head.receipt": ("回执的树头", "Head of the receipt"),
    "check.head.newest": ("最新公布的树头", "Newest published head"),
    "check.head": ("{size} 片叶子，树根", "{size} leaves, root"),
    "check.head.at": ("公布于", "published"),
    "check.key": ("账本的公钥", "Public key of the ledger"),
    "check.published": ("现在公布的账本", "The ledger as it is published now"),
    "check.published.none": (
        "这里没有公布树头。",
        "No head is published here.",
    ),
    "check.yourself": ("不靠我们，自己核对", "Check it yourself, without us"),
    "check.yourself.key": (
        "公钥要从公告、公报或电话取得，与本页比对；不要只看本页，也不要从给您回执的人那里取得。",
        (
            "Take the public key from print, from the gazette or by telephone and compare it with "
            "this page; do not rely on this page alone, or on whoever gave you the receipt."
        ),
    ),
    "check.yourself.how": (
        (
            "回执是 C2SP tlog-proof，读得懂这种格式的程序都能核对。只用 openssl 和 coreutils 的写法"
            "见本软件说明 docs/ledger.md；整个案件的证据包用其中的 verify.sh 核对。"
        ),
        (
            "A receipt is a C2SP tlog-proof, and any program that reads those can check it. "
            "docs/ledger.md of this software does it with openssl and coreutils alone; the bundle "
            "of a whole case is checked with the verify.sh in it."
        ),
    ),
    "check.yourself.not": (
        "核对证明记录没有被改动，不证明记录所说的是真的。",
        "A check proves that the entry is unchanged, not that what it says is true.",
    ),
    "error.check.large": (
        "内容太大：一次最多 64 KB。记录很长时，请填它的散列。",
        "That is too large: 64 KB at a time. For a long entry, bring its hash instead.",
    ),
}
