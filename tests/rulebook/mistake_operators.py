"""Twelve kinds of mistake that people make in rule files."""

import json
import random
import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from .mistake_places import Document, expressions, kind_places, misspelt, other_kind, replaced

Make = Callable[[Document, random.Random], None]
"""Makes one mistake in a document; leaves it alone where it cannot be made there."""


def typo(document: Document, chance: random.Random) -> None:
    way = chance.randrange(4)
    if way == 0:
        words = r"(?:facts|params)\.[a-z_]+|\b(?!and\b|or\b|not\b|in\b)[a-z_]{3,}\b(?!['.])"
        replaced(document, chance, words, lambda m, c: misspelt(m[0], c))
    elif way == 1:
        holder, key = chance.choice(kind_places(document) or [(document, "condition")])
        holder[key] = misspelt(holder[key], chance)
    elif way == 2:
        parts = [document, document["texts"], *document.get("facts", {}).values()]
        holder = chance.choice([*parts, *document.get("fields", {}).values()])
        key = chance.choice([k for k in holder if k != "label"])
        holder[misspelt(key, chance)] = holder.pop(key)
    else:
        holder, key = chance.choice(
            [(document, "severity"), (document["basis"][0], "status")]
            + [(e, "expect") for e in document["examples"]]
        )
        holder[key] = misspelt(holder[key], chance)


TYPES = ("money", "text", "integer", "boolean", "date", "percent", "days", "list", "duration")


def wrong_type(document: Document, chance: random.Random) -> None:
    declared = [*document.get("fields", {}).values(), *document.get("parameters", {}).values()]
    if declared and chance.random() < 0.7:
        entry = chance.choice(declared)
        entry["type"] = chance.choice([t for t in TYPES if t != entry["type"]])
    else:
        literals = r"\bfacts\.[a-z_]+|\bamount\b|\bkind\b|'[^']*'"
        replaced(document, chance, literals, lambda m, c: c.choice(["3", "'text'", "true", "8元"]))


def wrong_unit(document: Document, chance: random.Random) -> None:
    units = {"days": ["working days", "hours", ""], "%": ["", " days"], "元": ["EUR", "万元"]}
    places: list[tuple[Any, Any]] = []
    for parameter in document.get("parameters", {}).values():
        places.append((parameter, "default"))
        places += [(parameter["range"], n) for n in range(len(parameter.get("range", ())))]
    places += [(f, "in") for f in document.get("facts", {}).values() if "in" in f]
    for example in document["examples"]:
        events = [example["given"]["event"], *example["given"].get("history", [])]
        places += [(e, "amount") for e in events if "amount" in e]
        places += [(e["attributes"], k) for e in events for k in e.get("attributes", {})]
    places = [(h, k) for h, k in places if isinstance(h[k], str) and _united(h[k])]
    if not places:
        return
    holder, key = chance.choice(places)
    text = holder[key]
    if text in ("civil_days", "working_days"):
        holder[key] = "working_days" if text == "civil_days" else "civil_days"
        return
    unit = next(u for u in units if text.endswith(u))
    holder[key] = text.removesuffix(unit).strip() + chance.choice(units[unit])


def _united(text: str) -> bool:
    is_quantity = re.fullmatch(r"-?[\d_.]+ ?(working )?(days|%|元)", text)
    return bool(is_quantity) or text in ("civil_days", "working_days")


def wrong_enum(document: Document, chance: random.Random) -> None:
    way = chance.randrange(3)
    if way == 0:
        holder, key = chance.choice(
            [(document, "severity"), (document["basis"][0], "status")]
            + [(a, k) for a in document.get("answers", []) for k in ("kind", "then")]
            + [(e, "expect") for e in document["examples"]]
            + [(b, "visibility") for b in document["bindings"]]
        )
        holder[key] = chance.choice(["high", "严重", "yes", "其他", "block"])
    elif way == 1 and kind_places(document):
        holder, key = chance.choice(kind_places(document))
        holder[key] = other_kind(holder[key], chance)
    else:
        replaced(document, chance, r"'[^']*'", lambda m, c: f"'{other_kind(m[0][1:-1], c)}'")


SIGNS = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "!=", "!=": "=="}


def inverted_sign(document: Document, chance: random.Random) -> None:
    if chance.random() < 0.6:
        replaced(document, chance, r"==|!=|<=|>=|<|>", lambda m, _: SIGNS[m[0]])
    else:
        asked = r"\bnot (?=facts|missing|contains)|(?<!not )\bfacts\.[a-z_]+(?= and| or|$)"
        replaced(document, chance, asked, lambda m, _: "" if m[0] == "not " else f"not {m[0]}")


