"""Which hits interrupt an officer: none that they answered before, none beyond a full day."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from cleangov_plugin.desk.desk import Desk
from cleangov_plugin.desk.own_kinds import SOURCE
from cleangov_plugin.desk.prompting.verdicts import Asked
from cleangov_plugin.desk.shelf import Connection
from cleangov_plugin.domain.evaluation import RuleOutcome
from cleangov_plugin.domain.terms import Eased, Phase, Result, Tier
from cleangov_plugin.prompts.modes import DEFERRING, KINDS, Declared, declared, easing
from cleangov_plugin.prompts.panel import RED, Hit, Panel, dedupe_key, panel
from cleangov_plugin.prompts.weights import UNKNOWN, Weight, Weights
from cleangov_plugin.store import declared_entries, prompts, statistics
from cleangov_plugin.store.mode_entries import SUBJECT
from cleangov_plugin.store.trails import Trail

from .mode_words import told
from .settling import REPEATED, settled_before

#: Reason of an attempt that passed because the officer's day had no place left.
PASSED_OVER: Final = "passed_over"
#: Attempt that was let through in a mode: this, and the id of the mode.
DEFERRED: Final = "deferred:"
#: Attempt that was let through, and is a finding like any other: this, and the mode.
EASED: Final = "eased:"
#: Facts under which the figures of a day stand, by rule: see `weighing`.
PRECISION: Final = "prompts.precision"
BETTER: Final = "prompts.better"
#: What nothing is more than: red is shown however full the day is, and counted.
_NO_LIMIT: Final = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """What was chosen of the hits at a gate.

    :param panel: what is to stand before the officer; None where nothing is.
    :param is_repeated: whether a hit was left out since it was answered before.
    :param easing: the mode in which all of it asks less; None where something of it does not.
    :param weights: what the past hits of its rules were worth.
    """

    panel: Panel | None = None
    is_repeated: bool = False
    easing: tuple[Eased, Declared | None] | None = None
    weights: Weights | None = None


_NOTHING: Final = Chosen()


def choose(desk: Desk, connection: Connection, asked: Asked, hits: list[Hit]) -> Chosen:
    """Choose what is to stand before the officer; where nothing hits, nothing is read.

    :param desk: the desk.
    :param connection: a connection of our own.
    :param asked: what the gate was asked.
    :param hits: the hits, and what is held because it could not be judged.
    :return: one merged panel at the most.
    """
    found = panel(hits, asked.settled)
    if found is None:
        return _NOTHING
    ledger, record = asked.judged.ledger, asked.checked.record
    settled = asked.settled
    if any(_may_repeat(hit) for hit in found.hits):
        before = settled_before(desk.shelf, connection, ledger, record.case_id, record.actor)
        settled |= {dedupe_key(hit.outcome) for hits_ in before.values() for hit in hits_}
    left = [hit for hit in found.hits if not (_may_repeat(hit) and _key(hit) in settled)]
    is_repeated = len(left) < len(found.hits)
    if not left:
        return Chosen(is_repeated=is_repeated)
    weights: Weights = {}
    if len(left) > 1 or left[0].outcome.tier < Tier.SECOND_PERSON:
        weights = weights_of(connection, ledger.log_id)
    chosen = panel(left, frozenset(), weights, desk.today(ledger))
    why = _easing(desk, connection, asked, left)
    return Chosen(panel=chosen, is_repeated=is_repeated, easing=why, weights=weights)


def _easing(
    desk: Desk, connection: Connection, asked: Asked, hits: list[Hit]
) -> tuple[Eased, Declared | None] | None:
    """Answer the mode in which none of the hits interrupts; one that does shows all of them."""
    wanted = {hit.outcome.binding_id for hit in hits}
    bindings = [b.binding for b in asked.judged.plan.bound if b.binding.id in wanted]
    eased = frozenset.intersection(*(binding.eased for binding in bindings))
    if not eased:
        return None
    record = asked.checked.record
    told = declared_entries.records(connection, record.log_id, SUBJECT, KINDS[:3], SOURCE)
    modes = declared(told)
    return easing(modes, record, eased, desk.host.now())


def has_place(
    desk: Desk, connection: Connection, asked: Asked, chosen: Chosen, hint_id: str
) -> bool:
    """Spend one of the officer's interruptive prompts of today, and answer whether there was one.

    An attempt spends one place, however often its gate is asked; from tier 4 on none is needed.
    Red is never turned away: it is counted, and shown on a full day, too.

    :param desk: the desk.
    :param connection: a writing connection of our own.
    :param asked: what the gate was asked.
    :param chosen: what would stand before the officer.
    :param hint_id: id of the hint it would be otherwise.
    """
    found, record = chosen.panel, asked.checked.record
    if found is None or found.tier >= Tier.SECOND_PERSON or record.actor is None:
        return True
    if any(prompt.tier >= Tier.CONFIRM for prompt in asked.trail.prompts):
        return True
    if asked.trail.prompt(hint_id) is not None and asked.trail.reason == PASSED_OVER:
        return False  # it stays so for this try
    weights, most = chosen.weights or {}, desk.settings.day_prompts
    places = max(weights.get(h.outcome.rule_id, UNKNOWN).places(most) for h in found.hits)
    if found.tier < Tier.JUSTIFY and _is_any_graver(asked):
        places = min(places, max(1, most - 1))  # what one click answers takes no day's last place
    has_one = prompts.spend(
        connection,
        record.log_id,
        record.actor,
        desk.today(asked.judged.ledger),
        limit=places if found.is_budgeted else _NO_LIMIT,
        retention=desk.retention("case"),
    )
    return has_one or not found.is_budgeted


def _is_any_graver(asked: Asked) -> bool:
    """Answer whether a full day could turn away a rule at a gate that asks for reasons."""
    return any(
        Phase.GATE in binding.phases and binding.tier is Tier.JUSTIFY and rule.severity not in RED
        for rule, binding in asked.judged.ledger.rules.bound
    )


def eased_as(asked: Asked, mode: Eased, found: Declared | None) -> tuple[str, str]:
    """Answer the reason of an attempt that a mode lets through, and what its officer reads.

    :param asked: what the gate was asked.
    :param mode: the mode.
    :param found: its declaration, where it was declared.
    """
    is_later = found is not None and mode in DEFERRING
    reason = f"{DEFERRED}{found.id}" if found and is_later else f"{EASED}{mode.value}"
    zone, language = asked.judged.ledger.zone, asked.attempt.step.language
    return reason, told(mode, found, zone, language, is_later=is_later)


def is_lasting(reason: str) -> bool:
    """Answer whether it is told for good why a step was not held.

    :param reason: reason of its attempt.
    """
    return reason in (PASSED_OVER, REPEATED) or reason.startswith((DEFERRED, EASED))


def left_now(outcomes: Sequence[RuleOutcome], trail: Trail, digest: str) -> list[RuleOutcome]:
    """Leave out what a mode let through, which is looked at when it ends; if it is what was asked.

    :param outcomes: what the rules said of an event.
    :param trail: what stood before the officer.
    :param digest: payload digest of the event, hexadecimal.
    """
    if not trail.reason.startswith(DEFERRED) or trail.digest != digest:
        return list(outcomes)
    hints = (prompt for prompt in trail.prompts if prompt.tier < Tier.CONFIRM)
    later = {ref.partition("@")[0] for prompt in hints for ref in prompt.rules}
    return [outcome for outcome in outcomes if outcome.rule_id not in later]


def weights_of(connection: Connection, log_id: str) -> dict[str, Weight]:
    """Read what the past hits of all rules were worth, as a tick worked it out last.

    :param connection: any connection.
    :param log_id: the agency's ledger.
    :return: weights by id of the rule; none where no tick has been.
    """
    found = statistics.all_of(connection, log_id, (PRECISION, BETTER))
    precision = {key.key: figure for key, figure in found.items() if key.fact_id == PRECISION}
    better = {key.key: figure for key, figure in found.items() if key.fact_id == BETTER}
    return {
        rule: Weight(
            precision=precision[rule].value if rule in precision else 0,
            better=better[rule].value if rule in better else 0,
        )
        for rule in {*precision, *better}
    }


def _may_repeat(hit: Hit) -> bool:
    is_hit = hit.outcome.result is Result.HIT
    return is_hit and hit.outcome.tier < Tier.SECOND_PERSON


def _key(hit: Hit) -> str:
    return dedupe_key(hit.outcome)
