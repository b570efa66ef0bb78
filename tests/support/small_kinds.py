"""The kinds of events that the small host sends, their streams and their attributes."""

from cleangov_hooks import AttributeType, Privacy, Stream, ValueType

_STREAMS = {
    "enf": Stream.ENFORCEMENT,
    "prm": Stream.PERMIT,
    "prj": Stream.PROJECT,
    "pet": Stream.PETITION,
    "hr": Stream.PERSONNEL,
    "doc": Stream.DOCUMENT,
}
ATTRIBUTES = (
    AttributeType(code="band_min", type=ValueType.MONEY),
    AttributeType(code="band_max", type=ValueType.MONEY),
    AttributeType(code="contract_amount", type=ValueType.MONEY),
    AttributeType(code="approval_limit", type=ValueType.MONEY),
    AttributeType(code="variation_no", type=ValueType.TEXT),
    AttributeType(code="violation_code", type=ValueType.TEXT),
    AttributeType(code="result", type=ValueType.CHOICE, choices=("granted", "refused")),
    AttributeType(code="heard", type=ValueType.BOOLEAN),
    AttributeType(code="copies", type=ValueType.INTEGER),
    AttributeType(code="heard_on", type=ValueType.DATE),
    AttributeType(code="heard_at", type=ValueType.DATETIME),
    AttributeType(code="annexes", type=ValueType.LIST, max_length=5),
    AttributeType(code="statement", type=ValueType.TEXT, privacy=Privacy.PERSONAL),
    AttributeType(code="informant", type=ValueType.TEXT, privacy=Privacy.SECRET),
)
KINDS = (
    "enf.intent.notified",
    "enf.defence.received",
    "enf.facts.supplemented",
    "enf.decision.made",
    "enf.notice.served",
    "enf.penalty.added",
    "prm.accepted",
    "prm.decided",
    "prj.variation.requested",
    "prj.variation.approved",
    "prj.variation.executed",
    "pet.received",
)


def stream_of(kind: str) -> Stream:
    """Answer the stream of a kind.

    :param kind: canonical kind.
    """
    return _STREAMS[kind.partition(".")[0]]


def hook_of(stream: Stream) -> str:
    """Answer the hook by which events of a stream are sent.

    :param stream: the stream.
    """
    own = (Stream.ENFORCEMENT, Stream.PERMIT, Stream.PROJECT)
    return f"cleangov_{stream.value if stream in own else 'context'}_events"
