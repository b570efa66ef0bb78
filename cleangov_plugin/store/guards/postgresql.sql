-- CleanGov: roles, rights and triggers of the plugin's own tables on PostgreSQL 13 and later.
--
-- Read it before you run it. It touches the schema "cleangov" and partitions of its tables, and
-- nothing of the platform's. Whoever owns the tables runs it; only the first part needs CREATEROLE.
-- Shown filled in by: cleangov db guards --show. Run as one transaction by: ... --apply.
-- Running it again is harmless, and is needed after every new revision of the tables and for every
-- new partition. Names in :"..." are those of the four roles.
--
-- What it is worth: it keeps mistakes and a stolen account of the platform away from what is
-- evidence. It does not keep away the owner of the tables or a superuser, who can take it off again.
-- Those are found by what is sealed: cleangov verify, which does not ask whether guards stand.

-- part: roles
-- They cannot log in. Make the platform's account a member of the first, the sealer's of the
-- second, and so on: GRANT cleangov_app TO platform. Where the platform seals by itself, its
-- account is a member of both. A role that is there already is left as it is.
CREATE ROLE :"app" NOLOGIN;
CREATE ROLE :"sealer" NOLOGIN;
CREATE ROLE :"eraser" NOLOGIN;
CREATE ROLE :"auditor" NOLOGIN;

-- part: grants
-- Begin from nothing: what an earlier text gave and this one does not is gone.
REVOKE ALL ON SCHEMA cleangov FROM PUBLIC;
REVOKE ALL ON ALL TABLES IN SCHEMA cleangov
  FROM PUBLIC, :"app", :"sealer", :"eraser", :"auditor";
REVOKE ALL ON ALL SEQUENCES IN SCHEMA cleangov
  FROM PUBLIC, :"app", :"sealer", :"eraser", :"auditor";
GRANT USAGE ON SCHEMA cleangov TO :"app", :"sealer", :"eraser", :"auditor";
GRANT USAGE ON ALL SEQUENCES IN SCHEMA cleangov TO :"app", :"eraser";

-- The platform reads everything. The ledger it only adds to, and neither number nor transaction
-- of an entry is for it to choose.
GRANT SELECT ON ALL TABLES IN SCHEMA cleangov TO :"app", :"eraser";
GRANT INSERT (log_id, part, lane, no, event_key, stream, kind, subject, actor, unit, occurred_at,
  recorded_at, ingested_at, attempt_id, supersedes, origin, digest, body, disc, mac, snapshot,
  fact_values, marks, retention_class, retain_until)
  ON cleangov.cleangov_entry TO :"app", :"eraser";
GRANT INSERT, UPDATE ON cleangov.cleangov_lane TO :"app", :"eraser";
-- What is said once and never changed. It is deleted when its time is over.
GRANT INSERT, DELETE ON cleangov.cleangov_answer, cleangov.cleangov_answer_basis,
  cleangov.cleangov_prompt_fate,
  cleangov.cleangov_instrument_act TO :"app", :"eraser";
GRANT INSERT ON cleangov.cleangov_calendar_version, cleangov.cleangov_calendar_day
  TO :"app", :"eraser";
-- What the plugin works with day by day.
GRANT INSERT, UPDATE, DELETE ON cleangov.cleangov_agency, cleangov.cleangov_revision,
  cleangov.cleangov_rule_version, cleangov.cleangov_binding, cleangov.cleangov_pseudonym,
  cleangov.cleangov_gap, cleangov.cleangov_statistic, cleangov.cleangov_replay_run,
  cleangov.cleangov_grouped, cleangov.cleangov_group_state,
  cleangov.cleangov_clock_state, cleangov.cleangov_clock_version, cleangov.cleangov_running_clock,
  cleangov.cleangov_staged_event, cleangov.cleangov_attempt, cleangov.cleangov_prompt,
  cleangov.cleangov_pass, cleangov.cleangov_second_request, cleangov.cleangov_prompt_budget,
  cleangov.cleangov_follow_up, cleangov.cleangov_finding, cleangov.cleangov_instrument TO :"app", :"eraser";

