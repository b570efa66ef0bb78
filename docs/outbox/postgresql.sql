-- The outbox of a host on PostgreSQL: run once, in the host's own database and schema.
-- No trigger: the host inserts an event in the transaction that writes its rows, so that both are
-- there or neither. 'cleangov forward' sends what has no kept_at.
-- Two transactions of one case must not write it at once: lock or update the case's own row before
-- the insert, as a change of its state does. Then their numbers are in the order of their commits.
CREATE TABLE supervision_outbox (
    no      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    case_id text NOT NULL,      -- the event's subject: its events go in order
    event   text NOT NULL,      -- one CloudEvent as JSON, see docs/serve.md; text keeps its bytes
    status  text,               -- what the service said of it
    kept_at timestamptz         -- since when it is kept; then it may be deleted
);
CREATE INDEX supervision_outbox_waiting ON supervision_outbox (no) WHERE kept_at IS NULL;
-- In the host's transaction, after its own writes:
-- INSERT INTO supervision_outbox (case_id, event) VALUES (:case_id, :event);
-- The forwarder's account needs no more than this:
-- GRANT SELECT, UPDATE (status, kept_at) ON supervision_outbox TO cleangov_forwarder;
