-- CleanGov: triggers of the plugin's own tables on SQLite, which knows no roles.
--
-- Read it before you run it. It touches the plugin's own tables and nothing of the platform's.
-- Shown by: cleangov db guards --show. Run as one transaction by: ... --apply. Running it again is
-- harmless, and is needed after every new revision of the tables.
--
-- What it is worth: it keeps mistakes away from what is evidence. Whoever can write the file can
-- take it off again. That is found by what is sealed: cleangov verify, which does not ask whether
-- guards stand.

-- part: clear
-- Taking them off again is this part alone.
DROP TRIGGER IF EXISTS cleangov_guard_entry_update;
DROP TRIGGER IF EXISTS cleangov_guard_entry_delete;
DROP TRIGGER IF EXISTS cleangov_guard_entry_replace;
DROP TRIGGER IF EXISTS cleangov_guard_leaf_update;
DROP TRIGGER IF EXISTS cleangov_guard_leaf_delete;
DROP TRIGGER IF EXISTS cleangov_guard_leaf_replace;
DROP TRIGGER IF EXISTS cleangov_guard_tree_head_update;
DROP TRIGGER IF EXISTS cleangov_guard_tree_head_delete;
DROP TRIGGER IF EXISTS cleangov_guard_tree_head_replace;
DROP TRIGGER IF EXISTS cleangov_guard_tile_update;
DROP TRIGGER IF EXISTS cleangov_guard_tile_delete;
DROP TRIGGER IF EXISTS cleangov_guard_tile_replace;
DROP TRIGGER IF EXISTS cleangov_guard_answer_update;
DROP TRIGGER IF EXISTS cleangov_guard_answer_basis_update;
DROP TRIGGER IF EXISTS cleangov_guard_instrument_act_update;
DROP TRIGGER IF EXISTS cleangov_guard_prompt_fate_update;
DROP TRIGGER IF EXISTS cleangov_guard_calendar_version_update;
DROP TRIGGER IF EXISTS cleangov_guard_calendar_day_update;

-- part: triggers
-- Of an entry, disclosures may be erased: those that stay were there before. Nothing else changes.
CREATE TRIGGER cleangov_guard_entry_update BEFORE UPDATE ON cleangov_entry
WHEN (NEW.log_id, NEW.part, NEW.id, NEW.lane, NEW.no, NEW.event_key, NEW.stream, NEW.kind,
    NEW.subject, NEW.actor, NEW.unit, NEW.occurred_at, NEW.recorded_at, NEW.ingested_at,
    NEW.attempt_id, NEW.supersedes, NEW.origin, NEW.digest, NEW.body, NEW.mac, NEW.xid,
    NEW.snapshot, NEW.fact_values, NEW.marks, NEW.retention_class, NEW.retain_until)
  IS NOT (OLD.log_id, OLD.part, OLD.id, OLD.lane, OLD.no, OLD.event_key, OLD.stream, OLD.kind,
    OLD.subject, OLD.actor, OLD.unit, OLD.occurred_at, OLD.recorded_at, OLD.ingested_at,
    OLD.attempt_id, OLD.supersedes, OLD.origin, OLD.digest, OLD.body, OLD.mac, OLD.xid,
    OLD.snapshot, OLD.fact_values, OLD.marks, OLD.retention_class, OLD.retain_until)
  OR (NEW.disc IS NOT NULL AND (OLD.disc IS NULL OR EXISTS (
    SELECT 1 FROM json_each('["' || replace(NEW.disc, '~', '","') || '"]') AS kept
    WHERE instr('~' || OLD.disc || '~', '~' || kept.value || '~') = 0)))
BEGIN SELECT RAISE(ABORT, 'cleangov: an entry stays as it is; disclosures may be erased'); END;

CREATE TRIGGER cleangov_guard_entry_delete BEFORE DELETE ON cleangov_entry
BEGIN SELECT RAISE(ABORT, 'cleangov: an entry stays where it is'); END;

-- INSERT OR REPLACE deletes without asking the trigger above (unless recursive_triggers is on,
-- which every connection says for itself): so whatever is there is in the way.
CREATE TRIGGER cleangov_guard_entry_replace BEFORE INSERT ON cleangov_entry
WHEN EXISTS (SELECT 1 FROM cleangov_entry WHERE id = NEW.id)
  OR EXISTS (SELECT 1 FROM cleangov_entry
    WHERE log_id = NEW.log_id AND event_key = NEW.event_key AND part = NEW.part)
  OR EXISTS (SELECT 1 FROM cleangov_entry
    WHERE log_id = NEW.log_id AND lane = NEW.lane AND no = NEW.no AND part = NEW.part)
BEGIN SELECT RAISE(ABORT, 'cleangov: there is such an entry already'); END;

CREATE TRIGGER cleangov_guard_leaf_update BEFORE UPDATE ON cleangov_leaf
BEGIN SELECT RAISE(ABORT, 'cleangov: a leaf stays as it is'); END;

CREATE TRIGGER cleangov_guard_leaf_delete BEFORE DELETE ON cleangov_leaf
BEGIN SELECT RAISE(ABORT, 'cleangov: a leaf stays where it is'); END;

CREATE TRIGGER cleangov_guard_leaf_replace BEFORE INSERT ON cleangov_leaf
WHEN EXISTS (SELECT 1 FROM cleangov_leaf WHERE log_id = NEW.log_id AND idx = NEW.idx)
  OR EXISTS (SELECT 1 FROM cleangov_leaf
    WHERE log_id = NEW.log_id AND lane = NEW.lane AND no = NEW.no)
  OR EXISTS (SELECT 1 FROM cleangov_leaf WHERE rowid = NEW.rowid)
