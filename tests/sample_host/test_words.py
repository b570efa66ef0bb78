"""The catalogue: Chinese and English in step, and nothing that a page asks for is missing."""

import re
from collections.abc import Iterator
from pathlib import Path

from sample_host import pages
from sample_host.benchmarks import BENCHMARKS, TIERS
from sample_host.flow import FLOWS, Field, FieldType, StepType
from sample_host.people import PEOPLE
from sample_host.words import WORDS, administrator, fields, screens, steps, tour

HOST = Path(pages.__file__).parents[1]
HAN = re.compile(r"[\u3400-\u9fff]")
SIGNS = frozenset({"comma", "colon", "tour.place", "admin.subject"})


def test_each_text_is_there_in_both_languages_with_the_same_places() -> None:
    for key, (zh, en) in WORDS.items():
        assert zh.strip(), key
        assert en.strip(), key
        assert sorted(re.findall(r"{(\w+)}", zh)) == sorted(re.findall(r"{(\w+)}", en)), key
        assert key in SIGNS or HAN.search(zh), f"{key}: the Chinese text has no Chinese in it"
        assert not HAN.search(en), f"{key}: the English text has Chinese in it"


def test_no_key_is_given_twice() -> None:
    rooms = (screens.SCREENS, steps.STEPS, fields.FIELDS, tour.TOUR, administrator.ADMINISTRATOR)
    assert sum(map(len, rooms)) + len(BENCHMARKS) == len(WORDS)


def steps_of_all_streams() -> Iterator[tuple[str, StepType]]:
    for flow in FLOWS.values():
        for step in (flow.opening, *flow.steps):
            yield str(flow.stream), step


def choices_of(field: Field) -> list[str]:
    return [f"choice.{field.name}.{code}" for code in field.choices]


def needed() -> set[str]:
    """List every key that a page could make from a step, a state, a role, a unit."""
    keys = {f"choice.tier.{tier}" for tier in TIERS} | {f"choice.tier_chosen.{t}" for t in TIERS}
    for stream, step in steps_of_all_streams():
        keys |= {f"{part}.{stream}.{step.name}" for part in ("step", "document", "do")}
        for field in step.fields:
            keys |= {f"field.{field.name}", *choices_of(field)}
            assert field.type is FieldType.CHOICE or not field.choices
    for flow in FLOWS.values():
        keys |= {f"state.{flow.stream}.{state}" for state in flow.states}
        keys |= {f"list.{flow.path}", f"nav.{flow.path}", f"party.{flow.stream}"}
        keys |= {f"opens.{flow.stream}"}
    for official in PEOPLE.values():
        keys |= {f"unit.{official.unit or 'none'}", *(f"role.{r}" for r in official.roles)}
        keys |= {f"card.{official.id}"} if official.is_on_card else set()
    return keys


def test_every_step_state_role_unit_and_choice_has_its_words() -> None:
    assert needed() - set(WORDS) == set()


ASKED = re.compile(r"""\bt\(\s*["']([a-z_0-9.-]+[a-z0-9])["']\s*[,)]""")
RAISED = re.compile(r"""(?:Conflict|ValueError)\(["']([a-z.]+)["']\)""")


def test_every_key_that_a_template_or_an_error_names_exists() -> None:
    named = set()
    for path in HOST.rglob("*.html"):
        named |= set(ASKED.findall(path.read_text(encoding="utf-8")))
    for path in HOST.rglob("*.py"):
        named |= set(RAISED.findall(path.read_text(encoding="utf-8")))
    assert len(named) > 60, "the search finds nothing any more"
    assert named - set(WORDS) == set()


def is_named(key: str, source: str) -> bool:
    return f'"{key}"' in source or f"'{key}'" in source


def test_every_word_is_used() -> None:
    source = "".join(
        path.read_text(encoding="utf-8")
        for path in HOST.rglob("*")
        if path.suffix in (".py", ".html") and path.parent.name != "words"
    )
    made = ("choice.", "field.", "error.", "role.", "unit.", "card.", "state.", "step.", "nav.")
    made += ("admin.by.", "admin.problem.", "admin.amount", "admin.held", "admin.notice")
    made += ("admin.changed", "admin.gone")
    made += ("document.", "do.", "opens.", "party.", "list.", "variation.", "plugin.")
    loose = [key for key in WORDS if not key.startswith(made) and not is_named(key, source)]
    assert loose == []
