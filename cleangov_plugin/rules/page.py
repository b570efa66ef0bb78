"""The page of a rule in the documentation, written from its document."""

from collections.abc import Iterable, Mapping
from typing import Any

from .compiler import compile_rule
from .model import ANY_KIND, Basis, Rule
from .rule_answers import RuleAnswer


def rule_page(document: Mapping[str, Any]) -> str:
    """Write the page of one rule in Markdown, zh and en side by side.

    :param document: the rule's document.
    :return: the page.
    """
    rule = compile_rule(document)
    parts = [
        f"# {rule.id} · {rule.title['zh']} · {rule.title['en']}",
        "*Written from the rule file; change the file, not this page.*",
        f"{rule.why['zh']}\n\n{rule.why['en']}",
        _facts_of_life(rule),
        "## Stands on",
        *(_basis(basis) for basis in rule.basis),
        f"## Looks at\n\n{_looks_at(rule)}",
        *_inputs(document),
        f"## Hits when\n\n```\n{document['condition']}\n```",
        *_optional("Hint is shown when", document.get("hint_when")),
        *_optional("Applies when", document.get("applies")),
        "## Says",
        _texts(rule),
        *_drawing(rule),
        "## Answers",
        _answers(rule),
        "## Bindings as shipped",
        _bindings(document),
        "## Examples",
        _examples(document),
        *_signed(document),
    ]
    return "\n\n".join(parts) + "\n"


def _facts_of_life(rule: Rule) -> str:
    review = f"to be looked at again by {rule.review_by}"
    return f"Version {rule.version} · severity `{rule.severity}` · owner {rule.owner} · {review}"


def _basis(basis: Basis) -> str:
    lines = []
    for language in ("zh", "en"):
        law, article = basis.law[language], basis.article.get(language, "")
        lines.append(f"{law} {article}".strip())
    span = f"{basis.valid_from or '…'} – {basis.valid_to or '…'}"
    head = f"- {' · '.join(lines)} ({basis.status}, {span})"
    source = f"  <{basis.source}>" if basis.source else ""
    quotes = [f"  > {quote}" for quote in basis.quote.values()]
    return "\n".join(line for line in (head, source, *quotes) if line)


def _inputs(document: Mapping[str, Any]) -> list[str]:
    found = []
    for key, title in (("parameters", "Parameters"), ("fields", "Fields"), ("facts", "Facts")):
        entries = document.get(key) or {}
        if entries:
            rows = (f"| `{name}` | {_label(e)} | {_details(e)} |" for name, e in entries.items())
            found.append(f"## {title}\n\n| name | called | is |\n|---|---|---|\n" + "\n".join(rows))
    return found


def _label(entry: Mapping[str, Any]) -> str:
    label = entry.get("label") or {}
    return f"{label.get('zh', '')} · {label.get('en', '')}" if label else ""


def _details(entry: Mapping[str, Any]) -> str:
    return ", ".join(
        f"{key}: {_short(value, ' – ' if key == 'range' else ', ')}"
        for key, value in entry.items()
        if key != "label"
    )


def _short(value: Any, between: str = ", ") -> str:
    if isinstance(value, Mapping):
        text = ", ".join(f"{key} ↔ {_short(item)}" for key, item in value.items())
    elif isinstance(value, list):
        text = between.join(str(item) for item in value)
    else:
        text = str(value).lower() if isinstance(value, bool) else str(value)
    return text.replace("|", "\\|")


def _optional(title: str, text: str | None) -> list[str]:
    return [] if text is None else [f"## {title}\n\n```\n{text}\n```"]


def _texts(rule: Rule) -> str:
    rows = (
        f"| {key} | {words['zh']} | {words['en']} |".replace("\n", " ")
        for key, words in rule.texts.items()
    )
    return "| text | zh | en |\n|---|---|---|\n" + "\n".join(rows)


def _drawing(rule: Rule) -> list[str]:
    if rule.drawing is None:
        return []
    drawn = f"`{rule.drawing.bars}` as a share of `{rule.drawing.line}`"
    return [f"## Draws\n\n{drawn}, of {_listed(rule.drawing.kinds)} and of the event that hit."]


def _answers(rule: Rule) -> str:
    rows = (
        f"| `{a.code}` | {a.label['zh']} | {a.label['en']} | {a.then} {a.role or ''} |"
        for a in rule.answers
    )
    table = "| code | zh | en | then |\n|---|---|---|---|\n" + "\n".join(rows)
    return "\n\n".join([table, *(_reasons(a) for a in rule.answers if a.reasons)])


def _reasons(answer: RuleAnswer) -> str:
    asked = {"words": "needs_text", "a document": "needs_evidence"}
    rows = []
    for each in answer.reasons:
        needs = [what for what, flag in asked.items() if getattr(each, flag)]
        if answer.needs_text and "words" not in needs:
            needs.insert(0, "words")
        label = each.label
        rows.append(f"| `{each.code}` | {label['zh']} | {label['en']} | {', '.join(needs)} |")
    head = f"Reasons of `{answer.code}`:\n\n| code | zh | en | needs |\n|---|---|---|---|\n"
    return head + "\n".join(rows)


def _bindings(document: Mapping[str, Any]) -> str:
    rows = (
        f"| `{b['id']}` | {b['tier']} | {', '.join(b['phases'])} | "
        f"{b.get('visibility', 'officer')} | {_only(b)} |"
        for b in document.get("bindings") or []
    )
    head = "| binding | tier | phases | visible to | only |\n|---|---|---|---|---|\n"
    return head + "\n".join(rows)


def _only(binding: Mapping[str, Any]) -> str:
    """Say where a binding applies and which numbers it sets, where it says so."""
    told = {**(binding.get("scope") or {}), **(binding.get("parameters") or {})}
    told |= {"eased": binding["eased"]} if binding.get("eased") else {}
    return "; ".join(f"{name}: {_short(value)}" for name, value in told.items())


def _examples(document: Mapping[str, Any]) -> str:
    rows = (
        f"| {e['name']} | {e['expect']}{_missing(e)} | {e['why']} |"
        for e in document.get("examples") or []
    )
    return "| example | expected | why |\n|---|---|---|\n" + "\n".join(rows)


def _signed(document: Mapping[str, Any]) -> list[str]:
    """Name the changes that no example tells apart, and who signed for them."""
    rows = [
        f"| `{_short(s['mutant'])}` | {s['why']} | {s['by']} | {s['on']} |"
        for s in document.get("signed") or []
    ]
    head = "## Signed for\n\n| change | why | by | on |\n|---|---|---|---|\n"
    return [head + "\n".join(rows)] if rows else []


def _missing(example: Mapping[str, Any]) -> str:
    fields = example.get("fields")
    return f" ({', '.join(fields)})" if fields else ""


def _looks_at(rule: Rule) -> str:
    return "every kind of event" if ANY_KIND in rule.on else _listed(sorted(rule.on))


def _listed(items: Iterable[str]) -> str:
    return ", ".join(f"`{item}`" for item in items)


def rules_index(documents: Iterable[Mapping[str, Any]]) -> str:
    """Write the list of all rules.

    :param documents: the rules' documents.
    :return: Markdown.
    """
    rows = (
        f"| [{d['id']}]({d['id']}.md) | {d['title']['zh']} | {d['title']['en']} | {d['severity']} |"
        for d in documents
    )
    head = "# Rules\n\n| rule | zh | en | severity |\n|---|---|---|---|\n"
    return head + "\n".join(rows) + "\n"
