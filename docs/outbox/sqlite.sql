-- The outbox of a host on SQLite: run once, in the host's own database.
-- No trigger: the host inserts an event in the transaction that writes its rows, so that both are
-- there or neither. 'cleangov forward' sends what has no kept_at.
CREATE TABLE supervision_outbox (
    no      INTEGER PRIMARY KEY AUTOINCREMENT, -- a number is never given twice
    case_id TEXT NOT NULL,                     -- the event's subject: its events go in order
    event   TEXT NOT NULL,                     -- one CloudEvent as JSON, see docs/serve.md
    status  TEXT,                              -- what the service said of it
    kept_at TEXT                               -- since when it is kept; then it may be deleted
);
CREATE INDEX supervision_outbox_waiting ON supervision_outbox (no) WHERE kept_at IS NULL;
-- In the host's transaction, after its own writes:
-- INSERT INTO supervision_outbox (case_id, event) VALUES (:case_id, :event);
