"""``cleangov rules new``: a rule file to be filled in, with an example on each side of its line."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

import click

from cleangov_plugin.domain.errors import RuleError

from .options import Options
from .rules_words import number_of

_WRITTEN: Final = (
    "{path}：已写好骨架。请先写依据，再改事实、条件与文字；然后运行 cleangov rules test {path}",
    (
        "{path}: written. Give the law first, then change facts, condition and texts; then run"
        " 'cleangov rules test {path}'"
    ),
)
#: The first word of each kind, and the kinds that its skeleton begins with.
_KINDS: Final = {
    "E": ("enf.decision.made", "enf.intent.notified"),
    "P": ("prm.decided", "prm.submitted"),
    "J": ("prj.variation.requested", "prj.variation.approved"),
    "X": ("prm.decided", "prm.submitted"),
}
_SKELETON: Final = """\
# 一条规则，一个文件。One rule, one file; the language: docs/rule-language.md
# 每处“请写”都要改。Change every "write here".
id: {id}
version: 1
title:
  zh: 请写标题
  en: Write the title here
why:
  zh: 请写为什么要有这条规则。
  en: Write here why there is such a rule.
# 没有依据的规则不收。A rule stands on a ground: law, local (a rule of your own) or method.
basis:
  - law: {{zh: 请写法律名称, en: Write the law here}}
    article: {{zh: 请写条款, en: write the article here}}
    status: local
    valid_from: "{day}"
on: [{now}]
severity: signal
parameters:
  days:
    type: days
    default: 30 days
    range: [1 days, 3650 days]
    local: true
    label: {{zh: 期限, en: term}}
facts:
  since:
    elapsed_since: {before}
    in: civil_days
    label: {{zh: 经过, en: time since}}
condition: facts.since > params.days
texts:
  headline:
    zh: 超过了期限。
    en: The term is over.
  body:
    zh: "已过 {{facts.since:integer}} 日，期限为 {{params.days:integer}} 日（{{basis}}）。"
    en: "Day {{facts.since:integer}}; the term is {{params.days:integer}} days ({{basis}})."
# 界线两边各一个示例，缺了数据再一个。An example on each side of the line, and one without data.
examples:
  - name: on the last day
    given:
      event: {{kind: {now}, at: "{last}T10:00:00+08:00", actor: officer}}
      history: [{{kind: {before}, at: "{first}T10:00:00+08:00", actor: officer}}]
    expect: clear
    why: The last day belongs to the term.
  - name: a day later
    given:
      event: {{kind: {now}, at: "{late}T10:00:00+08:00", actor: officer}}
      history: [{{kind: {before}, at: "{first}T10:00:00+08:00", actor: officer}}]
    expect: hit
    why: The term is over.
  - name: nobody knows when it began
    given:
      event: {{kind: {now}, at: "{last}T10:00:00+08:00", actor: officer}}
    expect: cannot_be_checked
    fields: [{before}]
    why: There is no day to count from.
owner: write-the-owner-here
review_by: "{review}"
bindings:
  - {{id: {id}-event, tier: 0, phases: [event], visibility: oversight}}
"""


@click.command("new")
@click.argument("rule_id", metavar="ID")
@click.option(
    "-o",
    "--to",
    "path",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The file to write; ID.yaml in this folder where left out.",
)
@click.pass_obj
def command(options: Options, rule_id: str, path: Path | None) -> None:
    """Write the file of a new rule: valid, tested on both sides of its line, to be filled in.

    ID is capitals and digits: E for enforcement, P for permits, J for projects, X for several. A
    file that is there already is never touched.

    写出一个可以运行的规则骨架，界线两边都有示例；已有的文件绝不改动。
    """
    target = path or Path(f"{rule_id}.yaml")
    text = skeleton(rule_id, datetime.now(UTC).date())
    _check(text, rule_id)
    try:
        with target.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError:
        remedy = "Name another with --to, or take it away yourself."
        raise RuleError("this file is there; it stays.", where=str(target), remedy=remedy) from None
    except OSError as problem:
        what = f"this file cannot be written: {problem.strerror}."
        raise RuleError(what, where=str(target), remedy="Name a folder of yours.") from None
    line = _WRITTEN[number_of(options.language)].format(path=target)
    options.say({"file": str(target), "rule": rule_id}, line)


def skeleton(rule_id: str, today: date) -> str:
    """Write the skeleton of a rule.

    :param rule_id: its id.
    :param today: the day, from which its dates are counted.
    :return: YAML.
    """
    now, before = _KINDS.get(rule_id[:1], _KINDS["X"])
    first = date(today.year, 3, 2)
    return _SKELETON.format(
        id=rule_id,
        now=now,
        before=before,
        day=date(today.year, 1, 1),
        first=first,
        last=date(today.year, 4, 1),
        late=date(today.year, 4, 2),
        review=date(today.year + 1, today.month, 1),
    )


def _check(text: str, rule_id: str) -> None:
    """Refuse an id that is none before anything is written."""
    from cleangov_plugin.intake.yaml_lines import read_yaml
    from cleangov_plugin.rules import compile_rule

    document, _ = read_yaml(text.encode(), rule_id)
    compile_rule(document)
