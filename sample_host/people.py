"""Who works in the city: people with posts, roles and units. All of them are invented."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from cleangov_hooks import Actor, Person


@dataclass(frozen=True, slots=True, kw_only=True)
class Official:
    """Somebody who can sign in. Citizens are among them, with no role but their own.

    :param id: stable id, also in events.
    :param zh: name in Chinese.
    :param en: name in English.
    :param roles: role codes.
    :param unit: code of the unit; None for citizens.
    :param certificate: number of the enforcement certificate, for enforcement officers.
    :param party: the party this person stands for, for citizens.
    :param is_on_card: whether the landing page shows a card.
    """

    id: str
    zh: str
    en: str
    roles: frozenset[str]
    unit: str | None = None
    certificate: str | None = None
    party: str | None = None
    is_on_card: bool = False

    def name(self, language: str) -> str:
        """Answer the name in a language.

        :param language: BCP 47 tag.
        """
        return self.zh if language.lower().startswith("zh") else self.en

    def person(self, language: str) -> Person:
        """Answer the contract's view of this person.

        :param language: BCP 47 tag of the name.
        """
        return Person(id=self.id, name=self.name(language), roles=self.roles, unit=self.unit)

    def actor(self) -> Actor:
        """Answer this person as the actor of an event."""
        return Actor(
            id=self.id,
            roles=tuple(sorted(self.roles)),
            unit=self.unit,
            certificate=self.certificate,
        )


def _official(
    who: str, zh: str, en: str, roles: str, unit: str | None = None, certificate: str | None = None
) -> Official:
    return Official(
        id=who,
        zh=zh,
        en=en,
        roles=frozenset(roles.split()),
        unit=unit,
        certificate=certificate,
        party="wang-noodles" if who == "wang-xiulan" else None,
        is_on_card=who in _CARDS,
    )


_CARDS: Final = (
    "chen-jing",
    "liu-min",
    "zhao-lei",
    "lin-lan",
    "zhou-zheng",
    "wang-xiulan",
    "administrator",
)

_ALL: Final = (
    _official("chen-jing", "陈静", "Chen Jing", "enforcement_officer", "squad-2", "YT-0132"),
    _official("liu-min", "刘敏", "Liu Min", "permit_window", "permit-hall"),
    _official("zhao-lei", "赵磊", "Zhao Lei", "project_manager", "works"),
    _official("lin-lan", "林岚", "Lin Lan", "auditor supervision", "oversight"),
    _official("zhou-zheng", "周正", "Zhou Zheng", "rule_steward", "legal"),
    _official("wang-xiulan", "王秀兰", "Wang Xiulan", "citizen"),
    _official("administrator", "数据库管理员", "The administrator", "database_admin", "it"),
    _official("he-ping", "何平", "He Ping", "chief_engineer", "leaders"),
    _official("gao-feng", "高峰", "Gao Feng", "enforcement_officer", "squad-2", "YT-0147"),
    _official("tang-wen", "唐雯", "Tang Wen", "legal_reviewer reviewer", "legal"),
    _official("sun-ying", "孙颖", "Sun Ying", "enforcement_head", "leaders"),
    _official("xu-bin", "许斌", "Xu Bin", "permit_reviewer", "permit-hall"),
    _official("fang-hua", "方华", "Fang Hua", "permit_head", "permit-hall"),
    _official("ma-chao", "马超", "Ma Chao", "works_head", "works"),
    _official("qian-yu", "钱玉", "Qian Yu", "finance", "treasury"),
)

PEOPLE: Final[Mapping[str, Official]] = {official.id: official for official in _ALL}

#: Who heads a unit: to them its people report.
HEADS: Final[Mapping[str, str]] = {
    "squad-2": "sun-ying",
    "permit-hall": "fang-hua",
    "works": "ma-chao",
}


def holders(role: str) -> tuple[Official, ...]:
    """Answer who holds a role, in order of the directory.

    :param role: role code.
    """
    return tuple(official for official in _ALL if role in official.roles)