BEGIN SELECT RAISE(ABORT, 'cleangov: there is such a leaf already'); END;

-- A head gets its signatures once its leaves are safe; what they sign stays.
CREATE TRIGGER cleangov_guard_tree_head_update BEFORE UPDATE ON cleangov_tree_head
WHEN (NEW.log_id, NEW.size, NEW.root, NEW.integrated_at)
    IS NOT (OLD.log_id, OLD.size, OLD.root, OLD.integrated_at)
  OR (OLD.note IS NOT NULL AND (NEW.note IS NULL
    OR substr(NEW.note, 1, instr(OLD.note, char(10, 10)) + 1)
      <> substr(OLD.note, 1, instr(OLD.note, char(10, 10)) + 1)))
BEGIN SELECT RAISE(ABORT, 'cleangov: of a head, nothing but signatures may be added'); END;

CREATE TRIGGER cleangov_guard_tree_head_delete BEFORE DELETE ON cleangov_tree_head
BEGIN SELECT RAISE(ABORT, 'cleangov: a head stays where it is'); END;

CREATE TRIGGER cleangov_guard_tree_head_replace BEFORE INSERT ON cleangov_tree_head
WHEN EXISTS (SELECT 1 FROM cleangov_tree_head WHERE log_id = NEW.log_id AND size = NEW.size)
  OR EXISTS (SELECT 1 FROM cleangov_tree_head WHERE rowid = NEW.rowid)
BEGIN SELECT RAISE(ABORT, 'cleangov: there is such a head already'); END;

-- The last tile of a level grows: it is written anew, wider. A full one stays.
CREATE TRIGGER cleangov_guard_tile_update BEFORE UPDATE ON cleangov_tile
BEGIN SELECT RAISE(ABORT, 'cleangov: a tile is written anew, not changed'); END;

CREATE TRIGGER cleangov_guard_tile_delete BEFORE DELETE ON cleangov_tile
WHEN length(OLD.data) >= 8192
BEGIN SELECT RAISE(ABORT, 'cleangov: a full tile never changes'); END;

CREATE TRIGGER cleangov_guard_tile_replace BEFORE INSERT ON cleangov_tile
WHEN EXISTS (SELECT 1 FROM cleangov_tile
    WHERE log_id = NEW.log_id AND level = NEW.level AND n = NEW.n)
  OR EXISTS (SELECT 1 FROM cleangov_tile WHERE rowid = NEW.rowid)
BEGIN SELECT RAISE(ABORT, 'cleangov: there is such a tile already'); END;

-- What is said once and never changed, but for people's own words, which may be erased.
CREATE TRIGGER cleangov_guard_answer_update BEFORE UPDATE ON cleangov_answer
WHEN (NEW.answer_id, NEW.prompt_id, NEW.choice, NEW.kind, NEW.answered_by, NEW.digest,
    NEW.answered_at, NEW.client_at, NEW.retention_class, NEW.retain_until)
  IS NOT (OLD.answer_id, OLD.prompt_id, OLD.choice, OLD.kind, OLD.answered_by, OLD.digest,
    OLD.answered_at, OLD.client_at, OLD.retention_class, OLD.retain_until)
BEGIN SELECT RAISE(ABORT, 'cleangov: of an answer, nothing but its words may change'); END;

CREATE TRIGGER cleangov_guard_answer_basis_update BEFORE UPDATE ON cleangov_answer_basis
WHEN (NEW.answer_id, NEW.prompt_id, NEW.reason, NEW.evidence_hash, NEW.approver, NEW.until_on,
    NEW.retention_class, NEW.retain_until)
  IS NOT (OLD.answer_id, OLD.prompt_id, OLD.reason, OLD.evidence_hash, OLD.approver, OLD.until_on,
    OLD.retention_class, OLD.retain_until)
BEGIN SELECT RAISE(ABORT, 'cleangov: of a basis, nothing but its document may change'); END;

CREATE TRIGGER cleangov_guard_instrument_act_update BEFORE UPDATE ON cleangov_instrument_act
WHEN (NEW.id, NEW.instrument_id, NEW.kind, NEW.done_by, NEW.done_at, NEW.due_on,
    NEW.retention_class, NEW.retain_until)
  IS NOT (OLD.id, OLD.instrument_id, OLD.kind, OLD.done_by, OLD.done_at, OLD.due_on,
    OLD.retention_class, OLD.retain_until)
BEGIN SELECT RAISE(ABORT, 'cleangov: of what was done, nothing but its words may change'); END;

CREATE TRIGGER cleangov_guard_prompt_fate_update BEFORE UPDATE ON cleangov_prompt_fate
BEGIN SELECT RAISE(ABORT, 'cleangov: what became of a prompt stays as it is'); END;

CREATE TRIGGER cleangov_guard_calendar_version_update BEFORE UPDATE ON cleangov_calendar_version
BEGIN SELECT RAISE(ABORT, 'cleangov: a version of a calendar stays as it is'); END;

CREATE TRIGGER cleangov_guard_calendar_day_update BEFORE UPDATE ON cleangov_calendar_day
BEGIN SELECT RAISE(ABORT, 'cleangov: a version of a calendar stays as it is'); END;
