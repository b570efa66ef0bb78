"""Tables of what an answer rests on, and of what has to follow on it."""

from sqlalchemy import Index, Table

from .columns import AGENCY, metadata, retention, text
from .prompt_tables import attempt_key, refers

#: The coded reason of an answer, the document it names, who approved it, until when it is put off.
#: A document is named and never kept; its name may be personal, and is erasable.
answer_basis = Table(
    "cleangov_answer_basis",
    metadata,
    text("answer_id", key=True),
    text("prompt_id"),
    text("reason", null=True),
    text("evidence", null=True),
    text("evidence_hash", null=True),
    text("approver", null=True),
    text("until_on", null=True),
    *retention(),
    refers(("answer_id",), "answer", "answer_id"),
    refers(("prompt_id",), "prompt", "prompt_id"),
    Index(None, "prompt_id"),
    info=AGENCY,
)

#: What has to follow on an answer: whoever assigns the case decides about an officer who stepped
#: back, whoever was named as approver says whether it was so, what was put off is done by its day.
follow_up = Table(
    "cleangov_follow_up",
    metadata,
    text("follow_id", key=True),
    text("log_id"),
    text("kind"),
    text("state"),
    text("attempt_id"),
    text("prompt_id"),
    text("answer_id"),
    text("subject"),
    text("actor"),
    text("role", null=True),
    text("asked", null=True),
    text("awaits", null=True),
    text("asked_at"),
    text("due_at"),
    text("decided_by", null=True),
    text("decided_at", null=True),
    text("words", null=True),
    *retention(),
    attempt_key(),
    refers(("prompt_id",), "prompt", "prompt_id"),
    refers(("answer_id",), "answer", "answer_id"),
    Index(None, "prompt_id"),
    Index(None, "log_id", "state", "due_at"),
    Index(None, "log_id", "subject", "actor"),
    info=AGENCY,
)
