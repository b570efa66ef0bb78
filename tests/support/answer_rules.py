"""Rules with every kind of answer: the shipped ones, copied, with more ways to answer."""

import shutil
from pathlib import Path

from cleangov_plugin.intake.rule_files import rulebook_folder

#: Ways to answer a sum outside the band: with a coded reason, later, or by stepping back.
OUTSIDE = """answers:
  - code: deviation
    kind: justified
    label: {zh: 偏离有依据, en: The deviation has a ground}
    then: pass
    reasons:
      - {code: collective, label: {zh: 集体讨论决定, en: Decided by all}, needs_evidence: true}
      - {code: special, label: {zh: 案情特殊, en: The case is special}, needs_text: true}
      - {code: trial, label: {zh: 试点, en: Part of a trial}}
  - code: later
    kind: deferred
    label: {zh: 先办，批准文件随后补, en: "Go on; the approval follows"}
    then: later
    days: 3
    awaits: [enf.facts.supplemented]
    reasons:
      - {code: signing, label: {zh: 正在签批, en: It is being signed}}
  - code: step_back
    kind: recusal_declared
    label: {zh: 我应当回避, en: I have to step back}
    then: recuse
    role: reviewer
    days: 2
    needs_text: true
  - code: known
    kind: acknowledged
    label: {zh: 已阅，继续办理, en: "Read, and go on"}
    then: pass
"""
#: The glass, where the law refuses.
HEAVIER = """  - code: danger
    kind: break_glass
    label: {zh: 情况危急，先办后审, en: Danger; reviewed afterwards}
    then: glass
    role: chief_engineer
    days: 2
    reasons:
      - {code: life, label: {zh: 危及生命, en: Danger to life}, needs_text: true}
  - code: wrong
"""


def answer_rules(folder: Path) -> Path:
    """Write the rules.

    :param folder: where; made.
    :return: the folder.
    """
    shutil.copytree(rulebook_folder(), folder)
    path = folder / "enforcement" / "E08.yaml"
    text = path.read_text(encoding="utf-8")
    before, after = text.partition("answers:\n")[0], text.partition("examples:\n")[2]
    text = f"{before}{OUTSIDE}examples:\n{after}".replace("E08-gate, tier: 2", "E08-gate, tier: 3")
    path.write_text(text, encoding="utf-8")
    path = folder / "enforcement" / "E07.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("  - code: wrong\n", HEAVIER, 1), encoding="utf-8")
    return folder
