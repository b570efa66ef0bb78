"""By which rule a bundle is refused."""

from collections.abc import Mapping
from typing import Any

from cleangov_plugin.desk.evidence.verifying import verify_files
from cleangov_plugin.ledger import canonical
from cleangov_plugin.ledger.policy import Policy
from cleangov_plugin.ledger.strict import Refused
from tests.desk.evidence.made_log import RICH, policy, rich_log

Files = dict[str, bytes]


def rule_of(files: Mapping[str, bytes], believed: Policy | None = None) -> str:
    """Answer the rule by which files are refused; empty where they are good."""
    try:
        verify_files(files, believed or policy())
    except Refused as problem:
        return problem.rule
    return ""


def document(name: str, case: str = RICH) -> Any:
    return canonical.decode(rich_log().files(case)[name])