-- Whoever erases may do what the platform may, and besides empty what is personal.
GRANT UPDATE (disc) ON cleangov.cleangov_entry TO :"eraser";
GRANT UPDATE (words) ON cleangov.cleangov_answer, cleangov.cleangov_instrument_act TO :"eraser";
GRANT UPDATE (evidence) ON cleangov.cleangov_answer_basis TO :"eraser";
-- From PostgreSQL 17 on, others than the owner may be let vacuum and analyze: a replay measures its
-- tables, and what was erased leaves the files sooner. Before, autovacuum does both later.
DO $$
BEGIN
  IF current_setting('server_version_num')::integer >= 170000 THEN
    GRANT MAINTAIN ON cleangov.cleangov_entry, cleangov.cleangov_pseudonym,
      cleangov.cleangov_finding, cleangov.cleangov_staged_event TO :"app", :"eraser";
    GRANT MAINTAIN ON cleangov.cleangov_gap, cleangov.cleangov_answer,
      cleangov.cleangov_instrument TO :"eraser";
  END IF;
END $$;

-- The sealer reads the ledger and writes the tree over it.
GRANT SELECT ON cleangov.cleangov_agency, cleangov.cleangov_alembic_version,
  cleangov.cleangov_binding, cleangov.cleangov_calendar_day, cleangov.cleangov_calendar_version,
  cleangov.cleangov_clock_version, cleangov.cleangov_entry, cleangov.cleangov_lane,
  cleangov.cleangov_leaf, cleangov.cleangov_revision,
  cleangov.cleangov_rule_version, cleangov.cleangov_tile, cleangov.cleangov_tree_head TO :"sealer";
GRANT INSERT ON cleangov.cleangov_leaf, cleangov.cleangov_tree_head TO :"sealer";
GRANT INSERT, DELETE ON cleangov.cleangov_tile TO :"sealer";
GRANT UPDATE (note, published_at) ON cleangov.cleangov_tree_head TO :"sealer";
GRANT SELECT, INSERT, UPDATE, DELETE ON cleangov.cleangov_case_index,
  cleangov.cleangov_index_tile, cleangov.cleangov_index_state TO :"sealer";

-- An auditor reads everything but what people wrote and who they are. Disclosures (disc) are
-- among what is verified.
GRANT SELECT ON cleangov.cleangov_agency, cleangov.cleangov_alembic_version,
  cleangov.cleangov_binding, cleangov.cleangov_calendar_day, cleangov.cleangov_calendar_version,
  cleangov.cleangov_case_index, cleangov.cleangov_clock_state, cleangov.cleangov_clock_version,
  cleangov.cleangov_entry, cleangov.cleangov_finding, cleangov.cleangov_running_clock,
  cleangov.cleangov_group_state, cleangov.cleangov_grouped,
  cleangov.cleangov_index_state, cleangov.cleangov_index_tile, cleangov.cleangov_lane,
  cleangov.cleangov_leaf, cleangov.cleangov_pass, cleangov.cleangov_prompt,
  cleangov.cleangov_prompt_budget, cleangov.cleangov_prompt_fate, cleangov.cleangov_replay_run,
  cleangov.cleangov_revision, cleangov.cleangov_rule_version, cleangov.cleangov_statistic,
  cleangov.cleangov_tile, cleangov.cleangov_tree_head TO :"auditor";
GRANT SELECT (answer_id, prompt_id, choice, kind, answered_by, digest, answered_at, client_at,
  retention_class, retain_until) ON cleangov.cleangov_answer TO :"auditor";
GRANT SELECT (answer_id, prompt_id, reason, evidence_hash, approver, until_on, retention_class,
  retain_until) ON cleangov.cleangov_answer_basis TO :"auditor";
GRANT SELECT (follow_id, log_id, kind, state, attempt_id, prompt_id, answer_id, subject, actor,
  role, asked, awaits, asked_at, due_at, decided_by, decided_at, retention_class, retain_until)
  ON cleangov.cleangov_follow_up TO :"auditor";
GRANT SELECT (log_id, attempt_id, stream, subject, kind, step, actor, unit, digest, state,
  decision, reason, ruleset, calendar, opened_at, decided_at, hold_until_at, event_key,
  retention_class, retain_until) ON cleangov.cleangov_attempt TO :"auditor";
GRANT SELECT (id, log_id, event_key, reason, detail, state, tries, owed_at, tried_at,
  retention_class, retain_until) ON cleangov.cleangov_gap TO :"auditor";
GRANT SELECT (id, log_id, kind, year, no, finding_id, subject, unit, visibility, addressee,
  addressee_unit, sent_by, template, template_version, language, parameters, state, sent_at,
  due_on, changed_at, retention_class, retain_until) ON cleangov.cleangov_instrument
  TO :"auditor";
