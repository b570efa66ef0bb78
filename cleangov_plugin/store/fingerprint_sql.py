"""What PostgreSQL's catalogue says about our tables, as one statement: name and definition.

Nothing in it depends on object numbers, on the order of creation, on the reader's rights or on
what was vacuumed: so a dump that was restored reads the same. A partition is told of only where
it differs from what its parent gave it: another month's partition is no change of the tables.
"""

from typing import Final

#: `rel`: what stands in our schema, and what inherits from it wherever it stands.
_REL: Final = """
WITH RECURSIVE own AS (
  SELECT n.oid AS schema, n.nspowner AS owner, n.nspacl AS acl FROM pg_namespace n
  WHERE n.nspname = :schema),
tree AS (
  SELECT c.oid FROM pg_class c JOIN own ON c.relnamespace = own.schema
  WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f')
  UNION SELECT i.inhrelid FROM pg_inherits i JOIN tree ON i.inhparent = tree.oid),
rel AS (
  SELECT c.*, c.relispartition AS is_part, n.nspname = :schema AS is_own,
    CASE WHEN c.relispartition THEN pg_partition_root(c.oid) END AS root,
    CASE WHEN n.nspname = :schema THEN '' ELSE n.nspname || '.' END || c.relname AS name
  FROM tree JOIN pg_class c ON c.oid = tree.oid JOIN pg_namespace n ON n.oid = c.relnamespace)
"""
_TABLE: Final = """
SELECT CASE WHEN r.relkind IN ('v', 'm') THEN 'view ' ELSE 'table ' END || r.name,
  concat_ws('|', r.relkind, r.relpersistence, a.amname,
  pg_get_partkeydef(r.oid), (SELECT string_agg(p.oid::regclass::text, ',' ORDER BY
    p.oid::regclass::text COLLATE "C") FROM pg_inherits i JOIN pg_class p ON p.oid = i.inhparent
    WHERE i.inhrelid = r.oid AND NOT r.is_part),
  CASE WHEN r.relkind IN ('v', 'm') THEN pg_get_viewdef(r.oid) END,
  CASE WHEN r.relkind IN ('v', 'm') THEN r.reloptions::text END)
FROM rel r LEFT JOIN pg_am a ON a.oid = r.relam LEFT JOIN pg_class t ON t.oid = r.root
WHERE NOT r.is_part OR r.relkind NOT IN ('r', 'p') OR r.relpersistence <> t.relpersistence
"""
_OWNER: Final = """
SELECT 'owner ' || r.name, r.relowner::regrole::text FROM rel r JOIN own ON r.relowner <> own.owner
"""
_HIDING: Final = """
SELECT 'row security ' || r.name, concat_ws('|', r.relrowsecurity, r.relforcerowsecurity) FROM rel r
WHERE r.relrowsecurity OR r.relforcerowsecurity
"""
_COLUMN: Final = """
SELECT 'column ' || r.name || '.' || a.attname, concat_ws('|',
  format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity, a.attgenerated,
  (SELECT l.collname FROM pg_collation l WHERE l.oid = a.attcollation AND l.collname <> 'default'),
  pg_get_expr(d.adbin, d.adrelid))
FROM rel r JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped
LEFT JOIN pg_attrdef d ON d.adrelid = r.oid AND d.adnum = a.attnum
LEFT JOIN pg_attribute b ON b.attrelid = r.root AND b.attname = a.attname
LEFT JOIN pg_attrdef e ON e.adrelid = b.attrelid AND e.adnum = b.attnum
WHERE r.relkind IN ('r', 'p', 'f') AND (r.is_own AND NOT r.is_part
  OR r.is_part AND (a.attnotnull <> b.attnotnull OR a.attgenerated <> b.attgenerated
  OR pg_get_expr(d.adbin, d.adrelid) IS DISTINCT FROM pg_get_expr(e.adbin, e.adrelid)))
"""
_INDEX: Final = """
SELECT 'index ' || c.relname, concat_ws('|', r.name, pg_get_indexdef(i.indexrelid), i.indisvalid,
  i.indisready, i.indislive, i.indisprimary, i.indimmediate)
FROM rel r JOIN pg_index i ON i.indrelid = r.oid JOIN pg_class c ON c.oid = i.indexrelid
WHERE NOT (r.is_part AND i.indisvalid
  AND EXISTS (SELECT 1 FROM pg_inherits h WHERE h.inhrelid = i.indexrelid))
"""
#: NOT NULL is told of with its column: before PostgreSQL 18 it is no constraint of its own.
_CONSTRAINT: Final = """
SELECT 'constraint ' || r.name || '.' || k.conname,
  concat_ws('|', k.contype, pg_get_constraintdef(k.oid), k.convalidated)
FROM rel r JOIN pg_constraint k ON k.conrelid = r.oid AND k.contype NOT IN ('n', 't')
WHERE NOT (r.is_part AND (k.conparentid <> 0 OR k.coninhcount > 0))
"""
_FUNCTION: Final = (
    "concat_ws('|', p.pronamespace::regnamespace, p.proname, l.lanname, p.proowner::regrole,"
    " p.prosecdef, p.provolatile, p.proconfig::text, p.probin, p.prosrc)"
)
_TRIGGER: Final = f"""
SELECT 'trigger ' || r.name || '.' || t.tgname,
  concat_ws('|', t.tgenabled, pg_get_triggerdef(t.oid), {_FUNCTION})
FROM rel r JOIN pg_trigger t ON t.tgrelid = r.oid AND t.tgconstraint = 0
JOIN pg_proc p ON p.oid = t.tgfoid JOIN pg_language l ON l.oid = p.prolang
LEFT JOIN pg_trigger u ON u.oid = t.tgparentid
WHERE u.oid IS NULL OR u.tgenabled <> t.tgenabled
"""  # noqa: S608  # every name is our own
#: Triggers that watch foreign keys have numbers for names, and are on unless somebody meddled.
_WATCHING: Final = """
SELECT 'trigger ' || r.name || '.' || k.conname || '.' || p.proname, t.tgenabled::text
FROM rel r JOIN pg_trigger t ON t.tgrelid = r.oid AND t.tgconstraint <> 0 AND t.tgenabled <> 'O'
JOIN pg_constraint k ON k.oid = t.tgconstraint JOIN pg_proc p ON p.oid = t.tgfoid
"""
_RULE: Final = """
SELECT 'rule ' || r.name || '.' || w.rulename, concat_ws('|', w.ev_enabled, pg_get_ruledef(w.oid))
FROM rel r JOIN pg_rewrite w ON w.ev_class = r.oid AND w.rulename <> '_RETURN'
"""
_POLICY: Final = """
SELECT 'policy ' || r.name || '.' || o.polname, concat_ws('|', o.polcmd, o.polpermissive,
  (SELECT string_agg(CASE u.role WHEN 0 THEN 'PUBLIC' ELSE u.role::regrole::text END, ',' ORDER BY
    u.role::regrole::text COLLATE "C") FROM unnest(o.polroles) AS u(role)),
  pg_get_expr(o.polqual, o.polrelid), '|', pg_get_expr(o.polwithcheck, o.polrelid))
FROM rel r JOIN pg_policy o ON o.polrelid = r.oid
"""
#: What the owner may do goes without saying. MAINTAIN came with PostgreSQL 17 and reads nothing.
_GRANTS: Final = """
SELECT 'grants ' || h.name, string_agg(DISTINCT h.line, ',' ORDER BY h.line)
FROM (SELECT g.name, concat_ws('|', CASE g.grantee WHEN 0 THEN 'PUBLIC'
    ELSE g.grantee::regrole::text END, g.may, g.col, g.is_grantable) COLLATE "C" AS line
  FROM (
    SELECT r.name, r.relowner AS owner, x.grantee, x.privilege_type AS may, '' AS col,
      x.is_grantable FROM rel r, aclexplode(r.relacl) x
    UNION ALL SELECT r.name, r.relowner, x.grantee, x.privilege_type, a.attname, x.is_grantable
    FROM rel r JOIN pg_attribute a ON a.attrelid = r.oid AND a.attacl IS NOT NULL,
      aclexplode(a.attacl) x
    UNION ALL SELECT c.relname, c.relowner, x.grantee, x.privilege_type, '', x.is_grantable
    FROM own JOIN pg_class c ON c.relnamespace = own.schema AND c.relkind = 'S',
      aclexplode(c.relacl) x
    UNION ALL SELECT 'the schema', own.owner, x.grantee, x.privilege_type, '', x.is_grantable
    FROM own, aclexplode(own.acl) x) g
  WHERE g.grantee <> g.owner AND g.may <> 'MAINTAIN') h
GROUP BY h.name
"""
_SCHEMA: Final = """
SELECT 'owner the schema', own.owner::regrole::text FROM own
"""
_SEQUENCE: Final = """
SELECT 'sequence ' || c.relname, concat_ws('|', format_type(s.seqtypid, NULL), s.seqstart,
  s.seqincrement, s.seqmin, s.seqmax, s.seqcycle)
FROM own JOIN pg_class c ON c.relnamespace = own.schema AND c.relkind = 'S'
JOIN pg_sequence s ON s.seqrelid = c.oid
"""
_ROUTINE: Final = f"""
SELECT 'function ' || p.proname || '(' || pg_get_function_identity_arguments(p.oid) || ')',
  {_FUNCTION}
FROM own JOIN pg_proc p ON p.pronamespace = own.schema JOIN pg_language l ON l.oid = p.prolang
"""  # noqa: S608  # every name is our own
#: Whoever names a table without its schema may be led to one of these.
_SHADOW: Final = """
SELECT 'shadow ' || n.nspname || '.' || c.relname, concat_ws('|', c.relkind,
  CASE WHEN c.relkind IN ('v', 'm') THEN pg_get_viewdef(c.oid) END)
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relname = ANY(:names) AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
  AND n.nspname <> :schema AND n.nspname !~ '^pg_(temp|toast)'
"""
_BRANCHES: Final = (
    _TABLE,
    _OWNER,
    _HIDING,
    _COLUMN,
    _INDEX,
    _CONSTRAINT,
    _TRIGGER,
    _WATCHING,
    _RULE,
    _POLICY,
    _GRANTS,
    _SCHEMA,
    _SEQUENCE,
    _ROUTINE,
    _SHADOW,
)
#: Parameters: `schema`, and `names`, those of our tables.
POSTGRESQL: Final = _REL + "UNION ALL".join(_BRANCHES)
