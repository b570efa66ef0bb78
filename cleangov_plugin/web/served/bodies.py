"""What callers send, by the name that OpenAPI gives it: one shape reads it and is published."""

from collections.abc import Mapping
from typing import Any, Final

from cleangov_plugin.intake.served import documents
from cleangov_plugin.intake.served.shapes import MOST

#: The schemas of bodies.
BODIES: Final[Mapping[str, Mapping[str, Any]]] = {
    "Step": documents.STEP.schema,
    "Gate": documents.GATE.schema,
    "Answer": documents.ANSWER.schema,
    "Abort": documents.ABORT.schema,
    "Inbox": documents.INBOX.schema,
    "Decision": documents.DECISION.schema,
    "Ties": documents.TIES.schema,
    "Event": documents.EVENT.schema,
    "Records": documents.RECORDS.schema,
    "Batch": {
        "type": "array",
        "items": {"$ref": "#/components/schemas/Event"},
        "minItems": 1,
        "maxItems": MOST,
    },
}