GRANT SELECT (id, instrument_id, kind, done_by, done_at, due_on, retention_class, retain_until)
  ON cleangov.cleangov_instrument_act TO :"auditor";
GRANT SELECT (log_id, pseudonym, kind, erased_at, retention_class, retain_until)
  ON cleangov.cleangov_pseudonym TO :"auditor";
GRANT SELECT (request_id, log_id, attempt_id, prompt_id, digest, role, requested_by, asked, state,
  requested_at, expires_at, decided_by, decided_at, reason, retention_class, retain_until,
  instead_of) ON cleangov.cleangov_second_request TO :"auditor";
GRANT SELECT (run_id, ordinal, feed_key, case_id, retention_class, retain_until)
  ON cleangov.cleangov_staged_event TO :"auditor";

-- part: triggers
-- Their search path is pinned: nobody can put a function of his own between. ENABLE ALWAYS, since
-- other triggers sleep while session_replication_role is "replica".
CREATE OR REPLACE FUNCTION cleangov.cleangov_guard_refuse() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RAISE EXCEPTION 'cleangov: % on % is refused by a guard', TG_OP, TG_TABLE_NAME
    USING HINT = 'What is recorded stays as it is. See docs/operating.md, Guards.';
END $$;

-- TG_ARGV[0] is the one column that may change. Of disclosures there may only come to be fewer.
CREATE OR REPLACE FUNCTION cleangov.cleangov_guard_column() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  kept text;
BEGIN
  IF to_jsonb(OLD) - TG_ARGV[0] <> to_jsonb(NEW) - TG_ARGV[0] THEN
    RAISE EXCEPTION 'cleangov: % on % is refused by a guard', TG_OP, TG_TABLE_NAME
      USING HINT = 'Nothing but the column ' || TG_ARGV[0] || ' may change.';
  END IF;
  kept := to_jsonb(NEW) ->> 'disc';
  IF TG_ARGV[0] = 'disc' AND kept IS NOT NULL AND NOT coalesce(kept <> ''
    AND string_to_array(kept, '~') <@ string_to_array(to_jsonb(OLD) ->> 'disc', '~'), false) THEN
    RAISE EXCEPTION 'cleangov: % on % is refused by a guard', TG_OP, TG_TABLE_NAME
      USING HINT = 'Disclosures may be erased, not written.';
  END IF;
  RETURN NEW;
END $$;

-- A head gets its signatures once its leaves are safe; what they sign stays.
CREATE OR REPLACE FUNCTION cleangov.cleangov_guard_head() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF (OLD.log_id, OLD.size, OLD.root, OLD.integrated_at)
      IS DISTINCT FROM (NEW.log_id, NEW.size, NEW.root, NEW.integrated_at)
    OR (OLD.note IS NOT NULL AND split_part(OLD.note, E'\n\n', 1)
      IS DISTINCT FROM split_part(NEW.note, E'\n\n', 1)) THEN
    RAISE EXCEPTION 'cleangov: % on % is refused by a guard', TG_OP, TG_TABLE_NAME
      USING HINT = 'Of a head, nothing but signatures may be added.';
  END IF;
  RETURN NEW;
END $$;

-- The last tile of a level grows: it is written anew, wider. A full one stays.
CREATE OR REPLACE FUNCTION cleangov.cleangov_guard_tile() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF octet_length(OLD.data) >= 8192 THEN
    RAISE EXCEPTION 'cleangov: % on % is refused by a guard', TG_OP, TG_TABLE_NAME
      USING HINT = 'A full tile never changes.';
  END IF;
  RETURN OLD;
END $$;

-- Which table gets which. Those that are there with these names are made anew; a partition is
-- guarded by its parent, but for TRUNCATE, which has to be forbidden to each.
DO $$
DECLARE
  guard record;
  part record;