def wrong_window(document: Document, chance: random.Random) -> None:
    parameters = [
        p for p in document.get("parameters", {}).values()
        if re.match(r"\d+", str(p["default"]))
    ]  # fmt: skip
    facts = [
        (f, k)
        for f in document.get("facts", {}).values()
        for k in ("after", "before", "within")
        if k in f
    ]
    if facts and (not parameters or chance.random() < 0.5):
        fact, key = chance.choice(facts)
        other = {"after": "before", "before": "after", "within": ""}[key]
        value = fact.pop(key)
        if other and chance.random() < 0.5:
            fact[other] = value
    elif parameters:
        entry = chance.choice(parameters)
        number = re.match(r"\d+", str(entry["default"]))
        assert number is not None
        wrong = chance.choice(
            [int(number[0]) * 2, int(number[0]) + 30, max(int(number[0]) // 2, 1)]
        )
        rest = str(entry["default"])[number.end() :]
        entry["default"] = f"{wrong}{rest}" if rest else wrong
    else:
        replaced(document, chance, r"<=|>=|<|>", lambda m, _: SIGNS[m[0]])


EDGES = {"<": "<=", "<=": "<", ">": ">=", ">=": ">"}


def off_by_one(document: Document, chance: random.Random) -> None:
    parameters = [
        p for p in document.get("parameters", {}).values()
        if re.match(r"\d+", str(p["default"]))
    ]  # fmt: skip
    if parameters and chance.random() < 0.5:
        entry = chance.choice(parameters)
        number = re.match(r"\d+", str(entry["default"]))
        assert number is not None
        wrong = int(number[0]) + chance.choice([-1, 1])
        rest = str(entry["default"])[number.end() :]
        entry["default"] = f"{wrong}{rest}" if rest else wrong
    else:
        edges = r"<=|>=|<(?!=)|>(?!=)|\b\d+(?=%)"
        replaced(
            document, chance, edges,
            lambda m, c: EDGES.get(m[0]) or str(int(m[0]) + c.choice([-1, 1])),
        )  # fmt: skip


def missing_data(document: Document, chance: random.Random) -> None:
    way = chance.randrange(4)
    if way == 0:
        key = chance.choice([k for k in ("on", "basis", "title", "severity", "condition", "texts")])
        document.pop(key)
    elif way == 1 and document.get("fields"):
        document["fields"].pop(chance.choice(list(document["fields"])))
    elif way == 2 and document.get("facts"):
        document["facts"].pop(chance.choice(list(document["facts"])))
    elif "not missing" in json.dumps(document):
        replaced(
            document, chance, r"not missing\([a-z_.]+\)(?: and )?| and not missing\([^)]*\)", ""
        )
    else:
        text = document["texts"][chance.choice(list(document["texts"]))]
        text.pop(chance.choice(["zh", "en"]))


def wrong_case_key(document: Document, chance: random.Random) -> None:
    facts = list(document.get("facts", {}).values())
    if "current." in json.dumps(document) and chance.random() < 0.5:
        replaced(document, chance, r"current\.[a-z_]+", lambda m, c: c.choice(["actor", "case_id"]))
    elif facts:
        fact = chance.choice(facts)
        key = chance.choice(["per", "kinds"])
        if key == "per":
            fact["per"] = chance.choice([["case_id"], ["actor"], ["party"], ["unit"]])
        else:
            places = [(h, k) for h, k in kind_places({"on": "any", "facts": {"f": fact}})]
            for holder, place in places[:1]:
                holder[place] = other_kind(holder[place], chance)
            if not places:
                fact["same_actor"] = {"case.id": "case.id"}
    else:
        replaced(document, chance, r"\b[a-z_]+(?=\.|\b)", lambda m, _: f"case.{m[0]}")


NAME = (
    r"\b(?:facts|params)\.[a-z_]+"
    r"|\b(?!and\b|or\b|not\b|in\b|ratio\b|missing\b|known\b)[a-z_]+\b(?![('.])"
)


def swapped_fields(document: Document, chance: random.Random) -> None:
    pairs = []
    for holder, key in expressions(document):
        found = list(re.finditer(NAME, re.sub(r"'[^']*'", lambda m: "#" * len(m[0]), holder[key])))
        pairs += [
            (holder, key, a, b) for n, a in enumerate(found) for b in found[n + 1 :] if a[0] != b[0]
        ]
    if not pairs:
        return
    holder, key, a, b = chance.choice(pairs)
    text = holder[key]
    holder[key] = text[: a.start()] + b[0] + text[a.end() : b.start()] + a[0] + text[b.end() :]


def cyclic_facts(document: Document, chance: random.Random) -> None:
    facts = document.setdefault("facts", {})
    way = chance.randrange(3)
    if way == 0:
        facts["round_a"] = {"exists": "prm.submitted", "where": "facts.round_b"}
        facts["round_b"] = {"exists": "prm.submitted", "where": "facts.round_a"}
    elif way == 1:
        name = chance.choice(list(facts) or ["own"])
        facts[name] = {"count": "prm.submitted", "where": f"facts.{name} > 0"}
    else:
        document["values"] = {"a": "values.b", "b": "values.a"}


def huge_lists(document: Document, chance: random.Random) -> None:
    way = chance.randrange(5)
    if way == 0:
        many = ", ".join(f"'k{n}'" for n in range(5_000))
        document["condition"] = f"kind in [{many}]"
    elif way == 1:
        document["condition"] = "(" * 60 + document["condition"] + ")" * 60
    elif way == 2:
        document["condition"] = " or ".join([document["condition"]] * 300)
    elif way == 3:
        document["on"] = [f"enf.made_up_{n}" for n in range(2_000)]
    else:
        document["examples"] = document["examples"] * 200


OPERATORS: Final[Mapping[str, Make]] = {
    "typo": typo,
    "type": wrong_type,
    "unit": wrong_unit,
    "enum": wrong_enum,
    "inverted sign": inverted_sign,
    "wrong window": wrong_window,
    "off by one": off_by_one,
    "missing data": missing_data,
    "wrong case key": wrong_case_key,
    "swapped fields": swapped_fields,
    "cyclic facts": cyclic_facts,
    "huge lists": huge_lists,
}
