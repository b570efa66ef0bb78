"""The rule language: checked trees, plans and evaluation; no input, no output, no clock."""

from . import texts
from .bindings import compile_binding, compile_bindings
from .compiler import compile_rule
from .document import digest
from .evaluation import default_binding, evaluate, patch, patch_from
from .examples import Failure, run_examples
from .knowledge import CalendarLike, GroupKey, Knowledge, Statistic, StatisticKey
from .model import ANY_KIND, Binding, Rule, Scope
from .planning import Plan, RuleSet, group_keys, plan, statistic_keys
from .trace import explain

__all__ = (
    "ANY_KIND",
    "Binding",
    "CalendarLike",
    "Failure",
    "GroupKey",
    "Knowledge",
    "Plan",
    "Rule",
    "RuleAnswer",
    "RuleSet",
    "Scope",
    "Statistic",
    "StatisticKey",
    "compile_binding",
    "compile_bindings",
    "compile_rule",
    "default_binding",
    "digest",
    "evaluate",
    "explain",
    "group_keys",
    "patch",
    "patch_from",
    "plan",
    "run_examples",
    "statistic_keys",
    "texts",
)