BEGIN
  FOR guard IN SELECT * FROM (VALUES
    ('cleangov_entry', 'update', 'BEFORE UPDATE', 'ROW', 'column(''disc'')'),
    ('cleangov_entry', 'delete', 'BEFORE DELETE', 'ROW', 'refuse()'),
    ('cleangov_entry', 'truncate', 'BEFORE TRUNCATE', 'STATEMENT', 'refuse()'),
    ('cleangov_leaf', 'update', 'BEFORE UPDATE OR DELETE', 'ROW', 'refuse()'),
    ('cleangov_leaf', 'truncate', 'BEFORE TRUNCATE', 'STATEMENT', 'refuse()'),
    ('cleangov_tree_head', 'update', 'BEFORE UPDATE', 'ROW', 'head()'),
    ('cleangov_tree_head', 'delete', 'BEFORE DELETE', 'ROW', 'refuse()'),
    ('cleangov_tree_head', 'truncate', 'BEFORE TRUNCATE', 'STATEMENT', 'refuse()'),
    ('cleangov_tile', 'update', 'BEFORE UPDATE', 'ROW', 'refuse()'),
    ('cleangov_tile', 'delete', 'BEFORE DELETE', 'ROW', 'tile()'),
    ('cleangov_tile', 'truncate', 'BEFORE TRUNCATE', 'STATEMENT', 'refuse()'),
    ('cleangov_answer', 'update', 'BEFORE UPDATE', 'ROW', 'column(''words'')'),
    ('cleangov_answer_basis', 'update', 'BEFORE UPDATE', 'ROW', 'column(''evidence'')'),
    ('cleangov_instrument_act', 'update', 'BEFORE UPDATE', 'ROW', 'column(''words'')'),
    ('cleangov_prompt_fate', 'update', 'BEFORE UPDATE', 'ROW', 'refuse()'),
    ('cleangov_calendar_version', 'update', 'BEFORE UPDATE OR DELETE', 'ROW', 'refuse()'),
    ('cleangov_calendar_day', 'update', 'BEFORE UPDATE OR DELETE', 'ROW', 'refuse()')
  ) AS listed(tbl, ending, happens, each, does) LOOP
    FOR part IN SELECT relid::regclass::text AS name, level
      FROM pg_partition_tree(('cleangov.' || guard.tbl)::regclass)
      UNION SELECT ('cleangov.' || guard.tbl)::regclass::text, 0
      ORDER BY 2
    LOOP
      IF part.level = 0 OR guard.each = 'STATEMENT' THEN
        EXECUTE format('DROP TRIGGER IF EXISTS cleangov_guard_%s ON %s', guard.ending, part.name);
        EXECUTE format('CREATE TRIGGER cleangov_guard_%s %s ON %s FOR EACH %s'
          ' EXECUTE FUNCTION cleangov.cleangov_guard_%s',
          guard.ending, guard.happens, part.name, guard.each, guard.does);
      END IF;
      EXECUTE format(
        'ALTER TABLE %s ENABLE ALWAYS TRIGGER cleangov_guard_%s', part.name, guard.ending);
    END LOOP;
  END LOOP;
END $$;

-- part: remove
-- Takes triggers, functions and rights away again. The roles stay: accounts are members of them.
-- DROP ROLE them by hand when nobody is.
DO $$
DECLARE
  guard record;
BEGIN
  FOR guard IN SELECT t.tgname, t.tgrelid::regclass::text AS name
    FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid
    WHERE p.pronamespace = 'cleangov'::regnamespace AND p.proname LIKE 'cleangov\_guard\_%'
      AND t.tgparentid = 0 AND NOT t.tgisinternal
  LOOP
    EXECUTE format('DROP TRIGGER %I ON %s', guard.tgname, guard.name);
  END LOOP;
END $$;
DROP FUNCTION IF EXISTS cleangov.cleangov_guard_refuse();
DROP FUNCTION IF EXISTS cleangov.cleangov_guard_column();
DROP FUNCTION IF EXISTS cleangov.cleangov_guard_head();
DROP FUNCTION IF EXISTS cleangov.cleangov_guard_tile();
REVOKE ALL ON ALL TABLES IN SCHEMA cleangov FROM :"app";
REVOKE ALL ON ALL TABLES IN SCHEMA cleangov FROM :"sealer";
REVOKE ALL ON ALL TABLES IN SCHEMA cleangov FROM :"eraser";
REVOKE ALL ON ALL TABLES IN SCHEMA cleangov FROM :"auditor";
REVOKE ALL ON ALL SEQUENCES IN SCHEMA cleangov FROM :"app";
REVOKE ALL ON ALL SEQUENCES IN SCHEMA cleangov FROM :"eraser";
REVOKE ALL ON SCHEMA cleangov FROM :"app";
REVOKE ALL ON SCHEMA cleangov FROM :"sealer";
REVOKE ALL ON SCHEMA cleangov FROM :"eraser";
REVOKE ALL ON SCHEMA cleangov FROM :"auditor";
